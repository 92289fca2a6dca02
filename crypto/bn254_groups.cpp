#include "crypto/bn254_groups.hpp"

namespace sluice::crypto::bn254 {
namespace {

constexpr Fp curve_b{3};

/// 3 / xi, by xi * conjugate(xi) = 82.
constexpr Fp2 twist_b = xi.conjugate() * (Fp(3) * power(Fp(82), subtract(modulus, Limbs{2}).limbs));

/// 6u^2, of 127 bits.
constexpr Limbs six_u_squared = [] {
    const Wide square = Wide{curve_parameter} * curve_parameter;
    const Wide product = 6 * square;
    return Limbs{static_cast<std::uint64_t>(product), static_cast<std::uint64_t>(product >> 64)};
}();
static_assert(six_u_squared == subtract(modulus, order).limbs, "p - n is 6u^2");

template <class Field>
bool satisfies_equation(const AffinePoint<Field>& point, const Field& b) {
    return point.infinity || point.y.squared() == point.x.squared() * point.x + b;
}

}  // namespace

bool is_on_curve(const G1& point) {
    return satisfies_equation(point, curve_b);
}

bool is_on_curve(const G2& point) {
    return satisfies_equation(point, twist_b);
}

G2 frobenius(const G2& point) {
    // (x, y) is (x w^2, y w^3) on the curve over Fp12, whose p-th power is read back the same way.
    return {point.x.conjugate() * frobenius_factors[2], point.y.conjugate() * frobenius_factors[3],
            point.infinity};
}

bool is_in_subgroup(const G2& point) {
    // Let F be the endomorphism `frobenius`, and t = 6u^2 + 1 its trace: F^2 - tF + p = 0 on the twist. If
    // F(Q) = (t - 1) Q, then 0 = ((t - 1)^2 - t (t - 1) + p) Q = (p + 1 - t) Q = n Q, so that Q is of order
    // n. And if Q is of order n, then it lies in G2, where F multiplies by p, which is t - 1 modulo n. So the
    // test below is passed by all of G2 and by nothing else, at half the price of a multiplication by n.
    return multiply(point, six_u_squared) == frobenius(point);
}

tl::expected<G1, Bn254Error> read_g1(Bn254PointView bytes) {
    const std::optional<Fp> x = Fp::from_bytes(bytes.first<32>());
    const std::optional<Fp> y = Fp::from_bytes(bytes.last<32>());
    if (!x || !y) return tl::unexpected(Bn254Error::coordinate_too_large);
    if (x->is_zero() && y->is_zero()) return G1::at_infinity();
    const G1 point{*x, *y};
    if (!is_on_curve(point)) return tl::unexpected(Bn254Error::not_on_curve);
    return point;
}

tl::expected<G2, Bn254Error> read_g2(std::span<const std::uint8_t, 128> bytes) {
    const std::optional<Fp> x_imaginary = Fp::from_bytes(bytes.subspan<0, 32>());
    const std::optional<Fp> x_real = Fp::from_bytes(bytes.subspan<32, 32>());
    const std::optional<Fp> y_imaginary = Fp::from_bytes(bytes.subspan<64, 32>());
    const std::optional<Fp> y_real = Fp::from_bytes(bytes.subspan<96, 32>());
    if (!x_imaginary || !x_real || !y_imaginary || !y_real) {
        return tl::unexpected(Bn254Error::coordinate_too_large);
    }
    const G2 point{{*x_real, *x_imaginary}, {*y_real, *y_imaginary}};
    if (point.x.is_zero() && point.y.is_zero()) return G2::at_infinity();
    if (!is_on_curve(point)) return tl::unexpected(Bn254Error::not_on_curve);
    if (!is_in_subgroup(point)) return tl::unexpected(Bn254Error::not_in_subgroup);
    return point;
}

Bn254Point write(const G1& point) {
    Bn254Point bytes{};
    if (point.infinity) return bytes;
    point.x.write_to(std::span(bytes).first<32>());
    point.y.write_to(std::span(bytes).last<32>());
    return bytes;
}

G1 add(const G1& a, const G1& b) {
    if (a.infinity) return b;
    if (b.infinity) return a;
    Fp rise = b.y - a.y;
    Fp run = b.x - a.x;
    if (run.is_zero()) {
        if (!rise.is_zero()) return G1::at_infinity();
        // The tangent: 3x^2 / 2y.
        const Fp square = a.x.squared();
        rise = square.doubled() + square;
        run = a.y.doubled();
    }
    const Fp slope = rise * run.inverse();
    const Fp x = slope.squared() - a.x - b.x;
    return {x, slope * (a.x - x) - a.y};
}

}  // namespace sluice::crypto::bn254
