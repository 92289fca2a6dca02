// Nodes that are stored, and nodes that are derived from flat rows.
#include "ledger/trie_nodes.hpp"

#include <gtest/gtest.h>

#include <random>

#include "core/state_root.hpp"
#include "ledger/memory_store.hpp"
#include "ledger/schema.hpp"
#include "ledger/sorted_trie.hpp"
#include "ledger/state_records.hpp"
#include "tests/ledger/chain_builder.hpp"

namespace sluice::ledger {
namespace {

using core::merkle::Nibbles;
using core::merkle::StoredNode;
using core::merkle::Trie;
using test::address;
using test::word;

TEST(SortedTrie, agrees_with_the_trie_of_the_vocabulary) {
    std::mt19937_64 random(5);
    EXPECT_EQ(SortedTrie().root(), core::empty_trie_root);
    for (int round = 0; round < 200; ++round) {
        std::map<core::Hash, core::Bytes> entries;
        const std::size_t count = 1 + random() % (round < 150 ? 20 : 2000);
        for (std::size_t i = 0; i < count; ++i) {
            // Few distinct bytes at the front make deep branches and long extensions.
            core::Hash key{};
            for (auto& byte : key)
                byte = static_cast<std::uint8_t>(random() % (round % 2 ? 2 : 256));
            entries[key] = core::Bytes(1 + random() % 40, static_cast<std::uint8_t>(random()));
        }
        std::vector<core::merkle::Change> changes;
        SortedTrie sorted;
        for (const auto& [key, value] : entries) {
            changes.push_back({key, value});
            sorted.add(key, value);
        }
        ASSERT_EQ(sorted.root(), core::merkle::Trie().with(changes, core::merkle::no_source()).root());
    }
}

TEST(SortedTrie, embeds_small_nodes_in_their_parents) {
    std::map<core::Hash, core::Bytes> entries;
    for (std::uint8_t i = 0; i < 16; ++i) {
        core::Hash key{};
        key[31] = i;
        entries[key] = {i};
    }
    std::vector<core::merkle::Change> changes;
    SortedTrie sorted;
    for (const auto& [key, value] : entries) {
        changes.push_back({key, value});
        sorted.add(key, value);
    }
    EXPECT_EQ(sorted.root(), core::merkle::Trie().with(changes, core::merkle::no_source()).root());
}

/// Slots of one account as rows, and the trie over them.
struct Slots {
    MemoryStore store;
    std::map<core::Hash, core::Word> values;

    void set(std::uint64_t number, std::uint64_t value) {
        const core::Hash hash = core::keccak256(word(number));
        WriteBatch batch;
        if (value == 0) {
            values.erase(hash);
            batch.remove(schema::slot_key(address(1), hash));
        } else {
            values[hash] = word(value);
            batch.put(schema::slot_key(address(1), hash), trimmed(word(value)));
        }
        // Neighbours in the order of rows must not be mistaken for slots of this account.
        batch.put(schema::slot_key(address(0), hash), core::Bytes{1});
        batch.put(schema::slot_key(address(2), hash), core::Bytes{1});
        store.write(batch, true);
    }
    Trie trie() const {
        std::vector<SlotLeaf> leaves;
        leaves.reserve(values.size());
        std::vector<core::merkle::Change> changes;
        for (const auto& [hash, value] : values) {
            leaves.push_back(slot_leaf(value));
            changes.push_back({hash, leaves.back().view()});
        }
        return Trie().with(changes, core::merkle::no_source());
    }
};

TEST(DerivedNodes, are_those_of_the_trie_over_the_rows) {
    for (const std::uint64_t count : {1u, 2u, 17u, 300u, 3000u}) {
        Slots slots;
        for (std::uint64_t i = 0; i < count; ++i)
            slots.set(i, i * i + 1);
        const auto nodes = TrieNodes::of_storage(slots.store, address(1), 0);
        std::size_t compared = 0;
        slots.trie().for_each_unstored([&](const StoredNode& node) {
            ASSERT_EQ(nodes.load(node.path), node.encoded) << core::to_hex(node.path);
            ++compared;
        });
        EXPECT_GE(compared, count);
    }
}

TEST(DerivedNodes, are_asked_for_in_any_order) {
    Slots slots;
    for (std::uint64_t i = 0; i < 500; ++i)
        slots.set(i, i + 1);
    std::vector<StoredNode> all;
    slots.trie().for_each_unstored([&](const StoredNode& node) { all.push_back(node); });
    std::shuffle(all.begin(), all.end(), std::mt19937_64(1));
    const auto nodes = TrieNodes::of_storage(slots.store, address(1), 0);
    for (const StoredNode& node : all)
        ASSERT_EQ(nodes.load(node.path), node.encoded);
}

TEST(DerivedNodes, where_there_are_no_rows_are_none) {
    Slots slots;
    const auto nodes = TrieNodes::of_storage(slots.store, address(1), 0);
    EXPECT_EQ(nodes.load({}), std::nullopt);
    slots.set(1, 1);
    const Nibbles other{static_cast<std::uint8_t>((core::keccak256(word(1))[0] >> 4) ^ 1)};
    EXPECT_EQ(nodes.load(other), std::nullopt);
}

TEST(DerivedNodes, with_an_overlay_are_those_of_the_earlier_trie) {
    std::mt19937_64 random(8);
    for (int round = 0; round < 20; ++round) {
        Slots slots;
        for (std::uint64_t i = 0; i < 200; ++i)
            slots.set(i, random() % 4 ? i + 1 : 0);
        const Trie before = slots.trie();
        const auto values_before = slots.values;
        LeafOverlay overlay;
        for (int i = 0; i < 60; ++i) {
            const std::uint64_t number = random() % 250;
            const core::Hash hash = core::keccak256(word(number));
            const auto held = values_before.find(hash);
            overlay[hash] =
                held == values_before.end() ? core::Bytes{} : core::to_bytes(slot_leaf(held->second).view());
            slots.set(number, random() % 3 ? random() % 1000 + 1 : 0);
        }
        const auto nodes = TrieNodes::of_storage(slots.store, address(1), 0, &overlay);
        before.for_each_unstored(
            [&](const StoredNode& node) { ASSERT_EQ(nodes.load(node.path), node.encoded); });
        ASSERT_EQ(core::keccak256(*nodes.load({})), before.root());
    }
}

TEST(DerivedNodes, of_accounts_are_those_of_the_state) {
    MemoryStore store;
    core::StateDiff diff;
    WriteBatch batch;
    for (std::uint64_t i = 0; i < 100; ++i) {
        const AccountRecord record{address(i), test::account(i, i)};
        diff.accounts.push_back({address(i), record.account, false, {}, nullptr});
        batch.put(schema::account_key(core::keccak256(address(i))), encode(record));
    }
    store.write(batch, true);
    const auto nodes = TrieNodes::of_accounts(store, 0);
    EXPECT_EQ(core::keccak256(*nodes.load({})), core::state_root_of(diff));
}

TEST(StoredNodes, are_read_in_the_stored_levels_only) {
    Slots slots;
    for (std::uint64_t i = 0; i < 50; ++i)
        slots.set(i, i + 1);
    const core::Bytes row{1, 2, 3};
    WriteBatch batch;
    for (const Nibbles& path : {Nibbles{}, Nibbles{5}, Nibbles{5, 1}})
        batch.put(schema::storage_node_key(address(1), path), row);
    slots.store.write(batch, true);
    const auto nodes = TrieNodes::of_storage(slots.store, address(1), 1);
    EXPECT_EQ(nodes.load({}), row);
    EXPECT_NE(nodes.load(Nibbles{5}), row);
    EXPECT_EQ(nodes.load_stored(Nibbles{5, 1}), row);
}

TEST(StoredNodes, that_are_missing_are_derived) {
    Slots slots;
    for (std::uint64_t i = 0; i < 50; ++i)
        slots.set(i, i + 1);
    const auto nodes = TrieNodes::of_storage(slots.store, address(1), 3);
    EXPECT_EQ(core::keccak256(*nodes.load({})), slots.trie().root());
}

}  // namespace
}  // namespace sluice::ledger
