// Tries whose lower part is derived by the source: visits down to a depth, and reads of memory alone.
#include <random>

#include "tests/core/trie_fixture.hpp"

namespace sluice::core::merkle {
namespace {

ChangeSet random_changes(std::mt19937_64& random, std::size_t count) {
    ChangeSet set;
    for (std::size_t i = 0; i < count; ++i) {
        Bytes number;
        append_be64(number, random() % 400);
        const Hash key = keccak256(number);
        set.set(to_bytes(key), random() % 3 == 0 ? Bytes{} : Bytes(40, static_cast<std::uint8_t>(random())));
    }
    return set;
}

TEST(TrieDepth, a_visit_leaves_out_exactly_the_deeper_nodes) {
    std::mt19937_64 random(3);
    Trie trie;
    MapStore store;
    for (int round = 0; round < 40; ++round) {
        trie = applied(trie, random_changes(random, 60), store);
        std::map<Nibbles, Bytes> all;
        trie.for_each_unstored([&](const StoredNode& node) { all[node.path] = node.encoded; });
        for (std::size_t depth = 0; depth < 5; ++depth) {
            std::map<Nibbles, Bytes> upper;
            trie.for_each_unstored([&](const StoredNode& node) { upper[node.path] = node.encoded; }, depth);
            std::map<Nibbles, Bytes> expected;
            for (const auto& [path, encoded] : all)
                if (path.size() <= depth) expected[path] = encoded;
            ASSERT_EQ(upper, expected);
            ASSERT_LT(depth > 0 ? 0u : upper.size(), 2u);
        }
        store.store(trie);
        trie = trie.marked_stored(random() % 5);
    }
}

TEST(TriePeek, says_what_a_find_would_or_that_it_cannot) {
    std::mt19937_64 random(4);
    Trie trie;
    MapStore store;
    test::Contents contents;
    std::size_t decided = 0;
    std::size_t undecided = 0;
    for (int round = 0; round < 60; ++round) {
        const ChangeSet set = random_changes(random, 30);
        trie = applied(trie, set, store);
        set.apply_to(contents);
        for (std::uint64_t number = 0; number < 400; ++number) {
            Bytes bytes;
            append_be64(bytes, number);
            const Hash key = keccak256(bytes);
            const Trie::Peek seen = trie.peek(key);
            seen.decided ? ++decided : ++undecided;
            if (!seen.decided) continue;
            const auto held = contents.find(to_bytes(key));
            ASSERT_EQ(seen.value, held == contents.end() ? std::nullopt : std::optional(held->second));
        }
        if (round % 3 != 0) continue;
        store.store(trie);
        trie = trie.marked_stored(random() % 4);
    }
    EXPECT_GT(decided, 1000u);
    EXPECT_GT(undecided, 1000u);
}

TEST(TriePeek, decides_everything_where_all_is_in_memory) {
    EXPECT_TRUE(Trie().peek(view("absent")).decided);
    const Trie trie = applied(Trie(), {{"dog", "puppy"}, {"doge", "coin"}});
    EXPECT_EQ(trie.peek(view("dog")).value, to_bytes(view("puppy")));
    EXPECT_TRUE(trie.peek(view("cat")).decided);
    EXPECT_EQ(trie.peek(view("cat")).value, std::nullopt);
    EXPECT_FALSE(Trie::at_root(trie.root()).peek(view("dog")).decided);
}

}  // namespace
}  // namespace sluice::core::merkle
