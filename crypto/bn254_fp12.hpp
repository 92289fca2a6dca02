/// The upper extensions of the field of BN254: Fp6 = Fp2[v] / (v^3 - xi) and Fp12 = Fp6[w] / (w^2 - v), in
/// which pairings take their values. Not constant in time.
#pragma once

#include "crypto/bn254_fp2.hpp"

namespace sluice::crypto::bn254 {

/// c0 + c1 v + c2 v^2.
struct Fp6 {
    Fp2 c0;
    Fp2 c1;
    Fp2 c2;

    static constexpr Fp6 one() { return {Fp2::one(), Fp2{}, Fp2{}}; }
    bool operator==(const Fp6&) const = default;

    friend Fp6 operator+(const Fp6& a, const Fp6& b) { return {a.c0 + b.c0, a.c1 + b.c1, a.c2 + b.c2}; }
    friend Fp6 operator-(const Fp6& a, const Fp6& b) { return {a.c0 - b.c0, a.c1 - b.c1, a.c2 - b.c2}; }
    friend Fp6 operator-(const Fp6& a) { return {-a.c0, -a.c1, -a.c2}; }
    friend Fp6 operator*(const Fp6& a, const Fp6& b);
    /// a * (b0 + b1 v).
    Fp6 times_sparse(const Fp2& b0, const Fp2& b1) const;
    Fp6 times_v() const { return {times_xi(c2), c0, c1}; }
    /// Zero for zero.
    Fp6 inverse() const;
};

/// c0 + c1 w.
struct Fp12 {
    Fp6 c0;
    Fp6 c1;

    static constexpr Fp12 one() { return {Fp6::one(), Fp6{}}; }
    bool operator==(const Fp12&) const = default;

    friend Fp12 operator*(const Fp12& a, const Fp12& b);
    /// a * (b0 + b1 w + b3 v w): lines have this form.
    Fp12 times_line(const Fp2& b0, const Fp2& b1, const Fp2& b3) const;
    Fp12 squared() const;
    /// The square of an element of the cyclotomic subgroup, whose order divides p^4 - p^2 + 1, at half the
    /// price (Granger and Scott, "Faster Squaring in the Cyclotomic Subgroup of Sixth Degree Extensions").
    Fp12 cyclotomic_squared() const;
    /// Also the p^6-th power; in the cyclotomic subgroup also the inverse.
    Fp12 conjugate() const { return {c0, -c1}; }
    /// The p-th power.
    Fp12 frobenius() const;
    /// Zero for zero.
    Fp12 inverse() const;
};

}  // namespace sluice::crypto::bn254
