#include "core/validator_set.hpp"

#include <gtest/gtest.h>

#include <map>

#include "core/limits.hpp"

namespace sluice::core {
namespace {

Address member(std::size_t i) {
    Address address{};
    address[18] = static_cast<std::uint8_t>(i >> 8);
    address[19] = static_cast<std::uint8_t>(i);
    return address;
}

std::vector<Address> members(std::size_t count) {
    std::vector<Address> list;
    for (std::size_t i = 1; i <= count; ++i)
        list.push_back(member(i));
    return list;
}

ValidatorSet set_of(std::size_t count) {
    return *ValidatorSet::make(members(count));
}

TEST(Quorum, of_up_to_100_validators_intersects_in_an_honest_one_and_can_be_reached) {
    for (std::size_t n = 1; n <= 100; ++n) {
        const std::size_t q = quorum_size(n);
        const std::size_t f = faults_tolerated(n);
        EXPECT_GT(2 * q, n + f) << "two quorums of " << n << " share an honest validator";
        EXPECT_LE(q, n - f) << "the honest of " << n << " are a quorum";
        EXPECT_LE(2 * (q - 1), n + f) << "one vote less would not do for " << n;
        EXPECT_LT(3 * f, n);
        EXPECT_GE(3 * (f + 1), n);
    }
}

TEST(Quorum, of_small_sets_is_as_published) {
    const std::map<std::size_t, std::pair<std::size_t, std::size_t>> expected = {
        {1, {1, 0}}, {2, {2, 0}}, {3, {2, 0}}, {4, {3, 1}},
        {5, {4, 1}}, {6, {4, 1}}, {7, {5, 2}}, {10, {7, 3}}};
    for (const auto& [n, numbers] : expected) {
        EXPECT_EQ(quorum_size(n), numbers.first) << n;
        EXPECT_EQ(faults_tolerated(n), numbers.second) << n;
    }
    EXPECT_EQ(faults_tolerated(0), 0u);
}

TEST(ValidatorSet, is_neither_empty_nor_too_long_nor_repetitive) {
    EXPECT_FALSE(ValidatorSet::make({}));
    EXPECT_FALSE(ValidatorSet::make({member(1), member(2), member(1)}));
    EXPECT_TRUE(ValidatorSet::make(members(limits::validators_max)));
    EXPECT_FALSE(ValidatorSet::make(members(limits::validators_max + 1)));
}

TEST(ValidatorSet, knows_the_index_of_each_member) {
    const ValidatorSet set = set_of(7);
    for (ValidatorIndex i = 0; i < set.size(); ++i)
        EXPECT_EQ(set.index_of(set.at(i)), i);
    EXPECT_FALSE(set.index_of(member(8)));
}

TEST(ValidatorSet, hash_depends_on_the_order) {
    const auto forward = *ValidatorSet::make({member(1), member(2)});
    const auto backward = *ValidatorSet::make({member(2), member(1)});
    EXPECT_NE(forward.hash(), backward.hash());
    EXPECT_FALSE(forward == backward);
    EXPECT_EQ(forward.hash(), keccak256(encode(forward)));
}

TEST(ValidatorSet, keeps_its_order_instead_of_sorting) {
    const auto set = *ValidatorSet::make({member(9), member(2)});
    EXPECT_EQ(set.at(0), member(9));
}

TEST(ValidatorSet, primary_rotates_with_height_and_view) {
    const ValidatorSet set = set_of(4);
    EXPECT_EQ(set.primary(0, 0, 256), 0);
    EXPECT_EQ(set.primary(255, 0, 256), 0);
    EXPECT_EQ(set.primary(256, 0, 256), 1);
    EXPECT_EQ(set.primary(256, 2, 256), 3);
    EXPECT_EQ(set.primary(256, 3, 256), 0);
    EXPECT_EQ(set.primary(5, 0, 1), 1);
}

TEST(ValidatorSet, primary_changes_with_every_view_also_at_the_end_of_the_numbers) {
    constexpr std::uint64_t last = ~std::uint64_t{0};
    for (const std::size_t n : {1u, 2u, 3u, 4u, 7u, 100u}) {
        const ValidatorSet set = set_of(n);
        for (const Height height : {Height{0}, Height{1}, last - 1, last}) {
            for (View view = last - 250; view != last; ++view) {
                const auto now = set.primary(height, view, 1);
                ASSERT_LT(now, n);
                ASSERT_EQ(set.primary(height, view + 1, 1), (now + 1u) % n) << "view " << view << " of " << n;
            }
        }
    }
}

TEST(ValidatorSet, primary_is_the_exact_sum_where_the_plain_sum_would_wrap) {
    // (2^64 - 1) + 1 = 2^64, and 2^64 mod 3 = 1; a sum that wraps to 0 would give 0.
    EXPECT_EQ(set_of(3).primary(~Height{0}, 1, 1), 1);
}

TEST(ValidatorSet, survives_encoding_and_decoding) {
    for (const std::size_t n : {1u, 4u, 100u}) {
        const ValidatorSet set = set_of(n);
        const auto decoded = decode_validator_set(encode(set));
        ASSERT_TRUE(decoded);
        EXPECT_EQ(*decoded, set);
        EXPECT_EQ(decoded->size(), n);
    }
}

TEST(ValidatorSet, decoder_says_why_it_refuses) {
    const auto error_of = [](const Bytes& encoded) { return decode_validator_set(encoded).error(); };
    const auto list_of = [](std::size_t count, bool same) {
        Bytes payload;
        for (std::size_t i = 0; i < count; ++i)
            rlp::encode_address(payload, member(same ? 1 : i));
        return rlp::wrap_list(payload);
    };
    EXPECT_EQ(error_of({0xc0}), rlp::Error::too_few_items);
    EXPECT_EQ(error_of(list_of(2, true)), rlp::Error::non_canonical);
    EXPECT_EQ(error_of(list_of(101, false)), rlp::Error::too_many_items);
    EXPECT_EQ(error_of({0xc1, 0x80}), rlp::Error::wrong_length);
    EXPECT_EQ(error_of({0x80}), rlp::Error::unexpected_string);
}

}  // namespace
}  // namespace sluice::core
