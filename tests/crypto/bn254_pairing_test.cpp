#include "crypto/bn254_pairing.hpp"

#include <gtest/gtest.h>

#include "tests/crypto/bn254_points.hpp"

namespace sluice::crypto::bn254 {
namespace {

Fp12 pairing(const G1& point1, const G2& point2) {
    const Pair pair{point1, point2};
    return final_exponentiation(miller_product({&pair, 1}));
}

TEST(Pairing, is_not_degenerate) {
    const Fp12 value = pairing(generator1(), generator2());
    EXPECT_NE(value, Fp12::one());
    EXPECT_NE(value, (Fp12{}));
}

TEST(Pairing, has_values_of_order_n) {
    EXPECT_EQ(naive_power(pairing(generator1(), generator2()), n), Fp12::one());
}

TEST(Pairing, is_bilinear) {
    const Fp12 value = pairing(generator1(), generator2());
    RandomNumbers random(1);
    for (int round = 0; round < 6; ++round) {
        const mpz_class a = modulo(integer(random.limbs256()), n), b = modulo(integer(random.limbs256()), n);
        const G1 a_p = times(generator1(), a);
        const G2 b_q = times(generator2(), b);
        EXPECT_EQ(pairing(a_p, b_q), naive_power(value, modulo(a * b, n)));
        EXPECT_EQ(pairing(a_p, generator2()), pairing(generator1(), times(generator2(), a)));
        EXPECT_EQ(pairing(a_p, b_q) * pairing(generator1(), b_q), pairing(add(a_p, generator1()), b_q));
    }
}

TEST(Pairing, with_the_opposite_point_is_the_inverse) {
    const Fp12 value = pairing(generator1(), generator2());
    EXPECT_EQ(pairing(-generator1(), generator2()), value.inverse());
    EXPECT_EQ(pairing(generator1(), -generator2()), value.inverse());
}

TEST(Pairing, with_infinity_is_one) {
    EXPECT_EQ(pairing(G1::at_infinity(), generator2()), Fp12::one());
    EXPECT_EQ(pairing(generator1(), G2::at_infinity()), Fp12::one());
    EXPECT_EQ(pairing(G1::at_infinity(), G2::at_infinity()), Fp12::one());
}

TEST(Pairing, of_no_pairs_is_one) {
    EXPECT_EQ(final_exponentiation(miller_product({})), Fp12::one());
}

TEST(Pairing, of_several_pairs_is_the_product) {
    std::vector<Pair> pairs;
    Fp12 product = Fp12::one();
    for (const long scalar : {2L, 5L, 7L, 0L, 11L, 999'999'937L}) {
        pairs.push_back({times(generator1(), scalar), times(generator2(), 3 * scalar + 1)});
        product = product * pairing(pairs.back().p, pairs.back().q);
        EXPECT_EQ(final_exponentiation(miller_product(pairs)), product) << scalar;
    }
}

TEST(FinalExponentiation, raises_to_the_power_that_it_states) {
    mpz_class field;
    mpz_pow_ui(field.get_mpz_t(), p.get_mpz_t(), 12);
    const mpz_class u = mpz_class(curve_parameter);
    const mpz_class factor = 2 * u * (6 * u * u + 3 * u + 1);
    ASSERT_EQ((field - 1) % n, 0);
    ASSERT_EQ(gcd(factor, n), 1);
    RandomNumbers random(2);
    for (int round = 0; round < 3; ++round) {
        const Fp12 value = random.element12();
        EXPECT_EQ(final_exponentiation(value), naive_power(value, (field - 1) / n * factor));
    }
    EXPECT_EQ(final_exponentiation(Fp12::one()), Fp12::one());
}

TEST(CurveParameter, gives_the_published_primes) {
    const mpz_class u = mpz_class(curve_parameter);
    EXPECT_EQ(36 * u * u * u * u + 36 * u * u * u + 24 * u * u + 6 * u + 1, p);
    EXPECT_EQ(36 * u * u * u * u + 36 * u * u * u + 18 * u * u + 6 * u + 1, n);
}

}  // namespace
}  // namespace sluice::crypto::bn254
