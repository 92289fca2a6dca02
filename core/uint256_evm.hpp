/// The EVM's operations on words beyond plain arithmetic (Yellow Paper, appendix H): signed, modular, by byte
/// and bit. Signed means two's complement.
#pragma once

#include "core/uint256.hpp"

namespace sluice::core {

/// (a + b) mod n over the full 257-bit sum; zero for n = 0 (ADDMOD).
Uint256 add_mod(const Uint256& a, const Uint256& b, const Uint256& n);
/// (a * b) mod n over the full 512-bit product; zero for n = 0 (MULMOD).
Uint256 multiply_mod(const Uint256& a, const Uint256& b, const Uint256& n);
/// base ^ exponent mod 2^256; 0 ^ 0 is 1 (EXP).
Uint256 power(const Uint256& base, const Uint256& exponent);
/// Quotient towards zero; zero for b = 0; -2^255 / -1 = -2^255 (SDIV).
Uint256 signed_divide(const Uint256& a, const Uint256& b);
/// Remainder with the sign of the dividend; zero for b = 0 (SMOD).
Uint256 signed_remainder(const Uint256& a, const Uint256& b);

constexpr bool is_negative(const Uint256& a) {
    return (a.limbs[3] >> 63) != 0;
}
constexpr Uint256 negate(const Uint256& a) {
    return Uint256{} - a;
}

/// a < b as signed numbers (SLT).
constexpr bool signed_less(const Uint256& a, const Uint256& b) {
    return is_negative(a) != is_negative(b) ? is_negative(a) : a < b;
}

/// Shift distance as the EVM reads it: everything from 256 up is 256.
constexpr unsigned shift_distance(const Uint256& bits) {
    return bits.fits_u64() && bits.limbs[0] < 256 ? static_cast<unsigned>(bits.limbs[0]) : 256u;
}
/// SHL and SHR.
constexpr Uint256 shift_left(const Uint256& a, const Uint256& bits) {
    return a << shift_distance(bits);
}
constexpr Uint256 shift_right(const Uint256& a, const Uint256& bits) {
    return a >> shift_distance(bits);
}
/// Fills with the sign bit; from 256 bits up only the sign is left (SAR).
constexpr Uint256 shift_right_signed(const Uint256& a, const Uint256& bits) {
    const unsigned distance = shift_distance(bits);
    const Uint256 shifted = a >> distance;
    if (!is_negative(a)) return shifted;
    return distance == 256 ? Uint256::max() : shifted | ~(Uint256::max() >> distance);
}

/// The byte at `index` counted from the most significant; zero from 32 up (BYTE).
constexpr Uint256 byte_at(const Uint256& index, const Uint256& a) {
    if (!index.fits_u64() || index.limbs[0] >= 32) return {};
    const std::size_t from_low = 31 - index.limbs[0];
    return (a.limbs[from_low / 8] >> (8 * (from_low % 8))) & 0xff;
}

/// Spreads the sign bit of the number in the lowest `bytes_less_one` + 1 bytes; from 31 up unchanged
/// (SIGNEXTEND).
constexpr Uint256 sign_extend(const Uint256& bytes_less_one, const Uint256& a) {
    if (!bytes_less_one.fits_u64() || bytes_less_one.limbs[0] >= 31) return a;
    const unsigned unused_bits = 248 - 8 * static_cast<unsigned>(bytes_less_one.limbs[0]);
    return shift_right_signed(a << unused_bits, unused_bits);
}

}  // namespace sluice::core
