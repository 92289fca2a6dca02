/// Numbers for the tests of BN254: a fixed random stream, the values at which arithmetic breaks, and GMP's
/// integers as the judge.
#pragma once

#include <random>
#include <string>
#include <vector>

#include <gmpxx.h>

#include "crypto/bn254_fp12.hpp"

namespace sluice::crypto::bn254 {

inline mpz_class integer(const Limbs& limbs) {
    mpz_class value;
    mpz_import(value.get_mpz_t(), limbs.size(), -1, sizeof(limbs[0]), 0, 0, limbs.data());
    return value;
}

/// Precondition: below 2^256.
inline Limbs limbs(const mpz_class& value) {
    Limbs result{};
    mpz_export(result.data(), nullptr, -1, sizeof(result[0]), 0, 0, value.get_mpz_t());
    return result;
}

inline const mpz_class p = integer(modulus);
inline const mpz_class n = integer(order);

/// What is left after a division, never negative.
inline mpz_class modulo(const mpz_class& value, const mpz_class& divisor) {
    mpz_class rest;
    mpz_mod(rest.get_mpz_t(), value.get_mpz_t(), divisor.get_mpz_t());
    return rest;
}

inline Fp fp(const mpz_class& value) {
    return Fp::from_limbs(limbs(modulo(value, p)));
}
inline mpz_class integer(const Fp& element) {
    return integer(element.to_limbs());
}

/// The same values in each run.
class RandomNumbers {
  public:
    explicit RandomNumbers(std::uint64_t seed) : words_(seed) {}
    Limbs limbs256() { return {words_(), words_(), words_(), words_()}; }
    Fp element() { return fp(integer(limbs256())); }
    Fp2 element2() { return {element(), element()}; }
    Fp6 element6() { return {element2(), element2(), element2()}; }
    Fp12 element12() { return {element6(), element6()}; }

  private:
    std::mt19937_64 words_;
};

/// Around zero, p, its half, and the borders of words; as Montgomery's form holds numbers times 2^256, also
/// those whose held form is such a number.
inline std::vector<mpz_class> edge_values() {
    std::vector<mpz_class> values{0, 1, 2, 3, p - 1, p - 2, (p - 1) / 2, (p + 1) / 2, n, n - 1};
    for (const unsigned bit : {63u, 64u, 127u, 128u, 191u, 192u, 253u}) {
        const mpz_class border = mpz_class(1) << bit;
        for (const mpz_class& value : {mpz_class(border - 1), border, mpz_class(p - border)})
            values.push_back(modulo(value, p));
    }
    mpz_class unit;
    const mpz_class r = mpz_class(1) << 256;
    mpz_invert(unit.get_mpz_t(), r.get_mpz_t(), p.get_mpz_t());
    for (std::size_t i = values.size(); i-- > 0;)
        values.push_back(modulo(values[i] * unit, p));
    return values;
}

/// base ^ exponent by squaring and multiplying, in any of the fields.
template <class Field>
Field naive_power(const Field& base, const mpz_class& exponent) {
    Field result = Field::one();
    for (std::size_t bit = mpz_sizeinbase(exponent.get_mpz_t(), 2); bit-- > 0;) {
        result = result * result;
        if (mpz_tstbit(exponent.get_mpz_t(), bit) != 0) result = result * base;
    }
    return result;
}

}  // namespace sluice::crypto::bn254
