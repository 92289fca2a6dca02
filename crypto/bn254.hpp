/// The pairing-friendly curve BN254, in Ethereum called alt_bn128, for its precompiled contracts 0x06 and
/// 0x07 (EIP-196) and 0x08 (EIP-197). Bytes in, bytes out; nothing here is constant in time: for public
/// values only. Every function may be called from any thread at any time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <tl/expected.hpp>

#include "crypto/hash.hpp"

namespace sluice::crypto {

/// A point of G1: x then y, big-endian; 64 zeros are the point at infinity (EIP-196, "Encoding").
using Bn254PointView = std::span<const std::uint8_t, 64>;
using Bn254Point = std::array<std::uint8_t, 64>;

/// Bytes of one pair of `bn254_pairing_check`: a point of G1 (64), then a point of G2 (128), whose
/// coordinates in Fp2 stand imaginary part first: x imaginary, x real, y imaginary, y real (EIP-197,
/// "Encoding").
inline constexpr std::size_t bn254_pair_bytes = 192;

/// Why bytes are no points of the curve.
enum class Bn254Error : std::uint8_t {
    wrong_length,          ///< the input is not whole pairs
    coordinate_too_large,  ///< a coordinate is not below the modulus of the field
    not_on_curve,          ///< the coordinates do not satisfy the equation of the curve
    not_in_subgroup,       ///< a point of the twisted curve, but not of order n
};

/// One sentence for a person.
const char* describe(Bn254Error error);

/// a + b. Errors: coordinate_too_large, not_on_curve.
tl::expected<Bn254Point, Bn254Error> bn254_add(Bn254PointView a, Bn254PointView b);

/// scalar times the point; the scalar is big-endian and may be any number of 256 bits, also above the order
/// of the group. Errors: coordinate_too_large, not_on_curve.
tl::expected<Bn254Point, Bn254Error> bn254_multiply(Bn254PointView point,
                                                    std::span<const std::uint8_t, 32> scalar);

/// True if the product of the pairings of all pairs is one; the product of none is. All pairs are judged
/// before the first is paired. Time grows with the number of pairs: for the caller to have paid for first.
/// Errors: all of Bn254Error.
tl::expected<bool, Bn254Error> bn254_pairing_check(ByteView pairs);

}  // namespace sluice::crypto
