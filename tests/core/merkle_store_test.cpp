// Tries over a path-keyed store: what is stored is exactly the trie's nodes, at all times.
#include <random>

#include "core/merkle.hpp"
#include "tests/core/trie_fixture.hpp"

namespace sluice::core::merkle {
namespace {

using test::Contents;
using test::ReferenceTrie;

Bytes text(std::string_view characters) {
    return to_bytes(view(characters));
}

/// Keys and values of one kind, and how they change.
struct Shape {
    const char* name;
    std::size_t key_bytes_min;
    std::size_t key_bytes_max;
    unsigned key_bytes_of;  ///< distinct values a key byte takes: few of them make deep, branching keys
    bool hashed;            ///< keys are hashes of these
    std::size_t value_bytes_max;
    std::size_t batch_max;
    std::size_t live_target;
};

constexpr Shape shapes[] = {
    {"short keys, tiny values: nearly all embedded", 1, 3, 6, false, 3, 8, 40},
    {"prefixes of each other", 0, 6, 2, false, 12, 6, 30},
    {"long shared prefixes", 8, 8, 2, false, 40, 5, 30},
    {"nodes around the size at which they are embedded", 2, 5, 4, false, 30, 10, 60},
    {"large values", 1, 4, 16, false, 200, 12, 80},
    {"hashed keys", 1, 2, 256, true, 70, 30, 150},
    {"few keys", 1, 2, 3, false, 40, 2, 4},
    {"whole rewrites", 2, 3, 4, false, 20, 60, 30},
};

class Model {
  public:
    Model(const Shape& shape, std::uint64_t seed) : shape_(shape), random_(seed) {}

    void run(int rounds) {
        for (int round = 0; round < rounds && !testing::Test::HasFailure(); ++round) {
            SCOPED_TRACE(testing::Message() << shape_.name << ", round " << round);
            const ChangeSet set = next_changes();
            const Trie before = trie_;
            const Hash root_before = before.root();
            trie_ = applied(before, set, store_);
            set.apply_to(contents_);
            ASSERT_EQ(before.root(), root_before);
            const ReferenceTrie reference(contents_);
            ASSERT_EQ(trie_.root(), reference.root());
            if (random_() % 3 != 0) continue;
            store_and_compare(reference);
            check_reads();
        }
    }

  private:
    ChangeSet next_changes() {
        ChangeSet set;
        const std::size_t count = 1 + random_() % shape_.batch_max;
        const bool shrink = contents_.size() > random_() % (2 * shape_.live_target + 1);
        for (std::size_t i = 0; i < count; ++i) {
            const bool existing = !contents_.empty() && random_() % 2 == 0;
            Bytes key = existing ? random_key_present() : random_key();
            const bool deletes = random_() % 4 < (shrink ? 3 : 1);
            Bytes value;
            if (!deletes)
                value.assign(1 + random_() % shape_.value_bytes_max, static_cast<std::uint8_t>(random_()));
            if (existing && !deletes && random_() % 4 == 0) value = contents_[key];
            set.set(std::move(key), std::move(value));
        }
        // Now and then everything goes.
        if (random_() % 40 == 0)
            for (const auto& [key, value] : contents_)
                set.set(key, {});
        return set;
    }

    Bytes random_key() {
        Bytes key(shape_.key_bytes_min + random_() % (shape_.key_bytes_max - shape_.key_bytes_min + 1));
        for (auto& byte : key) {
            const auto digit = static_cast<std::uint8_t>(random_() % shape_.key_bytes_of);
            byte = shape_.key_bytes_of > 16
                       ? digit
                       : static_cast<std::uint8_t>(random_() % 2 == 0 ? digit : digit << 4);
        }
        if (!shape_.hashed) return key;
        const Hash hash = keccak256(key);
        return Bytes(hash.begin(), hash.end());
    }

    Bytes random_key_present() {
        auto at = contents_.lower_bound(random_key());
        if (at == contents_.end()) at = contents_.begin();
        return at->first;
    }

    void store_and_compare(const ReferenceTrie& reference) {
        store_.store(trie_);
        ASSERT_EQ(store_.nodes.size(), reference.nodes().size());
        ASSERT_EQ(store_.nodes, reference.nodes());
        switch (random_() % 4) {
            case 0:
                trie_ = Trie::at_root(trie_.root());
                break;
            case 1:
                trie_ = trie_.marked_stored(random_() % 8);
                break;
            case 2:
                trie_ = trie_.marked_stored(0);
                break;
            default:
                trie_ = trie_.marked_stored(1000);
                break;
        }
        ASSERT_EQ(trie_.root(), reference.root());
        trie_.for_each_unstored(
            [](const StoredNode&) { ADD_FAILURE() << "a stored trie has nothing to store"; });
    }

    void check_reads() {
        for (int i = 0; i < 10; ++i) {
            const Bytes key = random_() % 2 == 0 && !contents_.empty() ? random_key_present() : random_key();
            const auto at = contents_.find(key);
            const auto expected = at == contents_.end() ? std::nullopt : std::optional(at->second);
            ASSERT_EQ(trie_.find(key, store_), expected);
            const auto proven = verify_proof(trie_.root(), key, trie_.prove(key, store_));
            ASSERT_TRUE(proven);
            ASSERT_EQ(*proven, expected);
        }
    }

    const Shape& shape_;
    std::mt19937_64 random_;
    Trie trie_;
    Contents contents_;
    MapStore store_;
};

class TrieOverStore : public testing::TestWithParam<std::size_t> {};

TEST_P(TrieOverStore, holds_exactly_the_nodes_of_a_trie_built_from_nothing) {
    for (std::uint64_t seed = 0; seed < 6; ++seed)
        Model(shapes[GetParam()], seed).run(150);
}

INSTANTIATE_TEST_SUITE_P(AllShapes, TrieOverStore, testing::Range(std::size_t{0}, std::size(shapes)));

/// A stored trie of which nothing is in memory.
Trie stored_away(const Trie& trie, MapStore& store) {
    store.store(trie);
    return Trie::at_root(trie.root());
}

TEST(TrieStoring, a_branch_that_loses_all_but_an_unloaded_leaf_absorbs_it) {
    MapStore store;
    const std::string large(40, 'x');
    const Trie trie = stored_away(applied({}, {{"aa", large}, {"ab", large}}), store);
    ASSERT_EQ(store.nodes.size(), 4u);  // extension, branch and two leaves
    const Trie after = applied(trie, {{"aa", ""}}, store);
    store.store(after);
    EXPECT_EQ(store.nodes, ReferenceTrie(Contents{{text("ab"), text(large)}}).nodes());
    EXPECT_EQ(store.nodes.size(), 1u);
}

TEST(TrieStoring, a_branch_that_loses_all_but_an_unloaded_extension_absorbs_it) {
    MapStore store;
    const std::string large(40, 'x');
    const Contents rest{{text("b111"), text(large)}, {text("b112"), text(large)}};
    Contents all = rest;
    all[text("a")] = text(large);
    const Trie trie = stored_away(applied({}, ChangeSet(all)), store);
    const Trie after = applied(trie, {{"a", ""}}, store);
    store.store(after);
    EXPECT_EQ(store.nodes, ReferenceTrie(rest).nodes());
}

TEST(TrieStoring, a_branch_below_keeps_its_place_when_one_above_it_collapses) {
    MapStore store;
    const std::string large(40, 'x');
    Contents rest;
    for (const char* key : {"b0", "bp", "b\x80"})
        rest[text(key)] = text(large);
    Contents all = rest;
    all[text("a")] = text(large);
    const Trie trie = stored_away(applied({}, ChangeSet(all)), store);
    store.loads = 0;
    const Trie after = applied(trie, {{"a", ""}}, store);
    EXPECT_GT(store.loads, 0u);
    store.store(after);
    EXPECT_EQ(store.nodes, ReferenceTrie(rest).nodes());
}

TEST(TrieStoring, a_node_that_goes_and_comes_back_is_not_reported_as_removed) {
    MapStore store;
    const std::string large(40, 'x');
    const Trie first = applied({}, {{"aa", large}, {"ab", large}});
    store.store(first);
    Trie trie = applied(first.marked_stored(100), {{"aa", ""}, {"ab", ""}}, store);
    trie = applied(trie, {{"aa", large}, {"ab", large}, {"zz", large}}, store);
    std::size_t removed = 0;
    trie.for_each_unstored([&](const StoredNode& node) { removed += node.encoded.empty() ? 1 : 0; });
    EXPECT_EQ(removed, 0u);
    store.store(trie);
    EXPECT_EQ(store.nodes,
              ReferenceTrie(
                  Contents{{text("aa"), text(large)}, {text("ab"), text(large)}, {text("zz"), text(large)}})
                  .nodes());
}

TEST(TrieStoring, a_node_that_came_and_went_since_the_last_time_leaves_no_trace) {
    MapStore store;
    const std::string large(40, 'x');
    const Trie first = applied({}, {{"aa", large}, {"zz", large}});
    store.store(first);
    Trie trie = applied(first.marked_stored(100), {{"ab", large}, {"ac", large}}, store);
    trie = applied(trie, {{"ab", ""}, {"ac", ""}}, store);
    ASSERT_EQ(trie.root(), first.root());
    store.store(trie);
    EXPECT_EQ(store.nodes,
              ReferenceTrie(Contents{{text("aa"), text(large)}, {text("zz"), text(large)}}).nodes());
}

TEST(TrieStoring, an_emptied_trie_leaves_an_empty_store) {
    MapStore store;
    const Trie trie = stored_away(applied({}, {{"a", "tiny"}, {"b", "tiny"}}), store);
    EXPECT_EQ(store.nodes.size(), 1u);  // the root is stored, however short
    const Trie after = applied(trie, {{"a", ""}, {"b", ""}}, store);
    store.store(after);
    EXPECT_TRUE(store.nodes.empty());
}

TEST(TrieStoring, a_node_that_becomes_short_enough_to_be_embedded_leaves_its_place) {
    MapStore store;
    const Trie trie = stored_away(applied({}, {{"a1", std::string(40, 'x')}, {"b2", "y"}}), store);
    ASSERT_EQ(store.nodes.size(), 2u + 1u);
    const Trie after = applied(trie, {{"a1", "x"}}, store);
    store.store(after);
    EXPECT_EQ(store.nodes, ReferenceTrie(Contents{{text("a1"), text("x")}, {text("b2"), text("y")}}).nodes());
    EXPECT_EQ(store.nodes.size(), 1u);
}

TEST(TrieStoring, visits_only_what_changed) {
    MapStore store;
    Contents contents;
    for (std::uint64_t i = 0; i < 5000; ++i) {
        const Hash key = keccak256(word_from_u64(i));
        contents[Bytes(key.begin(), key.end())] = Bytes(40, 1);
    }
    const Trie trie = applied({}, ChangeSet(contents));
    EXPECT_GT(store.store(trie), 5000u);
    const Trie changed =
        applied(trie.marked_stored(3), ChangeSet(Contents{{contents.begin()->first, Bytes(40, 2)}}), store);
    EXPECT_LE(store.store(changed), 8u);
}

TEST(TrieStoring, keeps_in_memory_what_lies_above_the_depth_only) {
    MapStore store;
    Contents contents;
    for (std::uint64_t i = 0; i < 2000; ++i) {
        const Hash key = keccak256(word_from_u64(i));
        contents[Bytes(key.begin(), key.end())] = Bytes(40, 1);
    }
    const Bytes key = contents.begin()->first;
    const Trie whole = applied({}, ChangeSet(contents));
    store.store(whole);
    std::size_t fewer = ~std::size_t{0};
    for (const std::size_t depth : {0u, 1u, 2u, 3u, 64u}) {
        const Trie kept = whole.marked_stored(depth);
        store.loads = 0;
        EXPECT_EQ(kept.find(key, store), contents[key]);
        EXPECT_LT(store.loads, fewer) << depth;
        fewer = store.loads + (depth == 3 ? 1 : 0);
    }
    EXPECT_EQ(store.loads, 0u);
    // A later, smaller depth drops what an earlier one kept.
    for (const std::size_t earlier : {1u, 2u, 64u})
        EXPECT_EQ(whole.marked_stored(earlier).marked_stored(0).memory_bytes(),
                  whole.marked_stored(0).memory_bytes());
}

TEST(TrieStoring, a_change_that_changes_nothing_leaves_loaded_nodes_out_of_memory) {
    MapStore store;
    const std::string large(40, 'x');
    const Trie trie = stored_away(applied({}, {{"aa", large}, {"ab", large}, {"b", large}}), store);
    const Trie same = applied(trie, {{"aa", large}, {"ac", ""}, {"zz", ""}}, store);
    EXPECT_EQ(same.memory_bytes(), trie.memory_bytes());
    same.for_each_unstored([](const StoredNode&) { ADD_FAILURE(); });
}

class DamagedStore : public testing::Test {
  protected:
    void SetUp() override {
        const std::string large(40, 'x');
        trie_ = stored_away(applied({}, {{"aa", large}, {"ab", large}, {"b", large}, {"zz", large}}), store_);
    }
    void expect_damage() {
        const Bytes key = text("aa");
        EXPECT_THROW(static_cast<void>(trie_.find(key, store_)), DamagedTrie);
        EXPECT_THROW(static_cast<void>(trie_.prove(key, store_)), DamagedTrie);
        EXPECT_THROW(static_cast<void>(applied(trie_, {{"aa", "new"}}, store_)), DamagedTrie);
    }
    MapStore store_;
    Trie trie_;
};

TEST_F(DamagedStore, without_a_node_is_noticed) {
    store_.nodes.erase(Nibbles{6, 1});
    expect_damage();
}

TEST_F(DamagedStore, with_an_altered_node_is_noticed_and_named) {
    const Nibbles path{6, 1};
    ASSERT_TRUE(store_.nodes.contains(path));
    store_.nodes[path][5] ^= 1;
    expect_damage();
    try {
        static_cast<void>(trie_.find(text("aa"), store_));
    } catch (const DamagedTrie& damage) {
        EXPECT_EQ(damage.path, path);
    }
}

TEST_F(DamagedStore, with_another_trie_s_node_is_noticed) {
    store_.nodes[{6, 1}] = store_.nodes[{}];
    expect_damage();
}

TEST(TrieStoring, a_node_short_enough_to_be_embedded_is_damage_where_its_hash_is_named) {
    const auto leaf = [](std::uint8_t last_nibble) {
        return Bytes{0xc2, static_cast<std::uint8_t>(0x30 + last_nibble), 7};
    };
    const Hash hash = keccak256(leaf(1));
    MapStore store;
    Bytes root{0xa0};
    append(root, hash);
    append(root, leaf(2));
    append(root, Bytes(15, 0x80));
    Bytes encoded{static_cast<std::uint8_t>(0xc0 + root.size())};
    append(encoded, root);
    store.nodes[{}] = encoded;
    store.nodes[{0}] = leaf(1);
    const Trie trie = Trie::at_root(keccak256(encoded));
    EXPECT_EQ(trie.find(Bytes{0x12}, store), Bytes{7});
    EXPECT_THROW(static_cast<void>(trie.find(Bytes{0x01}, store)), DamagedTrie);
}

TEST(TrieStoring, a_hash_of_what_is_no_node_is_damage) {
    MapStore store;
    store.nodes[{}] = text("this is no trie node at all, but it is long enough");
    const Trie trie = Trie::at_root(keccak256(store.nodes[{}]));
    EXPECT_THROW(static_cast<void>(trie.find(text("a"), store)), DamagedTrie);
}

}  // namespace
}  // namespace sluice::core::merkle
