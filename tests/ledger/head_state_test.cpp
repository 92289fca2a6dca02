// The state for execution against a model kept beside it.
#include "ledger/head_state.hpp"

#include <gtest/gtest.h>

#include "ledger/memory_store.hpp"
#include "tests/ledger/chain_builder.hpp"

namespace sluice::ledger {
namespace {

using test::GrowingLedger;

LedgerOptions options_with(core::Height flush_blocks, std::size_t flush_changes = 16'384,
                           std::size_t trie_bytes = 96u << 20) {
    LedgerOptions options;
    options.state.history_blocks = std::max<core::Height>(flush_blocks, 24);
    options.state.flush_blocks = flush_blocks;
    options.state.flush_changes = flush_changes;
    options.state.trie_bytes = trie_bytes;
    options.state.cache_bytes = 200'000;
    return options;
}

class HeadStates : public testing::TestWithParam<LedgerOptions> {};

TEST_P(HeadStates, roots_and_reads_are_those_of_the_model) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        MemoryStore store;
        GrowingLedger chain(store, GetParam(), seed);
        for (int block = 0; block < 60; ++block) {
            ASSERT_NO_FATAL_FAILURE(chain.grow({}, 0));
            ASSERT_EQ(chain.state().root(), test::state_root(chain.models().back())) << seed << "/" << block;
            ASSERT_TRUE(test::reads_as(chain.state().view(), chain.models().back())) << seed << "/" << block;
        }
    }
}

TEST_P(HeadStates, a_restart_at_any_height_changes_nothing) {
    MemoryStore store;
    GrowingLedger chain(store, GetParam(), 9);
    for (int block = 0; block < 40; ++block) {
        chain.grow({}, 0);
        ASSERT_NO_FATAL_FAILURE(chain.reopen(GetParam()));
        ASSERT_EQ(chain.state().root(), test::state_root(chain.models().back())) << block;
        ASSERT_TRUE(test::reads_as(chain.state().view(), chain.models().back())) << block;
    }
}

TEST_P(HeadStates, a_dropped_proposal_leaves_the_head_as_it_was) {
    MemoryStore store;
    GrowingLedger chain(store, GetParam(), 3);
    for (int block = 0; block < 30; ++block) {
        const auto rows = store.image();
        for (int dropped = 0; dropped < 3; ++dropped) {
            const auto diff = test::random_diff(chain.models().back(), chain.chain().random());
            test::Model after = chain.models().back();
            test::apply_diff(after, diff);
            const PreparedState prepared = chain.state().prepare(diff);
            ASSERT_EQ(prepared.state_root(), test::state_root(after));
            ASSERT_EQ(prepared.parent_root(), chain.state().root());
            ASSERT_EQ(prepared.height(), chain.state().height() + 1);
        }
        ASSERT_TRUE(test::reads_as(chain.state().view(), chain.models().back()));
        ASSERT_EQ(store.image(), rows);
        chain.grow({}, 0);
        ASSERT_EQ(chain.state().root(), test::state_root(chain.models().back()));
    }
}

constexpr std::array<const char*, 5> names{"every_block", "every_seventh_block", "every_thirty_changes",
                                           "never", "with_nothing_kept_in_memory"};
std::string name_of(const testing::TestParamInfo<LedgerOptions>& chosen) {
    return names[chosen.index];
}

INSTANTIATE_TEST_SUITE_P(Flushing, HeadStates,
                         testing::Values(options_with(1), options_with(7), options_with(1000, 30),
                                         options_with(1000), options_with(2, 16'384, 1)),
                         name_of);

TEST(HeadState, many_slots_of_one_account_survive_eviction_and_restart) {
    MemoryStore store;
    const LedgerOptions options = options_with(3, 16'384, 20'000);
    GrowingLedger chain(store, options, 5);
    const test::DiffSize size{
        .accounts = 1, .slots = 300, .address_space = 1, .slot_space = 5000, .deletions = false};
    for (int block = 0; block < 30; ++block)
        chain.grow(size, 0);
    EXPECT_EQ(chain.state().root(), test::state_root(chain.models().back()));
    ASSERT_NO_FATAL_FAILURE(chain.reopen(options));
    for (int block = 0; block < 10; ++block)
        chain.grow(size, 0);
    EXPECT_EQ(chain.state().root(), test::state_root(chain.models().back()));
}

TEST(HeadState, an_empty_block_keeps_the_root) {
    MemoryStore store;
    GrowingLedger chain(store);
    const core::Hash before = chain.state().root();
    chain.append(chain.next_block({}), {});
    EXPECT_EQ(chain.state().root(), before);
    EXPECT_EQ(chain.state().height(), 1u);
}

TEST(HeadState, can_move_to_another_thread_with_its_view) {
    MemoryStore store;
    GrowingLedger chain(store);
    chain.grow();
    HeadState moved = std::move(chain.state());
    const core::StateView& view = moved.view();
    const HeadState again = std::move(moved);
    EXPECT_EQ(&again.view(), &view);
    EXPECT_TRUE(test::reads_as(view, chain.models().back()));
    EXPECT_GT(again.memory_bytes(), 0u);
}

TEST(HeadState, advancing_to_what_is_not_durable_is_refused) {
    MemoryStore store;
    GrowingLedger chain(store);
    const PreparedState prepared = chain.state().prepare({});
    EXPECT_DEATH(chain.state().advance(prepared), "CHECK|prepared");
}

TEST(HeadState, advancing_from_another_parent_is_refused) {
    MemoryStore store;
    GrowingLedger chain(store);
    const auto diff = test::random_diff(chain.models().back(), chain.chain().random());
    const BlockRecord record = chain.next_block(diff);
    chain.append(record, diff);
    EXPECT_DEATH(chain.state().advance(record.state), "height");
}

TEST(HeadState, a_damaged_trie_node_is_a_storage_failure) {
    MemoryStore store;
    const LedgerOptions options = options_with(1, 1, 1);
    GrowingLedger chain(store, options, 5);
    const test::DiffSize size{.accounts = 12, .slots = 40, .slot_space = 500, .deletions = false};
    for (int block = 0; block < 5; ++block)
        chain.grow(size, 0);
    for (const auto& [key, value] : store.image())
        if (key[0] == 'n' || key[0] == 'N') store.lose(key);
    // Snapshots still see the old rows; only a new one notices.
    auto reopened = Ledger::open(store, chain.chain().genesis_hash(), std::nullopt, options);
    ASSERT_TRUE(reopened.has_value());
    EXPECT_THROW(
        reopened->state.prepare(test::random_diff(chain.models().back(), chain.chain().random(), size)),
        StorageFailure);
}

}  // namespace
}  // namespace sluice::ledger
