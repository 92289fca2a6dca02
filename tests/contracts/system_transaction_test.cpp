#include <gtest/gtest.h>

#include "contracts/transition.hpp"
#include "tests/contracts/toy_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;
using core::TransactionPtr;

constexpr Selector schedule = selector_of("schedule(uint64,uint64)");

TransactionPtr system_at(core::Height height) {
    return *core::recover_transaction(core::share(core::encode(core::system_transaction(height))));
}

class SystemTransactionTest : public testing::Test {
  protected:
    /// Work is due from `delay` ms after the head on.
    void schedule_work(core::UnixMs delay, std::uint64_t again = 0) {
        due = core::time_ms_of(chain.head) + delay;
        chain.append({toy_call(nonce++, schedule, due, again)});
    }
    ExecutionResult run(const std::vector<TransactionPtr>& candidates, Mode mode) {
        return execute_block(chain.state, chain.next_context(), candidates, mode, toy_registry());
    }
    ToyChain chain;
    core::UnixMs due = 0;
    std::uint64_t nonce = 0;
};

TEST_F(SystemTransactionTest, comes_last_when_work_is_due) {
    schedule_work(1'500);
    const auto other = make({.nonce = nonce, .to = ToyChain::member(7)});
    const ExecutionResult result = run({other}, Mode::build);
    ASSERT_EQ(result.transactions.size(), 2u);
    EXPECT_EQ(result.transactions[0], other);
    const core::RecoveredTransaction& system = *result.transactions[1];
    EXPECT_EQ(system.transaction, core::system_transaction(2));
    EXPECT_EQ(system.sender, core::system_address);
    EXPECT_EQ(system.encoded->front(), 0x7e);
}

TEST_F(SystemTransactionTest, has_an_ordinary_receipt_and_no_gas) {
    schedule_work(1'500);
    const ExecutionResult result = run({make({.nonce = nonce, .to = ToyChain::member(7)})}, Mode::build);
    ASSERT_EQ(result.receipts.size(), 2u);
    const core::Receipt& receipt = result.receipts[1];
    EXPECT_EQ(receipt.type, 0x7e);
    EXPECT_TRUE(receipt.succeeded);
    EXPECT_EQ(receipt.cumulative_gas_used, 21'000u);
    EXPECT_EQ(result.gas_used, 21'000u);
    ASSERT_EQ(receipt.logs.size(), 1u);
    EXPECT_EQ(receipt.logs[0].topics[0], topic_of("Settled(uint64)"));
    EXPECT_TRUE(core::may_contain(result.bloom, toy_address));
}

TEST_F(SystemTransactionTest, is_absent_while_nothing_is_due) {
    schedule_work(60'000);
    const ExecutionResult result = run({}, Mode::build);
    EXPECT_TRUE(result.transactions.empty());
    EXPECT_EQ(result.next_due, due);
    EXPECT_EQ(next_due(chain.state, toy_registry()), due);
}

TEST_F(SystemTransactionTest, follows_work_that_became_due_in_the_same_block) {
    const ExecutionResult result =
        run({toy_call(0, schedule, std::uint64_t{1}, std::uint64_t{0})}, Mode::build);
    ASSERT_EQ(result.transactions.size(), 2u);
    EXPECT_EQ(result.next_due, std::nullopt);
}

TEST_F(SystemTransactionTest, runs_alone_on_an_idle_chain_until_the_work_is_done) {
    schedule_work(1'500, 2);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(next_due(chain.state, toy_registry()), due);
        EXPECT_EQ(chain.append({}).transactions.size(), 1u);
    }
    EXPECT_EQ(next_due(chain.state, toy_registry()), std::nullopt);
    EXPECT_TRUE(chain.append({}).transactions.empty());
}

TEST_F(SystemTransactionTest, of_a_built_block_is_accepted_when_checked) {
    schedule_work(1'500);
    const ExecutionResult built = run({make({.nonce = nonce, .to = ToyChain::member(7)})}, Mode::build);
    const ExecutionResult checked = run(built.transactions, Mode::check);
    EXPECT_FALSE(checked.fault.has_value());
    EXPECT_EQ(checked.diff, built.diff);
    EXPECT_EQ(checked.receipts, built.receipts);
}

TEST_F(SystemTransactionTest, must_not_be_left_out) {
    schedule_work(1'500);
    const auto other = make({.nonce = nonce, .to = ToyChain::member(7)});
    EXPECT_EQ(run({other}, Mode::check).fault, (Refused{1, Refusal::system_missing}));
    EXPECT_EQ(run({}, Mode::check).fault, (Refused{0, Refusal::system_missing}));
}

TEST_F(SystemTransactionTest, must_not_be_there_without_work) {
    EXPECT_EQ(run({system_at(1)}, Mode::check).fault, (Refused{0, Refusal::system_not_due}));
}

TEST_F(SystemTransactionTest, must_name_its_own_height) {
    schedule_work(1'500);
    EXPECT_EQ(run({system_at(3)}, Mode::check).fault, (Refused{0, Refusal::system_misplaced}));
    EXPECT_FALSE(run({system_at(2)}, Mode::check).fault.has_value());
}

TEST_F(SystemTransactionTest, stands_nowhere_but_at_the_end) {
    schedule_work(1'500);
    const auto other = make({.nonce = nonce, .to = ToyChain::member(7)});
    EXPECT_EQ(run({system_at(2), other}, Mode::check).fault, (Refused{0, Refusal::system_type}));
    EXPECT_EQ(run({system_at(2), system_at(2)}, Mode::check).fault, (Refused{0, Refusal::system_type}));
}

}  // namespace
}  // namespace sluice::contracts
