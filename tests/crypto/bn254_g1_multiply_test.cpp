#include "crypto/bn254_g1_multiply.hpp"

#include <gtest/gtest.h>

#include "tests/crypto/bn254_points.hpp"

namespace sluice::crypto::bn254 {
namespace {

/// Small ones, those around multiples of n and around powers of two, and random ones up to 2^256.
std::vector<mpz_class> sample_scalars() {
    std::vector<mpz_class> scalars{0, 1, 2, 3, 15, 16, 17};
    for (int factor = 1; factor <= 5; ++factor)
        for (int offset = -2; offset <= 2; ++offset)
            scalars.push_back(factor * n + offset);
    for (const unsigned bit : {63u, 64u, 127u, 128u, 129u, 192u, 253u, 254u, 255u}) {
        const mpz_class border = mpz_class(1) << bit;
        scalars.insert(scalars.end(), {border - 1, border, border + 1});
    }
    scalars.push_back((mpz_class(1) << 256) - 1);
    const mpz_class lambda = integer(third_root_of_order);
    for (const mpz_class& scalar :
         {lambda, mpz_class(n - lambda), mpz_class(lambda + 1), mpz_class(2 * lambda)})
        scalars.push_back(scalar);
    RandomNumbers random(1);
    for (int i = 0; i < 500; ++i)
        scalars.push_back(integer(random.limbs256()));
    return scalars;
}

mpz_class value_of(const SignedNumber& number) {
    const mpz_class amount = integer(number.amount);
    return number.negative ? mpz_class(-amount) : amount;
}

TEST(SplitScalar, lambda_is_a_third_root_of_unity_modulo_the_order) {
    const mpz_class lambda = integer(third_root_of_order);
    EXPECT_EQ((lambda * lambda + lambda + 1) % n, 0);
}

TEST(SplitScalar, parts_are_short_and_make_the_scalar) {
    const mpz_class lambda = integer(third_root_of_order);
    for (const mpz_class& scalar : sample_scalars()) {
        const SplitScalar parts = split(limbs(scalar));
        EXPECT_EQ(modulo(value_of(parts.first) + value_of(parts.second) * lambda - scalar, n), 0) << scalar;
        EXPECT_LT(integer(parts.first.amount), mpz_class(1) << 130) << scalar;
        EXPECT_LT(integer(parts.second.amount), mpz_class(1) << 130) << scalar;
    }
}

TEST(MultiplyG1, multiplication_by_lambda_is_by_the_number_lambda) {
    for (const long scalar : {1L, 2L, 77L, 123'456'789L}) {
        const G1 point = times(generator1(), scalar);
        EXPECT_TRUE(is_on_curve(times_lambda(point)));
        EXPECT_EQ(times_lambda(point), times(point, integer(third_root_of_order)));
    }
    EXPECT_TRUE(times_lambda(G1::at_infinity()).infinity);
}

TEST(MultiplyG1, agrees_with_plain_multiplication) {
    const G1 point = times(generator1(), 987'654'321);
    for (const mpz_class& scalar : sample_scalars())
        EXPECT_EQ(multiply_g1(point, limbs(scalar)).to_affine(), times(point, scalar)) << scalar;
}

TEST(MultiplyG1, infinity_stays_infinity) {
    for (const mpz_class& scalar : {mpz_class(0), mpz_class(1), n, mpz_class(n - 1)})
        EXPECT_TRUE(multiply_g1(G1::at_infinity(), limbs(scalar)).is_infinity());
}

}  // namespace
}  // namespace sluice::crypto::bn254
