/// The quadratic extension Fp[i] / (i^2 + 1) of the field of BN254 (EIP-197, "Definition of the groups").
#pragma once

#include "crypto/bn254_fp.hpp"

namespace sluice::crypto::bn254 {

/// real + imaginary * i.
struct Fp2 {
    Fp real;
    Fp imaginary;

    static constexpr Fp2 one() { return {Fp::one(), Fp()}; }

    constexpr bool operator==(const Fp2&) const = default;
    constexpr bool is_zero() const { return real.is_zero() && imaginary.is_zero(); }

    friend constexpr Fp2 operator+(const Fp2& a, const Fp2& b) {
        return {a.real + b.real, a.imaginary + b.imaginary};
    }
    friend constexpr Fp2 operator-(const Fp2& a, const Fp2& b) {
        return {a.real - b.real, a.imaginary - b.imaginary};
    }
    friend constexpr Fp2 operator-(const Fp2& a) { return {-a.real, -a.imaginary}; }
    friend constexpr Fp2 operator*(const Fp2& a, const Fp2& b) {
        return {Fp::sum_of_products(a.real, b.real, -a.imaginary, b.imaginary),
                Fp::sum_of_products(a.real, b.imaginary, a.imaginary, b.real)};
    }
    friend constexpr Fp2 operator*(const Fp2& a, const Fp& b) { return {a.real * b, a.imaginary * b}; }

    /// (real + imaginary)(real - imaginary) + 2 real imaginary i.
    constexpr Fp2 squared() const {
        return {(real + imaginary) * (real - imaginary), real.doubled() * imaginary};
    }
    constexpr Fp2 doubled() const { return {real.doubled(), imaginary.doubled()}; }
    constexpr Fp2 half() const { return {real.half(), imaginary.half()}; }
    /// Also the p-th power: the Frobenius endomorphism.
    constexpr Fp2 conjugate() const { return {real, -imaginary}; }
    /// Zero for zero.
    Fp2 inverse() const {
        const Fp norm_inverse = (real.squared() + imaginary.squared()).inverse();
        return conjugate() * norm_inverse;
    }
};

/// xi = 9 + i, neither a square nor a cube: the twist and the higher extensions are made with it.
inline constexpr Fp2 xi{Fp(9), Fp(1)};

/// xi * a, by additions.
constexpr Fp2 times_xi(const Fp2& a) {
    const Fp2 nine_fold = a.doubled().doubled().doubled() + a;
    return {nine_fold.real - a.imaginary, nine_fold.imaginary + a.real};
}

/// number / divisor, without the remainder.
constexpr Limbs divided(const Limbs& number, std::uint64_t divisor) {
    Limbs quotient{};
    Wide rest = 0;
    for (std::size_t i = 4; i-- > 0;) {
        rest = rest << 64 | number[i];
        quotient[i] = static_cast<std::uint64_t>(rest / divisor);
        rest %= divisor;
    }
    return quotient;
}

/// xi ^ (k (p - 1) / 6) for k from 0 to 5: what the Frobenius endomorphism multiplies the coefficient of w^k
/// by.
constexpr std::array<Fp2, 6> derive_frobenius_factors() {
    const Fp2 step = power(xi, divided(subtract(modulus, Limbs{1}).limbs, 6));
    std::array<Fp2, 6> factors{Fp2::one()};
    for (std::size_t k = 1; k < factors.size(); ++k)
        factors[k] = factors[k - 1] * step;
    return factors;
}
inline constexpr std::array<Fp2, 6> frobenius_factors = derive_frobenius_factors();

}  // namespace sluice::crypto::bn254
