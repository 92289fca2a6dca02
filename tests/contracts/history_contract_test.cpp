#include "contracts/history_contract.hpp"

#include <gtest/gtest.h>

#include "tests/contracts/toy_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace test;

TEST(HistoryContract, stands_at_its_address_with_its_code) {
    const ToyChain chain;
    EXPECT_EQ(core::checksum_hex(history_address), "0x0000F90827F1C53a10cb7A02335B175320002935");
    const auto account = chain.state.account(history_address);
    ASSERT_TRUE(account.has_value());
    EXPECT_EQ(account->nonce, 1u);
    // Hash of the code that the EIP gives, as deployed on Ethereum.
    EXPECT_EQ(core::to_hex(account->code_hash),
              "6e49e66782037c0555897870e29fa5e552daf4719552131a0abce779daec0a5d");
}

TEST(HistoryContract, each_block_stores_its_parents_hash) {
    ToyChain chain;
    std::vector<core::Hash> hashes;
    for (int i = 0; i < 5; ++i) {
        hashes.push_back(core::hash_of(chain.head));
        chain.append({});
    }
    for (std::uint64_t height = 0; height < hashes.size(); ++height)
        EXPECT_EQ(chain.state.storage(history_address, core::word_from_u64(height)), hashes[height]);
}

TEST(HistoryContract, the_ring_turns_after_8191_blocks) {
    const ToyChain chain;
    JournaledState state(chain.state);
    BlockContext block = chain.next_context();
    const auto record = [&](core::Height height, std::uint8_t mark) {
        block.height = height;
        block.parent_hash = core::Hash{mark};
        record_parent_hash(state, block);
    };
    record(1, 1);
    record(8'191, 2);
    record(8'192, 3);
    EXPECT_EQ(state.storage(history_address, core::word_from_u64(0)), core::Hash{3});
    EXPECT_EQ(state.storage(history_address, core::word_from_u64(8'190)), core::Hash{2});
}

TEST(HistoryContract, nothing_is_stored_where_it_is_not_installed) {
    const MemoryState empty;
    JournaledState state(empty);
    BlockContext block;
    block.height = 1;
    block.parent_hash = core::Hash{1};
    record_parent_hash(state, block);
    EXPECT_TRUE(state.take_diff().accounts.empty());
}

}  // namespace
}  // namespace sluice::contracts
