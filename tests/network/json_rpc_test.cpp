#include "network/json_rpc.hpp"

#include <gtest/gtest.h>

namespace sluice::network::json_rpc {
namespace {

std::string nested_arrays(std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
}

Error error_of(std::string_view text) {
    const auto request = parse(text);
    EXPECT_FALSE(request.has_value()) << text;
    return request ? Error{} : request.error();
}

Entry only_entry(std::string_view text) {
    const auto request = parse(text);
    EXPECT_TRUE(request.has_value()) << text;
    if (!request) return {};
    EXPECT_EQ(request->entries.size(), 1u);
    return request->entries.front();
}

TEST(JsonRpc, reads_a_call) {
    const Entry entry =
        only_entry(R"({"jsonrpc":"2.0","id":7,"method":"eth_call","params":[{"to":"0x1"},"latest"]})");
    EXPECT_FALSE(entry.error.has_value());
    EXPECT_EQ(entry.call.method, "eth_call");
    EXPECT_EQ(entry.call.id, 7);
    EXPECT_FALSE(entry.call.is_notification);
    EXPECT_EQ(entry.call.params, Json::parse(R"([{"to":"0x1"},"latest"])"));
}

TEST(JsonRpc, absent_and_null_params_are_an_empty_array) {
    EXPECT_EQ(only_entry(R"({"jsonrpc":"2.0","id":1,"method":"m"})").call.params, Json::array());
    EXPECT_EQ(only_entry(R"({"jsonrpc":"2.0","id":1,"method":"m","params":null})").call.params,
              Json::array());
    EXPECT_EQ(only_entry(R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"a":1}})").call.params,
              Json::parse(R"({"a":1})"));
}

TEST(JsonRpc, id_is_echoed_as_it_came) {
    for (const char* id : {"null", "0", "-5", "18446744073709551615", "1.5", R"("")", R"("a\"b")"}) {
        const Entry entry = only_entry(R"({"jsonrpc":"2.0","method":"m","id":)" + std::string(id) + "}");
        EXPECT_FALSE(entry.error.has_value());
        EXPECT_FALSE(entry.call.is_notification);
        EXPECT_EQ(encode_raw_result(entry.call.id, "true"),
                  R"({"jsonrpc":"2.0","id":)" + std::string(id) + R"(,"result":true})");
    }
}

TEST(JsonRpc, call_without_id_is_a_notification) {
    EXPECT_TRUE(only_entry(R"({"jsonrpc":"2.0","method":"m"})").call.is_notification);
}

TEST(JsonRpc, broken_json_is_a_parse_error) {
    for (const char* text : {"", " ", "{", R"({"jsonrpc":"2.0",)", "[1,]", "nul", R"({"a":"\ud800"})", "1 2",
                             "\xef\xbb", "{\"a\":\"\xff\"}", "[1}", "1e999"}) {
        const Error error = error_of(text);
        EXPECT_EQ(error.code, -32700) << text;
        EXPECT_TRUE(error.message.starts_with("parse error")) << error.message;
    }
}

TEST(JsonRpc, scalar_and_empty_batch_are_invalid_requests) {
    for (const char* text : {"1", "null", "true", R"("eth_call")", "[]"}) {
        const Error error = error_of(text);
        EXPECT_EQ(error.code, -32600) << text;
        EXPECT_TRUE(error.message.starts_with("invalid request")) << error.message;
    }
}

TEST(JsonRpc, malformed_call_is_an_invalid_request_under_its_id) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {R"({"id":3,"method":"m"})", "3"},
        {R"({"jsonrpc":"1.0","id":3,"method":"m"})", "3"},
        {R"({"jsonrpc":2.0,"id":3,"method":"m"})", "3"},
        {R"({"jsonrpc":"2.0","id":3})", "3"},
        {R"({"jsonrpc":"2.0","id":3,"method":1,"params":"bar"})", "3"},
        {R"({"jsonrpc":"2.0","id":3,"method":"m","params":"bar"})", "3"},
        {R"({"jsonrpc":"2.0","id":{},"method":"m"})", "null"},
        {R"({"jsonrpc":"2.0","id":true,"method":"m"})", "null"},
        {R"({"jsonrpc":"2.0","method":1})", "null"},
        {"{}", "null"},
    };
    for (const auto& [text, id] : cases) {
        const Entry entry = only_entry(text);
        ASSERT_TRUE(entry.error.has_value()) << text;
        EXPECT_EQ(entry.error->code, -32600) << text;
        EXPECT_EQ(entry.call.id.dump(), id) << text;
        EXPECT_FALSE(entry.call.is_notification) << text;
    }
}

TEST(JsonRpc, batch_keeps_good_calls_beside_bad_elements) {
    const auto request = parse(R"([1,{"jsonrpc":"2.0","id":"a","method":"m"},{"foo":"boo"}])");
    ASSERT_TRUE(request.has_value());
    EXPECT_TRUE(request->is_batch);
    ASSERT_EQ(request->entries.size(), 3u);
    EXPECT_TRUE(request->entries[0].error.has_value());
    EXPECT_FALSE(request->entries[1].error.has_value());
    EXPECT_TRUE(request->entries[2].error.has_value());
}

TEST(JsonRpc, batch_of_one_hundred_is_read_and_one_more_is_refused) {
    const auto batch = [](std::size_t size) {
        std::string text = "[";
        for (std::size_t i = 0; i < size; ++i) {
            text += std::string(i == 0 ? "" : ",") + R"({"jsonrpc":"2.0","id":1,"method":"m"})";
        }
        return text + "]";
    };
    EXPECT_EQ(parse(batch(json_rpc_batch_max))->entries.size(), json_rpc_batch_max);
    EXPECT_EQ(error_of(batch(json_rpc_batch_max + 1)).code, -32600);
}

TEST(JsonRpc, nesting_is_followed_to_its_limit_and_no_deeper) {
    EXPECT_TRUE(parse_json(nested_arrays(json_depth_max)).has_value());
    EXPECT_FALSE(parse_json(nested_arrays(json_depth_max + 1)).has_value());
    EXPECT_FALSE(parse_json(nested_arrays(2'000'000)).has_value());
    std::string objects;
    for (int i = 0; i < 100'000; ++i)
        objects += R"({"a":)";
    EXPECT_EQ(parse_json(objects).error(), "nesting deeper than 64");
}

TEST(JsonRpc, duplicate_keys_are_refused_at_every_level) {
    EXPECT_EQ(parse_json(R"({"a":1,"a":1})").error(), "duplicate key");
    EXPECT_EQ(parse_json(R"([{"b":{"a":1,"\u0061":2}}])").error(), "duplicate key");
    EXPECT_TRUE(parse_json(R"([{"a":1},{"a":1}])").has_value());
}

TEST(JsonRpc, integers_beyond_64_bits_are_refused_instead_of_rounded) {
    EXPECT_EQ(parse_json("18446744073709551615")->get<std::uint64_t>(), 18446744073709551615ull);
    EXPECT_FALSE(parse_json("18446744073709551616").has_value());
    EXPECT_FALSE(parse_json("-9223372036854775809").has_value());
    EXPECT_EQ(parse_json("9007199254740993")->get<std::uint64_t>(), 9007199254740993ull);
}

TEST(JsonRpc, long_keys_are_refused) {
    const auto object = [](std::size_t size) { return "{\"" + std::string(size, 'k') + "\":1}"; };
    EXPECT_TRUE(parse_json(object(json_key_bytes_max)).has_value());
    EXPECT_FALSE(parse_json(object(json_key_bytes_max + 1)).has_value());
}

TEST(JsonRpc, document_equals_what_the_plain_parser_builds) {
    const char* text = R"({"a":[1,-2,3.5,true,false,null,"x\u0000y",[],{}],"b":{"c":[[["d"]]]},"":0})";
    EXPECT_EQ(*parse_json(text), Json::parse(text));
}

TEST(JsonRpc, error_answer_leaves_out_absent_data) {
    EXPECT_EQ(encode_error(nullptr, {.code = -32700, .message = "parse error"}),
              R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"parse error"}})");
    EXPECT_EQ(
        encode_error(1, {.code = 3, .message = "execution reverted: \"no\"", .data = "0x08"}),
        R"({"jsonrpc":"2.0","id":1,"error":{"code":3,"message":"execution reverted: \"no\"","data":"0x08"}})");
}

TEST(JsonRpc, notification_to_subscribers_has_no_id) {
    EXPECT_EQ(encode_notification("eth_subscription", {{"subscription", "0x1"}}),
              R"({"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"0x1"}})");
}

TEST(JsonRpc, text_that_is_no_utf8_does_not_stop_an_answer) {
    EXPECT_EQ(dump(Json("a\xff")), "\"a\xef\xbf\xbd\"");
}

TEST(Answers, single_answer_stands_alone) {
    Answers answers(*parse(R"({"jsonrpc":"2.0","id":1,"method":"m"})"));
    EXPECT_FALSE(answers.is_complete());
    answers.set(0, "X");
    EXPECT_TRUE(answers.is_complete());
    EXPECT_EQ(answers.take(), "X");
}

TEST(Answers, batch_is_answered_in_order_whatever_finishes_first) {
    Answers answers(*parse(
        R"([{"jsonrpc":"2.0","id":1,"method":"m"},7,{"jsonrpc":"2.0","method":"n"},{"jsonrpc":"2.0","id":2,"method":"m"}])"));
    answers.set(3, "B");
    answers.set(2, "ignored: a notification");
    EXPECT_FALSE(answers.is_complete());
    answers.set(0, "A");
    ASSERT_TRUE(answers.is_complete());
    EXPECT_EQ(answers.take(),
              "[A," +
                  encode_error(nullptr, {.code = -32600, .message = "invalid request: a call is an object"}) +
                  ",B]");
}

TEST(Answers, notifications_alone_are_answered_with_nothing) {
    Answers single(*parse(R"({"jsonrpc":"2.0","method":"n"})"));
    EXPECT_TRUE(single.is_complete());
    EXPECT_FALSE(single.take().has_value());
    Answers batch(*parse(R"([{"jsonrpc":"2.0","method":"n"},{"jsonrpc":"2.0","method":"n"}])"));
    EXPECT_FALSE(batch.take().has_value());
}

TEST(Answers, what_does_not_fit_becomes_an_error_of_its_own) {
    Answers answers(
        *parse(R"([{"jsonrpc":"2.0","id":1,"method":"m"},{"jsonrpc":"2.0","id":2,"method":"m"}])"));
    answers.set(0, encode_raw_result(1, "\"" + std::string(20 * mebibyte, 'x') + "\""));
    answers.set(1, encode_raw_result(2, "\"" + std::string(20 * mebibyte, 'y') + "\""));
    const Json all = Json::parse(*answers.take());
    EXPECT_EQ(all[0]["result"].get<std::string>().size(), 20 * mebibyte);
    EXPECT_EQ(all[1]["error"]["code"], -32005);
    EXPECT_EQ(all[1]["id"], 2);
}

}  // namespace
}  // namespace sluice::network::json_rpc
