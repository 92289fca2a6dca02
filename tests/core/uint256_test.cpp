#include "core/uint256.hpp"

#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_int.hpp>
#include <random>

#include "core/uint256_evm.hpp"

namespace sluice::core {
namespace {

using Oracle = boost::multiprecision::cpp_int;

const Oracle two_to_256 = Oracle(1) << 256;

Oracle oracle(const Uint256& value) {
    Oracle result = 0;
    for (std::size_t i = 4; i-- > 0;)
        result = (result << 64) + value.limbs[i];
    return result;
}

Oracle signed_oracle(const Uint256& value) {
    return is_negative(value) ? Oracle(oracle(value) - two_to_256) : oracle(value);
}

/// value / 2^distance, rounded towards minus infinity.
Oracle floor_shift(const Oracle& value, unsigned distance) {
    const Oracle divisor = Oracle(1) << distance;
    const Oracle quotient = value / divisor;
    return quotient * divisor > value ? Oracle(quotient - 1) : quotient;
}

/// The representative of a number modulo 2^256; negative numbers too.
Uint256 wrapped(const Oracle& value) {
    Oracle rest = value % two_to_256;
    if (rest < 0) rest += two_to_256;
    Uint256 result;
    for (std::size_t i = 0; i < 4; ++i) {
        result.limbs[i] = static_cast<std::uint64_t>(Oracle(rest & ~std::uint64_t{0}));
        rest >>= 64;
    }
    return result;
}

/// Numbers at which carries, borrows, signs and quotient estimates go wrong, and random ones of every length.
class Operands {
  public:
    Uint256 next() {
        switch (random_() % 8) {
            case 0:
                return edges_[random_() % edges_.size()];
            case 1:
                return Uint256(1) << static_cast<unsigned>(random_() % 256);
            case 2:
                return (Uint256(1) << static_cast<unsigned>(random_() % 256)) - 1;
            case 3:
                return ~(Uint256(random_() % 16) << static_cast<unsigned>(random_() % 256));
            case 4:
                return limbs_of_extremes();
            default:
                break;
        }
        const Uint256 full(random_(), random_(), random_(), random_());
        return full >> static_cast<unsigned>(random_() % 256);
    }

  private:
    Uint256 limbs_of_extremes() {
        static constexpr std::uint64_t extremes[] = {0, 1, ~0ull, ~0ull - 1, 1ull << 63, (1ull << 63) - 1, 3};
        Uint256 value;
        for (auto& limb : value.limbs)
            limb = extremes[random_() % std::size(extremes)];
        return value;
    }

    std::mt19937_64 random_{20};
    std::vector<Uint256> edges_{0,
                                1,
                                2,
                                3,
                                31,
                                32,
                                255,
                                256,
                                257,
                                ~0ull,
                                Uint256(0, 1, 0, 0),
                                Uint256(0, 0, 1, 0),
                                Uint256(0, 0, 0, 1),
                                Uint256(0, 0, 0, 1ull << 63),
                                Uint256::max(),
                                Uint256::max() - 1,
                                Uint256::max() >> 1,
                                Uint256::max() >> 64,
                                Uint256::max() >> 128,
                                Uint256::max() << 128};
};

constexpr int rounds = 60'000;

TEST(Uint256, adds_subtracts_and_multiplies_like_the_oracle) {
    Operands operands;
    for (int i = 0; i < rounds; ++i) {
        const Uint256 a = operands.next(), b = operands.next();
        ASSERT_EQ(a + b, wrapped(oracle(a) + oracle(b)));
        ASSERT_EQ(a - b, wrapped(oracle(a) - oracle(b)));
        ASSERT_EQ(a * b, wrapped(oracle(a) * oracle(b)));
    }
}

TEST(Uint256, divides_like_the_oracle) {
    Operands operands;
    for (int i = 0; i < 3 * rounds; ++i) {
        const Uint256 a = operands.next(), b = operands.next();
        if (b.is_zero()) continue;
        const QuotientRemainder result = divide(a, b);
        ASSERT_EQ(result.quotient, wrapped(oracle(a) / oracle(b)))
            << to_quantity(a) << " / " << to_quantity(b);
        ASSERT_EQ(result.remainder, wrapped(oracle(a) % oracle(b)))
            << to_quantity(a) << " % " << to_quantity(b);
        ASSERT_EQ(a / b, result.quotient);
        ASSERT_EQ(a % b, result.remainder);
    }
}

TEST(Uint256, division_by_products_and_their_neighbours_is_exact) {
    // Dividends just below, at and above a multiple are where a quotient digit is estimated one too large.
    Operands operands;
    for (int i = 0; i < rounds; ++i) {
        const Uint256 divisor = operands.next(), factor = operands.next();
        if (divisor.is_zero() || oracle(divisor) * oracle(factor) >= two_to_256) continue;
        const Uint256 product = divisor * factor;
        ASSERT_EQ(product / divisor, factor);
        ASSERT_TRUE((product % divisor).is_zero());
        if (!product.is_zero()) {
            ASSERT_EQ((product - 1) / divisor, factor - 1);
            ASSERT_EQ((product - 1) % divisor, divisor - 1);
        }
    }
}

TEST(Uint256, division_by_zero_is_zero) {
    for (const Uint256& a : {Uint256(), Uint256(1), Uint256::max()}) {
        EXPECT_EQ(a / 0, Uint256());
        EXPECT_EQ(a % 0, Uint256());
        EXPECT_EQ(signed_divide(a, 0), Uint256());
        EXPECT_EQ(signed_remainder(a, 0), Uint256());
        EXPECT_EQ(add_mod(a, a, 0), Uint256());
        EXPECT_EQ(multiply_mod(a, a, 0), Uint256());
    }
}

TEST(Uint256, combines_bits_like_the_oracle) {
    Operands operands;
    for (int i = 0; i < rounds; ++i) {
        const Uint256 a = operands.next(), b = operands.next();
        ASSERT_EQ(oracle(a & b), Oracle(oracle(a) & oracle(b)));
        ASSERT_EQ(oracle(a | b), Oracle(oracle(a) | oracle(b)));
        ASSERT_EQ(oracle(a ^ b), Oracle(oracle(a) ^ oracle(b)));
        ASSERT_EQ(oracle(~a), Oracle(two_to_256 - 1 - oracle(a)));
        ASSERT_EQ(a < b, oracle(a) < oracle(b));
        ASSERT_EQ(a == b, oracle(a) == oracle(b));
    }
}

TEST(Uint256, shifts_by_every_distance_like_the_oracle) {
    Operands operands;
    for (unsigned distance = 0; distance < 256; ++distance)
        for (int i = 0; i < 40; ++i) {
            const Uint256 a = operands.next();
            ASSERT_EQ(a << distance, wrapped(oracle(a) << distance)) << distance;
            ASSERT_EQ(a >> distance, wrapped(oracle(a) >> distance)) << distance;
            ASSERT_EQ(shift_right_signed(a, distance), wrapped(floor_shift(signed_oracle(a), distance)))
                << distance;
        }
}

TEST(Uint256, shifts_by_256_and_more_leave_nothing_but_the_sign) {
    const Uint256 negative = Uint256::max() - 5, positive = Uint256::max() >> 1;
    for (const Uint256& distance : {Uint256(256), Uint256(257), Uint256(1ull << 32), Uint256(0, 1, 0, 0),
                                    Uint256(0, 0, 0, 1), Uint256::max()}) {
        EXPECT_EQ(shift_left(negative, distance), Uint256());
        EXPECT_EQ(shift_right(negative, distance), Uint256());
        EXPECT_EQ(shift_right_signed(negative, distance), Uint256::max());
        EXPECT_EQ(shift_right_signed(positive, distance), Uint256());
    }
    EXPECT_EQ(negative << 256, Uint256());
    EXPECT_EQ(negative >> 1000, Uint256());
}

TEST(Uint256, modular_operations_do_not_wrap_in_between) {
    Operands operands;
    for (int i = 0; i < rounds; ++i) {
        const Uint256 a = operands.next(), b = operands.next(), n = operands.next();
        if (n.is_zero()) continue;
        ASSERT_EQ(add_mod(a, b, n), wrapped((oracle(a) + oracle(b)) % oracle(n)));
        ASSERT_EQ(multiply_mod(a, b, n), wrapped((oracle(a) * oracle(b)) % oracle(n)));
    }
    EXPECT_EQ(add_mod(Uint256::max(), Uint256::max(), Uint256::max() - 1), Uint256(2));
    EXPECT_EQ(multiply_mod(Uint256::max(), Uint256::max(), Uint256::max()), Uint256());
}

TEST(Uint256, raises_to_powers_like_the_oracle) {
    Operands operands;
    for (int i = 0; i < 500; ++i) {
        const Uint256 a = operands.next(), b = operands.next();
        ASSERT_EQ(power(a, b), wrapped(boost::multiprecision::powm(oracle(a), oracle(b), two_to_256)));
    }
    EXPECT_EQ(power(0, 0), Uint256(1));
    EXPECT_EQ(power(2, 255), Uint256(1) << 255);
    EXPECT_EQ(power(2, 256), Uint256());
}

TEST(Uint256, signed_division_rounds_towards_zero) {
    Operands operands;
    for (int i = 0; i < rounds; ++i) {
        const Uint256 a = operands.next(), b = operands.next();
        if (b.is_zero()) continue;
        ASSERT_EQ(signed_divide(a, b), wrapped(signed_oracle(a) / signed_oracle(b)));
        ASSERT_EQ(signed_remainder(a, b), wrapped(signed_oracle(a) % signed_oracle(b)));
        ASSERT_EQ(signed_less(a, b), signed_oracle(a) < signed_oracle(b));
    }
    const Uint256 least = Uint256(1) << 255;
    EXPECT_EQ(signed_divide(least, Uint256::max()), least);
    EXPECT_EQ(signed_remainder(least, Uint256::max()), Uint256());
}

TEST(Uint256, picks_bytes_from_the_most_significant) {
    Word word{};
    for (std::size_t i = 0; i < 32; ++i)
        word[i] = static_cast<std::uint8_t>(i + 1);
    const Uint256 value = Uint256::from_word(word);
    for (std::uint64_t i = 0; i < 32; ++i)
        EXPECT_EQ(byte_at(i, value), Uint256(i + 1));
    EXPECT_EQ(byte_at(32, value), Uint256());
    EXPECT_EQ(byte_at(Uint256(0, 0, 0, 1), value), Uint256());
    EXPECT_EQ(byte_at(Uint256::max(), value), Uint256());
}

TEST(Uint256, extends_signs_from_every_byte) {
    Operands operands;
    for (std::uint64_t last = 0; last < 31; ++last)
        for (int i = 0; i < 200; ++i) {
            const Uint256 a = operands.next();
            const unsigned bits = static_cast<unsigned>(8 * (last + 1));
            Oracle expected = oracle(a) & ((Oracle(1) << bits) - 1);
            if (expected >= (Oracle(1) << (bits - 1))) expected -= Oracle(1) << bits;
            ASSERT_EQ(sign_extend(last, a), wrapped(expected));
        }
    for (const Uint256& last : {Uint256(31), Uint256(32), Uint256(0, 1, 0, 0), Uint256::max()})
        EXPECT_EQ(sign_extend(last, Uint256(0xff)), Uint256(0xff));
}

TEST(Uint256, checked_operations_refuse_to_wrap) {
    Operands operands;
    for (int i = 0; i < rounds; ++i) {
        const Uint256 a = operands.next(), b = operands.next();
        ASSERT_EQ(checked_add(a, b).has_value(), oracle(a) + oracle(b) < two_to_256);
        ASSERT_EQ(checked_sub(a, b).has_value(), a >= b);
        ASSERT_EQ(checked_mul(a, b).has_value(), oracle(a) * oracle(b) < two_to_256);
        if (const auto sum = checked_add(a, b)) {
            ASSERT_EQ(*sum, a + b);
        }
        if (const auto difference = checked_sub(a, b)) {
            ASSERT_EQ(*difference, a - b);
        }
        if (const auto product = checked_mul(a, b)) {
            ASSERT_EQ(*product, a * b);
        }
    }
}

TEST(Uint256, counts_its_bits) {
    EXPECT_EQ(Uint256().bit_length(), 0u);
    for (unsigned bit = 0; bit < 256; ++bit) {
        EXPECT_EQ((Uint256(1) << bit).bit_length(), bit + 1);
        EXPECT_EQ((Uint256::max() >> bit).bit_length(), 256 - bit);
    }
}

TEST(Uint256, survives_words_bytes_and_texts) {
    Operands operands;
    for (int i = 0; i < 5000; ++i) {
        const Uint256 a = operands.next();
        ASSERT_EQ(Uint256::from_word(a.to_word()), a);
        ASSERT_EQ(Uint256::from_be(a.to_be_trimmed()), a);
        ASSERT_EQ(to_decimal(a), oracle(a).str());
        ASSERT_EQ(uint256_from_decimal(to_decimal(a)), a);
        ASSERT_EQ(uint256_from_hex(to_quantity(a)), a);
    }
    EXPECT_TRUE(Uint256().to_be_trimmed().empty());
    EXPECT_EQ(to_quantity(0), "0x0");
    EXPECT_EQ(to_quantity(0x1a0), "0x1a0");
    EXPECT_EQ(to_decimal(0), "0");
}

TEST(Uint256, decimal_text_beyond_the_range_or_with_other_characters_is_refused) {
    EXPECT_EQ(uint256_from_decimal(
                  "115792089237316195423570985008687907853269984665640564039457584007913129639935"),
              Uint256::max());
    EXPECT_EQ(uint256_from_decimal("007"), Uint256(7));
    for (const char* text :
         {"", "-1", "+1", " 1", "1 ", "1.0", "0x1", "a",
          "115792089237316195423570985008687907853269984665640564039457584007913129639936",
          "1157920892373161954235709850086879078532699846656405640394575840079131296399350"})
        EXPECT_EQ(uint256_from_decimal(text), std::nullopt) << text;
}

TEST(Uint256, hex_text_needs_a_prefix_and_one_to_64_digits) {
    EXPECT_EQ(uint256_from_hex("0x" + std::string(64, 'f')), Uint256::max());
    EXPECT_EQ(uint256_from_hex("0xF"), Uint256(15));
    EXPECT_EQ(uint256_from_hex("0x00"), Uint256(0));
    EXPECT_EQ(uint256_from_hex("0x" + std::string(65, '0')), std::nullopt);
    for (const char* text : {"", "0", "f", "0x", "0X1", "0xg", "0x-1", "0x0x1", "1x1"})
        EXPECT_EQ(uint256_from_hex(text), std::nullopt) << text;
}

TEST(Uint256DeathTest, more_than_32_bytes_are_no_number) {
    EXPECT_DEATH(Uint256::from_be(Bytes(33)), "CHECK failed");
}

}  // namespace
}  // namespace sluice::core
