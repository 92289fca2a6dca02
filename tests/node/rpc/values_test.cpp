#include "node/rpc/values.hpp"

#include <gtest/gtest.h>

#include "node/rpc/block_reference.hpp"
#include "node/rpc/settlement_json.hpp"

namespace sluice::node::rpc {
namespace {

TEST(Values, quantities_are_hex_without_leading_zeros) {
    EXPECT_EQ(read_u64("0x0").value(), 0u);
    EXPECT_EQ(read_u64("0xfF").value(), 255u);
    EXPECT_EQ(read_u64("0xffffffffffffffff").value(), ~std::uint64_t{0});
    for (const Json& bad : {Json("0x"), Json("0x00"), Json("0x01"), Json("ff"), Json("0xg"), Json(5),
                            Json(nullptr), Json(""), Json("0x10000000000000000"), Json("0x-1")})
        EXPECT_FALSE(read_u64(bad)) << bad;
    EXPECT_TRUE(read_quantity("0x" + std::string(64, 'f')));
    EXPECT_FALSE(read_quantity("0x1" + std::string(64, '0')));
}

TEST(Values, numbers_of_settle_are_numbers_quantities_or_digits) {
    EXPECT_EQ(read_number(12u).value(), 12u);
    EXPECT_EQ(read_number("12").value(), 12u);
    EXPECT_EQ(read_number("0xc").value(), 12u);
    for (const Json& bad :
         {Json(-1), Json(1.5), Json("1.5"), Json(""), Json("-1"), Json(true), Json("18446744073709551616")})
        EXPECT_FALSE(read_number(bad)) << bad;
}

TEST(Values, data_has_whole_bytes_and_one_prefix) {
    EXPECT_EQ(read_data("0x").value(), core::Bytes{});
    EXPECT_EQ(read_data("0x00Ff").value(), (core::Bytes{0, 255}));
    for (const Json& bad :
         {Json("0x0"), Json("00"), Json("0x0x00"), Json("0xzz"), Json(""), Json("0"), Json(0)})
        EXPECT_FALSE(read_data(bad)) << bad;
}

TEST(Values, hashes_and_addresses_have_their_length) {
    EXPECT_TRUE(read_hash("0x" + std::string(64, 'a')));
    EXPECT_FALSE(read_hash("0x" + std::string(63, 'a')));
    EXPECT_FALSE(read_hash("0x0x" + std::string(62, 'a')));
    EXPECT_TRUE(read_address("0x" + std::string(40, 'A')));
    EXPECT_FALSE(read_address("0x" + std::string(38, 'A')));
    // Wallets differ in what they do about checksums.
    EXPECT_TRUE(read_address("0x5AAEB6053f3e94c9b9a09f33669435E7Ef1BeAed"));
}

TEST(Values, storage_keys_are_filled_with_zeros) {
    EXPECT_EQ(read_storage_key("0x5").value(), core::word_from_u64(5));
    EXPECT_EQ(read_storage_key("0x").value(), core::Word{});
    EXPECT_FALSE(read_storage_key("0x" + std::string(65, '0')));
    EXPECT_FALSE(read_storage_key("0xx"));
}

TEST(Values, lists_are_bounded_and_name_the_place_of_an_error) {
    EXPECT_EQ(read_list(Json{"0x1", "0x2"}, 2, read_u64).value(), (std::vector<std::uint64_t>{1, 2}));
    EXPECT_FALSE(read_list(Json{"0x1", "0x2"}, 1, read_u64));
    EXPECT_EQ(read_list(Json{"0x1", 2}, 2, read_u64).error(), "[1]: expected a hex string");
    EXPECT_FALSE(read_list(Json("0x1"), 2, read_u64));
}

TEST(Values, blocks_are_tags_heights_hashes_or_objects) {
    using Kind = BlockReference::Kind;
    for (const char* tag : {"latest", "safe", "finalized"})
        EXPECT_EQ(read_block_reference(tag).value().kind, Kind::latest) << tag;
    EXPECT_EQ(read_block_reference("pending").value().kind, Kind::pending);
    EXPECT_EQ(read_block_reference("earliest").value(), (BlockReference{Kind::height, 0, {}}));
    EXPECT_EQ(read_block_reference("0x10").value(), (BlockReference{Kind::height, 16, {}}));
    const std::string hash = "0x" + std::string(64, '1');
    EXPECT_EQ(read_block_reference(hash).value().kind, Kind::hash);
    EXPECT_EQ(read_block_reference(Json{{"blockNumber", "0x10"}}).value().height, 16u);
    EXPECT_EQ(read_block_reference(Json{{"blockNumber", "latest"}}).value().kind, Kind::latest);
    EXPECT_EQ(read_block_reference(Json{{"blockHash", hash}, {"requireCanonical", true}}).value().kind,
              Kind::hash);
    for (const Json& bad : {Json("newest"), Json(16), Json(true), Json::object(), Json::array(),
                            Json{{"blockHash", hash}, {"blockNumber", "0x1"}}, Json{{"blockHash", "0x1"}}})
        EXPECT_FALSE(read_block_reference(bad)) << bad;
    // A range is not made of hashes.
    EXPECT_FALSE(read_block_number(hash));
}

TEST(Values, message_types_have_two_names) {
    using contracts::native::MessageType;
    EXPECT_EQ(read_message_type("P008").value(), MessageType::customer_credit);
    EXPECT_EQ(read_message_type("pacs.009.COV").value(), MessageType::bank_credit_cover);
    EXPECT_FALSE(read_message_type(""));
    EXPECT_FALSE(read_message_type("pacs.002"));
}

}  // namespace
}  // namespace sluice::node::rpc
