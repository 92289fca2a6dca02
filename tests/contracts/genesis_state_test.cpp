#include "contracts/genesis_state.hpp"

#include <gtest/gtest.h>

#include "contracts/history_contract.hpp"
#include "tests/contracts/toy_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace test;

TEST(Genesis, is_the_same_bytes_each_time) {
    const GenesisBlock first = make_genesis(ToyChain::spec(), toy_registry());
    const GenesisBlock second = make_genesis(ToyChain::spec(), toy_registry());
    EXPECT_EQ(first.diff, second.diff);
    EXPECT_EQ(first.header, second.header);
}

TEST(Genesis, holds_native_contracts_with_code_and_nonce) {
    const ToyChain chain;
    for (const core::Address& address :
         {toy_address, toy_governance, later_address, native::facade_address({'E', 'U', 'R'})}) {
        const auto account = chain.state.account(address);
        ASSERT_TRUE(account.has_value());
        EXPECT_EQ(account->nonce, 1u);
        EXPECT_EQ(account->code_hash, native::native_code_hash);
        EXPECT_EQ(*chain.state.code(account->code_hash), core::Bytes{0xfe});
    }
    EXPECT_FALSE(chain.state.account(native::facade_address({0, 0, 0})).has_value());
}

TEST(Genesis, allocates_balance_nonce_code_and_storage) {
    core::ChainSpec spec = ToyChain::spec();
    const core::Address address = ToyChain::member(200);
    spec.alloc.push_back({.address = address,
                          .balance = core::Uint256(5),
                          .nonce = 3,
                          .code = {1, 2},
                          .storage = {{core::word_from_u64(1), core::word_from_u64(9)}}});
    MemoryState state;
    state.apply(make_genesis(spec, toy_registry()).diff);
    const auto account = state.account(address);
    ASSERT_TRUE(account.has_value());
    EXPECT_EQ(account->balance, core::Uint256(5));
    EXPECT_EQ(account->nonce, 3u);
    EXPECT_EQ(*state.code(account->code_hash), (core::Bytes{1, 2}));
    EXPECT_EQ(state.storage(address, core::word_from_u64(1)), core::word_from_u64(9));
}

TEST(Genesis, header_says_what_the_spec_says) {
    const core::ChainSpec spec = ToyChain::spec();
    const GenesisBlock genesis = make_genesis(spec, toy_registry());
    EXPECT_EQ(genesis.header.height, 0u);
    EXPECT_EQ(genesis.header.parent_hash, core::Hash{});
    EXPECT_EQ(genesis.header.state_root, core::Hash{});
    EXPECT_EQ(genesis.header.gas_limit, spec.block_gas_limit);
    EXPECT_EQ(genesis.header.timestamp, spec.time_ms / 1000);
    EXPECT_EQ(core::time_ms_of(genesis.header), spec.time_ms);
    EXPECT_EQ(genesis.header.base_fee, core::Uint256(7));
    EXPECT_EQ(genesis.header.requests_hash, core::empty_requests_hash);
    const auto extra = core::decode_extra_data(genesis.header.extra_data);
    ASSERT_TRUE(extra.has_value());
    EXPECT_EQ(extra->next_validators_hash, genesis.validators.hash());
    EXPECT_EQ(genesis.validators.size(), 4u);
}

TEST(Genesis, another_parameter_gives_another_state) {
    core::ChainSpec other = ToyChain::spec();
    other.validators.pop_back();
    EXPECT_NE(make_genesis(other, toy_registry()).diff, make_genesis(ToyChain::spec(), toy_registry()).diff);
}

TEST(GenesisDeathTest, a_faulty_spec_is_refused) {
    core::ChainSpec spec = ToyChain::spec();
    spec.validators.clear();
    EXPECT_DEATH(make_genesis(spec, toy_registry()), "find_fault");
}

TEST(EmptyState, has_nothing) {
    EXPECT_FALSE(empty_state().account(history_address).has_value());
    EXPECT_EQ(empty_state().storage(history_address, {}), core::Word{});
    EXPECT_EQ(empty_state().code({}), nullptr);
    EXPECT_FALSE(empty_state().has_storage(history_address));
}

}  // namespace
}  // namespace sluice::contracts
