#include "crypto/bn254_g1_multiply.hpp"

#include <algorithm>

namespace sluice::crypto::bn254 {
namespace {

using LongLimbs = std::array<std::uint64_t, 8>;

constexpr LongLimbs product(const Limbs& a, const Limbs& b) {
    LongLimbs result{};
    for (std::size_t i = 0; i < a.size(); ++i) {
        Wide carry = 0;
        for (std::size_t j = 0; j < b.size(); ++j) {
            carry += Wide{a[i]} * b[j] + result[i + j];
            result[i + j] = static_cast<std::uint64_t>(carry);
            carry >>= 64;
        }
        result[i + b.size()] = static_cast<std::uint64_t>(carry);
    }
    return result;
}

/// Modulo 2^256, which a number with a sign survives as its two's complement.
constexpr Limbs low_product(const Limbs& a, const Limbs& b) {
    const LongLimbs whole = product(a, b);
    return {whole[0], whole[1], whole[2], whole[3]};
}
constexpr Limbs high_product(const Limbs& a, const Limbs& b) {
    const LongLimbs whole = product(a, b);
    return {whole[4], whole[5], whole[6], whole[7]};
}
constexpr Limbs difference(const Limbs& a, const Limbs& b) {
    return subtract(a, b).limbs;
}

constexpr Limbs limbs_of_wide(Wide value) {
    return {static_cast<std::uint64_t>(value), static_cast<std::uint64_t>(value >> 64)};
}

/// 2^256 number / n, rounded down, for a number below n.
constexpr Limbs scaled_quotient(const Limbs& number) {
    Limbs quotient{};
    Limbs rest = number;
    for (int bit = 0; bit < 256; ++bit) {
        rest = add(rest, rest);
        quotient = add(quotient, quotient);
        if (is_below(rest, order)) continue;
        rest = difference(rest, order);
        quotient[0] |= 1;
    }
    return quotient;
}

constexpr Wide u = curve_parameter;

/// Two short vectors (a, b) with a + b lambda = 0 modulo n: (short_side, -long_side) and
/// (short_side + long_side, short_side).
constexpr Limbs short_side = limbs_of_wide(2 * u + 1);
constexpr Limbs long_side = limbs_of_wide(6 * u * u + 2 * u);
constexpr Limbs both_sides = add(short_side, long_side);

constexpr Limbs short_quotient = scaled_quotient(short_side);
constexpr Limbs long_quotient = scaled_quotient(long_side);

/// 18u^2 (2u + 1) + 6u + 1.
constexpr Limbs lambda =
    add(low_product(low_product({18}, limbs_of_wide(u* u)), short_side), limbs_of_wide(6 * u + 1));

/// Of the two third roots of unity the one that belongs to lambda, made from 3, which is no cube.
constexpr Fp beta = [] {
    const Fp root = power(Fp(3), divided(subtract(modulus, Limbs{1}).limbs, 3));
    return root * root;
}();
static_assert(beta != Fp::one() && beta * beta * beta == Fp::one());

SignedNumber signed_number(const Limbs& twos_complement) {
    if (twos_complement[3] >> 63 == 0) return {twos_complement, false};
    return {difference(Limbs{}, twos_complement), true};
}

}  // namespace

const Limbs third_root_of_order = lambda;

SplitScalar split(const Limbs& scalar) {
    // (scalar, 0) less the lattice's point close to it: c1 times the first vector and c2 times the second.
    // That c1 and c2 are rounded makes the rest a little longer, not wrong.
    const Limbs c1 = high_product(scalar, short_quotient);
    const Limbs c2 = high_product(scalar, long_quotient);
    const Limbs first =
        difference(difference(scalar, low_product(c1, short_side)), low_product(c2, both_sides));
    const Limbs second = difference(low_product(c1, long_side), low_product(c2, short_side));
    return {signed_number(first), signed_number(second)};
}

G1 times_lambda(const G1& point) {
    return {beta * point.x, point.y, point.infinity};
}

JacobianPoint<Fp> multiply_g1(const G1& point, const Limbs& scalar) {
    const SplitScalar parts = split(scalar);
    const OddMultiples<Fp> firsts = odd_multiples(parts.first.negative ? -point : point);
    // Multiples of lambda * point are lambda times multiples, with the sign of the second part.
    OddMultiples<Fp> seconds = firsts;
    const bool opposite = parts.first.negative != parts.second.negative;
    for (JacobianPoint<Fp>& multiple : seconds) {
        multiple.x = beta * multiple.x;
        if (opposite) multiple.y = -multiple.y;
    }
    const SignedDigits first = signed_digits(parts.first.amount, digit_width);
    const SignedDigits second = signed_digits(parts.second.amount, digit_width);
    JacobianPoint<Fp> sum;
    for (std::size_t i = std::max(first.size, second.size); i-- > 0;) {
        sum = add_digit(sum.doubled(), firsts, first.digits[i]);
        sum = add_digit(sum, seconds, second.digits[i]);
    }
    return sum;
}

}  // namespace sluice::crypto::bn254
