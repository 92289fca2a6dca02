#include "contracts/transaction_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "core/limits.hpp"
#include "tests/contracts/toy_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace test;

core::Transaction transaction_with(const Draft& draft) {
    return make(draft)->transaction;
}

TEST(IntrinsicGas, is_21000_and_the_price_of_each_byte) {
    EXPECT_EQ(intrinsic_gas(transaction_with({})), 21'000u);
    EXPECT_EQ(intrinsic_gas(transaction_with({.data = {0, 0, 1}})), 21'000u + 4 + 4 + 16);
}

TEST(IntrinsicGas, of_a_creation_adds_the_words_of_its_code) {
    EXPECT_EQ(intrinsic_gas(transaction_with({.to = std::nullopt, .data = core::Bytes(33, 1)})),
              21'000u + 32'000 + 33 * 16 + 2 * 2);
}

TEST(IntrinsicGas, counts_addresses_and_keys_of_the_access_list) {
    const std::vector<core::AccessListEntry> list{{toy_address, {core::Word{}, core::Word{1}}},
                                                  {toy_address, {}}};
    EXPECT_EQ(intrinsic_gas(transaction_with({.access_list = list})), 21'000u + 2 * 2'400 + 2 * 1'900);
}

TEST(FloorGas, is_ten_per_token_of_calldata) {
    EXPECT_EQ(floor_gas(transaction_with({.data = {0, 1}})), 21'000u + 10 * (1 + 4));
}

class TransactionRulesTest : public testing::Test {
  protected:
    std::optional<Refusal> in_block(const Draft& draft) {
        JournaledState state(chain.state);
        const auto admitted = admit_to_block(make(draft), state, block, toy_registry());
        return admitted ? std::nullopt : std::optional(admitted.error());
    }
    std::optional<Refusal> in_pool(const Draft& draft) {
        const auto admitted =
            admit_to_pool(*make(draft), chain.state, block.height, rules_of(block), toy_registry());
        return admitted ? std::nullopt : std::optional(admitted.error());
    }
    void expect_both(const Draft& draft, std::optional<Refusal> refusal) {
        EXPECT_EQ(in_block(draft), refusal);
        EXPECT_EQ(in_pool(draft), refusal);
    }

    ToyChain chain;
    BlockContext block = chain.next_context();
};

TEST_F(TransactionRulesTest, a_plain_transaction_is_admitted_with_its_proof) {
    JournaledState state(chain.state);
    const auto transaction = make({.data = {0, 1}});
    const auto admitted = admit_to_block(transaction, state, block, toy_registry());
    ASSERT_TRUE(admitted.has_value());
    EXPECT_EQ(admitted->sender(), ToyChain::rich());
    EXPECT_EQ(admitted->intrinsic(), 21'020u);
    EXPECT_EQ(admitted->floor(), 21'050u);
    EXPECT_EQ(&admitted->recovered(), transaction.get());
}

TEST_F(TransactionRulesTest, system_transactions_do_not_come_from_outside) {
    expect_both({.type = core::TransactionType::system}, Refusal::system_type);
}

TEST_F(TransactionRulesTest, replay_protection_is_required) {
    expect_both({.type = core::TransactionType::legacy, .chain_id = std::nullopt}, Refusal::unprotected);
    expect_both({.type = core::TransactionType::legacy, .chain_id = toy_chain_id}, std::nullopt);
    expect_both({.chain_id = 1}, Refusal::wrong_chain);
}

TEST_F(TransactionRulesTest, any_price_is_accepted_and_costs_nothing) {
    const Draft poor{.sender = ToyChain::member(9)};
    expect_both(poor, std::nullopt);
    Draft expensive = poor;
    expensive.max_fee = ~core::Uint256(0);
    expensive.tip = ~core::Uint256(0);
    expect_both(expensive, std::nullopt);
    Draft cheaper_than_base_fee = poor;
    cheaper_than_base_fee.max_fee = core::Uint256(1);
    expect_both(cheaper_than_base_fee, std::nullopt);
}

TEST_F(TransactionRulesTest, a_tip_above_the_fee_is_refused) {
    expect_both({.max_fee = core::Uint256(5), .tip = core::Uint256(6)}, Refusal::tip_above_fee);
}

TEST_F(TransactionRulesTest, gas_limits_have_bounds_on_both_sides) {
    expect_both({.gas_limit = block.transaction_gas_limit + 1}, Refusal::gas_above_transaction_limit);
    expect_both({.gas_limit = block.transaction_gas_limit}, std::nullopt);
    expect_both({.gas_limit = 20'999}, Refusal::gas_below_intrinsic);
    expect_both({.gas_limit = 21'000}, std::nullopt);
    const core::Bytes data(100, 1);
    expect_both({.data = data, .gas_limit = 21'000 + 100 * 16}, Refusal::gas_below_floor);
    expect_both({.data = data, .gas_limit = 21'000 + 100 * 40}, std::nullopt);
    block.gas_limit = 50'000;
    expect_both({.gas_limit = 50'001}, Refusal::gas_above_block_limit);
}

TEST_F(TransactionRulesTest, initcode_has_a_largest_size) {
    const Draft creation{
        .to = std::nullopt, .data = core::Bytes(initcode_bytes_max + 1), .gas_limit = 10'000'000};
    expect_both(creation, Refusal::initcode_too_large);
}

TEST_F(TransactionRulesTest, the_block_wants_exactly_the_next_nonce) {
    chain.state.put(ToyChain::member(9), {.nonce = 5, .balance = {}, .code_hash = core::empty_code_hash});
    EXPECT_EQ(in_block({.sender = ToyChain::member(9), .nonce = 4}), Refusal::nonce_too_low);
    EXPECT_EQ(in_block({.sender = ToyChain::member(9), .nonce = 5}), std::nullopt);
    EXPECT_EQ(in_block({.sender = ToyChain::member(9), .nonce = 6}), Refusal::nonce_too_high);
    expect_both({.nonce = std::numeric_limits<std::uint64_t>::max()}, Refusal::nonce_at_maximum);
}

TEST_F(TransactionRulesTest, the_pool_takes_nonces_of_the_near_future) {
    EXPECT_EQ(in_pool({.nonce = core::limits::pool_nonce_gap_max}), std::nullopt);
    EXPECT_EQ(in_pool({.nonce = core::limits::pool_nonce_gap_max + 1}), Refusal::nonce_too_high);
    const auto now = admit_to_pool(*make({}), chain.state, 1, rules_of(block), toy_registry());
    const auto later = admit_to_pool(*make({.nonce = 3}), chain.state, 1, rules_of(block), toy_registry());
    ASSERT_TRUE(now && later);
    EXPECT_TRUE(now->is_executable);
    EXPECT_FALSE(later->is_executable);
    EXPECT_EQ(later->next_nonce, 0u);
}

TEST_F(TransactionRulesTest, a_contract_does_not_send) {
    chain.state.put_code(ToyChain::member(9), {0x60});
    expect_both({.sender = ToyChain::member(9)}, Refusal::sender_has_code);
    core::Bytes delegation(23, 0x11);
    delegation[0] = 0xef;
    delegation[1] = 0x01;
    delegation[2] = 0x00;
    chain.state.put_code(ToyChain::member(9), delegation);
    expect_both({.sender = ToyChain::member(9)}, std::nullopt);
}

TEST_F(TransactionRulesTest, funds_must_cover_the_value_and_nothing_else) {
    const core::Uint256 all(1'000'000'000'000'000'000ull);
    expect_both({.value = all, .max_fee = core::Uint256(1'000'000'000)}, std::nullopt);
    expect_both({.value = all + core::Uint256(1)}, Refusal::insufficient_funds);
}

TEST_F(TransactionRulesTest, bytecode_is_refused_before_it_reaches_a_block) {
    expect_both({.to = std::nullopt, .data = {0x60}}, Refusal::bytecode_execution_unavailable);
    chain.state.put_code(ToyChain::member(9), {0x60});
    expect_both({.to = ToyChain::member(9)}, Refusal::bytecode_execution_unavailable);
    expect_both({.to = ToyChain::member(8)}, std::nullopt);
}

TEST(Refusal, every_reason_has_words_of_its_own) {
    std::vector<std::string_view> seen;
    for (int i = 0; i <= static_cast<int>(Refusal::block_count_exhausted); ++i) {
        const std::string_view words = describe(static_cast<Refusal>(i));
        EXPECT_FALSE(words.empty()) << i;
        EXPECT_EQ(std::count(seen.begin(), seen.end(), words), 0) << words;
        seen.push_back(words);
    }
}

TEST(Refusal, what_a_later_block_may_cure_is_temporary) {
    EXPECT_TRUE(is_temporary(Refusal::nonce_too_high));
    EXPECT_TRUE(is_temporary(Refusal::insufficient_funds));
    EXPECT_TRUE(is_temporary(Refusal::block_gas_exhausted));
    EXPECT_FALSE(is_temporary(Refusal::nonce_too_low));
    EXPECT_FALSE(is_temporary(Refusal::wrong_chain));
    EXPECT_FALSE(is_temporary(Refusal::bytecode_execution_unavailable));
}

}  // namespace
}  // namespace sluice::contracts
