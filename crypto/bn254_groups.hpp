/// The two groups that the pairing of BN254 takes its arguments from, as Ethereum encodes them (EIP-196,
/// EIP-197).
#pragma once

#include <tl/expected.hpp>

#include "crypto/bn254.hpp"
#include "crypto/bn254_curve.hpp"

namespace sluice::crypto::bn254 {

/// u, from which the curve is made: p = 36u^4 + 36u^3 + 24u^2 + 6u + 1, n = 36u^4 + 36u^3 + 18u^2 + 6u + 1,
/// and p + 1 - n, the trace of Frobenius, is 6u^2 + 1 (Barreto and Naehrig, "Pairing-Friendly Elliptic Curves
/// of Prime Order").
inline constexpr std::uint64_t curve_parameter = 4965661367192848881;

/// y^2 = x^3 + 3 over Fp: its points are G1, of order n.
using G1 = AffinePoint<Fp>;
/// y^2 = x^3 + 3/xi over Fp2: its points of order n are G2, among n (2p - n) points.
using G2 = AffinePoint<Fp2>;

bool is_on_curve(const G1& point);
/// Says nothing about the order of the point.
bool is_on_curve(const G2& point);
/// True if the point is of order n, or infinity. Precondition: it lies on the curve.
bool is_in_subgroup(const G2& point);

/// p-th powers of the coordinates of a point of the twist, carried to the curve over Fp12 and back: an
/// endomorphism of the twist, by which points of G2 are multiplied by p.
G2 frobenius(const G2& point);

/// x, y; infinity is zeros. Errors: coordinate_too_large, not_on_curve.
tl::expected<G1, Bn254Error> read_g1(Bn254PointView bytes);
/// Errors: coordinate_too_large, not_on_curve, not_in_subgroup.
tl::expected<G2, Bn254Error> read_g2(std::span<const std::uint8_t, 128> bytes);
Bn254Point write(const G1& point);

/// a + b by one inversion.
G1 add(const G1& a, const G1& b);

}  // namespace sluice::crypto::bn254
