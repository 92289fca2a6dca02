// The tools themselves: that they see what is wrong, and name what they leave out.
#include <gtest/gtest.h>

#include "tests/conformance/block_case.hpp"
#include "tests/conformance/chain_rules.hpp"
#include "tests/conformance/exception_names.hpp"
#include "tests/conformance/state_case.hpp"

namespace sluice::conformance {
namespace {

using contracts::Refusal;
using contracts::evm::Revision;

constexpr const char* nobody = "0x00000000000000000000000000000000000000aa";
constexpr const char* sender = "0xa94f5374fce5edbc8e2a8697c15331677e6ebf0b";

/// A transfer of 5 wei from an account with 10^18.
Json transfer() {
    return Json::parse(R"({
        "env": {"currentNumber": "0x01", "currentTimestamp": "0x03e8", "currentGasLimit": "0x05500000",
                "currentCoinbase": "0x2adc25665018aa1fe0e6bc666dac8fc2697ff9ba", "currentBaseFee": "0x0a"},
        "pre": {"0xa94f5374fce5edbc8e2a8697c15331677e6ebf0b":
                {"nonce": "0x00", "balance": "0x0de0b6b3a7640000", "code": "0x", "storage": {}}},
        "transaction": {"nonce": "0x00", "gasPrice": "0x0a", "gasLimit": ["0x5208", "0x5207"],
                        "to": "0x00000000000000000000000000000000000000aa", "value": ["0x05"], "data": ["0x"],
                        "sender": "0xa94f5374fce5edbc8e2a8697c15331677e6ebf0b",
                        "secretKey": "0x45a915e4d060149eb4365960e6a7a45f334393093061116b197e3240065ff2d8"}
    })");
}

/// The state after it: 21,000 gas at 10 wei are gone, the miner gets nothing of the base fee.
Json state_after_transfer() {
    Json accounts = transfer()["pre"];
    accounts[sender]["nonce"] = "0x01";
    accounts[sender]["balance"] = core::to_quantity(core::Uint256(1'000'000'000'000'000'000 - 5 - 210'000));
    accounts[nobody] = {{"nonce", "0x00"}, {"balance", "0x05"}, {"code", "0x"}, {"storage", Json::object()}};
    return accounts;
}

/// A row of `post` that expects this state, no logs, and the first or second gas limit.
Json row(const Json& accounts, std::size_t gas = 0) {
    const core::Bytes no_logs{0xc0};
    return {{"indexes", {{"data", 0}, {"gas", gas}, {"value", 0}}},
            {"hash", core::to_hex_0x(FixtureState(accounts).root())},
            {"logs", core::to_hex_0x(core::keccak256(no_logs))}};
}

Verdict run(const Json& test, const Json& post, Revision revision = Revision::cancun) {
    contracts::evm::Machine machine;
    return run_state_case(StateTest(test), post, revision, machine);
}

TEST(StateCase, with_the_right_state_passes) {
    const Verdict verdict = run(transfer(), row(state_after_transfer()));
    EXPECT_EQ(verdict.outcome, Outcome::passed) << verdict.reason;
}

TEST(StateCase, with_another_state_fails_and_says_where_it_differs) {
    Json accounts = state_after_transfer();
    accounts[nobody]["balance"] = "0x06";
    Json post = row(accounts);
    post["state"] = accounts;
    const Verdict verdict = run(transfer(), post);
    EXPECT_EQ(verdict.outcome, Outcome::failed);
    EXPECT_NE(verdict.reason.find(std::string(nobody) + ": has nonce 0, balance 5"), std::string::npos)
        << verdict.reason;
}

TEST(StateCase, with_other_logs_fails) {
    Json post = row(state_after_transfer());
    post["logs"] = core::to_hex_0x(core::Hash{});
    EXPECT_EQ(run(transfer(), post).reason, "wrong hash of logs");
}

TEST(StateCase, of_a_refused_transaction_wants_the_right_reason) {
    Json post = row(transfer()["pre"], 1);
    EXPECT_EQ(run(transfer(), post).reason, "refused: intrinsic gas too low");
    post["expectException"] = "TransactionException.INSUFFICIENT_ACCOUNT_FUNDS";
    EXPECT_EQ(run(transfer(), post).outcome, Outcome::failed);
    post["expectException"] =
        "TransactionException.INSUFFICIENT_ACCOUNT_FUNDS|TransactionException.INTRINSIC_GAS_TOO_LOW";
    EXPECT_EQ(run(transfer(), post).outcome, Outcome::passed);
    post = row(state_after_transfer());
    post["expectException"] = "TR_NoFunds";
    EXPECT_EQ(run(transfer(), post).reason, "not refused, expected TR_NoFunds");
}

TEST(StateCase, of_another_sender_or_another_field_fails) {
    Json test = transfer();
    test["transaction"]["sender"] = nobody;
    EXPECT_NE(run(test, row(state_after_transfer())).reason.find("wrong sender"), std::string::npos);

    core::Transaction transaction;
    transaction.chain_id = 1;
    transaction.max_fee_per_gas = transaction.max_priority_fee_per_gas = 10;
    transaction.gas_limit = 21'000;
    transaction.to = address_of(Json(nobody));
    transaction.value = 6;
    core::sign(transaction, crypto::PrivateKey(word_of(transfer()["transaction"]["secretKey"])));
    Json post = row(state_after_transfer());
    post["txbytes"] = core::to_hex_0x(core::encode(transaction));
    EXPECT_EQ(run(transfer(), post).reason, "decoded another value");
}

TEST(StateCase, that_calls_an_excluded_precompiled_contract_is_skipped_by_name) {
    Json test = transfer();
    test["transaction"]["to"] = "0x000000000000000000000000000000000000000a";
    test["transaction"]["gasLimit"] = {"0x0186a0"};
    const Verdict verdict = run(test, row(test["pre"]));
    EXPECT_EQ(verdict.outcome, Outcome::skipped);
    EXPECT_EQ(verdict.reason, excluded_precompile);
    EXPECT_NE(run(test, row(test["pre"]), Revision::shanghai).outcome, Outcome::skipped)
        << "the contract begins with Cancun";
}

TEST(Fixture, that_is_damaged_says_what_is_wrong) {
    const auto error_of = [](Json test) {
        try {
            run(test, row(state_after_transfer()));
        } catch (const FixtureError& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    Json test = transfer();
    test.erase("env");
    EXPECT_EQ(error_of(test), "has no member \"env\"");
    test = transfer();
    test["env"]["currentNumber"] = "0xxyz";
    EXPECT_NE(error_of(test).find("0xxyz"), std::string::npos);
    test = transfer();
    test["pre"]["0x12"] = test["pre"][sender];
    EXPECT_NE(error_of(test).find("an address was expected"), std::string::npos);
    EXPECT_THROW(read_fixture("/nowhere/at/all.json"), FixtureError);
}

TEST(ExceptionNames, stand_for_their_own_reason_only) {
    EXPECT_TRUE(names_reason("TransactionException.NONCE_IS_MAX", Refusal::nonce_at_maximum));
    EXPECT_TRUE(names_reason("TR_NoFundsOrGas", Refusal::insufficient_funds));
    EXPECT_TRUE(names_reason("TR_NoFundsOrGas", Refusal::gas_below_intrinsic));
    EXPECT_FALSE(names_reason("TR_NoFunds", Refusal::gas_below_intrinsic));
    EXPECT_FALSE(names_reason("TransactionException.UNHEARD_OF", Refusal::insufficient_funds));
    EXPECT_FALSE(names_reason("", Refusal::insufficient_funds));
    EXPECT_TRUE(names_fault("BlockException.INVALID_GASLIMIT", BlockFault::gas_limit));
    EXPECT_FALSE(names_fault("BlockException.INVALID_GASLIMIT", BlockFault::gas_used));
    EXPECT_FALSE(names_fault("BlockException.INVALID_GAS_USED_ABOVE", BlockFault::gas_used));
}

TEST(Tally, counts_and_lists_by_reason) {
    Tally tally;
    tally.add("a", passed());
    tally.add("b", failed("wrong"));
    tally.add("c", skipped(excluded_precompile));
    tally.add("d", skipped("fork Homestead not supported"));
    EXPECT_EQ(report_of(tally, true),
              "FAILED b: wrong\n"
              "skipped c: excluded precompile\n"
              "skipped 1: excluded precompile\n"
              "skipped 1: fork Homestead not supported\n"
              "1 passed, 1 failed, 2 skipped\n");
}

TEST(ChainRules, the_base_fee_follows_the_gas_used) {
    EthereumHeader parent;
    parent.gas_limit = 30'000'000;
    parent.base_fee = 1'000;
    parent.gas_used = 15'000'000;
    EXPECT_EQ(base_fee_after(parent), core::Uint256(1'000));
    parent.gas_used = 30'000'000;
    EXPECT_EQ(base_fee_after(parent), core::Uint256(1'125));
    parent.gas_used = 0;
    EXPECT_EQ(base_fee_after(parent), core::Uint256(875));
    parent.base_fee = 1;
    parent.gas_used = 15'000'001;
    EXPECT_EQ(base_fee_after(parent), core::Uint256(2)) << "rises by at least one";
}

TEST(Forks, the_price_of_blob_gas_grows_with_the_excess) {
    const BlobSchedule cancun = blob_schedule_of(Revision::cancun);
    EXPECT_EQ(blob_base_fee_of(0, cancun), core::Uint256(1));
    // EIP-4844's reference implementation.
    EXPECT_EQ(blob_base_fee_of(2'314'057, cancun), core::Uint256(1));
    EXPECT_EQ(blob_base_fee_of(2'314'058, cancun), core::Uint256(2));
    EXPECT_EQ(blob_base_fee_of(10 * 1024 * 1024, cancun), core::Uint256(23));
    EXPECT_EQ(blob_base_fee_of(~std::uint64_t{0}, cancun), core::Uint256::max()) << "bounded";
}

TEST(BlockCase, of_an_older_fork_is_skipped_by_its_name) {
    contracts::evm::Machine machine;
    const Verdict verdict = run_block_case(Json{{"network", "Homestead"}}, machine);
    EXPECT_EQ(verdict.outcome, Outcome::skipped);
    EXPECT_EQ(verdict.reason, "fork Homestead not supported");
}

}  // namespace
}  // namespace sluice::conformance
