#include "crypto/secret.hpp"

#include <algorithm>
#include <new>
#include <type_traits>

#include <gtest/gtest.h>

#include "tests/crypto/bytes.hpp"

namespace sluice::crypto {
namespace {

using Secret = SecretArray<32>;

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(!std::is_copy_constructible_v<SecretBytes> && !std::is_copy_assignable_v<SecretBytes>);

std::array<std::uint8_t, 32> filled_with(std::uint8_t value) {
    std::array<std::uint8_t, 32> bytes;
    bytes.fill(value);
    return bytes;
}

bool is_zero(std::span<const std::uint8_t> bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

TEST(Wipe, sets_exactly_the_given_bytes_to_zero) {
    std::array<std::uint8_t, 4> bytes{1, 2, 3, 4};
    wipe(bytes.data() + 1, 2);
    EXPECT_EQ(bytes, (std::array<std::uint8_t, 4>{1, 0, 0, 4}));
}

TEST(SecretArray, starts_as_zeros) {
    EXPECT_TRUE(is_zero(Secret().bytes()));
}

TEST(SecretArray, memory_is_zero_after_destruction) {
    alignas(Secret) std::array<std::uint8_t, sizeof(Secret)> storage{};
    auto* secret = new (storage.data()) Secret(filled_with(0xab));
    ASSERT_EQ(std::count(storage.begin(), storage.end(), 0xab), 32);
    secret->~Secret();
    EXPECT_TRUE(is_zero(storage));
}

TEST(SecretArray, source_is_zero_after_move_construction) {
    Secret source(filled_with(7));
    const Secret target(std::move(source));
    EXPECT_TRUE(is_zero(source.bytes()));
    EXPECT_TRUE(std::ranges::equal(target.bytes(), filled_with(7)));
}

TEST(SecretArray, source_is_zero_after_move_assignment) {
    Secret source(filled_with(7));
    Secret target(filled_with(9));
    target = std::move(source);
    EXPECT_TRUE(is_zero(source.bytes()));
    EXPECT_TRUE(std::ranges::equal(target.bytes(), filled_with(7)));
}

TEST(SecretArray, assignment_to_itself_keeps_the_bytes) {
    Secret secret(filled_with(7));
    Secret& same = secret;
    secret = std::move(same);
    EXPECT_TRUE(std::ranges::equal(secret.bytes(), filled_with(7)));
}

TEST(SecretArray, copy_is_independent_of_its_source) {
    Secret source(filled_with(7));
    const Secret copy = source.copy();
    source.writable_bytes()[0] = 8;
    EXPECT_TRUE(std::ranges::equal(copy.bytes(), filled_with(7)));
}

TEST(SecretBytes, holds_the_bytes_of_a_text) {
    const SecretBytes secret("pass\xc3\xa9");
    EXPECT_TRUE(std::ranges::equal(secret.bytes(), bytes_of("pass\xc3\xa9")));
    EXPECT_EQ(secret.size(), 6u);
}

TEST(SecretBytes, of_a_size_starts_as_zeros) {
    const SecretBytes secret(std::size_t{5});
    EXPECT_EQ(secret.size(), 5u);
    EXPECT_TRUE(is_zero(secret.bytes()));
}

TEST(SecretBytes, source_is_empty_after_a_move) {
    SecretBytes source("password");
    SecretBytes target(std::move(source));
    EXPECT_EQ(source.size(), 0u);
    SecretBytes other("another");
    other = std::move(target);
    EXPECT_EQ(target.size(), 0u);
    EXPECT_TRUE(std::ranges::equal(other.bytes(), bytes_of("password")));
}

TEST(EqualConstantTime, only_equal_bytes_of_equal_length_are_equal) {
    const std::vector<std::uint8_t> bytes = sample_bytes(32);
    EXPECT_TRUE(equal_constant_time(bytes, sample_bytes(32)));
    EXPECT_TRUE(equal_constant_time({}, {}));
    EXPECT_FALSE(equal_constant_time(bytes, sample_bytes(31)));
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        std::vector<std::uint8_t> other = bytes;
        other[i] ^= 0x80;
        EXPECT_FALSE(equal_constant_time(bytes, other)) << "byte " << i;
    }
}

}  // namespace
}  // namespace sluice::crypto
