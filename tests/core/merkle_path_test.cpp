#include "core/merkle_path.hpp"

#include <gtest/gtest.h>

#include <random>

namespace sluice::core::merkle {
namespace {

Nibbles nibbles_of(Path path) {
    Nibbles nibbles;
    path.append_to(nibbles);
    return nibbles;
}

TEST(Path, sees_the_high_half_of_a_byte_first) {
    const Bytes key{0x12, 0xab};
    EXPECT_EQ(nibbles_of(Path(key)), (Nibbles{1, 2, 10, 11}));
    EXPECT_EQ(nibbles_of(Path(key).without_first(1)), (Nibbles{2, 10, 11}));
    EXPECT_EQ(nibbles_of(Path(key).without_first(1).first(2)), (Nibbles{2, 10}));
    EXPECT_TRUE(Path().empty());
}

TEST(Path, compares_like_lists_of_nibbles_wherever_they_begin) {
    std::mt19937_64 random(9);
    for (int round = 0; round < 20'000; ++round) {
        Bytes a(random() % 5), b(random() % 5);
        for (auto& byte : a)
            byte = static_cast<std::uint8_t>(random() % 3 * 0x11);
        for (auto& byte : b)
            byte = static_cast<std::uint8_t>(random() % 3 * 0x11);
        const Path first = Path(a).without_first(a.empty() ? 0 : random() % 2);
        const Path second = Path(b).without_first(b.empty() ? 0 : random() % 2);
        const Nibbles x = nibbles_of(first), y = nibbles_of(second);
        ASSERT_EQ(first == second, x == y);
        ASSERT_EQ(first <=> second, x <=> y);
        const auto differ = std::mismatch(x.begin(), x.end(), y.begin(), y.end()).first - x.begin();
        ASSERT_EQ(common_prefix(first, second), static_cast<std::size_t>(differ));
        ASSERT_EQ(first.starts_with(second),
                  x.size() >= y.size() && std::equal(y.begin(), y.end(), x.begin()));
    }
}

TEST(HexPrefix, matches_the_examples_of_the_yellow_paper) {
    const auto encoded = [](const Nibbles& nibbles, bool is_leaf) {
        const Bytes packed = pack(nibbles);
        Bytes to;
        append_hex_prefix(to, Path(packed, 0, nibbles.size()), is_leaf);
        EXPECT_EQ(to.size(), hex_prefix_size(nibbles.size()));
        return to_hex(to);
    };
    EXPECT_EQ(encoded({1, 2, 3, 4, 5}, false), "112345");
    EXPECT_EQ(encoded({0, 1, 2, 3, 4, 5}, false), "00012345");
    EXPECT_EQ(encoded({0, 15, 1, 12, 11, 8}, true), "200f1cb8");
    EXPECT_EQ(encoded({15, 1, 12, 11, 8}, true), "3f1cb8");
    EXPECT_EQ(encoded({}, true), "20");
    EXPECT_EQ(encoded({}, false), "00");
}

TEST(HexPrefix, survives_a_round_trip_from_any_alignment) {
    std::mt19937_64 random(4);
    for (int round = 0; round < 5000; ++round) {
        Bytes bytes(random() % 40);
        for (auto& byte : bytes)
            byte = static_cast<std::uint8_t>(random());
        Path path(bytes);
        path = path.without_first(std::min<std::size_t>(random() % 4, path.size()));
        path = path.first(path.size() - std::min<std::size_t>(random() % 4, path.size()));
        const bool is_leaf = random() % 2 == 0;
        Bytes encoded;
        append_hex_prefix(encoded, path, is_leaf);
        const auto decoded = decode_hex_prefix(encoded);
        ASSERT_TRUE(decoded);
        ASSERT_EQ(decoded->is_leaf, is_leaf);
        ASSERT_EQ(nibbles_of(decoded->path), nibbles_of(path));
    }
}

TEST(HexPrefix, accepts_one_form_only) {
    EXPECT_FALSE(decode_hex_prefix({}));
    for (unsigned first = 0; first < 256; ++first) {
        const Bytes bytes{static_cast<std::uint8_t>(first), 0x12};
        const bool expected = first == 0x00 || first == 0x20 || (first >= 0x10 && first < 0x20) ||
                              (first >= 0x30 && first < 0x40);
        EXPECT_EQ(decode_hex_prefix(bytes).has_value(), expected) << first;
    }
}

TEST(PathDeathTest, outside_its_bytes_is_refused) {
    const Bytes bytes{1, 2};
    EXPECT_DEATH(Path(bytes, 0, 5), "CHECK failed");
    EXPECT_DEATH(Path(bytes, 3, 2), "CHECK failed");
}

}  // namespace
}  // namespace sluice::core::merkle
