// The state for execution against a model kept beside it.
#include "ledger/head_state.hpp"

#include <gtest/gtest.h>

#include "ledger/memory_store.hpp"
#include "ledger/verify.hpp"
#include "tests/ledger/chain_builder.hpp"

namespace sluice::ledger {
namespace {

using test::GrowingLedger;

/// `derived_leaves` decides what is stored of a trie: everything at 1, nothing of small tries at 128.
LedgerOptions options_with(core::Height flush_blocks, std::uint32_t derived_leaves,
                           std::size_t flush_changes = 16'384, std::size_t trie_bytes = 96u << 20) {
    LedgerOptions options;
    options.state.history_blocks = std::max<core::Height>(flush_blocks, 24);
    options.state.flush_blocks = flush_blocks;
    options.state.flush_changes = flush_changes;
    options.state.derived_leaves = derived_leaves;
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

constexpr std::array<const char*, 7> names{"every_block",
                                           "every_seventh_block",
                                           "every_thirty_changes",
                                           "never",
                                           "all_stored_in_nothing_kept",
                                           "some_stored_nothing_kept",
                                           "nothing_stored_nothing_kept"};
std::string name_of(const testing::TestParamInfo<LedgerOptions>& chosen) {
    return names[chosen.index];
}

INSTANTIATE_TEST_SUITE_P(Flushing, HeadStates,
                         testing::Values(options_with(1, 1), options_with(7, 3), options_with(1000, 2, 30),
                                         options_with(1000, 1), options_with(2, 1, 16'384, 1),
                                         options_with(2, 4, 16'384, 1), options_with(2, 128, 16'384, 1)),
                         name_of);

TEST(HeadState, many_slots_of_one_account_survive_eviction_and_restart) {
    for (const std::uint32_t derived_leaves : {1u, 4u, 32u, 128u}) {
        MemoryStore store;
        const LedgerOptions options = options_with(3, derived_leaves, 16'384, 20'000);
        GrowingLedger chain(store, options, 5);
        const test::DiffSize size{
            .accounts = 1, .slots = 300, .address_space = 1, .slot_space = 5000, .deletions = false};
        for (int block = 0; block < 20; ++block)
            chain.grow(size, 0);
        EXPECT_EQ(chain.state().root(), test::state_root(chain.models().back()));
        ASSERT_NO_FATAL_FAILURE(chain.reopen(options));
        for (int block = 0; block < 10; ++block)
            chain.grow(size, 0);
        EXPECT_EQ(chain.state().root(), test::state_root(chain.models().back()));
        EXPECT_TRUE(verify_database(store, {.full = true}).whole()) << derived_leaves;
    }
}

TEST(HeadState, only_the_levels_above_small_subtrees_are_stored) {
    MemoryStore store;
    GrowingLedger chain(store, options_with(1, 32), 5);
    const test::DiffSize size{
        .accounts = 1, .slots = 900, .address_space = 1, .slot_space = 100'000, .deletions = false};
    const auto rows = [&] {
        std::size_t count = 0;
        for (const auto& [key, value] : store.image())
            count += key[0] == 'n';
        return count;
    };
    const auto slots = [&] {
        const auto held = chain.models().back().find(test::address(0));
        return held == chain.models().back().end() ? 0 : held->second.storage.size();
    };
    while (slots() < 31) {
        EXPECT_EQ(rows(), 0u);
        chain.grow({.accounts = 1, .slots = 3, .address_space = 1, .slot_space = 100'000, .deletions = false},
                   0);
    }
    while (slots() < 600)
        chain.grow(size, 0);
    EXPECT_EQ(rows(), 17u);  // the root and its children: 600 slots are 37 below each of them
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

TEST(HeadState, an_altered_trie_node_is_a_storage_failure) {
    MemoryStore store;
    const LedgerOptions options = options_with(1, 1, 1, 1);
    GrowingLedger chain(store, options, 5);
    const test::DiffSize size{.accounts = 12, .slots = 40, .slot_space = 500, .deletions = false};
    for (int block = 0; block < 5; ++block)
        chain.grow(size, 0);
    WriteBatch batch;
    for (auto [key, value] : store.image()) {
        if (key[0] != 'n' && key[0] != 'N') continue;
        value.back() ^= 1;
        batch.put(key, value);
    }
    store.write(batch, true);
    // Snapshots still see the old rows; only a new one notices.
    auto reopened = Ledger::open(store, chain.chain().genesis_hash(), std::nullopt, options);
    ASSERT_TRUE(reopened.has_value());
    EXPECT_THROW(
        reopened->state.prepare(test::random_diff(chain.models().back(), chain.chain().random(), size)),
        StorageFailure);
}

TEST(HeadState, lost_trie_nodes_are_derived_again) {
    MemoryStore store;
    const LedgerOptions options = options_with(1, 1, 1, 1);
    GrowingLedger chain(store, options, 5);
    for (int block = 0; block < 5; ++block)
        chain.grow({}, 0);
    for (const auto& [key, value] : store.image())
        if (key[0] == 'n' || key[0] == 'N') store.lose(key);
    ASSERT_NO_FATAL_FAILURE(chain.reopen(options));
    for (int block = 0; block < 5; ++block)
        chain.grow({}, 0);
    EXPECT_EQ(chain.state().root(), test::state_root(chain.models().back()));
}

}  // namespace
}  // namespace sluice::ledger
