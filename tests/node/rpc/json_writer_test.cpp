#include "node/rpc/json_writer.hpp"

#include <gtest/gtest.h>

#include "network/json_rpc.hpp"

namespace sluice::node::rpc {
namespace {

using network::json_rpc::Json;

TEST(JsonWriter, commas_stand_between_items_and_nowhere_else) {
    JsonWriter json;
    json.begin_object();
    json.key("list").begin_array().number(1).number(2).begin_array().end_array().end_array();
    json.key("empty").begin_object().end_object();
    json.key("last").null();
    json.end_object();
    EXPECT_EQ(json.take(), R"({"list":[1,2,[]],"empty":{},"last":null})");
}

TEST(JsonWriter, quantities_have_no_leading_zeros) {
    EXPECT_EQ(JsonWriter().quantity(std::uint64_t{0}).take(), R"("0x0")");
    EXPECT_EQ(JsonWriter().quantity(std::uint64_t{255}).take(), R"("0xff")");
    EXPECT_EQ(JsonWriter().quantity(~std::uint64_t{0}).take(), R"("0xffffffffffffffff")");
    EXPECT_EQ(JsonWriter().quantity(core::Uint256(0, 1, 0, 0)).take(), R"("0x10000000000000000")");
}

TEST(JsonWriter, data_is_two_digits_per_byte) {
    EXPECT_EQ(JsonWriter().data(core::Bytes{}).take(), R"("0x")");
    EXPECT_EQ(JsonWriter().data(core::Bytes{0x00, 0x0f, 0xa0}).take(), R"("0x000fa0")");
}

TEST(JsonWriter, text_is_escaped) {
    const std::string text = "a \"quoted\" \\ line\n\x01 and \xc3\xbc";
    EXPECT_EQ(Json::parse(JsonWriter().text(text).take()).get<std::string>(), text);
}

TEST(JsonWriter, bytes_that_are_no_utf8_become_replacement_characters) {
    EXPECT_EQ(Json::parse(JsonWriter().text("a\xff").take()).get<std::string>(), "a\xef\xbf\xbd");
}

TEST(JsonWriter, numbers_keep_their_sign) {
    EXPECT_EQ(JsonWriter()
                  .begin_array()
                  .number(-5)
                  .number(std::uint64_t{18'446'744'073'709'551'615u})
                  .end_array()
                  .take(),
              "[-5,18446744073709551615]");
}

}  // namespace
}  // namespace sluice::node::rpc
