/// Points of y^2 = x^3 + b, over Fp for G1 and over Fp2 for the twist that holds G2. The formulas do not need
/// b, and the branches show the points: for public values only.
#pragma once

#include "crypto/bn254_fp2.hpp"

namespace sluice::crypto::bn254 {

template <class Field>
struct AffinePoint {
    Field x;
    Field y;
    bool infinity = false;

    static constexpr AffinePoint at_infinity() { return {Field{}, Field{}, true}; }
    bool operator==(const AffinePoint&) const = default;
    AffinePoint operator-() const { return {x, -y, infinity}; }
};

/// (x / z^2, y / z^3), infinity where z is zero: sums without inversions.
template <class Field>
struct JacobianPoint {
    Field x = Field::one();
    Field y = Field::one();
    Field z;

    JacobianPoint() = default;
    JacobianPoint(const Field& px, const Field& py, const Field& pz) : x(px), y(py), z(pz) {}
    explicit JacobianPoint(const AffinePoint<Field>& point) {
        if (!point.infinity) *this = {point.x, point.y, Field::one()};
    }
    bool is_infinity() const { return z.is_zero(); }
    JacobianPoint operator-() const { return {x, -y, z}; }

    /// The group has no point of order two (its order is odd), so y is not zero (formulas "dbl-2009-l" of the
    /// Explicit-Formulas Database).
    JacobianPoint doubled() const {
        const Field a = x.squared();
        const Field b = y.squared();
        const Field c = b.squared();
        const Field d = ((x + b).squared() - a - c).doubled();
        const Field e = a.doubled() + a;
        const Field x3 = e.squared() - d.doubled();
        return {x3, e * (d - x3) - c.doubled().doubled().doubled(), (y * z).doubled()};
    }

    /// "add-2007-bl", with the cases that it leaves out.
    friend JacobianPoint operator+(const JacobianPoint& p, const JacobianPoint& q) {
        if (p.is_infinity()) return q;
        if (q.is_infinity()) return p;
        const Field pz2 = p.z.squared();
        const Field qz2 = q.z.squared();
        const Field u1 = p.x * qz2;
        const Field s1 = p.y * q.z * qz2;
        const Field h = q.x * pz2 - u1;
        const Field r = (q.y * p.z * pz2 - s1).doubled();
        if (h.is_zero()) return r.is_zero() ? p.doubled() : JacobianPoint();
        const Field i = h.doubled().squared();
        const Field j = h * i;
        const Field v = u1 * i;
        const Field x3 = r.squared() - j - v.doubled();
        return {x3, r * (v - x3) - (s1 * j).doubled(), ((p.z + q.z).squared() - pz2 - qz2) * h};
    }

    /// By one inversion.
    AffinePoint<Field> to_affine() const {
        if (is_infinity()) return AffinePoint<Field>::at_infinity();
        const Field z_inverse = z.inverse();
        const Field z_inverse2 = z_inverse.squared();
        return {x * z_inverse2, y * z_inverse2 * z_inverse, false};
    }

    /// The same point, found without an inversion.
    bool operator==(const AffinePoint<Field>& point) const {
        if (is_infinity() || point.infinity) return is_infinity() == point.infinity;
        const Field z2 = z.squared();
        return x == point.x * z2 && y == point.y * z2 * z;
    }
};

/// A number as signed odd digits that stand far apart ("width-w non-adjacent form"): digits[i] counts 2^i,
/// and of `width` digits in a row at most one is not zero.
struct SignedDigits {
    std::array<std::int8_t, 257> digits{};
    std::size_t size = 0;  ///< digits from here on are zero
};
constexpr SignedDigits signed_digits(const Limbs& number, unsigned width) {
    const auto bits_at = [&](std::size_t from, unsigned count) {
        int bits = 0;
        for (unsigned i = 0; i < count; ++i) {
            const std::size_t bit = from + i;
            if (bit < 256) bits |= static_cast<int>(number[bit / 64] >> (bit % 64) & 1) << i;
        }
        return bits;
    };
    SignedDigits result;
    int carry = 0;
    for (std::size_t bit = 0; bit < result.digits.size();) {
        if (bits_at(bit, 1) == carry) {
            ++bit;
            continue;
        }
        const int digit = bits_at(bit, width) + carry;
        carry = digit >> (width - 1) & 1;
        result.digits[bit] = static_cast<std::int8_t>(digit - (carry << width));
        result.size = bit + 1;
        bit += width;
    }
    return result;
}

/// The width of the digits that points are multiplied by, and the multiples 1, 3, … 15 that they need.
inline constexpr unsigned digit_width = 5;
template <class Field>
using OddMultiples = std::array<JacobianPoint<Field>, 1 << (digit_width - 2)>;

template <class Field>
OddMultiples<Field> odd_multiples(const AffinePoint<Field>& point) {
    OddMultiples<Field> multiples{JacobianPoint<Field>(point)};
    const JacobianPoint<Field> twice = multiples[0].doubled();
    for (std::size_t i = 1; i < multiples.size(); ++i)
        multiples[i] = multiples[i - 1] + twice;
    return multiples;
}

/// sum + digit * point, the digit being zero or odd.
template <class Field>
JacobianPoint<Field> add_digit(const JacobianPoint<Field>& sum, const OddMultiples<Field>& multiples,
                               int digit) {
    if (digit == 0) return sum;
    const JacobianPoint<Field>& multiple =
        multiples[static_cast<std::size_t>(digit < 0 ? -digit : digit) / 2];
    return sum + (digit < 0 ? -multiple : multiple);
}

/// scalar * point, for any point of order other than two and any scalar.
template <class Field>
JacobianPoint<Field> multiply(const AffinePoint<Field>& point, const Limbs& scalar) {
    const OddMultiples<Field> multiples = odd_multiples(point);
    const SignedDigits digits = signed_digits(scalar, digit_width);
    JacobianPoint<Field> sum;
    for (std::size_t i = digits.size; i-- > 0;)
        sum = add_digit(sum.doubled(), multiples, digits.digits[i]);
    return sum;
}

}  // namespace sluice::crypto::bn254
