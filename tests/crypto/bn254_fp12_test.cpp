#include "crypto/bn254_fp12.hpp"

#include <gtest/gtest.h>

#include "tests/crypto/bn254_numbers.hpp"

namespace sluice::crypto::bn254 {
namespace {

/// The laws of a ring, for three elements.
template <class Field>
void expect_laws(const Field& a, const Field& b, const Field& c) {
    const Field zero = a - a;
    EXPECT_EQ(a + b, b + a);
    EXPECT_EQ((a + b) + c, a + (b + c));
    EXPECT_EQ(a + zero, a);
    EXPECT_EQ(a + -a, zero);
    EXPECT_EQ(a - b, a + -b);
    EXPECT_EQ(a * b, b * a);
    EXPECT_EQ((a * b) * c, a * (b * c));
    EXPECT_EQ(a * (b + c), a * b + a * c);
    EXPECT_EQ(a * Field::one(), a);
    EXPECT_EQ(a * zero, zero);
    EXPECT_EQ(a * a.inverse(), Field::one());
    EXPECT_EQ(zero.inverse(), zero);
}

const Fp2 i{Fp(), Fp::one()};
const Fp6 v{Fp2{}, Fp2::one(), Fp2{}};
const Fp12 w{Fp6{}, Fp6::one()};

/// Small coefficients and zeros meet borrows that random elements never do.
std::vector<Fp2> edge_elements() {
    std::vector<Fp2> elements;
    for (const mpz_class& real : {mpz_class(0), mpz_class(1), mpz_class(p - 1)})
        for (const mpz_class& imaginary : {mpz_class(0), mpz_class(1), mpz_class(p - 1)})
            elements.push_back({fp(real), fp(imaginary)});
    return elements;
}

TEST(Fp2, obeys_the_laws_of_a_field) {
    RandomNumbers random(1);
    for (int round = 0; round < 50; ++round)
        expect_laws(random.element2(), random.element2(), random.element2());
    for (const Fp2& a : edge_elements())
        for (const Fp2& b : edge_elements())
            if (!a.is_zero()) expect_laws(a, b, random.element2());
}

TEST(Fp2, i_squared_is_minus_one) {
    EXPECT_EQ(i * i, -Fp2::one());
    EXPECT_EQ(i.squared(), -Fp2::one());
}

TEST(Fp2, products_agree_with_gmp) {
    RandomNumbers random(2);
    for (int round = 0; round < 200; ++round) {
        const Fp2 a = random.element2(), b = random.element2();
        const mpz_class ar = integer(a.real), ai = integer(a.imaginary), br = integer(b.real),
                        bi = integer(b.imaginary);
        const Fp2 product = a * b;
        EXPECT_EQ(integer(product.real), modulo(ar * br - ai * bi, p));
        EXPECT_EQ(integer(product.imaginary), modulo(ar * bi + ai * br, p));
    }
}

TEST(Fp2, short_cuts_are_what_they_replace) {
    RandomNumbers random(3);
    std::vector<Fp2> elements = edge_elements();
    for (int round = 0; round < 50; ++round)
        elements.push_back(random.element2());
    for (const Fp2& a : elements) {
        EXPECT_EQ(a.squared(), a * a);
        EXPECT_EQ(a.doubled(), a + a);
        EXPECT_EQ(a.half() + a.half(), a);
        EXPECT_EQ(times_xi(a), a * xi);
        EXPECT_EQ(a * Fp(7), a * Fp2({Fp(7), Fp()}));
        EXPECT_EQ(a.conjugate(), naive_power(a, p));
    }
}

TEST(Fp2, xi_is_neither_a_square_nor_a_cube) {
    // Else v^3 = xi and w^2 = v would define no fields.
    const mpz_class units = p * p - 1;
    EXPECT_NE(naive_power(xi, units / 2), Fp2::one());
    EXPECT_NE(naive_power(xi, units / 3), Fp2::one());
    EXPECT_EQ(naive_power(xi, units), Fp2::one());
}

TEST(Fp6, obeys_the_laws_of_a_field) {
    RandomNumbers random(4);
    for (int round = 0; round < 30; ++round)
        expect_laws(random.element6(), random.element6(), random.element6());
}

TEST(Fp6, v_cubed_is_xi) {
    EXPECT_EQ(v * v * v, (Fp6{xi, Fp2{}, Fp2{}}));
}

TEST(Fp6, sparse_products_are_full_products) {
    RandomNumbers random(5);
    for (int round = 0; round < 30; ++round) {
        const Fp6 a = random.element6();
        const Fp2 b0 = random.element2(), b1 = random.element2();
        EXPECT_EQ(a.times_sparse(b0, b1), (a * Fp6{b0, b1, Fp2{}}));
        EXPECT_EQ(a.times_v(), a * v);
    }
}

TEST(Fp12, obeys_the_laws_of_a_field) {
    RandomNumbers random(6);
    const auto sum = [](const Fp12& a, const Fp12& b) { return Fp12{a.c0 + b.c0, a.c1 + b.c1}; };
    for (int round = 0; round < 20; ++round) {
        const Fp12 a = random.element12(), b = random.element12(), c = random.element12();
        EXPECT_EQ(a * b, b * a);
        EXPECT_EQ((a * b) * c, a * (b * c));
        EXPECT_EQ(a * sum(b, c), sum(a * b, a * c));
        EXPECT_EQ(a * Fp12::one(), a);
        EXPECT_EQ(a * a.inverse(), Fp12::one());
        EXPECT_EQ(a.squared(), a * a);
    }
}

TEST(Fp12, w_squared_is_v) {
    EXPECT_EQ(w * w, (Fp12{v, Fp6{}}));
}

TEST(Fp12, a_product_with_a_line_is_the_full_product) {
    RandomNumbers random(7);
    for (int round = 0; round < 30; ++round) {
        const Fp12 a = random.element12();
        const Fp2 b0 = random.element2(), b1 = random.element2(), b3 = random.element2();
        EXPECT_EQ(a.times_line(b0, b1, b3), (a * Fp12{{b0, Fp2{}, Fp2{}}, {b1, b3, Fp2{}}}));
    }
}

TEST(Fp12, frobenius_is_the_power_of_p_and_conjugation_that_of_p_to_the_sixth) {
    RandomNumbers random(8);
    for (int round = 0; round < 5; ++round) {
        const Fp12 a = random.element12();
        EXPECT_EQ(a.frobenius(), naive_power(a, p));
        Fp12 sixth = a;
        for (int times = 0; times < 6; ++times)
            sixth = sixth.frobenius();
        EXPECT_EQ(a.conjugate(), sixth);
    }
}

TEST(Fp12, cyclotomic_squares_are_squares_in_the_cyclotomic_subgroup) {
    RandomNumbers random(9);
    for (int round = 0; round < 20; ++round) {
        const Fp12 a = random.element12();
        const Fp12 unitary = a.conjugate() * a.inverse();
        const Fp12 cyclotomic = unitary.frobenius().frobenius() * unitary;
        EXPECT_EQ(cyclotomic.cyclotomic_squared(), cyclotomic * cyclotomic);
        EXPECT_EQ(cyclotomic.conjugate(), cyclotomic.inverse());
        EXPECT_NE(a.cyclotomic_squared(), a * a) << "the short cut must not be taken elsewhere";
    }
}

}  // namespace
}  // namespace sluice::crypto::bn254
