/// Unsigned 256-bit integer, four 64-bit limbs, least significant first. Arithmetic wraps modulo 2^256.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/ids.hpp"

namespace sluice::core {

struct Uint256 {
    std::array<std::uint64_t, 4> limbs{};

    constexpr Uint256() = default;
    constexpr Uint256(std::uint64_t value) : limbs{value, 0, 0, 0} {}  // NOLINT: numbers convert

    static Uint256 from_word(const Word& big_endian);
    /// At most 32 bytes, big-endian; a longer span is a CHECK failure.
    static Uint256 from_be(ByteView big_endian);
    Word to_word() const;
    /// Big-endian without leading zeros; empty for zero (RLP's integer form).
    Bytes to_be_trimmed() const;

    constexpr bool is_zero() const { return (limbs[0] | limbs[1] | limbs[2] | limbs[3]) == 0; }
    constexpr bool fits_u64() const { return (limbs[1] | limbs[2] | limbs[3]) == 0; }
    constexpr std::uint64_t low_u64() const { return limbs[0]; }
    /// Number of significant bits; 0 for zero.
    unsigned bit_length() const;

    friend constexpr bool operator==(const Uint256&, const Uint256&) = default;
    friend constexpr std::strong_ordering operator<=>(const Uint256& a, const Uint256& b) {
        for (int i = 3; i > 0; --i)
            if (a.limbs[static_cast<std::size_t>(i)] != b.limbs[static_cast<std::size_t>(i)])
                return a.limbs[static_cast<std::size_t>(i)] <=> b.limbs[static_cast<std::size_t>(i)];
        return a.limbs[0] <=> b.limbs[0];
    }
};

Uint256 operator+(const Uint256& a, const Uint256& b);
Uint256 operator-(const Uint256& a, const Uint256& b);
Uint256 operator*(const Uint256& a, const Uint256& b);
/// Division by zero gives zero (the EVM's rule).
Uint256 operator/(const Uint256& a, const Uint256& b);
Uint256 operator%(const Uint256& a, const Uint256& b);
Uint256 operator&(const Uint256& a, const Uint256& b);
Uint256 operator|(const Uint256& a, const Uint256& b);
Uint256 operator^(const Uint256& a, const Uint256& b);
Uint256 operator~(const Uint256& a);
/// Shifts by 256 or more give zero.
Uint256 operator<<(const Uint256& a, unsigned bits);
Uint256 operator>>(const Uint256& a, unsigned bits);

/// Sum or difference, or nothing where it would wrap: for money and balances.
std::optional<Uint256> checked_add(const Uint256& a, const Uint256& b);
std::optional<Uint256> checked_sub(const Uint256& a, const Uint256& b);

/// Decimal digits only, no sign, no leading "+", at most 2^256-1.
std::optional<Uint256> uint256_from_decimal(std::string_view text);
/// "0x" quantity: at least one digit, at most 64.
std::optional<Uint256> uint256_from_hex(std::string_view text);
std::string to_decimal(const Uint256& value);
/// JSON-RPC quantity: "0x0", no leading zeros.
std::string to_quantity(const Uint256& value);

}  // namespace sluice::core
