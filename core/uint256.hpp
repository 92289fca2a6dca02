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
#include <type_traits>

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

    friend constexpr bool operator==(const Uint256& a, const Uint256& b) {
        return ((a.limbs[0] ^ b.limbs[0]) | (a.limbs[1] ^ b.limbs[1]) | (a.limbs[2] ^ b.limbs[2]) |
                (a.limbs[3] ^ b.limbs[3])) == 0;
    }
    friend constexpr std::strong_ordering operator<=>(const Uint256& a, const Uint256& b) {
        for (std::size_t i = 3; i > 0; --i)
            if (a.limbs[i] != b.limbs[i]) return a.limbs[i] <=> b.limbs[i];
        return a.limbs[0] <=> b.limbs[0];
    }
};

namespace uint256_detail {

/// a * b + c + carry, which cannot overflow 128 bits; `carry` becomes the high half.
constexpr std::uint64_t multiply_add(std::uint64_t a, std::uint64_t b, std::uint64_t c,
                                     std::uint64_t& carry) {
    const Uint128 sum = static_cast<Uint128>(a) * b + c + carry;
    carry = static_cast<std::uint64_t>(sum >> 64);
    return static_cast<std::uint64_t>(sum);
}

/// One step of a chain: the carry stays in the processor's flag where the compiler can keep it there.
constexpr std::uint64_t add_step(std::uint64_t a, std::uint64_t b, unsigned char& carry) {
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
    if (!std::is_constant_evaluated()) {
        unsigned long long sum = 0;
        carry = __builtin_ia32_addcarryx_u64(carry, a, b, &sum);
        return sum;
    }
#endif
    const Uint128 sum = static_cast<Uint128>(a) + b + carry;
    carry = static_cast<unsigned char>(sum >> 64);
    return static_cast<std::uint64_t>(sum);
}

constexpr std::uint64_t subtract_step(std::uint64_t a, std::uint64_t b, unsigned char& borrow) {
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
    if (!std::is_constant_evaluated()) {
        unsigned long long difference = 0;
        borrow = __builtin_ia32_sbb_u64(borrow, a, b, &difference);
        return difference;
    }
#endif
    const Uint128 difference = static_cast<Uint128>(a) - b - borrow;
    borrow = static_cast<unsigned char>(difference >> 64) & 1;
    return static_cast<std::uint64_t>(difference);
}

/// a + b; `carry` becomes true where that leaves 256 bits.
constexpr Uint256 add(const Uint256& a, const Uint256& b, bool& carry) {
    unsigned char flag = 0;
    const std::uint64_t l0 = add_step(a.limbs[0], b.limbs[0], flag);
    const std::uint64_t l1 = add_step(a.limbs[1], b.limbs[1], flag);
    const std::uint64_t l2 = add_step(a.limbs[2], b.limbs[2], flag);
    const std::uint64_t l3 = add_step(a.limbs[3], b.limbs[3], flag);
    carry = flag != 0;
    return {l0, l1, l2, l3};
}

/// a - b; `borrow` becomes true where that is below zero.
constexpr Uint256 subtract(const Uint256& a, const Uint256& b, bool& borrow) {
    unsigned char flag = 0;
    const std::uint64_t l0 = subtract_step(a.limbs[0], b.limbs[0], flag);
    const std::uint64_t l1 = subtract_step(a.limbs[1], b.limbs[1], flag);
    const std::uint64_t l2 = subtract_step(a.limbs[2], b.limbs[2], flag);
    const std::uint64_t l3 = subtract_step(a.limbs[3], b.limbs[3], flag);
    borrow = flag != 0;
    return {l0, l1, l2, l3};
}

}  // namespace uint256_detail

constexpr Uint256 operator+(const Uint256& a, const Uint256& b) {
    bool carry = false;
    return uint256_detail::add(a, b, carry);
}
constexpr Uint256 operator-(const Uint256& a, const Uint256& b) {
    bool borrow = false;
    return uint256_detail::subtract(a, b, borrow);
}
constexpr bool operator<(const Uint256& a, const Uint256& b) {
    bool borrow = false;
    uint256_detail::subtract(a, b, borrow);
    return borrow;
}
constexpr bool operator>(const Uint256& a, const Uint256& b) {
    return b < a;
}
constexpr bool operator<=(const Uint256& a, const Uint256& b) {
    return !(b < a);
}
constexpr bool operator>=(const Uint256& a, const Uint256& b) {
    return !(a < b);
}
/// Row by row; what would leave 256 bits is not computed.
constexpr Uint256 operator*(const Uint256& a, const Uint256& b) {
    using uint256_detail::multiply_add;
    std::uint64_t carry = 0;
    const std::uint64_t l0 = multiply_add(a.limbs[0], b.limbs[0], 0, carry);
    std::uint64_t l1 = multiply_add(a.limbs[0], b.limbs[1], 0, carry);
    std::uint64_t l2 = multiply_add(a.limbs[0], b.limbs[2], 0, carry);
    std::uint64_t l3 = a.limbs[0] * b.limbs[3] + carry;
    carry = 0;
    l1 = multiply_add(a.limbs[1], b.limbs[0], l1, carry);
    l2 = multiply_add(a.limbs[1], b.limbs[1], l2, carry);
    l3 += a.limbs[1] * b.limbs[2] + carry;
    carry = 0;
    l2 = multiply_add(a.limbs[2], b.limbs[0], l2, carry);
    l3 += a.limbs[2] * b.limbs[1] + carry;
    l3 += a.limbs[3] * b.limbs[0];
    return {l0, l1, l2, l3};
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
    auto [l0, l1, l2, l3] = a.limbs;
    if ((bits & 128) != 0) l3 = l1, l2 = l0, l1 = l0 = 0;
    if ((bits & 64) != 0) l3 = l2, l2 = l1, l1 = l0, l0 = 0;
    const unsigned rest = bits & 63;
    // Two shifts: one by 64 - rest would not be defined for rest = 0.
    const unsigned back = 63 - rest;
    return {l0 << rest, l1 << rest | l0 >> 1 >> back, l2 << rest | l1 >> 1 >> back,
            l3 << rest | l2 >> 1 >> back};
}
constexpr Uint256 operator>>(const Uint256& a, unsigned bits) {
    if (bits >= 256) return {};
    auto [l0, l1, l2, l3] = a.limbs;
    if ((bits & 128) != 0) l0 = l2, l1 = l3, l2 = l3 = 0;
    if ((bits & 64) != 0) l0 = l1, l1 = l2, l2 = l3, l3 = 0;
    const unsigned rest = bits & 63;
    const unsigned back = 63 - rest;
    return {l0 >> rest | l1 << 1 << back, l1 >> rest | l2 << 1 << back, l2 >> rest | l3 << 1 << back,
            l3 >> rest};
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
    bool carry = false;
    const Uint256 sum = uint256_detail::add(a, b, carry);
    if (carry) return std::nullopt;
    return sum;
}
constexpr std::optional<Uint256> checked_sub(const Uint256& a, const Uint256& b) {
    bool borrow = false;
    const Uint256 difference = uint256_detail::subtract(a, b, borrow);
    if (borrow) return std::nullopt;
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
