#include "crypto/bn254_groups.hpp"

#include <gtest/gtest.h>

#include "tests/crypto/bn254_points.hpp"
#include "tests/crypto/bytes.hpp"

namespace sluice::crypto::bn254 {
namespace {

/// Multiples of the generator, infinity and opposite points among them.
template <class Field>
std::vector<AffinePoint<Field>> sample_points(const AffinePoint<Field>& generator) {
    std::vector<AffinePoint<Field>> points{AffinePoint<Field>::at_infinity()};
    for (const mpz_class& scalar :
         {mpz_class(1), mpz_class(2), mpz_class(3), mpz_class(n - 1), mpz_class(n - 2), mpz_class(n / 2),
          mpz_class("123456789012345678901234567890")})
        points.push_back(times(generator, scalar));
    return points;
}

template <class Field>
AffinePoint<Field> sum(const AffinePoint<Field>& a, const AffinePoint<Field>& b) {
    return (JacobianPoint<Field>(a) + JacobianPoint<Field>(b)).to_affine();
}

template <class Field>
void expect_group_laws(const AffinePoint<Field>& generator) {
    const auto points = sample_points(generator);
    for (const auto& a : points) {
        EXPECT_TRUE(is_on_curve(a));
        EXPECT_EQ(sum(a, AffinePoint<Field>::at_infinity()), a);
        EXPECT_TRUE(sum(a, -a).infinity);
        EXPECT_EQ(JacobianPoint<Field>(a).doubled().to_affine(), sum(a, a));
        for (const auto& b : points) {
            EXPECT_TRUE(is_on_curve(sum(a, b)));
            EXPECT_EQ(sum(a, b), sum(b, a));
            for (const auto& c : points)
                ASSERT_EQ(sum(sum(a, b), c), sum(a, sum(b, c)));
        }
    }
}

/// scalar * point by doubling and adding.
template <class Field>
AffinePoint<Field> naive_multiple(const AffinePoint<Field>& point, const mpz_class& scalar) {
    JacobianPoint<Field> result;
    for (std::size_t bit = mpz_sizeinbase(scalar.get_mpz_t(), 2); bit-- > 0;) {
        result = result.doubled();
        if (mpz_tstbit(scalar.get_mpz_t(), bit) != 0) result = result + JacobianPoint<Field>(point);
    }
    return result.to_affine();
}

std::vector<mpz_class> sample_scalars() {
    std::vector<mpz_class> scalars{0, 1, 2, 3, 15, 16, 17, 31, 32, 33, n - 1, n, n + 1, 2 * n, 5 * n + 3};
    for (const unsigned bit : {64u, 128u, 192u, 255u}) {
        const mpz_class border = mpz_class(1) << bit;
        scalars.insert(scalars.end(), {border - 1, border, border + 1});
    }
    scalars.push_back((mpz_class(1) << 256) - 1);
    RandomNumbers random(1);
    for (int i = 0; i < 20; ++i)
        scalars.push_back(integer(random.limbs256()));
    return scalars;
}

TEST(SignedDigits, add_up_to_the_number_and_stand_apart) {
    for (const unsigned width : {2u, 3u, 5u})
        for (const mpz_class& number : sample_scalars()) {
            const SignedDigits digits = signed_digits(limbs(number), width);
            mpz_class total = 0;
            std::size_t last = digits.size;
            for (std::size_t i = digits.digits.size(); i-- > 0;) {
                const int digit = digits.digits[i];
                total = 2 * total + digit;
                if (digit == 0) continue;
                EXPECT_EQ(std::abs(digit) % 2, 1);
                EXPECT_LT(std::abs(digit), 1 << (width - 1));
                EXPECT_LT(i, digits.size);
                if (last != digits.size) {
                    EXPECT_GE(last - i, width);
                }
                last = i;
            }
            EXPECT_EQ(total, number);
        }
}

TEST(G1, obeys_the_laws_of_a_group) {
    expect_group_laws(generator1());
}

TEST(G2, obeys_the_laws_of_a_group) {
    expect_group_laws(generator2());
}

TEST(G1, multiples_agree_with_doubling_and_adding) {
    const G1 point = times(generator1(), 987'654'321);
    for (const mpz_class& scalar : sample_scalars())
        EXPECT_EQ(times(point, scalar), naive_multiple(point, scalar)) << scalar;
}

TEST(G2, multiples_agree_with_doubling_and_adding) {
    const G2 point = times(generator2(), 987'654'321);
    for (const mpz_class& scalar : sample_scalars())
        EXPECT_EQ(times(point, scalar), naive_multiple(point, scalar)) << scalar;
}

TEST(G1, generator_has_the_order_of_the_group) {
    EXPECT_TRUE(times(generator1(), n).infinity);
    EXPECT_EQ(times(generator1(), n - 1), -generator1());
    EXPECT_EQ(times(generator1(), n + 1), generator1());
}

TEST(G2, generator_has_the_order_of_the_group) {
    EXPECT_TRUE(times(generator2(), n).infinity);
    EXPECT_EQ(times(generator2(), n - 1), -generator2());
    EXPECT_EQ(times(generator2(), n + 1), generator2());
}

TEST(G1, multiples_of_infinity_are_infinity) {
    for (const mpz_class& scalar : sample_scalars())
        EXPECT_TRUE(times(G1::at_infinity(), scalar).infinity);
}

TEST(G1, sums_by_one_inversion_agree_with_sums_without) {
    for (const G1& a : sample_points(generator1()))
        for (const G1& b : sample_points(generator1()))
            EXPECT_EQ(add(a, b), sum(a, b));
}

TEST(G1, points_beside_the_curve_are_not_on_it) {
    EXPECT_TRUE(is_on_curve(generator1()));
    EXPECT_FALSE(is_on_curve(G1{Fp(1), Fp(3)}));
    EXPECT_FALSE(is_on_curve(G1{Fp(), Fp()}));
}

TEST(G2, points_beside_the_twist_are_not_on_it) {
    G2 point = generator2();
    EXPECT_TRUE(is_on_curve(point));
    point.y = point.y + Fp2::one();
    EXPECT_FALSE(is_on_curve(point));
    EXPECT_FALSE(is_on_curve(G2{generator2().x.conjugate(), generator2().y.conjugate()}));
}

TEST(G2, frobenius_multiplies_points_of_the_group_by_p) {
    for (const G2& point : sample_points(generator2()))
        EXPECT_EQ(frobenius(point), times(point, p % n));
}

TEST(G2, frobenius_has_the_trace_of_the_curve_on_the_whole_twist) {
    // F(F(Q)) + p Q = t F(Q): the equation that the subgroup test rests on.
    const mpz_class trace = p + 1 - n;
    for (std::uint64_t seed = 1; seed < 40; seed += 4) {
        const G2 point = point_of_twist(seed);
        ASSERT_TRUE(is_on_curve(point));
        EXPECT_TRUE(is_on_curve(frobenius(point)));
        EXPECT_EQ(sum(frobenius(frobenius(point)), times(point, p)), times(frobenius(point), trace));
    }
}

TEST(G2, the_twist_has_as_many_points_as_said) {
    for (std::uint64_t seed = 1; seed < 40; seed += 4)
        EXPECT_TRUE(times(times(point_of_twist(seed), n), 2 * p - n).infinity) << seed;
}

TEST(G2, subgroup_test_agrees_with_multiplication_by_the_order) {
    for (const G2& point : sample_points(generator2()))
        EXPECT_TRUE(is_in_subgroup(point));
    for (std::uint64_t seed = 1; seed < 60; seed += 3) {
        const G2 point = point_of_twist(seed);
        // A point as it comes, its part of order n, and its part of an order that divides 2p - n.
        const G2 inside = times(point, 2 * p - n);
        const G2 outside = times(point, n);
        for (const G2& candidate : {point, inside, outside, sum(inside, outside)})
            EXPECT_EQ(is_in_subgroup(candidate), times(candidate, n).infinity) << seed;
        EXPECT_TRUE(is_in_subgroup(inside));
        EXPECT_FALSE(is_in_subgroup(point));
    }
}

TEST(G2, subgroup_test_refuses_points_of_small_order) {
    // The smaller prime factors of 2p - n: an attacker's favourites.
    const mpz_class cofactor = 2 * p - n;
    std::size_t found = 0;
    for (unsigned long factor = 2; factor < 200'000; ++factor) {
        if (mpz_divisible_ui_p(cofactor.get_mpz_t(), factor) == 0) continue;
        for (std::uint64_t seed = 1; seed < 20; seed += 5) {
            const G2 small = times(times(point_of_twist(seed), n), cofactor / factor);
            if (small.infinity) continue;
            ASSERT_TRUE(times(small, factor).infinity);
            EXPECT_FALSE(is_in_subgroup(small)) << factor;
            EXPECT_FALSE(is_in_subgroup(sum(small, generator2()))) << factor;
            ++found;
        }
    }
    EXPECT_GT(found, 0u);
}

TEST(G1, encoding_is_what_decoding_takes) {
    for (const G1& point : sample_points(generator1()))
        EXPECT_EQ(read_g1(write(point)), point);
    EXPECT_EQ(write(G1::at_infinity()), Bn254Point{});
}

}  // namespace
}  // namespace sluice::crypto::bn254
