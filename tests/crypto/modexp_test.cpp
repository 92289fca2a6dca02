#include "crypto/modexp.hpp"

#include <random>

#include <gtest/gtest.h>

#include "tests/crypto/bytes.hpp"

namespace sluice::crypto {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// A number of few bytes, big-endian, in `size` bytes.
Bytes number(std::uint64_t value, std::size_t size) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size && i < 8; ++i)
        bytes[size - 1 - i] = static_cast<std::uint8_t>(value >> (8 * i));
    return bytes;
}

std::uint64_t value_of(const Bytes& bytes) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : bytes)
        value = value << 8 | byte;
    return value;
}

/// base ^ exponent mod modulus by squaring and multiplying, for a modulus below 2^32 other than zero.
std::uint64_t naive_power(std::uint64_t base, const Bytes& exponent, std::uint64_t modulus) {
    std::uint64_t power = 1 % modulus;
    for (const std::uint8_t byte : exponent)
        for (int bit = 7; bit >= 0; --bit) {
            power = power * power % modulus;
            if ((byte >> bit & 1) != 0) power = power * (base % modulus) % modulus;
        }
    return power;
}

Bytes random_bytes(std::mt19937_64& random, std::size_t size) {
    Bytes bytes(size);
    for (std::uint8_t& byte : bytes)
        byte = static_cast<std::uint8_t>(random());
    return bytes;
}

TEST(Modexp, agrees_with_squaring_and_multiplying_on_small_numbers) {
    std::mt19937_64 random(20'260'101);
    for (int i = 0; i < 20'000; ++i) {
        const Bytes base = random_bytes(random, random() % 9);
        const Bytes exponent = random_bytes(random, random() % 12);
        const Bytes modulus = random_bytes(random, random() % 5);
        const std::uint64_t m = value_of(modulus);
        const Bytes expected =
            m == 0 ? Bytes(modulus.size()) : number(naive_power(value_of(base), exponent, m), modulus.size());
        ASSERT_EQ(modexp(base, exponent, modulus), expected)
            << value_of(base) << " ^ " << to_hex(exponent) << " mod " << m;
    }
}

TEST(Modexp, agrees_with_squaring_and_multiplying_on_the_smallest_numbers) {
    for (std::uint64_t m = 1; m <= 32; ++m)
        for (std::uint64_t base = 0; base <= 34; ++base)
            for (std::uint64_t exponent = 0; exponent <= 20; ++exponent)
                ASSERT_EQ(modexp(number(base, 1), number(exponent, 1), number(m, 1)),
                          number(naive_power(base, number(exponent, 1), m), 1))
                    << base << " ^ " << exponent << " mod " << m;
}

TEST(Modexp, first_published_example_is_fermats_little_theorem) {
    // EIP-198: 3 ^ (2^256 - 2^32 - 978) mod (2^256 - 2^32 - 977).
    const auto exponent = from_hex<32>("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2e");
    const auto modulus = from_hex<32>("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f");
    EXPECT_EQ(modexp(number(3, 1), exponent, modulus), number(1, 32));
    EXPECT_EQ(modexp({}, exponent, modulus), number(0, 32));
}

TEST(Modexp, published_example_with_a_modulus_that_ends_in_zeros_is_as_published) {
    // EIP-198: 3 ^ 0xffff mod 2^255.
    EXPECT_EQ(
        to_hex(modexp(number(3, 1), number(0xffff, 2),
                      from_hex<32>("8000000000000000000000000000000000000000000000000000000000000000"))),
        "3b01b01ac41f2d6e917c6d6a221ce793802469026d9ab7578fa2e79e4da6aaab");
}

TEST(Modexp, missing_numbers_are_zero) {
    EXPECT_EQ(modexp({}, {}, {}), Bytes{});
    EXPECT_EQ(modexp(number(7, 1), number(7, 1), {}), Bytes{});
    EXPECT_EQ(modexp({}, {}, number(7, 3)), number(1, 3));
    EXPECT_EQ(modexp(number(5, 1), {}, number(7, 1)), number(1, 1));
    EXPECT_EQ(modexp({}, number(5, 1), number(7, 1)), number(0, 1));
}

TEST(Modexp, modulo_zero_is_zeros_of_the_modulus_length) {
    for (const std::size_t size : {1u, 2u, 32u, 33u, 1024u}) {
        EXPECT_EQ(modexp(number(3, 2), number(5, 2), Bytes(size)), Bytes(size));
        EXPECT_EQ(modexp({}, {}, Bytes(size)), Bytes(size));
    }
}

TEST(Modexp, modulo_one_is_zero_even_for_an_exponent_of_zero) {
    for (const std::size_t size : {1u, 8u, 9u, 64u}) {
        EXPECT_EQ(modexp({}, {}, number(1, size)), Bytes(size));
        EXPECT_EQ(modexp(number(9, 1), number(0, 4), number(1, size)), Bytes(size));
        EXPECT_EQ(modexp(number(9, 1), number(3, 4), number(1, size)), Bytes(size));
    }
}

TEST(Modexp, leading_zeros_change_only_the_length_of_the_result) {
    const Bytes plain = modexp(number(12'345, 2), number(678, 2), number(54'321, 2));
    Bytes longer = modexp(number(12'345, 300), number(678, 100), number(54'321, 200));
    ASSERT_EQ(longer.size(), 200u);
    EXPECT_EQ(Bytes(longer.begin(), longer.begin() + 198), Bytes(198));
    EXPECT_EQ(Bytes(longer.end() - 2, longer.end()), plain);
}

TEST(Modexp, an_exponent_in_two_factors_gives_the_same_power_at_every_length) {
    // (b ^ 257) ^ 257 = b ^ 66049, odd and even moduli, across the borders of machine words.
    std::mt19937_64 random(3);
    for (std::size_t size = 1; size <= 140; ++size) {
        const Bytes base = random_bytes(random, size + 3);
        Bytes modulus = random_bytes(random, size);
        modulus.front() |= 1;
        const Bytes once = modexp(base, number(257, 2), modulus);
        ASSERT_EQ(once.size(), size);
        EXPECT_EQ(modexp(once, number(257, 2), modulus), modexp(base, number(66'049, 3), modulus)) << size;
    }
}

TEST(Modexp, power_of_two_modulo_a_power_of_two_is_a_shifted_bit) {
    for (std::size_t shift = 0; shift < 1024; shift += 13) {
        Bytes modulus(129);
        modulus.front() = 1;
        Bytes expected(129);
        expected[128 - shift / 8] = static_cast<std::uint8_t>(1u << (shift % 8));
        EXPECT_EQ(modexp(number(2, 1), number(shift, 2), modulus), expected) << shift;
    }
    Bytes modulus(129);
    modulus.front() = 1;
    EXPECT_EQ(modexp(number(2, 1), number(1024, 2), modulus), Bytes(129));
}

TEST(Modexp, longest_numbers_of_osaka_obey_fermat_modulo_a_mersenne_prime) {
    // 2^4423 - 1 is prime: b ^ (2^4423 - 2) = 1. In 1,024 bytes with zeros in front.
    Bytes prime(1024);
    prime[1024 - 553] = 0x7f;
    std::fill(prime.end() - 552, prime.end(), 0xff);
    Bytes exponent = prime;
    exponent.back() = 0xfe;
    EXPECT_EQ(modexp(Bytes(1024, 0xa5), exponent, prime), number(1, 1024));
}

}  // namespace
}  // namespace sluice::crypto
