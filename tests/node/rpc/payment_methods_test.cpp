#include "tests/node/rpc/rpc_fixture.hpp"

#include "contracts/genesis_state.hpp"
#include "contracts/native/settlement_results.hpp"
#include "core/documents/receipt_document.hpp"
#include "node/rpc/limits.hpp"
#include "node/rpc/settlement_errors.hpp"

namespace sluice::node::rpc::test {
namespace {

namespace native = contracts::native;
using sluice::test::uetr_of;

class PaymentMethods : public RpcTest {
  protected:
    static Json of(std::uint64_t number) { return {{"uetr", uetr_of(number).to_string()}}; }
    Json payment(std::uint64_t number) { return result("settle_getPayment", {of(number)}); }
};

TEST_F(PaymentMethods, an_unknown_payment_is_null_and_no_error) {
    EXPECT_TRUE(payment(1).is_null());
    EXPECT_TRUE(result("settle_getProof", {of(1)}).is_null());
    EXPECT_EQ(result("settle_getPayments", {of(1)}), Json::array());
    EXPECT_EQ(error("settle_getPayment", {{{"uetr", "x"}}})["code"], -32602);
}

TEST_F(PaymentMethods, a_settled_payment_is_final_with_the_block_that_settled_it) {
    const auto transaction = chain.pay({.amount = 25'000});
    const auto block = append({transaction});
    const Json payment = this->payment(1);
    const auto instruction = chain.instruction({.amount = 25'000});
    EXPECT_EQ(payment["paymentId"], hex(native::payment_id(native::view_of(instruction))));
    EXPECT_EQ(payment["uetr"], uetr_of(1).to_string());
    EXPECT_EQ(payment["msgType"], "P008");
    EXPECT_EQ(payment["message"], "pacs.008");
    EXPECT_EQ(payment["payer"], "BNKADEFF");
    EXPECT_EQ(payment["payee"], "BNKBDEFF");
    EXPECT_EQ(payment["amount"], (Json{{"ccy", "EUR"}, {"value", "250.00"}, {"minor", "25000"}}));
    EXPECT_EQ(payment["status"], "Final");
    EXPECT_EQ(payment["why"], "Settled");
    EXPECT_TRUE(payment["reason"].is_null());
    EXPECT_EQ(payment["priority"], "Normal");
    EXPECT_EQ(payment["valueDate"], instruction.value_date);
    EXPECT_EQ(payment["contentHash"], hex(native::content_hash(native::view_of(instruction))));
    EXPECT_EQ(payment["instrId"], "I1");
    EXPECT_EQ(payment["endToEndId"], "E1");
    EXPECT_TRUE(payment["messageHash"].is_null());
    EXPECT_EQ(payment["sameUetr"], Json::array());
    ASSERT_EQ(payment["history"].size(), 1u);
    EXPECT_EQ(payment["history"][0]["height"], 2);
    EXPECT_EQ(payment["history"][0]["time"], core::time_ms_of(block.block->block.header));
    EXPECT_EQ(payment["history"][0]["txHash"], hex(transaction->hash));
    EXPECT_EQ(payment["finality"], (Json{{"height", 2},
                                         {"blockHash", hex(block.block->hash)},
                                         {"time", core::time_ms_of(block.block->block.header)},
                                         {"signatures", 4}}));
}

TEST_F(PaymentMethods, a_queued_payment_is_pending_until_money_comes) {
    append({chain.pay({.amount = 1'500'000})});
    const Json queued = payment(1);
    EXPECT_EQ(queued["status"], "Pending");
    EXPECT_EQ(queued["why"], "Queued");
    EXPECT_TRUE(queued["finality"].is_null());
    append({chain.issue(0, 1'000'000)});
    append({});
    const Json settled = payment(1);
    EXPECT_EQ(settled["status"], "Final");
    ASSERT_EQ(settled["history"].size(), 2u);
    EXPECT_EQ(settled["history"][0]["why"], "Queued");
    EXPECT_EQ(settled["history"][1]["why"], "Settled");
    EXPECT_EQ(settled["instrId"], "I1") << "the instruction is found where the payment began";
}

TEST_F(PaymentMethods, a_cancelled_payment_never_settles) {
    append({chain.pay({.amount = 1'500'000})});
    const auto id = native::payment_id(native::view_of(chain.instruction({.amount = 1'500'000})));
    append({chain.call("maker-0", native::calls::cancel(id, {}))});
    const Json payment = this->payment(1);
    EXPECT_EQ(payment["status"], "Never");
    EXPECT_EQ(payment["why"], "Cancelled");
    EXPECT_EQ(payment["reason"], "CUST");
    EXPECT_EQ(payment["finality"]["height"], 3);
}

TEST_F(PaymentMethods, legs_that_share_a_uetr_are_told_apart) {
    append({chain.pay({.from = 0, .to = 1, .amount = 100})});
    append({chain.pay({.from = 1, .to = 2, .amount = 100, .type = native::MessageType::bank_credit_cover})});
    const Json newest = payment(1);
    EXPECT_EQ(newest["msgType"], "COV9");
    ASSERT_EQ(newest["sameUetr"].size(), 1u);
    Json query = of(1);
    query["msgType"] = "pacs.008";
    const Json customer = result("settle_getPayment", {query});
    EXPECT_EQ(customer["msgType"], "P008");
    EXPECT_EQ(customer["paymentId"], newest["sameUetr"][0]);
    EXPECT_EQ(result("settle_getPayments", {of(1)}), Json({newest, customer}));
    Json by_id = of(1);
    by_id["paymentId"] = customer["paymentId"];
    EXPECT_EQ(result("settle_getPayment", {by_id}), customer);
    query["msgType"] = "P009";
    EXPECT_TRUE(result("settle_getPayment", {query}).is_null());
}

TEST_F(PaymentMethods, a_history_longer_than_a_page_goes_on_where_it_ended) {
    append({chain.pay({.amount = 1'500'000})});
    const auto id = native::payment_id(native::view_of(chain.instruction({.amount = 1'500'000})));
    // A payment of another bank under the same UETR, which lies behind in the index or in front.
    append({chain.pay({.from = 1, .to = 2, .amount = 100})});
    constexpr std::size_t turns = 600;
    std::vector<core::TransactionPtr> acts;
    for (std::size_t i = 0; i < turns; ++i) {
        acts.push_back(chain.call("maker-0", native::calls::hold(id)));
        acts.push_back(chain.call("maker-0", native::calls::unhold(id)));
        if (acts.size() == 100) append(std::exchange(acts, {}));
    }
    append(std::move(acts));
    append({chain.call("maker-0", native::calls::cancel(id, {}))});
    Json query = of(1);
    query["paymentId"] = hex(id);
    std::vector<std::string> words;
    for (Json after; words.size() <= 2 * turns + 2;) {
        if (!after.is_null()) query["historyAfter"] = after;
        const Json page = result("settle_getPayment", {query});
        EXPECT_EQ(page["status"], "Never");
        EXPECT_EQ(page["instrId"], "I1");
        EXPECT_EQ(page["sameUetr"].size(), 1u);
        EXPECT_LE(page["history"].size(), limits::history_steps_max);
        for (const Json& step : page["history"])
            words.push_back(step["why"]);
        after = page["historyNext"];
        if (after.is_null()) break;
    }
    ASSERT_EQ(words.size(), 2 * turns + 2);
    EXPECT_EQ(words[0], "Queued");
    EXPECT_EQ(words[2 * turns - 1], "Held");
    EXPECT_EQ(words.back(), "Cancelled");
    EXPECT_EQ(
        error("settle_getPayment", {{{"uetr", uetr_of(1).to_string()}, {"historyAfter", "1.2"}}})["code"],
        -32602);
}

TEST_F(PaymentMethods, a_proof_verifies_offline_from_genesis) {
    const auto transaction = chain.pay({.amount = 25'000});
    append({chain.transfer("x", 1), transaction, chain.pay({.amount = 1, .number = 2})});
    append({});
    const Json object = result("settle_getProof", {of(1)});
    const auto document = core::parse_receipt_object(object.dump());
    ASSERT_TRUE(document) << core::describe(document.error());
    const auto genesis = contracts::make_genesis(chain.chain().spec);
    const auto anchor = core::anchor_at(chain.chain().identity(), chain.chain().genesis, genesis.validators);
    ASSERT_TRUE(anchor);
    const auto proven = core::verify_receipt(*document, *anchor);
    ASSERT_TRUE(proven) << proven.error().sentence;
    EXPECT_EQ(proven->sealed_by.size(), 4u);
    EXPECT_EQ(proven->transaction->hash, transaction->hash);
    const auto facts = native::payment_facts(proven->transaction->transaction, proven->log);
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->event.amount, 25'000u);
    EXPECT_EQ(document->payment.amount, "250.00");
    EXPECT_EQ(document->payment.status, "Final");
    EXPECT_EQ(document->payment.payer.to_string(), "BNKADEFF");
    EXPECT_EQ(document->payment.payment_id, facts->event.id);
    // The transaction's hash names the same proof.
    EXPECT_EQ(result("settle_getProof", {{{"txHash", hex(transaction->hash)}}}), object);
}

TEST_F(PaymentMethods, a_transaction_without_payments_has_no_proof) {
    const auto transaction = chain.transfer("x", 1);
    append({transaction});
    EXPECT_TRUE(result("settle_getProof", {{{"txHash", hex(transaction->hash)}}}).is_null());
    EXPECT_TRUE(result("settle_getProof", {{{"txHash", hex(core::Hash{})}}}).is_null());
}

class Submit : public PaymentMethods {
  protected:
    std::shared_ptr<std::optional<Json>> begin_submit(const core::TransactionPtr& transaction,
                                                      Json more = Json::object()) {
        more["rawTransaction"] = raw(transaction);
        return begin("settle_submit", {more});
    }
    /// Hands in, makes a block, and gives the whole answer.
    Json submit(const core::TransactionPtr& transaction) {
        const auto answer = begin_submit(transaction);
        if (!*answer) mine();
        EXPECT_TRUE(*answer);
        return answer->value_or(Json());
    }
};

TEST_F(Submit, says_what_became_of_the_payment) {
    const auto transaction = chain.pay({.amount = 25'000});
    const Json result = submit(transaction)["result"];
    EXPECT_EQ(result, (Json{{"kind", "payment"},
                            {"uetr", uetr_of(1).to_string()},
                            {"paymentId", payment(1)["paymentId"]},
                            {"status", "Final"},
                            {"why", "Settled"},
                            {"reason", nullptr},
                            {"txHash", hex(transaction->hash)},
                            {"height", 2},
                            {"time", chain.time_ms()},
                            {"repeated", false}}));
}

TEST_F(Submit, a_payment_without_money_is_pending) {
    const Json result = submit(chain.pay({.amount = 9'000'000}))["result"];
    EXPECT_EQ(result["status"], "Pending");
    EXPECT_EQ(result["why"], "Queued");
}

TEST_F(Submit, the_same_payment_again_returns_where_it_stands) {
    submit(chain.pay({.amount = 100}));
    const auto again = chain.pay({.amount = 100});
    const Json result = submit(again)["result"];
    EXPECT_EQ(result["status"], "Final");
    EXPECT_EQ(result["repeated"], true);
    EXPECT_EQ(result["height"], 2);
    EXPECT_EQ(result["txHash"], hex(again->hash));
    EXPECT_EQ(payment(1)["history"].size(), 1u);
}

TEST_F(Submit, a_refusal_is_an_error_with_its_iso_reason) {
    submit(chain.pay({.amount = 100}));
    const auto other = chain.pay({.amount = 101});
    const Json error = submit(other)["error"];
    EXPECT_EQ(error["code"], -38'010);
    EXPECT_EQ(error["message"], "refused: AM05: the key was used before with other content");
    EXPECT_EQ(error["data"]["isoReason"], "AM05");
    EXPECT_EQ(error["data"]["uetr"], uetr_of(1).to_string());
    EXPECT_EQ(error["data"]["txHash"], hex(other->hash));
    EXPECT_EQ(error["data"]["height"], 3);
}

TEST_F(Submit, a_failure_without_iso_reason_has_its_own_code) {
    const auto transaction =
        chain.make({.sender = "maker-0", .to = native::payments_address, .data = {1, 2, 3, 4}});
    const Json error = submit(transaction)["error"];
    EXPECT_EQ(error["code"], failed_code);
    EXPECT_EQ(error["data"]["txHash"], hex(transaction->hash));
}

TEST_F(Submit, may_end_when_the_pool_has_it) {
    const auto transaction = chain.pay({.amount = 100});
    const auto answer = begin_submit(transaction, {{"wait", "accepted"}});
    ASSERT_TRUE(*answer);
    const Json result = (**answer)["result"];
    EXPECT_EQ(result["status"], "Unknown");
    EXPECT_EQ(result["why"], "Accepted");
    EXPECT_EQ(result["uetr"], uetr_of(1).to_string());
    EXPECT_TRUE(result["height"].is_null());
    EXPECT_EQ(error("settle_submit", {{{"rawTransaction", raw(transaction)}, {"wait", "maybe"}}})["code"],
              -32602);
}

TEST_F(Submit, a_wait_that_ends_says_to_ask_first) {
    const auto transaction = chain.pay({.amount = 100});
    const auto answer = begin_submit(transaction, {{"timeoutMs", 50}});
    node.advance(std::chrono::milliseconds(50));
    ASSERT_TRUE(*answer);
    EXPECT_EQ((**answer)["error"]["code"], not_final_code);
    EXPECT_EQ((**answer)["error"]["data"]["uetr"], uetr_of(1).to_string());
    EXPECT_EQ(error("settle_submit", {{{"rawTransaction", raw(transaction)}, {"timeoutMs", 0}}})["code"],
              -32602);
    EXPECT_EQ(error("settle_submit", {{{"rawTransaction", raw(transaction)}, {"timeoutMs", 70'000}}})["code"],
              -32602);
}

TEST_F(Submit, handing_in_a_final_transaction_again_reports_it_again) {
    const auto transaction = chain.pay({.amount = 100});
    const Json first = submit(transaction)["result"];
    EXPECT_EQ(submit(transaction)["result"], first);
}

TEST_F(Submit, the_pools_refusals_are_those_of_eth_sendRawTransaction) {
    submit(chain.pay({.amount = 100}));
    const auto stale = chain.make({.sender = "maker-0", .to = native::payments_address, .nonce = 0});
    EXPECT_EQ(submit(stale)["error"]["message"], "nonce too low: next nonce 1, tx nonce 0");
    EXPECT_EQ(error("settle_submit", {{{"rawTransaction", "0x00"}}})["code"], -32000);
    EXPECT_EQ(error("settle_submit", {Json::object()})["code"], -32602);
}

TEST_F(Submit, a_return_is_a_payment_and_shows_on_both_ends) {
    submit(chain.pay({.amount = 100, .number = 1}));
    const auto paid = native::payment_id(native::view_of(chain.instruction({.amount = 100, .number = 1})));
    const native::ReasonCode reason{'A', 'C', '0', '4'};
    auto instruction = chain.instruction(
        {.from = 1, .to = 0, .amount = 60, .number = 2, .type = native::MessageType::payment_return});
    const Json result =
        submit(chain.call("maker-1", native::calls::return_payment(instruction, paid, reason)))["result"];
    EXPECT_EQ(result["status"], "Final");
    EXPECT_EQ(result["uetr"], uetr_of(2).to_string());
    const Json recall = submit(
        chain.call("maker-0", native::calls::request_return({paid, 40, {'D', 'U', 'P', 'L'}, {}})))["result"];
    EXPECT_EQ(recall["kind"], "recall");
    EXPECT_EQ(recall["why"], "ReturnRequested");
    const Json original = this->result("settle_getPayment", {{{"uetr", uetr_of(1).to_string()}}});
    EXPECT_EQ(original["why"], "Settled");
    EXPECT_EQ(original["returns"]["returned"]["minor"], "60");
    EXPECT_EQ(original["returns"]["count"], 1);
    EXPECT_TRUE(original["returns"]["original"].is_null());
    EXPECT_EQ(original["returns"]["recall"]["state"], "Open");
    EXPECT_EQ(original["returns"]["recall"]["amount"]["minor"], "40");
    const Json given_back = this->result("settle_getPayment", {{{"uetr", uetr_of(2).to_string()}}});
    EXPECT_EQ(given_back["message"], "pacs.004");
    EXPECT_EQ(given_back["returns"]["original"], original["paymentId"]);
    EXPECT_TRUE(given_back["returns"]["recall"].is_null());
}

TEST_F(Submit, acts_of_an_authority_have_words_of_their_own) {
    const native::CurrencyText eur{'E', 'U', 'R'};
    const Json credit = submit(
        chain.call("operator", native::calls::set_credit_line(chain.bank(0).chars(), eur, 5)))["result"];
    EXPECT_EQ(credit["kind"], "limit");
    EXPECT_EQ(credit["why"], "CreditLineChanged");
    const Json freeze = submit(
        chain.call("operator", native::calls::freeze({chain.bank(0).chars(), eur, 5, true, ""})))["result"];
    EXPECT_EQ(freeze["kind"], "freeze");
    EXPECT_EQ(freeze["why"], "Frozen");
}

TEST_F(Submit, a_batch_reports_each_payment) {
    const std::vector<native::Instruction> instructions{
        chain.instruction({.amount = 100, .number = 1}),
        chain.instruction({.amount = 9'000'000, .number = 2})};
    const Json result = submit(chain.call("maker-0", native::calls::submit_batch(instructions)))["result"];
    ASSERT_EQ(result["payments"].size(), 2u);
    EXPECT_EQ(result["payments"][0]["status"], "Final");
    EXPECT_EQ(result["payments"][1]["why"], "Queued");
    EXPECT_EQ(result["status"], "Final");
}

TEST_F(Submit, transactions_without_payment_have_a_word_of_their_own) {
    const Json issue = submit(chain.issue(0, 5))["result"];
    EXPECT_EQ(issue["kind"], "issue");
    EXPECT_EQ(issue["status"], "Final");
    EXPECT_EQ(issue["why"], "Issued");
    EXPECT_TRUE(issue["uetr"].is_null());
    EXPECT_EQ(issue["height"], 2);
    const Json redeem = submit(
        chain.call("maker-0", native::calls::request_redeem({'E', 'U', 'R'}, 5, uetr_of(9).bytes)))["result"];
    EXPECT_EQ(redeem["kind"], "redeem");
    EXPECT_EQ(redeem["why"], "RedeemRequested");
    EXPECT_EQ(submit(chain.transfer("x", 1))["result"]["kind"], "transaction");
}

TEST_F(Submit, changing_a_payment_reports_where_it_stands_now) {
    submit(chain.pay({.amount = 9'000'000}));
    const auto id = native::payment_id(native::view_of(chain.instruction({.amount = 9'000'000})));
    const Json held = submit(chain.call("maker-0", native::calls::hold(id)))["result"];
    EXPECT_EQ(held["kind"], "payment");
    EXPECT_EQ(held["why"], "Held");
    EXPECT_EQ(held["uetr"], uetr_of(1).to_string());
}

}  // namespace
}  // namespace sluice::node::rpc::test
