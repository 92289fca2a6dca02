#include "contracts/transition.hpp"

#include <gtest/gtest.h>

#include "core/limits.hpp"
#include "tests/contracts/toy_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;
using core::TransactionPtr;
using core::Uint256;

constexpr Selector put = selector_of("put(uint256,uint256)");
constexpr core::Gas put_gas =
    cost::entry + cost::mapping_slot + cost::slot_read + cost::slot_write + cost::log(2, 32);

class TransitionTest : public testing::Test {
  protected:
    ExecutionResult build(const std::vector<TransactionPtr>& candidates) {
        return execute_block(chain.state, block, candidates, Mode::build, toy_registry());
    }
    ExecutionResult check(const std::vector<TransactionPtr>& candidates) {
        return execute_block(chain.state, block, candidates, Mode::check, toy_registry());
    }
    ToyChain chain;
    BlockContext block = chain.next_context();
};

TEST_F(TransitionTest, an_empty_block_only_records_its_parent) {
    const ExecutionResult result = build({});
    EXPECT_TRUE(result.transactions.empty());
    EXPECT_TRUE(result.receipts.empty());
    EXPECT_EQ(result.gas_used, 0u);
    EXPECT_EQ(result.diff.accounts.size(), 1u);
    EXPECT_EQ(result.money, MoneyVerdict::conserved);
    EXPECT_EQ(result.next_validators, block.validators);
    EXPECT_EQ(result.next_due, std::nullopt);
}

TEST_F(TransitionTest, a_call_costs_its_bytes_and_its_method) {
    const auto transaction = toy_call(0, put, Uint256(1), Uint256(42));
    const ExecutionResult result = build({transaction});
    ASSERT_EQ(result.receipts.size(), 1u);
    EXPECT_TRUE(result.receipts[0].succeeded);
    EXPECT_EQ(result.receipts[0].type, 2);
    EXPECT_EQ(result.gas_used, intrinsic_gas(transaction->transaction) + put_gas);
    EXPECT_EQ(result.receipts[0].cumulative_gas_used, result.gas_used);
    ASSERT_EQ(result.receipts[0].logs.size(), 1u);
    EXPECT_EQ(result.receipts[0].bloom, core::bloom_of(result.receipts[0].logs));
    EXPECT_EQ(result.bloom, result.receipts[0].bloom);
    chain.state.apply(result.diff);
    EXPECT_EQ(chain.state.storage(toy_address, toy_slot(1)), core::word_from_u64(42));
    EXPECT_EQ(chain.state.account(ToyChain::rich())->nonce, 1u);
}

TEST_F(TransitionTest, gas_is_metered_and_never_charged) {
    const Uint256 before = chain.state.account(ToyChain::rich())->balance;
    chain.append({make({.data = {1, 2, 3}, .max_fee = Uint256(1'000'000'000), .tip = Uint256(5)})});
    EXPECT_EQ(chain.state.account(ToyChain::rich())->balance, before);
    EXPECT_FALSE(chain.state.account(block.miner).has_value());
}

TEST_F(TransitionTest, the_floor_of_calldata_holds) {
    const auto transaction = make({.to = ToyChain::member(7), .data = core::Bytes(1'000, 1)});
    EXPECT_EQ(build({transaction}).gas_used, 21'000u + 40'000);
}

TEST_F(TransitionTest, a_value_transfer_moves_coin_for_21000_gas) {
    const ExecutionResult result = chain.append({make({.to = ToyChain::member(7), .value = Uint256(5)})});
    EXPECT_EQ(result.gas_used, 21'000u);
    EXPECT_EQ(chain.state.account(ToyChain::member(7))->balance, Uint256(5));
    EXPECT_EQ(chain.state.account(ToyChain::rich())->balance, Uint256(999'999'999'999'999'995ull));
}

TEST_F(TransitionTest, a_reverted_transaction_keeps_its_nonce_and_its_gas) {
    const ExecutionResult result =
        chain.append({toy_call(0, selector_of("putThenRefuse(uint256,uint256)"), Uint256(1), Uint256(42))});
    ASSERT_EQ(result.receipts.size(), 1u);
    EXPECT_FALSE(result.receipts[0].succeeded);
    EXPECT_TRUE(result.receipts[0].logs.empty());
    EXPECT_GT(result.gas_used, 21'000u);
    EXPECT_LT(result.gas_used, 200'000u);
    EXPECT_EQ(chain.state.account(ToyChain::rich())->nonce, 1u);
    EXPECT_EQ(chain.state.storage(toy_address, toy_slot(1)), core::Word{});
}

TEST_F(TransitionTest, a_transaction_out_of_gas_uses_all_of_it) {
    const ExecutionResult result =
        build({toy_call(0, selector_of("spend(uint64)"), std::uint64_t{1'000'000})});
    ASSERT_EQ(result.receipts.size(), 1u);
    EXPECT_FALSE(result.receipts[0].succeeded);
    EXPECT_EQ(result.gas_used, 200'000u);
}

TEST_F(TransitionTest, building_skips_what_is_invalid_and_says_why) {
    const std::vector<TransactionPtr> candidates{make({.nonce = 1}),
                                                 toy_call(0, put, Uint256(1), Uint256(2)),
                                                 make({.nonce = 0}),
                                                 make({.nonce = 1, .chain_id = 1}),
                                                 toy_call(1, put, Uint256(1), Uint256(3)),
                                                 make({.nonce = 2, .type = core::TransactionType::system})};
    const ExecutionResult result = build(candidates);
    EXPECT_EQ(result.skipped, (std::vector<Refused>{{0, Refusal::nonce_too_high},
                                                    {2, Refusal::nonce_too_low},
                                                    {3, Refusal::wrong_chain},
                                                    {5, Refusal::system_type}}));
    EXPECT_EQ(result.transactions, (std::vector<TransactionPtr>{candidates[1], candidates[4]}));
    EXPECT_FALSE(result.fault.has_value());
}

TEST_F(TransitionTest, checking_ends_at_the_first_invalid_transaction) {
    const ExecutionResult result =
        check({toy_call(0, put, Uint256(1), Uint256(2)), make({.nonce = 0}), make({.nonce = 9})});
    EXPECT_EQ(result.fault, (Refused{1, Refusal::nonce_too_low}));
}

TEST_F(TransitionTest, checking_what_was_built_gives_the_same_result) {
    const ExecutionResult built = build({toy_call(0, put, Uint256(1), Uint256(2)), make({.nonce = 7}),
                                         make({.nonce = 1, .to = ToyChain::member(3), .value = Uint256(9)})});
    const ExecutionResult checked = check(built.transactions);
    EXPECT_FALSE(checked.fault.has_value());
    EXPECT_EQ(checked.diff, built.diff);
    EXPECT_EQ(checked.receipts, built.receipts);
    EXPECT_EQ(checked.transactions, built.transactions);
    EXPECT_EQ(checked.gas_used, built.gas_used);
    EXPECT_EQ(checked.bloom, built.bloom);
}

TEST_F(TransitionTest, a_gas_limit_must_fit_what_is_left_of_the_block) {
    block.gas_limit = 250'000;
    // The first one uses 21,000 of its 200,000: the second fits what is really left.
    const std::vector<TransactionPtr> fits{
        make({.to = ToyChain::member(7), .gas_limit = 200'000}),
        make({.nonce = 1, .to = ToyChain::member(7), .gas_limit = 229'000})};
    EXPECT_TRUE(build(fits).skipped.empty());
    EXPECT_FALSE(check(fits).fault.has_value());
    const std::vector<TransactionPtr> too_much{
        fits[0], make({.nonce = 1, .to = ToyChain::member(7), .gas_limit = 229'001})};
    EXPECT_EQ(build(too_much).skipped, (std::vector<Refused>{{1, Refusal::block_gas_exhausted}}));
    EXPECT_EQ(check(too_much).fault, (Refused{1, Refusal::block_gas_exhausted}));
}

TEST_F(TransitionTest, a_block_has_room_for_so_many_bytes) {
    block.gas_limit = block.transaction_gas_limit = ~core::Gas{0} / 2;
    std::vector<TransactionPtr> candidates;
    std::size_t bytes = block_frame_bytes;
    for (std::uint64_t nonce = 0; nonce < 70; ++nonce) {
        candidates.push_back(make({.nonce = nonce,
                                   .to = ToyChain::member(7),
                                   .data = core::Bytes(130'000),
                                   .gas_limit = 10'000'000}));
        bytes += candidates.back()->encoded->size() + 9;
    }
    ASSERT_GT(bytes, core::limits::block_bytes_max);
    const ExecutionResult result = build(candidates);
    ASSERT_FALSE(result.skipped.empty());
    EXPECT_EQ(result.skipped[0], (Refused{result.transactions.size(), Refusal::block_bytes_exhausted}));

    core::Block whole;
    whole.header = assemble_header(block, result, {});
    whole.transactions = result.transactions;
    EXPECT_LE(core::encode(whole).size(), core::limits::block_bytes_max);
    EXPECT_GT(core::encode(whole).size() + 131'000, core::limits::block_bytes_max);
}

TEST_F(TransitionTest, a_block_has_room_for_so_many_transactions_and_the_system_one) {
    block.gas_limit = ~core::Gas{0} / 2;
    std::vector<TransactionPtr> candidates{
        toy_call(0, selector_of("schedule(uint64,uint64)"), std::uint64_t{1}, std::uint64_t{0})};
    for (std::uint64_t nonce = 1; nonce <= core::limits::block_transactions_max; ++nonce)
        candidates.push_back(make({.nonce = nonce, .to = ToyChain::member(7), .gas_limit = 21'000}));
    const ExecutionResult result = build(candidates);
    EXPECT_EQ(result.transactions.size(), core::limits::block_transactions_max);
    EXPECT_EQ(result.transactions.back()->transaction.type, core::TransactionType::system);
    EXPECT_EQ(result.skipped.front().reason, Refusal::block_count_exhausted);
    EXPECT_FALSE(check(result.transactions).fault.has_value());
}

TEST_F(TransitionTest, money_made_by_nobody_is_reported) {
    const auto forged = toy_call(0, selector_of("mint(uint128)"), core::Minor{1});
    EXPECT_EQ(build({forged}).money, MoneyVerdict::violated);
    EXPECT_EQ(check({forged}).money, MoneyVerdict::violated);
}

TEST_F(TransitionTest, governance_decides_the_next_validators) {
    const std::vector<core::Address> members{ToyChain::member(0), ToyChain::member(9)};
    const ExecutionResult result = build({make(
        {.to = toy_governance, .data = abi::encode_call(selector_of("setValidators(address[])"), members)})});
    ASSERT_NE(result.next_validators, nullptr);
    EXPECT_EQ(*result.next_validators, *core::ValidatorSet::make(members));
    chain.state.apply(result.diff);
    EXPECT_EQ(validators_after(chain.state, toy_registry()), *result.next_validators);
}

TEST_F(TransitionTest, execution_never_changes_the_parent) {
    const auto before = chain.state.account(ToyChain::rich());
    build({toy_call(0, put, Uint256(1), Uint256(2))});
    EXPECT_EQ(chain.state.account(ToyChain::rich()), before);
    EXPECT_EQ(chain.state.storage(toy_address, toy_slot(1)), core::Word{});
}

TEST_F(TransitionTest, an_access_list_is_paid_for) {
    const std::vector<core::AccessListEntry> list{{toy_address, {core::Word{}}}};
    EXPECT_EQ(build({make({.to = ToyChain::member(7), .access_list = list})}).gas_used,
              21'000u + 2'400 + 1'900);
}

TEST(ChainParameters, come_from_the_registry) {
    const ToyChain chain;
    EXPECT_EQ(chain_parameters(chain.state, toy_registry()).block_gas_limit,
              ToyChain::spec().block_gas_limit);
}

}  // namespace
}  // namespace sluice::contracts
