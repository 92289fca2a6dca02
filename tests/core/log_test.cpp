#include "core/log.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>

namespace sluice::core {
namespace {

Word word(std::uint8_t last) {
    return word_from_u64(last);
}

Address address_at(std::uint64_t number) {
    const Word word = word_from_u64(number);
    Address address{};
    std::copy(word.begin() + 12, word.end(), address.begin());
    return address;
}

std::size_t bits_set(const Bloom& bloom) {
    std::size_t bits = 0;
    for (const std::uint8_t byte : bloom)
        bits += static_cast<std::size_t>(std::popcount(byte));
    return bits;
}

TEST(Bloom, sets_the_bits_that_the_yellow_paper_names) {
    // keccak256 of no bytes begins c5d2 4601 86f7: the bits are those numbers modulo 2048, counted from the
    // end.
    Bloom bloom{};
    add_to_bloom(bloom, {});
    Bloom expected{};
    for (const unsigned pair : {0xc5d2u, 0x4601u, 0x86f7u}) {
        const unsigned bit = pair % 2048;
        expected[255 - bit / 8] |= static_cast<std::uint8_t>(1u << bit % 8);
    }
    EXPECT_EQ(bloom, expected);
    EXPECT_EQ(bits_set(bloom), 3u);
}

TEST(Bloom, covers_address_and_topics_but_not_data) {
    const Log log{.address = {0x11}, .topics = {word(1), word(2)}, .data = {0xaa, 0xbb}};
    const Bloom bloom = bloom_of(std::array{log});
    EXPECT_TRUE(may_contain(bloom, log.address));
    EXPECT_TRUE(may_contain(bloom, word(1)));
    EXPECT_TRUE(may_contain(bloom, word(2)));
    EXPECT_FALSE(may_contain(bloom, log.data));
    EXPECT_FALSE(may_contain(bloom, word(3)));
    EXPECT_LE(bits_set(bloom), 9u);
}

TEST(Bloom, of_two_sets_of_logs_is_the_union) {
    const Log first{.address = {1}, .topics = {word(7)}, .data = {}};
    const Log second{.address = {2}, .topics = {word(8)}, .data = {}};
    EXPECT_EQ(bloom_of(std::array{first}) | bloom_of(std::array{second}),
              bloom_of(std::array{first, second}));
    EXPECT_EQ(bloom_of({}), Bloom{});
}

TEST(Bloom, from_a_builder_is_the_same_for_new_repeated_and_colliding_values) {
    BloomBuilder builder;
    for (std::uint64_t round = 0; round < 3; ++round)
        for (std::uint64_t i = 0; i < 2'000; ++i) {
            const Log log{.address = address_at(i % 700),
                          .topics = {word_from_u64(i), keccak256(word_from_u64(i % 900))},
                          .data = {}};
            ASSERT_EQ(builder.bloom_of(std::array{log}), bloom_of(std::array{log})) << i;
        }
}

TEST(Bloom, from_a_builder_tells_an_address_from_a_topic_that_begins_with_it) {
    const Address address{0x11, 0x22};
    Word topic{};
    std::copy(address.begin(), address.end(), topic.begin());
    BloomBuilder builder;
    const Log first{.address = address, .topics = {topic}, .data = {}};
    const Log second{.address = address, .topics = {}, .data = {}};
    EXPECT_EQ(builder.bloom_of(std::array{first}), bloom_of(std::array{first}));
    EXPECT_EQ(builder.bloom_of(std::array{second}), bloom_of(std::array{second}));
}

}  // namespace
}  // namespace sluice::core
