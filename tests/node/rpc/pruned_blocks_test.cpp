// What a node says of blocks whose bodies it has dropped.
#include "tests/node/rpc/rpc_fixture.hpp"

namespace sluice::node::rpc::test {
namespace {

sluice::test::TestChainOptions short_history() {
    sluice::test::TestChainOptions options;
    options.ledger.block_history = 5;
    return options;
}

class PrunedBlocks : public RpcTest {
  protected:
    PrunedBlocks() : RpcTest(short_history()) {
        old_ = chain.transfer("somebody", 5);
        append({old_});  // height 2
        append({chain.pay({.from = 0, .to = 1, .amount = 100, .number = 7})});
        while (node.snapshot()->height() < 20)
            append({chain.transfer("somebody", 1)});
        // Readers of a node that runs on find the newest blocks in memory; one that has started does not.
        services = std::make_shared<Services>(node, 1);
    }
    std::string words(std::string_view method, const Params& params) {
        const Json error = this->error(method, params);
        EXPECT_EQ(error["code"], -32000) << error;
        return error.value("message", "");
    }
    core::TransactionPtr old_;
};

TEST_F(PrunedBlocks, a_block_that_was_dropped_is_an_error_that_names_what_is_kept) {
    ASSERT_EQ(node.snapshot()->first_body(), 16u);
    const std::string said =
        "pruned: block 2 is not among what this node keeps, which is blocks from height 16 on";
    EXPECT_EQ(words("eth_getBlockByNumber", {"0x2", false}), said);
    EXPECT_EQ(words("eth_getBlockByNumber", {"0x2", true}), said);
    EXPECT_EQ(words("eth_getBlockByHash", {hex(*node.snapshot()->hash_at(2)), false}), said);
    EXPECT_EQ(words("eth_getBlockTransactionCountByNumber", {"0x2"}), said);
    EXPECT_EQ(words("eth_getBlockReceipts", {"0x2"}), said);
    EXPECT_EQ(words("eth_getTransactionByBlockNumberAndIndex", {"0x2", "0x0"}), said);
    EXPECT_EQ(result("eth_getBlockByNumber", {"0x10", false})["number"], "0x10");
    EXPECT_EQ(result("eth_getBlockByNumber", {"earliest", false})["number"], "0x0");
    EXPECT_TRUE(result("eth_getBlockByNumber", {"0x99", false}).is_null());
}

TEST_F(PrunedBlocks, a_transaction_that_was_dropped_is_never_called_unknown) {
    EXPECT_NE(words("eth_getTransactionByHash", {hex(old_->hash)}).find("pruned: block 2"),
              std::string::npos);
    EXPECT_NE(words("eth_getRawTransactionByHash", {hex(old_->hash)}).find("pruned: block 2"),
              std::string::npos);
    EXPECT_NE(words("eth_getTransactionReceipt", {hex(old_->hash)}).find("pruned: block 2"),
              std::string::npos);
    EXPECT_TRUE(result("eth_getTransactionByHash", {hex(core::Hash{})}).is_null())
        << "the places of all transactions are kept, so this one is known to be none";
    EXPECT_TRUE(result("eth_getTransactionReceipt", {hex(core::Hash{})}).is_null());
}

TEST_F(PrunedBlocks, what_is_sent_again_after_its_body_has_gone_is_answered_and_harms_nobody) {
    EXPECT_NE(words("eth_sendRawTransaction", {raw(old_)}).find("already known"), std::string::npos);
    EXPECT_NE(words("eth_sendRawTransactionSync", {raw(old_)}).find("pruned: block 2"), std::string::npos);
    EXPECT_NE(words("settle_submit", {Json{{"rawTransaction", raw(old_)}}}).find("pruned: block 2"),
              std::string::npos);
}

TEST_F(PrunedBlocks, logs_and_payments_of_dropped_blocks_are_errors_and_later_ones_are_found) {
    EXPECT_NE(words("eth_getLogs", {Json{{"fromBlock", "0x1"}, {"toBlock", "latest"}}}).find("pruned: block"),
              std::string::npos);
    EXPECT_TRUE(result("eth_getLogs", {Json{{"fromBlock", "0x10"}, {"toBlock", "latest"}}}).is_array());
    const Json query{{"uetr", sluice::test::uetr_of(7).to_string()}};
    EXPECT_NE(words("settle_getPayment", {query}).find("pruned: block 3"), std::string::npos);
    EXPECT_NE(words("settle_getProof", {query}).find("pruned: block 3"), std::string::npos);
    const Json unknown{{"uetr", sluice::test::uetr_of(8).to_string()}};
    EXPECT_TRUE(result("settle_getPayment", {unknown}).is_null());
    append({chain.pay({.from = 0, .to = 1, .amount = 100, .number = 8})});
    EXPECT_EQ(result("settle_getPayment", {unknown})["status"], "Final");
    EXPECT_EQ(result("eth_getBalance", {hex(sluice::test::address_of("somebody")), "latest"}), "0x16");
}

TEST_F(PrunedBlocks, a_search_ends_at_the_oldest_block_that_is_kept) {
    append({chain.pay({.from = 0, .to = 1, .amount = 100, .number = 8})});
    for (const char* order : {"oldest", "newest"}) {
        const Json found = result("settle_getPayments", {Json{{"order", order}}});
        ASSERT_EQ(found["payments"].size(), 1u) << found;
        EXPECT_EQ(found["payments"][0]["uetr"], sluice::test::uetr_of(8).to_string());
        EXPECT_TRUE(found["next"].is_null());
        EXPECT_EQ(found["oldestHeight"], node.snapshot()->first_body());
    }
    const Json below = result("settle_getPayments", {Json{{"order", "newest"}, {"cursor", "2.0"}}});
    EXPECT_TRUE(below["payments"].empty());
    EXPECT_TRUE(below["next"].is_null());
    EXPECT_NE(words("settle_getPayments", {Json{{"cursor", "2.0"}}}).find("pruned: block 2"),
              std::string::npos)
        << "who goes on upwards would miss what was dropped";
}

TEST_F(PrunedBlocks, a_subscription_from_the_beginning_is_refused) {
    const auto socket = std::make_shared<FakeSocket>(1);
    const Json query{{"topics", {"payments"}}, {"fromSeq", "0.0"}};
    const Json refused = answer("settle_subscribe", {query}, {socket, "", false});
    EXPECT_NE(refused["error"].value("message", "").find("pruned: "), std::string::npos) << refused;
}

TEST_F(PrunedBlocks, no_block_is_read_for_a_client_that_does_not_read) {
    const auto socket = std::make_shared<FakeSocket>(1);
    append({chain.pay({.from = 0, .to = 1, .amount = 100, .number = 8})});
    socket->waiting_bytes = limits::feed_queue_bytes_max + 1;
    const Json query{{"topics", {"payments"}}, {"fromSeq", std::to_string(node.snapshot()->height()) + ".0"}};
    ASSERT_TRUE(answer("settle_subscribe", {query}, {socket, "", false})["result"].is_string());
    for (int i = 0; i < 10; ++i)
        append({chain.transfer("somebody", 1)});
    node.advance(limits::feed_pause);
    EXPECT_FALSE(socket->is_closed) << "a block that was dropped was asked for";
    socket->waiting_bytes = 0;
    node.advance(limits::feed_pause);
    EXPECT_TRUE(socket->is_closed);
    EXPECT_TRUE(std::none_of(socket->sent.begin(), socket->sent.end(),
                             [](const Json& message) { return message.contains("params"); }));
}

}  // namespace
}  // namespace sluice::node::rpc::test
