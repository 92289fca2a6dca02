/// Unsigned 256-bit integer, four 64-bit limbs, least significant first. Arithmetic wraps modulo 2^256.
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/ids.hpp"

namespace sluice::core {

/// What two 64-bit limbs multiply to.
__extension__ typedef unsigned __int128 Uint128;

struct Uint256 {
    std::array<std::uint64_t, 4> limbs{};

    constexpr Uint256() = default;
    constexpr Uint256(std::uint64_t value) : limbs{value, 0, 0, 0} {}  // NOLINT: numbers convert
    /// From all four limbs, least significant first.
    constexpr Uint256(std::uint64_t l0, std::uint64_t l1, std::uint64_t l2, std::uint64_t l3)
        : limbs{l0, l1, l2, l3} {}

    /// 2^256 - 1.
    static constexpr Uint256 max() { return {~0ull, ~0ull, ~0ull, ~0ull}; }
    static Uint256 from_word(const Word& big_endian) {
        return {read_be64(&big_endian[24]), read_be64(&big_endian[16]), read_be64(&big_endian[8]),
                read_be64(&big_endian[0])};
    }
    /// At most 32 bytes, big-endian; a longer span is a CHECK failure.
    static Uint256 from_be(ByteView big_endian);
    Word to_word() const {
        Word word;
        for (std::size_t i = 0; i < 4; ++i)
            write_be64(&word[24 - 8 * i], limbs[i]);
        return word;
    }
    /// Big-endian without leading zeros; empty for zero (RLP's integer form).
    Bytes to_be_trimmed() const;

    constexpr bool is_zero() const { return (limbs[0] | limbs[1] | limbs[2] | limbs[3]) == 0; }
    constexpr bool fits_u64() const { return (limbs[1] | limbs[2] | limbs[3]) == 0; }
    constexpr std::uint64_t low_u64() const { return limbs[0]; }
    /// Number of significant bits; 0 for zero.
    constexpr unsigned bit_length() const {
        for (unsigned i = 4; i > 0; --i)
            if (limbs[i - 1] != 0) return 64 * i - static_cast<unsigned>(std::countl_zero(limbs[i - 1]));
        return 0;
    }

    friend constexpr bool operator==(const Uint256&, const Uint256&) = default;
    friend constexpr std::strong_ordering operator<=>(const Uint256& a, const Uint256& b) {
        for (std::size_t i = 3; i > 0; --i)
            if (a.limbs[i] != b.limbs[i]) return a.limbs[i] <=> b.limbs[i];
        return a.limbs[0] <=> b.limbs[0];
    }
};

namespace uint256_detail {

/// a + b + carry; `carry` becomes the carry out.
constexpr std::uint64_t add_limb(std::uint64_t a, std::uint64_t b, std::uint64_t& carry) {
    const Uint128 sum = static_cast<Uint128>(a) + b + carry;
    carry = static_cast<std::uint64_t>(sum >> 64);
    return static_cast<std::uint64_t>(sum);
}

/// a - b - borrow; `borrow` becomes the borrow out.
constexpr std::uint64_t subtract_limb(std::uint64_t a, std::uint64_t b, std::uint64_t& borrow) {
    const Uint128 difference = static_cast<Uint128>(a) - b - borrow;
    borrow = static_cast<std::uint64_t>(difference >> 64) & 1;
    return static_cast<std::uint64_t>(difference);
}

/// a * b + c + carry, which cannot overflow 128 bits; `carry` becomes the high half.
constexpr std::uint64_t multiply_add(std::uint64_t a, std::uint64_t b, std::uint64_t c,
                                     std::uint64_t& carry) {
    const Uint128 sum = static_cast<Uint128>(a) * b + c + carry;
    carry = static_cast<std::uint64_t>(sum >> 64);
    return static_cast<std::uint64_t>(sum);
}

constexpr Uint256 add(const Uint256& a, const Uint256& b, std::uint64_t& carry) {
    Uint256 sum;
    for (std::size_t i = 0; i < 4; ++i)
        sum.limbs[i] = add_limb(a.limbs[i], b.limbs[i], carry);
    return sum;
}

constexpr Uint256 subtract(const Uint256& a, const Uint256& b, std::uint64_t& borrow) {
    Uint256 difference;
    for (std::size_t i = 0; i < 4; ++i)
        difference.limbs[i] = subtract_limb(a.limbs[i], b.limbs[i], borrow);
    return difference;
}

}  // namespace uint256_detail

constexpr Uint256 operator+(const Uint256& a, const Uint256& b) {
    std::uint64_t carry = 0;
    return uint256_detail::add(a, b, carry);
}
constexpr Uint256 operator-(const Uint256& a, const Uint256& b) {
    std::uint64_t borrow = 0;
    return uint256_detail::subtract(a, b, borrow);
}
constexpr Uint256 operator*(const Uint256& a, const Uint256& b) {
    Uint256 product;
    for (std::size_t i = 0; i < 4; ++i) {
        std::uint64_t carry = 0;
        for (std::size_t j = 0; i + j < 4; ++j)
            product.limbs[i + j] =
                uint256_detail::multiply_add(a.limbs[i], b.limbs[j], product.limbs[i + j], carry);
    }
    return product;
}

/// Quotient and remainder of one division.
struct QuotientRemainder;
/// Division by zero gives zero for both (the EVM's rule).
QuotientRemainder divide(const Uint256& dividend, const Uint256& divisor);
/// Division by zero gives zero (the EVM's rule).
Uint256 operator/(const Uint256& a, const Uint256& b);
Uint256 operator%(const Uint256& a, const Uint256& b);

constexpr Uint256 operator&(const Uint256& a, const Uint256& b) {
    return {a.limbs[0] & b.limbs[0], a.limbs[1] & b.limbs[1], a.limbs[2] & b.limbs[2],
            a.limbs[3] & b.limbs[3]};
}
constexpr Uint256 operator|(const Uint256& a, const Uint256& b) {
    return {a.limbs[0] | b.limbs[0], a.limbs[1] | b.limbs[1], a.limbs[2] | b.limbs[2],
            a.limbs[3] | b.limbs[3]};
}
constexpr Uint256 operator^(const Uint256& a, const Uint256& b) {
    return {a.limbs[0] ^ b.limbs[0], a.limbs[1] ^ b.limbs[1], a.limbs[2] ^ b.limbs[2],
            a.limbs[3] ^ b.limbs[3]};
}
constexpr Uint256 operator~(const Uint256& a) {
    return {~a.limbs[0], ~a.limbs[1], ~a.limbs[2], ~a.limbs[3]};
}

/// Shifts by 256 or more give zero.
constexpr Uint256 operator<<(const Uint256& a, unsigned bits) {
    if (bits >= 256) return {};
    const std::size_t limbs = bits / 64;
    const unsigned rest = bits % 64;
    Uint256 shifted;
    for (std::size_t i = limbs; i < 4; ++i) {
        shifted.limbs[i] = a.limbs[i - limbs] << rest;
        if (rest != 0 && i > limbs) shifted.limbs[i] |= a.limbs[i - limbs - 1] >> (64 - rest);
    }
    return shifted;
}
constexpr Uint256 operator>>(const Uint256& a, unsigned bits) {
    if (bits >= 256) return {};
    const std::size_t limbs = bits / 64;
    const unsigned rest = bits % 64;
    Uint256 shifted;
    for (std::size_t i = 0; i + limbs < 4; ++i) {
        shifted.limbs[i] = a.limbs[i + limbs] >> rest;
        if (rest != 0 && i + limbs + 1 < 4) shifted.limbs[i] |= a.limbs[i + limbs + 1] << (64 - rest);
    }
    return shifted;
}

constexpr Uint256& operator+=(Uint256& a, const Uint256& b) {
    return a = a + b;
}
constexpr Uint256& operator-=(Uint256& a, const Uint256& b) {
    return a = a - b;
}

struct QuotientRemainder {
    Uint256 quotient;
    Uint256 remainder;
};

/// Sum or difference, or nothing where it would wrap: for money and balances.
constexpr std::optional<Uint256> checked_add(const Uint256& a, const Uint256& b) {
    std::uint64_t carry = 0;
    const Uint256 sum = uint256_detail::add(a, b, carry);
    if (carry != 0) return std::nullopt;
    return sum;
}
constexpr std::optional<Uint256> checked_sub(const Uint256& a, const Uint256& b) {
    std::uint64_t borrow = 0;
    const Uint256 difference = uint256_detail::subtract(a, b, borrow);
    if (borrow != 0) return std::nullopt;
    return difference;
}
/// Product, or nothing where it would wrap.
std::optional<Uint256> checked_mul(const Uint256& a, const Uint256& b);

/// Decimal digits only, no sign, no leading "+", at most 2^256-1.
std::optional<Uint256> uint256_from_decimal(std::string_view text);
/// "0x" quantity: at least one digit, at most 64.
std::optional<Uint256> uint256_from_hex(std::string_view text);
std::string to_decimal(const Uint256& value);
/// JSON-RPC quantity: "0x0", no leading zeros.
std::string to_quantity(const Uint256& value);

}  // namespace sluice::core
