#include "crypto/bn254_fp12.hpp"

namespace sluice::crypto::bn254 {

// Karatsuba's way throughout: one product for two, at the price of additions.

Fp6 operator*(const Fp6& a, const Fp6& b) {
    const Fp2 p0 = a.c0 * b.c0;
    const Fp2 p1 = a.c1 * b.c1;
    const Fp2 p2 = a.c2 * b.c2;
    return {p0 + times_xi((a.c1 + a.c2) * (b.c1 + b.c2) - p1 - p2),
            (a.c0 + a.c1) * (b.c0 + b.c1) - p0 - p1 + times_xi(p2),
            (a.c0 + a.c2) * (b.c0 + b.c2) - p0 - p2 + p1};
}

Fp6 Fp6::times_sparse(const Fp2& b0, const Fp2& b1) const {
    const Fp2 p0 = c0 * b0;
    const Fp2 p1 = c1 * b1;
    return {p0 + times_xi(c2 * b1), (c0 + c1) * (b0 + b1) - p0 - p1, c2 * b0 + p1};
}

Fp6 Fp6::inverse() const {
    const Fp2 t0 = c0.squared() - times_xi(c1 * c2);
    const Fp2 t1 = times_xi(c2.squared()) - c0 * c1;
    const Fp2 t2 = c1.squared() - c0 * c2;
    const Fp2 norm_inverse = (c0 * t0 + times_xi(c2 * t1 + c1 * t2)).inverse();
    return {t0 * norm_inverse, t1 * norm_inverse, t2 * norm_inverse};
}

Fp12 operator*(const Fp12& a, const Fp12& b) {
    const Fp6 p0 = a.c0 * b.c0;
    const Fp6 p1 = a.c1 * b.c1;
    return {p0 + p1.times_v(), (a.c0 + a.c1) * (b.c0 + b.c1) - p0 - p1};
}

Fp12 Fp12::times_line(const Fp2& b0, const Fp2& b1, const Fp2& b3) const {
    const Fp6 p0{c0.c0 * b0, c0.c1 * b0, c0.c2 * b0};
    const Fp6 p1 = c1.times_sparse(b1, b3);
    return {p0 + p1.times_v(), (c0 + c1).times_sparse(b0 + b1, b3) - p0 - p1};
}

Fp12 Fp12::squared() const {
    const Fp6 product = c0 * c1;
    const Fp6 sum = (c0 + c1) * (c0 + c1.times_v());
    return {sum - product - product.times_v(), product + product};
}

namespace {

/// a + b s with s^2 = xi.
struct Fp4 {
    Fp2 a;
    Fp2 b;
    Fp4 squared() const {
        const Fp2 a2 = a.squared();
        const Fp2 b2 = b.squared();
        return {a2 + times_xi(b2), (a + b).squared() - a2 - b2};
    }
};

/// 3 square - 2 old and 3 square + 2 old.
Fp2 minus_twice(const Fp2& square, const Fp2& old) {
    return (square - old).doubled() + square;
}
Fp2 plus_twice(const Fp2& square, const Fp2& old) {
    return (square + old).doubled() + square;
}

}  // namespace

Fp12 Fp12::cyclotomic_squared() const {
    const Fp4 s0 = Fp4{c0.c0, c1.c1}.squared();
    const Fp4 s1 = Fp4{c1.c0, c0.c2}.squared();
    const Fp4 s2 = Fp4{c0.c1, c1.c2}.squared();
    return {{minus_twice(s0.a, c0.c0), minus_twice(s1.a, c0.c1), minus_twice(s2.a, c0.c2)},
            {plus_twice(times_xi(s2.b), c1.c0), plus_twice(s0.b, c1.c1), plus_twice(s1.b, c1.c2)}};
}

Fp12 Fp12::frobenius() const {
    const auto& factors = frobenius_factors;
    return {{c0.c0.conjugate(), c0.c1.conjugate() * factors[2], c0.c2.conjugate() * factors[4]},
            {c1.c0.conjugate() * factors[1], c1.c1.conjugate() * factors[3], c1.c2.conjugate() * factors[5]}};
}

Fp12 Fp12::inverse() const {
    const Fp6 norm_inverse = (c0 * c0 - (c1 * c1).times_v()).inverse();
    return {c0 * norm_inverse, -(c1 * norm_inverse)};
}

}  // namespace sluice::crypto::bn254
