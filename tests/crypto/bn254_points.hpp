/// Points for the tests of BN254.
#pragma once

#include "crypto/bn254_groups.hpp"
#include "tests/crypto/bn254_numbers.hpp"

namespace sluice::crypto::bn254 {

/// The generators that EIP-196 and EIP-197 name.
inline G1 generator1() {
    return {Fp(1), Fp(2)};
}
inline G2 generator2() {
    return {{fp(mpz_class("10857046999023057135944570762232829481370756359578518086990519993285655852781")),
             fp(mpz_class("11559732032986387107991004021392285783925812861821192530917403151452391805634"))},
            {fp(mpz_class("8495653923123431417604973247489272438418190587263600148770280649306958101930")),
             fp(mpz_class("4082367875863433681332203403145435568316851327593401208105741076214120093531"))}};
}

template <class Field>
AffinePoint<Field> times(const AffinePoint<Field>& point, const mpz_class& scalar) {
    return multiply(point, limbs(scalar)).to_affine();
}

/// A square root in Fp, p being 3 modulo 4.
inline std::optional<Fp> square_root(const Fp& a) {
    const Fp root = naive_power(a, (p + 1) / 4);
    if (root * root != a) return std::nullopt;
    return root;
}

/// A square root in Fp2 by way of the norm.
inline std::optional<Fp2> square_root(const Fp2& a) {
    const std::optional<Fp> norm_root = square_root(a.real * a.real + a.imaginary * a.imaginary);
    if (!norm_root) return std::nullopt;
    std::optional<Fp> real = square_root((a.real + *norm_root).half());
    if (!real) real = square_root((a.real - *norm_root).half());
    if (!real || real->is_zero()) return std::nullopt;
    const Fp2 root{*real, (a.imaginary * real->inverse()).half()};
    if (root * root != a) return std::nullopt;
    return root;
}

/// Points of the twist as they come, almost none of them in G2: x = seed + i, seed + 1 + i, …
inline G2 point_of_twist(std::uint64_t seed) {
    const Fp2 b = Fp2{Fp(3), Fp()} * xi.inverse();
    for (std::uint64_t real = seed;; ++real) {
        const Fp2 x{Fp(real), Fp(1)};
        const std::optional<Fp2> y = square_root(x * x * x + b);
        if (y) return {x, *y};
    }
}

}  // namespace sluice::crypto::bn254
