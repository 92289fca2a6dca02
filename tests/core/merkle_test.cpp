#include "core/merkle.hpp"

#include <gtest/gtest.h>

#include <random>

#include "tests/core/trie_fixture.hpp"

namespace sluice::core::merkle {
namespace {

using test::Contents;
using test::ReferenceTrie;

std::optional<Bytes> found(const Trie& trie, std::string_view key) {
    return trie.find(view(key), no_source());
}

Bytes text(std::string_view characters) {
    return to_bytes(view(characters));
}

TEST(Trie, without_keys_has_the_empty_root) {
    EXPECT_EQ(Trie().root(), empty_trie_root);
    EXPECT_TRUE(Trie().is_empty());
    EXPECT_TRUE(Trie::at_root(empty_trie_root).is_empty());
    EXPECT_EQ(found(Trie(), "key"), std::nullopt);
    EXPECT_EQ(ReferenceTrie(Contents{}).root(), empty_trie_root);
}

TEST(Trie, has_the_published_roots_of_small_examples) {
    // From the Ethereum wiki and the trie tests of ethereum/tests.
    const ChangeSet dogs{{"do", "verb"}, {"dog", "puppy"}, {"doge", "coin"}, {"horse", "stallion"}};
    EXPECT_EQ(to_hex(applied({}, dogs).root()),
              "5991bb8c6514148a29db676a14ac506cd2cd5775ace63c30a4fe457715e9ac84");
    const ChangeSet singles{{"A", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}};
    EXPECT_EQ(to_hex(applied({}, singles).root()),
              "d23786fb4a010da3ce639d66d5e904a11dbc02746d1ce25029e53290cabf28ab");
    const ChangeSet foo{{"foo", "bar"}, {"food", "bass"}};
    EXPECT_EQ(to_hex(applied({}, foo).root()),
              "17beaa1648bafa633cda809c90c04af50fc8aed3cb40d16efbddee6fdf63c4c3");
    const ChangeSet small{{"be", "e"}, {"dog", "puppy"}, {"bed", "d"}};
    EXPECT_EQ(to_hex(applied({}, small).root()),
              "3f67c7a47520f79faa29255d2d3c084a7a6df0453116ed7232ff10277a8be68b");
    const ChangeSet tests{{"test", "test"}, {"te", "testy"}};
    EXPECT_EQ(to_hex(applied({}, tests).root()),
              "8452568af70d8d140f58d941338542f645fcca50094b20f3c3d8c3df49337928");
}

TEST(Trie, finds_what_was_put_and_nothing_else) {
    const Trie trie =
        applied({}, {{"do", "verb"}, {"dog", "puppy"}, {"doge", "coin"}, {"horse", "stallion"}});
    EXPECT_EQ(found(trie, "do"), text("verb"));
    EXPECT_EQ(found(trie, "dog"), text("puppy"));
    EXPECT_EQ(found(trie, "doge"), text("coin"));
    EXPECT_EQ(found(trie, "horse"), text("stallion"));
    for (const char* key : {"", "d", "dot", "doges", "dogf", "horses", "hors", "i", "\x64"})
        EXPECT_EQ(found(trie, key), std::nullopt) << key;
}

TEST(Trie, keeps_a_value_under_the_empty_key) {
    const Trie trie = applied({}, {{"", "nothing"}, {"a", "something"}});
    EXPECT_EQ(found(trie, ""), text("nothing"));
    EXPECT_EQ(trie.root(),
              ReferenceTrie(Contents{{text(""), text("nothing")}, {text("a"), text("something")}}).root());
    EXPECT_EQ(found(applied(trie, {{"", ""}}), ""), std::nullopt);
}

TEST(Trie, leaves_the_old_one_as_it_was) {
    const Trie old = applied({}, {{"dog", "puppy"}, {"horse", "stallion"}});
    const Hash root = old.root();
    const Trie changed = applied(old, {{"dog", "hound"}, {"horse", ""}, {"cat", "kitten"}});
    EXPECT_EQ(old.root(), root);
    EXPECT_EQ(found(old, "dog"), text("puppy"));
    EXPECT_EQ(found(old, "horse"), text("stallion"));
    EXPECT_EQ(found(old, "cat"), std::nullopt);
    EXPECT_EQ(found(changed, "dog"), text("hound"));
    EXPECT_EQ(found(changed, "horse"), std::nullopt);
}

TEST(Trie, is_empty_again_when_everything_is_deleted) {
    const Trie trie = applied({}, {{"do", "verb"}, {"dog", "puppy"}, {"doge", "coin"}});
    EXPECT_TRUE(applied(trie, {{"do", ""}, {"dog", ""}, {"doge", ""}}).is_empty());
    EXPECT_EQ(applied(trie, {{"do", ""}, {"dog", ""}, {"doge", ""}}).root(), empty_trie_root);
}

TEST(Trie, deleting_what_is_not_there_changes_nothing) {
    const Trie trie = applied({}, {{"dog", "puppy"}, {"doge", "coin"}, {"horse", "stallion"}});
    const Trie same = applied(
        trie, {{"", ""}, {"d", ""}, {"do", ""}, {"dot", ""}, {"dogey", ""}, {"hors", ""}, {"zebra", ""}});
    EXPECT_EQ(same.root(), trie.root());
    EXPECT_TRUE(applied({}, {{"dog", ""}}).is_empty());
}

TEST(Trie, is_the_same_whatever_way_led_to_its_contents) {
    std::mt19937_64 random(3);
    Contents contents;
    for (int i = 0; i < 300; ++i) {
        Bytes key(1 + random() % 3);
        for (auto& byte : key)
            byte = static_cast<std::uint8_t>(random() % 8);
        contents[key] = Bytes(1 + random() % 40, static_cast<std::uint8_t>(random()));
    }
    const Hash expected = ReferenceTrie(contents).root();
    EXPECT_EQ(applied({}, ChangeSet(contents)).root(), expected);

    std::vector<std::pair<Bytes, Bytes>> shuffled(contents.begin(), contents.end());
    for (int order = 0; order < 3; ++order) {
        std::shuffle(shuffled.begin(), shuffled.end(), random);
        Trie trie;
        for (const auto& [key, value] : shuffled) {
            trie = applied(trie, ChangeSet(Contents{{key, Bytes(50, 1)}}));
            trie = applied(trie, ChangeSet(Contents{{key, value}}));
        }
        EXPECT_EQ(trie.root(), expected);
    }
}

TEST(Trie, of_hashed_keys_agrees_with_the_reference) {
    Contents contents;
    for (std::uint64_t i = 0; i < 2000; ++i) {
        const Hash key = keccak256(word_from_u64(i));
        contents[Bytes(key.begin(), key.end())] = Bytes(1 + i % 100, static_cast<std::uint8_t>(i));
    }
    const Trie trie = applied({}, ChangeSet(contents));
    EXPECT_EQ(trie.root(), ReferenceTrie(contents).root());
    for (const auto& [key, value] : contents)
        ASSERT_EQ(trie.find(key, no_source()), value);
}

TEST(Trie, weighs_what_it_holds) {
    Contents contents;
    for (std::uint64_t i = 0; i < 1000; ++i) {
        const Hash key = keccak256(word_from_u64(i));
        contents[Bytes(key.begin(), key.end())] = Bytes(40, 1);
    }
    const Trie trie = applied({}, ChangeSet(contents));
    EXPECT_GT(trie.memory_bytes(), 1000u * 72);
    EXPECT_LT(trie.memory_bytes(), 1000u * 400);
    const Trie dropped = trie.marked_stored(0);
    EXPECT_LT(dropped.memory_bytes(), 2000u);
    EXPECT_LT(Trie().memory_bytes(), 200u);
}

TEST(TrieDeathTest, changes_out_of_order_or_twice_are_refused) {
    const Bytes a{1}, b{2};
    const std::vector<Change> reversed{{b, a}, {a, a}};
    const std::vector<Change> twice{{a, a}, {a, b}};
    EXPECT_DEATH(static_cast<void>(Trie().with(reversed, no_source())), "CHECK failed");
    EXPECT_DEATH(static_cast<void>(Trie().with(twice, no_source())), "CHECK failed");
}

Contents ordered_contents(const std::vector<Bytes>& items) {
    Contents contents;
    for (std::size_t i = 0; i < items.size(); ++i) {
        Bytes key;
        if (i == 0) {
            key = {0x80};
        } else if (i < 128) {
            key = {static_cast<std::uint8_t>(i)};
        } else if (i < 256) {
            key = {0x81, static_cast<std::uint8_t>(i)};
        } else {
            key = {0x82, static_cast<std::uint8_t>(i / 256), static_cast<std::uint8_t>(i % 256)};
        }
        contents[key] = items[i];
    }
    return contents;
}

TEST(OrderedRoot, agrees_with_the_reference_at_every_size) {
    std::vector<Bytes> items;
    for (std::size_t size = 0; size <= 300; ++size) {
        if (size <= 20 || size % 16 <= 1 || (size > 125 && size < 132) || (size > 254 && size < 259)) {
            const std::vector<ByteView> views(items.begin(), items.end());
            ASSERT_EQ(ordered_root(views), ReferenceTrie(ordered_contents(items)).root()) << size;
        }
        // Items of all lengths, so that nodes are embedded and not.
        items.push_back(Bytes(1 + size * 7 % 50, static_cast<std::uint8_t>(size)));
    }
}

TEST(OrderedRoot, of_nothing_is_the_empty_root) {
    EXPECT_EQ(ordered_root({}), empty_trie_root);
}

TEST(OrderedRoot, depends_on_the_order) {
    const Bytes a{1}, b{2};
    EXPECT_NE(ordered_root(std::vector<ByteView>{a, b}), ordered_root(std::vector<ByteView>{b, a}));
}

}  // namespace
}  // namespace sluice::core::merkle
