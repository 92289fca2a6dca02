#include "tests/node/rpc/rpc_fixture.hpp"

#include "node/rpc/limits.hpp"

namespace sluice::node::rpc::test {
namespace {

class Request : public RpcTest {};

TEST_F(Request, unknown_methods_get_the_words_that_clients_match) {
    const Json error = this->error("eth_fillTransaction");
    EXPECT_EQ(error["code"], -32601);
    EXPECT_EQ(error["message"], "the method eth_fillTransaction does not exist/is not available");
}

TEST_F(Request, methods_that_need_keys_do_not_exist) {
    for (const char* method : {"eth_sign", "eth_sendTransaction", "eth_signTransaction", "personal_sign",
                               "miner_start", "engine_newPayloadV1", ""})
        EXPECT_EQ(error(method)["code"], -32601) << method;
}

TEST_F(Request, broken_json_is_a_parse_error_under_id_null) {
    const Json answer = Json::parse(send("{").value());
    EXPECT_EQ(answer["error"]["code"], -32700);
    EXPECT_TRUE(answer["id"].is_null());
    EXPECT_TRUE(answer["error"]["message"].get<std::string>().starts_with("parse error"));
}

TEST_F(Request, an_empty_batch_is_one_error_object) {
    const Json answer = Json::parse(send("[]").value());
    EXPECT_TRUE(answer.is_object());
    EXPECT_EQ(answer["error"]["code"], -32600);
}

TEST_F(Request, a_batch_answers_in_its_order_and_marks_bad_elements_only) {
    const Json answers = Json::parse(send(R"([{"jsonrpc":"2.0","id":"a","method":"eth_chainId"}, 5,
        {"jsonrpc":"2.0","id":"b","method":"net_peerCount"},
        {"jsonrpc":"2.0","id":"c","method":"no_such"},
        {"jsonrpc":"2.0","id":"d","method":"eth_getLogs","params":[{}]}])")
                                         .value());
    ASSERT_EQ(answers.size(), 5u);
    EXPECT_EQ(answers[0]["id"], "a");
    EXPECT_EQ(answers[0]["result"], quantity(chain.chain_id()));
    EXPECT_EQ(answers[1]["error"]["code"], -32600);
    EXPECT_EQ(answers[2]["result"], "0x0");
    EXPECT_EQ(answers[3]["error"]["code"], -32601);
    EXPECT_TRUE(answers[4]["result"].is_array());
}

TEST_F(Request, notifications_are_run_and_not_answered) {
    const auto transaction = chain.transfer("somebody", 1);
    const Json request{
        {"jsonrpc", "2.0"}, {"method", "eth_sendRawTransaction"}, {"params", {raw(transaction)}}};
    EXPECT_FALSE(send(request.dump()));
    EXPECT_TRUE(node.pool.find(transaction->hash));
}

TEST_F(Request, a_batch_of_calls_and_notifications_answers_the_calls) {
    const Json answers = Json::parse(send(R"([{"jsonrpc":"2.0","method":"eth_chainId"},
        {"jsonrpc":"2.0","id":1,"method":"eth_blockNumber"}])")
                                         .value());
    ASSERT_EQ(answers.size(), 1u);
    EXPECT_EQ(answers[0]["id"], 1);
}

TEST_F(Request, operators_methods_exist_on_their_port_only) {
    EXPECT_EQ(error("admin_peers")["code"], -32601);
    const Caller operator_caller{nullptr, "", true};
    EXPECT_TRUE(answer("admin_peers", Json::array(), operator_caller)["result"].is_array());
    EXPECT_EQ(answer("eth_chainId", Json::array(), operator_caller)["result"], quantity(chain.chain_id()));
}

TEST_F(Request, every_call_is_counted_and_strange_names_are_not_kept) {
    answer("eth_chainId");
    answer("eth_getBalance");
    answer("made_up_name");
    EXPECT_EQ(node.counted,
              (std::vector<std::string>{"eth_chainId ok", "eth_getBalance error", "unknown error"}));
}

TEST_F(Request, nothing_is_taken_after_shutting_down) {
    services->is_shut_down = true;
    const Json error = this->error("eth_blockNumber");
    EXPECT_EQ(error["code"], -32603);
    EXPECT_EQ(error["message"], "shutting down");
}

TEST_F(Request, too_many_costly_calls_are_refused_not_queued) {
    // Nothing runs until the queue of the node is run, so all of these wait.
    std::vector<std::string> answers;
    const std::size_t count = limits::heavy_calls_waiting_max + 200;
    for (std::size_t i = 0; i < count; ++i)
        answer_request(services, {}, R"({"jsonrpc":"2.0","id":1,"method":"eth_getLogs","params":[{}]})",
                       [&](std::optional<std::string> text) { answers.push_back(text.value()); });
    ASSERT_GT(answers.size(), 0u);
    for (const auto& text : answers)
        EXPECT_EQ(Json::parse(text)["error"]["code"], -32005);
    node.run();
    EXPECT_EQ(answers.size(), count);
    EXPECT_TRUE(Json::parse(answers.back())["result"].is_array());
}

TEST_F(Request, a_batch_reads_one_block) {
    const std::string number = R"({"jsonrpc":"2.0","id":1,"method":"eth_blockNumber"})";
    const std::string logs =
        R"({"jsonrpc":"2.0","id":2,"method":"eth_getBlockReceipts","params":["latest"]})";
    std::optional<std::string> body;
    answer_request(services, {}, "[" + number + "," + logs + "]",
                   [&](std::optional<std::string> text) { body = std::move(text); });
    // A block comes while the costly part waits for its turn.
    auto block = chain.append({});
    node.publish(block.snapshot);
    node.run();
    const Json answers = Json::parse(body.value());
    EXPECT_EQ(answers[0]["result"], "0x1");
    EXPECT_EQ(answers[1]["result"][0]["blockNumber"], "0x1");
}

}  // namespace
}  // namespace sluice::node::rpc::test
