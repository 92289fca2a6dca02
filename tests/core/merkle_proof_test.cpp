// Proofs: that a key has a value, or that it has none.
#include <random>

#include "core/merkle.hpp"
#include "core/rlp.hpp"
#include "tests/core/trie_fixture.hpp"

namespace sluice::core::merkle {
namespace {

using test::Contents;

Bytes text(std::string_view characters) {
    return to_bytes(view(characters));
}

Contents hashed_contents(std::uint64_t count) {
    Contents contents;
    for (std::uint64_t i = 0; i < count; ++i) {
        const Hash key = keccak256(word_from_u64(i));
        contents[Bytes(key.begin(), key.end())] = Bytes(1 + i % 60, static_cast<std::uint8_t>(i + 1));
    }
    return contents;
}

Contents short_contents() {
    return {{text("a"), text("1")},     {text("ab"), text("2")},    {text("abc"), text("3")},
            {text("b1"), text("tiny")}, {text("b2"), text("tiny")}, {text("c"), Bytes(60, 7)},
            {text("cd"), Bytes(60, 8)}};
}

/// Keys that are in none of these contents, near those that are and far away.
std::vector<Bytes> absent_keys(const Contents& contents) {
    std::vector<Bytes> keys{{}, {0x00}, Bytes(32, 0xff), text("abcd"), text("b"), text("b3"), text("ce")};
    for (const auto& [key, value] : contents) {
        Bytes near = key;
        near.back() ^= 1;
        keys.push_back(near);
        near = key;
        near.front() ^= 0x10;
        keys.push_back(near);
    }
    std::erase_if(keys, [&](const Bytes& key) { return contents.contains(key); });
    return keys;
}

TEST(Proof, shows_what_every_key_has_and_that_others_have_nothing) {
    for (const Contents& contents :
         {hashed_contents(200), short_contents(), hashed_contents(1), Contents{}}) {
        const Trie trie = applied({}, ChangeSet(contents));
        for (const auto& [key, value] : contents) {
            const auto proven = verify_proof(trie.root(), key, trie.prove(key, no_source()));
            ASSERT_TRUE(proven);
            ASSERT_EQ(*proven, value);
        }
        for (const Bytes& key : absent_keys(contents)) {
            const auto proven = verify_proof(trie.root(), key, trie.prove(key, no_source()));
            ASSERT_TRUE(proven);
            ASSERT_EQ(*proven, std::nullopt);
        }
    }
}

TEST(Proof, goes_from_the_root_down_and_names_each_node_by_hash) {
    const Contents contents = hashed_contents(100);
    const Trie trie = applied({}, ChangeSet(contents));
    const std::vector<Bytes> proof = trie.prove(contents.begin()->first, no_source());
    ASSERT_GE(proof.size(), 2u);
    EXPECT_EQ(keccak256(proof.front()), trie.root());
    for (std::size_t i = 1; i < proof.size(); ++i) {
        const Hash hash = keccak256(proof[i]);
        const auto& parent = proof[i - 1];
        EXPECT_NE(std::search(parent.begin(), parent.end(), hash.begin(), hash.end()), parent.end());
    }
}

TEST(Proof, of_the_empty_trie_is_empty) {
    EXPECT_TRUE(Trie().prove(text("a"), no_source()).empty());
    const auto proven = verify_proof(empty_trie_root, text("a"), {});
    ASSERT_TRUE(proven);
    EXPECT_EQ(*proven, std::nullopt);
    const std::vector<Bytes> spurious{{0x80}};
    EXPECT_EQ(verify_proof(empty_trie_root, text("a"), spurious).error(), ProofError::unused_node);
}

TEST(Proof, with_any_altered_bit_is_refused) {
    for (const Contents& contents : {hashed_contents(40), short_contents()}) {
        const Trie trie = applied({}, ChangeSet(contents));
        std::vector<Bytes> keys = absent_keys(contents);
        keys.push_back(contents.begin()->first);
        keys.push_back(contents.rbegin()->first);
        for (const Bytes& key : keys) {
            std::vector<Bytes> proof = trie.prove(key, no_source());
            for (Bytes& node : proof)
                for (std::uint8_t& byte : node) {
                    byte ^= 0x40;
                    ASSERT_FALSE(verify_proof(trie.root(), key, proof));
                    byte ^= 0x40;
                }
            ASSERT_TRUE(verify_proof(trie.root(), key, proof));
        }
    }
}

TEST(Proof, with_a_node_too_few_or_too_many_is_refused) {
    const Contents contents = hashed_contents(100);
    const Trie trie = applied({}, ChangeSet(contents));
    const Bytes key = contents.begin()->first;
    const std::vector<Bytes> proof = trie.prove(key, no_source());

    std::vector<Bytes> shorter(proof.begin(), proof.end() - 1);
    EXPECT_EQ(verify_proof(trie.root(), key, shorter).error(), ProofError::missing_node);
    EXPECT_EQ(verify_proof(trie.root(), key, {}).error(), ProofError::missing_node);
    std::vector<Bytes> longer = proof;
    longer.push_back(proof.back());
    EXPECT_EQ(verify_proof(trie.root(), key, longer).error(), ProofError::unused_node);
    longer.back().clear();
    EXPECT_EQ(verify_proof(trie.root(), key, longer).error(), ProofError::unused_node);
    std::vector<Bytes> swapped = proof;
    std::swap(swapped[0], swapped[1]);
    EXPECT_EQ(verify_proof(trie.root(), key, swapped).error(), ProofError::wrong_hash);
    for (std::size_t i = 0; i < proof.size(); ++i) {
        std::vector<Bytes> cut = proof;
        cut[i].pop_back();
        EXPECT_EQ(verify_proof(trie.root(), key, cut).error(), ProofError::wrong_hash);
        cut = proof;
        cut[i].push_back(0);
        EXPECT_EQ(verify_proof(trie.root(), key, cut).error(), ProofError::wrong_hash);
    }
}

TEST(Proof, of_one_trie_proves_nothing_about_another) {
    const Trie one = applied({}, ChangeSet(hashed_contents(50)));
    const Trie other = applied({}, ChangeSet(hashed_contents(51)));
    const Bytes key = hashed_contents(1).begin()->first;
    EXPECT_EQ(verify_proof(other.root(), key, one.prove(key, no_source())).error(), ProofError::wrong_hash);
}

TEST(Proof, for_another_key_is_refused_or_tells_the_truth) {
    const Contents contents = hashed_contents(60);
    const Trie trie = applied({}, ChangeSet(contents));
    for (const auto& [proven_key, proven_value] : contents) {
        const std::vector<Bytes> proof = trie.prove(proven_key, no_source());
        for (const auto& [key, value] : contents) {
            const auto result = verify_proof(trie.root(), key, proof);
            if (result) {
                ASSERT_EQ(*result, value);
            }
        }
    }
}

/// A one-node proof whose root is the hash of these bytes: what a node may look like.
Result<std::optional<Bytes>, ProofError> verify_single(const Bytes& node, std::string_view key) {
    const std::vector<Bytes> proof{node};
    return verify_proof(keccak256(node), view(key), proof);
}

Bytes list_of(std::initializer_list<Bytes> items) {
    Bytes payload;
    for (const Bytes& item : items)
        append(payload, item);
    return rlp::wrap_list(payload);
}

Bytes string_item(const Bytes& value) {
    Bytes item;
    rlp::encode_bytes(item, value);
    return item;
}

/// A branch with these items under its first nibbles.
Bytes branch_of(std::initializer_list<Bytes> items, const Bytes& value) {
    Bytes payload;
    for (const Bytes& item : items)
        append(payload, item);
    for (std::size_t i = items.size(); i < 16; ++i)
        append(payload, string_item({}));
    append(payload, string_item(value));
    return rlp::wrap_list(payload);
}

TEST(Proof, with_bytes_that_are_no_node_is_refused_although_the_hash_is_right) {
    const Bytes hash(32, 0x11);
    const Bytes leaf = list_of({string_item({0x31}), string_item({7})});
    ASSERT_TRUE(verify_single(list_of({string_item({0x20, 0x61}), string_item({7})}), "a"));
    ASSERT_TRUE(verify_single(branch_of({leaf, leaf}, {}), "\x01"));
    const Bytes bad[] = {
        {},
        rlp::wrap_list({}),
        list_of({leaf}),
        list_of({string_item({0x20, 0x61}), string_item({})}),            // leaf without value
        list_of({string_item({0x20, 0x61}), list_of({})}),                // value is a list
        list_of({string_item({0x40, 0x61}), string_item({7})}),           // unknown flag
        list_of({string_item({0x21, 0x61}), string_item({7})}),           // padding is not zero
        list_of({string_item({}), string_item({7})}),                     // no hex prefix at all
        list_of({list_of({}), string_item({7})}),                         // path is a list
        list_of({string_item({0x00}), string_item(hash)}),                // extension without path
        list_of({string_item({0x00, 0x61}), string_item({})}),            // extension without child
        list_of({string_item({0x00, 0x61}), string_item(Bytes(31, 1))}),  // child is no hash
        list_of({string_item({0x00, 0x61}), string_item(Bytes(33, 1))}),  // child is no hash
        list_of({string_item({0x00, 0x61}), list_of({})}),                // child is no node
        list_of({string_item({0x20, 0x61}), string_item({7}), string_item({7})}),
        branch_of({}, {}),                        // nothing in it
        branch_of({}, {7}),                       // only a value
        branch_of({leaf}, {}),                    // only one child
        branch_of({leaf, string_item({7})}, {}),  // child is no hash
        branch_of({leaf, list_of({string_item({0x20, 0x61}), string_item(Bytes(40, 7))})},
                  {}),                                                                 // too long to embed
        branch_of({leaf, list_of({string_item({0x20, 0x61}), string_item({})})}, {}),  // embedded, no value
        rlp::wrap_list(Bytes(17, 0x80)),
        rlp::wrap_list(Bytes(18, 0x80)),
    };
    for (const Bytes& node : bad) {
        const auto result = verify_single(node, "a");
        ASSERT_FALSE(result) << to_hex(node);
        EXPECT_EQ(result.error(), ProofError::malformed_node) << to_hex(node);
    }
}

TEST(Proof, names_by_hash_only_nodes_too_long_to_be_embedded) {
    const Bytes short_leaf = list_of({string_item({0x31}), string_item({7})});
    const Hash hash = keccak256(short_leaf);
    const Bytes root = branch_of({string_item(Bytes(hash.begin(), hash.end())), short_leaf}, {});
    const std::vector<Bytes> proof{root, short_leaf};
    EXPECT_EQ(verify_proof(keccak256(root), view(std::string_view("\x01", 1)), proof).error(),
              ProofError::malformed_node);
}

TEST(Proof, verification_is_total_over_random_nodes) {
    std::mt19937_64 random(5);
    const Contents contents = short_contents();
    const Trie trie = applied({}, ChangeSet(contents));
    std::size_t refused = 0;
    for (int round = 0; round < 20'000; ++round) {
        std::vector<Bytes> proof = trie.prove(text("abc"), no_source());
        Bytes& node = proof[random() % proof.size()];
        for (std::uint64_t i = 0; i <= random() % 4; ++i)
            node[random() % node.size()] = static_cast<std::uint8_t>(random());
        if (random() % 3 == 0) node.resize(random() % node.size());
        // With the hash of the altered root, so that decoding is reached.
        if (!verify_proof(keccak256(proof[0]), text("abc"), proof)) ++refused;
    }
    EXPECT_GT(refused, 10'000u);
}

TEST(OrderedProof, shows_every_item_and_that_there_are_no_more) {
    for (const std::size_t count : {1u, 2u, 16u, 17u, 127u, 128u, 129u, 200u}) {
        std::vector<Bytes> items;
        for (std::size_t i = 0; i < count; ++i)
            items.push_back(Bytes(1 + i % 45, static_cast<std::uint8_t>(i + 1)));
        const std::vector<ByteView> views(items.begin(), items.end());
        const Hash root = ordered_root(views);
        for (std::size_t i = 0; i < count; i += count < 20 ? 1 : 9) {
            const auto proven = verify_ordered_proof(root, i, prove_ordered(views, i));
            ASSERT_TRUE(proven);
            ASSERT_EQ(*proven, items[i]);
        }
        const auto beyond = verify_ordered_proof(root, count, prove_ordered(views, count));
        ASSERT_TRUE(beyond);
        EXPECT_EQ(*beyond, std::nullopt);
    }
}

TEST(OrderedProof, of_one_index_does_not_prove_another) {
    std::vector<Bytes> items;
    for (std::size_t i = 0; i < 50; ++i)
        items.push_back(Bytes(40, static_cast<std::uint8_t>(i + 1)));
    const std::vector<ByteView> views(items.begin(), items.end());
    const Hash root = ordered_root(views);
    for (std::size_t i = 0; i < 50; ++i) {
        const auto result = verify_ordered_proof(root, i, prove_ordered(views, 7));
        EXPECT_EQ(result.has_value() && result->has_value(), i == 7);
    }
}

}  // namespace
}  // namespace sluice::core::merkle
