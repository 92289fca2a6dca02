/// The prime field of BN254. Not constant in time: for public values only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "crypto/bn254_limbs.hpp"

namespace sluice::crypto::bn254 {

/// Constants of Montgomery's multiplication with R = 2^256, derived from the modulus.
struct Montgomery {
    std::uint64_t inverse = 1;  ///< -1/p modulo 2^64
    Limbs r{1};                 ///< R mod p
    Limbs r2{};                 ///< R^2 mod p
    Limbs r3{};                 ///< R^3 mod p
};
constexpr Montgomery derive_montgomery() {
    Montgomery constants;
    // Newton's iteration doubles the number of right bits: from one to 64 in six steps.
    for (int step = 0; step < 6; ++step)
        constants.inverse *= 2 - modulus[0] * constants.inverse;
    constants.inverse = -constants.inverse;
    Limbs power{1};
    for (int bit = 1; bit <= 3 * 256; ++bit) {
        power = reduced_once(add(power, power));
        if (bit == 256) constants.r = power;
        if (bit == 2 * 256) constants.r2 = power;
    }
    constants.r3 = power;
    return constants;
}
inline constexpr Montgomery montgomery = derive_montgomery();

/// t + a * b for one word b: four words, and a fifth that is returned.
[[gnu::always_inline]] constexpr std::uint64_t multiply_add(Limbs& t, const Limbs& a, std::uint64_t b) {
    std::uint64_t carry = 0;
#pragma GCC unroll 4
    for (std::size_t i = 0; i < 4; ++i) {
        const Wide product = Wide{a[i]} * b + t[i] + carry;
        t[i] = static_cast<std::uint64_t>(product);
        carry = static_cast<std::uint64_t>(product >> 64);
    }
    return carry;
}

/// (t + 2^256 * high) / 2^64 modulo p, made divisible by adding a multiple of p.
[[gnu::always_inline]] constexpr void divide_by_word(Limbs& t, std::uint64_t high) {
    const std::uint64_t factor = t[0] * montgomery.inverse;
    std::uint64_t carry = static_cast<std::uint64_t>((Wide{modulus[0]} * factor + t[0]) >> 64);
#pragma GCC unroll 3
    for (std::size_t i = 1; i < 4; ++i) {
        const Wide product = Wide{modulus[i]} * factor + t[i] + carry;
        t[i - 1] = static_cast<std::uint64_t>(product);
        carry = static_cast<std::uint64_t>(product >> 64);
    }
    t[3] = high + carry;
}

/// An element of the field. Held as x * 2^256 mod p (Montgomery's form), always below p, so that equal
/// elements have equal words.
class Fp {
  public:
    constexpr Fp() = default;
    explicit constexpr Fp(std::uint64_t value) : Fp(Fp(Limbs{value}) * Fp(montgomery.r2)) {}
    static constexpr Fp one() { return Fp(montgomery.r); }

    /// Precondition: below p.
    static constexpr Fp from_limbs(const Limbs& value) { return Fp(value) * Fp(montgomery.r2); }
    constexpr Limbs to_limbs() const { return (*this * Fp(Limbs{1})).words_; }
    /// Big-endian; nothing if the number is not below p.
    static std::optional<Fp> from_bytes(std::span<const std::uint8_t, 32> bytes);
    void write_to(std::span<std::uint8_t, 32> bytes) const;

    constexpr bool operator==(const Fp&) const = default;
    constexpr bool is_zero() const { return (words_[0] | words_[1] | words_[2] | words_[3]) == 0; }

    friend constexpr Fp operator+(const Fp& a, const Fp& b) {
        return Fp(reduced_once(add(a.words_, b.words_)));
    }
    friend constexpr Fp operator-(const Fp& a, const Fp& b) {
        const Difference difference = subtract(a.words_, b.words_);
        return Fp(add(difference.limbs, masked_modulus(difference.borrow_mask)));
    }
    friend constexpr Fp operator-(const Fp& a) {
        return a.is_zero() ? a : Fp(subtract(modulus, a.words_).limbs);
    }

    /// Montgomery's product, word by word. Between two words t stays below 2p + 1, which leaves the top of
    /// the fourth word free: p has 254 bits.
    friend constexpr Fp operator*(const Fp& a, const Fp& b) {
        Limbs t{};
#pragma GCC unroll 4
        for (std::size_t i = 0; i < 4; ++i) {
            const std::uint64_t high = multiply_add(t, a.words_, b.words_[i]);
            divide_by_word(t, high);
        }
        return Fp(reduced_once(t));
    }
    /// a * b + c * d with one reduction for both products: t stays below 3p + 1, which is less than 2^256,
    /// and ends below 2p since (2p^2 + 2^256 p) / 2^256 < 1.4p.
    static constexpr Fp sum_of_products(const Fp& a, const Fp& b, const Fp& c, const Fp& d) {
        Limbs t{};
#pragma GCC unroll 4
        for (std::size_t i = 0; i < 4; ++i) {
            const std::uint64_t high = multiply_add(t, a.words_, b.words_[i]);
            divide_by_word(t, high + multiply_add(t, c.words_, d.words_[i]));
        }
        return Fp(reduced_once(t));
    }

    /// x / 2.
    constexpr Fp half() const {
        const Limbs even = add(words_, masked_modulus(-(words_[0] & 1)));
        return Fp(Limbs{even[0] >> 1 | even[1] << 63, even[1] >> 1 | even[2] << 63,
                        even[2] >> 1 | even[3] << 63, even[3] >> 1});
    }
    constexpr Fp squared() const {
        return *this * *this;
    }
    constexpr Fp doubled() const {
        return *this + *this;
    }
    /// 1 / x; zero for zero.
    Fp inverse() const;

  private:
    explicit constexpr Fp(const Limbs& words) : words_(words) {}

    Limbs words_{};
};

/// base ^ exponent in any of the fields.
template <class Field>
constexpr Field power(const Field& base, const Limbs& exponent) {
    Field result = Field::one();
    for (std::size_t bit = 256; bit-- > 0;) {
        result = result.squared();
        if ((exponent[bit / 64] >> (bit % 64) & 1) != 0) result = result * base;
    }
    return result;
}

}  // namespace sluice::crypto::bn254
