#include "tests/node/rpc/rpc_fixture.hpp"

#include "node/rpc/limits.hpp"

namespace sluice::node::rpc::test {
namespace {

using sluice::test::address_of;

class TransactionMethods : public RpcTest {
  protected:
    std::string refusal(const core::TransactionPtr& transaction) {
        const Json error = this->error("eth_sendRawTransaction", {raw(transaction)});
        EXPECT_EQ(error["code"], -32000) << error;
        return error.value("message", "");
    }
};

TEST_F(TransactionMethods, a_sent_transaction_is_pending_then_final) {
    const auto transaction = chain.transfer("somebody", 5);
    EXPECT_EQ(result("eth_sendRawTransaction", {raw(transaction)}), hex(transaction->hash));
    const Json pending = result("eth_getTransactionByHash", {hex(transaction->hash)});
    EXPECT_TRUE(pending["blockHash"].is_null());
    EXPECT_TRUE(pending["blockNumber"].is_null());
    EXPECT_TRUE(result("eth_getTransactionReceipt", {hex(transaction->hash)}).is_null());
    EXPECT_EQ(result("eth_getRawTransactionByHash", {hex(transaction->hash)}), raw(transaction));

    mine();
    const Json mined = result("eth_getTransactionByHash", {hex(transaction->hash)});
    EXPECT_EQ(mined["blockNumber"], "0x2");
    EXPECT_EQ(mined["transactionIndex"], "0x0");
    EXPECT_EQ(mined["from"], hex(address_of("dev")));
    EXPECT_EQ(mined["to"], hex(address_of("somebody")));
    EXPECT_EQ(mined["value"], "0x5");
    EXPECT_EQ(mined["type"], "0x2");
    EXPECT_EQ(mined["gasPrice"], "0x7");
    EXPECT_EQ(mined["accessList"], Json::array());
    EXPECT_EQ(mined["blockTimestamp"], quantity(node.snapshot()->head().timestamp));
    EXPECT_EQ(mined["v"], mined["yParity"]);
    EXPECT_EQ(result("eth_getRawTransactionByHash", {hex(transaction->hash)}), raw(transaction));
    EXPECT_EQ(result("eth_getTransactionByBlockNumberAndIndex", {"0x2", "0x0"}), mined);
    EXPECT_EQ(result("eth_getTransactionByBlockHashAndIndex", {mined["blockHash"], "0x0"}), mined);
    EXPECT_TRUE(result("eth_getTransactionByBlockNumberAndIndex", {"0x2", "0x1"}).is_null());
    EXPECT_TRUE(result("eth_getTransactionByHash", {hex(core::Hash{})}).is_null());
}

TEST_F(TransactionMethods, legacy_transactions_show_their_price_and_v) {
    const auto transaction = chain.make({.to = address_of("x"),
                                         .gas_limit = 21'000,
                                         .type = core::TransactionType::legacy,
                                         .max_fee = core::Uint256(9)});
    append({transaction});
    const Json shown = result("eth_getTransactionByHash", {hex(transaction->hash)});
    EXPECT_EQ(shown["type"], "0x0");
    EXPECT_EQ(shown["gasPrice"], "0x9");
    EXPECT_EQ(shown["chainId"], "0x4e36");
    EXPECT_FALSE(shown.contains("yParity"));
    EXPECT_FALSE(shown.contains("maxFeePerGas"));
    EXPECT_EQ(shown["v"], core::to_quantity(core::v_of(transaction->transaction)));
    EXPECT_EQ(result("eth_getTransactionReceipt", {hex(transaction->hash)})["effectiveGasPrice"], "0x7");
}

TEST_F(TransactionMethods, a_receipt_says_what_was_done) {
    const auto payment = chain.pay({.amount = 100});
    append({chain.transfer("somebody", 1), payment});
    const Json receipt = result("eth_getTransactionReceipt", {hex(payment->hash)});
    EXPECT_EQ(receipt["status"], "0x1");
    EXPECT_EQ(receipt["transactionIndex"], "0x1");
    EXPECT_EQ(receipt["blockNumber"], "0x2");
    EXPECT_EQ(receipt["from"], hex(address_of("maker-0")));
    EXPECT_TRUE(receipt.contains("contractAddress") && receipt["contractAddress"].is_null());
    EXPECT_EQ(receipt["type"], "0x2");
    ASSERT_FALSE(receipt["logs"].empty());
    const auto used = std::stoull(receipt["gasUsed"].get<std::string>(), nullptr, 16);
    const auto cumulative = std::stoull(receipt["cumulativeGasUsed"].get<std::string>(), nullptr, 16);
    EXPECT_EQ(cumulative, used + 21'000);
    for (std::size_t i = 0; i < receipt["logs"].size(); ++i) {
        const Json& log = receipt["logs"][i];
        EXPECT_EQ(log["logIndex"], quantity(i));
        EXPECT_EQ(log["transactionHash"], hex(payment->hash));
        EXPECT_EQ(log["blockHash"], receipt["blockHash"]);
        EXPECT_EQ(log["removed"], false);
        EXPECT_EQ(log["blockTimestamp"], quantity(node.snapshot()->head().timestamp));
    }
}

TEST_F(TransactionMethods, receipts_of_a_block_are_those_of_its_transactions) {
    append({chain.pay({.amount = 100, .number = 1}), chain.pay({.amount = 100, .number = 2}),
            chain.transfer("somebody", 1)});
    const Json receipts = result("eth_getBlockReceipts", {"0x2"});
    ASSERT_EQ(receipts.size(), 3u);
    for (const Json& receipt : receipts)
        EXPECT_EQ(receipt, result("eth_getTransactionReceipt", {receipt["transactionHash"]}));
    EXPECT_EQ(receipts, result("eth_getBlockReceipts", {receipts[0]["blockHash"]}));
    EXPECT_TRUE(result("eth_getBlockReceipts", {"0x3"}).is_null());
    EXPECT_EQ(result("eth_getBlockReceipts", {"0x0"}), Json::array());
}

TEST_F(TransactionMethods, the_next_nonce_counts_the_pool_only_when_asked) {
    const auto address = hex(address_of("dev"));
    result("eth_sendRawTransaction", {raw(chain.transfer("a", 1))});
    result("eth_sendRawTransaction", {raw(chain.transfer("a", 1))});
    EXPECT_EQ(result("eth_getTransactionCount", {address}), "0x0");
    EXPECT_EQ(result("eth_getTransactionCount", {address, "latest"}), "0x0");
    EXPECT_EQ(result("eth_getTransactionCount", {address, "pending"}), "0x2");
    mine();
    EXPECT_EQ(result("eth_getTransactionCount", {address, "latest"}), "0x2");
    EXPECT_EQ(result("eth_getTransactionCount", {address, "0x1"}), "0x0");
    EXPECT_EQ(result("eth_getTransactionCount", {address, "pending"}), "0x2");
}

TEST_F(TransactionMethods, the_same_transaction_again_is_already_known) {
    const auto transaction = chain.transfer("somebody", 5);
    result("eth_sendRawTransaction", {raw(transaction)});
    EXPECT_EQ(refusal(transaction), "already known");
    mine();
    EXPECT_EQ(refusal(transaction), "already known");
}

TEST_F(TransactionMethods, refusals_have_the_words_that_wallets_match) {
    const auto to = address_of("x");
    append({chain.transfer("x", 1)});
    EXPECT_EQ(refusal(chain.make({.to = to, .gas_limit = 21'000, .nonce = 0, .max_fee = core::Uint256(8)})),
              "nonce too low: next nonce 1, tx nonce 0");
    EXPECT_TRUE(
        refusal(chain.make({.to = to, .gas_limit = 21'000, .nonce = 900'000})).starts_with("nonce too high"));
    EXPECT_EQ(
        refusal(chain.make({.sender = "poor", .to = to, .value = core::Uint256(1), .gas_limit = 21'000})),
        "insufficient funds for gas * price + value");
    EXPECT_TRUE(refusal(chain.make({.to = to, .gas_limit = 20'000})).starts_with("intrinsic gas too low"));
    EXPECT_TRUE(refusal(chain.make({.to = to, .gas_limit = 200'000'000})).find("gas limit") !=
                std::string::npos);
    core::Transaction tip_above_fee;
    tip_above_fee.type = core::TransactionType::dynamic_fee;
    tip_above_fee.chain_id = 20022;
    tip_above_fee.max_fee_per_gas = 8;
    tip_above_fee.max_priority_fee_per_gas = 9;
    tip_above_fee.gas_limit = 21'000;
    tip_above_fee.to = to;
    core::sign(tip_above_fee, crypto::generate_private_key());
    EXPECT_EQ(error("eth_sendRawTransaction", {hex(core::encode(tip_above_fee))})["message"],
              "max priority fee per gas higher than max fee per gas");
    EXPECT_EQ(refusal(chain.make({.to = to, .gas_limit = 21'000, .chain_id = 1})),
              "invalid sender: invalid chain id for signer: have 1 want 20022");
}

TEST_F(TransactionMethods, another_one_with_the_same_nonce_is_underpriced) {
    const auto to = address_of("x");
    result("eth_sendRawTransaction", {raw(chain.make({.to = to, .gas_limit = 21'000, .nonce = 0}))});
    EXPECT_EQ(refusal(chain.make({.to = to, .gas_limit = 21'000, .nonce = 0, .max_fee = core::Uint256(99)})),
              "replacement transaction underpriced");
}

TEST_F(TransactionMethods, bytes_that_are_no_transaction_are_refused) {
    EXPECT_TRUE(error("eth_sendRawTransaction", {"0x"})["message"].get<std::string>().starts_with(
        "invalid transaction"));
    EXPECT_EQ(error("eth_sendRawTransaction", {"0x03c0"})["message"], "transaction type not supported");
    EXPECT_EQ(error("eth_sendRawTransaction", {"zz"})["code"], -32602);
    EXPECT_EQ(error("eth_sendRawTransaction")["code"], -32602);
    const auto huge = "0x02" + std::string(2 * core::limits::transaction_bytes_max, '0');
    EXPECT_TRUE(
        error("eth_sendRawTransaction", {huge})["message"].get<std::string>().starts_with("oversized data"));
    // The system transaction is execution's own.
    EXPECT_EQ(error("eth_sendRawTransaction", {hex(core::encode(core::system_transaction(2)))})["message"],
              "transaction type not supported");
}

TEST_F(TransactionMethods, a_batch_goes_to_the_pool_in_one_call_and_in_order) {
    Json batch = Json::array();
    std::vector<core::TransactionPtr> sent;
    for (std::size_t i = 0; i < 100; ++i) {
        sent.push_back(chain.transfer("somebody", i));
        batch.push_back({{"jsonrpc", "2.0"},
                         {"id", i},
                         {"method", "eth_sendRawTransaction"},
                         {"params", {raw(sent[i])}}});
    }
    batch[40]["params"] = Json{"0x00"};
    const Json answers = Json::parse(send(batch.dump()).value());
    ASSERT_EQ(answers.size(), 100u);
    EXPECT_EQ(node.submit_calls, 1u);
    for (std::size_t i = 0; i < 100; ++i) {
        EXPECT_EQ(answers[i]["id"], i);
        if (i == 40)
            EXPECT_TRUE(answers[i].contains("error"));
        else
            EXPECT_EQ(answers[i]["result"], hex(sent[i]->hash));
    }
    EXPECT_EQ(node.pool.size(), 99u);
    EXPECT_EQ(node.pool.executable_size(), 40u) << "those behind the gap wait";
}

class SendAndWait : public TransactionMethods {};

TEST_F(SendAndWait, answers_with_the_receipt_when_the_block_is_there) {
    const auto transaction = chain.transfer("somebody", 5);
    const auto answer = begin("eth_sendRawTransactionSync", {raw(transaction)});
    EXPECT_FALSE(*answer);
    mine();
    ASSERT_TRUE(*answer);
    EXPECT_EQ((**answer)["result"], result("eth_getTransactionReceipt", {hex(transaction->hash)}));
}

TEST_F(SendAndWait, a_final_transaction_gives_its_receipt_at_once) {
    const auto transaction = chain.transfer("somebody", 5);
    append({transaction});
    EXPECT_EQ(result("eth_sendRawTransactionSync", {raw(transaction)})["transactionHash"],
              hex(transaction->hash));
}

TEST_F(SendAndWait, a_wait_ends_with_code_4_and_the_hash) {
    const auto transaction = chain.transfer("somebody", 5);
    const auto answer = begin("eth_sendRawTransactionSync", {raw(transaction), 200});
    node.advance(std::chrono::milliseconds(199));
    EXPECT_FALSE(*answer);
    node.advance(std::chrono::milliseconds(1));
    ASSERT_TRUE(*answer);
    EXPECT_EQ((**answer)["error"]["code"], 4);
    EXPECT_EQ((**answer)["error"]["data"], hex(transaction->hash));
    mine();
}

TEST_F(SendAndWait, a_missing_nonce_is_code_5) {
    const auto transaction = chain.make({.to = address_of("x"), .gas_limit = 21'000, .nonce = 3});
    const Json error = this->error("eth_sendRawTransactionSync", {raw(transaction)});
    EXPECT_EQ(error["code"], 5);
    EXPECT_EQ(error["data"], hex(transaction->hash));
}

TEST_F(SendAndWait, nonces_that_the_pool_holds_are_not_missing) {
    result("eth_sendRawTransaction", {raw(chain.transfer("a", 1))});
    const auto answer = begin("eth_sendRawTransactionSync", {raw(chain.transfer("a", 1))});
    EXPECT_FALSE(*answer);
    mine();
    ASSERT_TRUE(*answer);
    EXPECT_EQ((**answer)["result"]["status"], "0x1");
}

TEST_F(SendAndWait, a_refused_transaction_is_answered_at_once) {
    const auto transaction = chain.make({.sender = "poor", .to = address_of("x"), .value = core::Uint256(1)});
    EXPECT_EQ(error("eth_sendRawTransactionSync", {raw(transaction)})["message"],
              "insufficient funds for gas * price + value");
}

TEST_F(SendAndWait, many_may_wait_for_one_transaction) {
    const auto transaction = chain.transfer("somebody", 5);
    const auto first = begin("eth_sendRawTransactionSync", {raw(transaction)});
    const auto second = begin("eth_sendRawTransactionSync", {raw(transaction)});
    mine();
    ASSERT_TRUE(*first && *second);
    EXPECT_EQ((**first)["result"], (**second)["result"]);
}

TEST_F(SendAndWait, those_who_wait_are_told_when_the_node_goes_down) {
    const auto answer = begin("eth_sendRawTransactionSync", {raw(chain.transfer("somebody", 5))});
    services->is_shut_down = true;
    services->waiters->shut_down();
    ASSERT_TRUE(*answer);
    EXPECT_EQ((**answer)["error"]["code"], -32603);
    // And nobody begins to wait any more.
    EXPECT_FALSE(
        services->waiters->add(core::Hash{}, std::chrono::milliseconds(1), [](const WaitResult&) {}));
}

TEST_F(SendAndWait, a_block_that_comes_before_the_waiter_stands_is_not_missed) {
    const auto transaction = chain.transfer("somebody", 5);
    std::optional<Json> answer;
    const Json request{{"jsonrpc", "2.0"},
                       {"id", 7},
                       {"method", "eth_sendRawTransactionSync"},
                       {"params", {raw(transaction)}}};
    // The pool's verdict is on its way when the block becomes final.
    node.on_pending = [&](const core::TransactionPtr&) {
        node.on_pending = nullptr;
        mine();
    };
    answer_request(services, {}, request.dump(),
                   [&](std::optional<std::string> text) { answer = Json::parse(*text); });
    node.run();
    ASSERT_TRUE(answer);
    EXPECT_EQ((*answer)["result"]["blockNumber"], "0x2");
}

}  // namespace
}  // namespace sluice::node::rpc::test
