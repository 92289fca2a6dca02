#include "crypto/bn254_fp.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/crypto/bn254_numbers.hpp"
#include "tests/crypto/bytes.hpp"

namespace sluice::crypto::bn254 {
namespace {

/// Edge values, then random ones.
std::vector<mpz_class> sample_values() {
    std::vector<mpz_class> values = edge_values();
    RandomNumbers random(1);
    for (int i = 0; i < 40; ++i)
        values.push_back(modulo(integer(random.limbs256()), p));
    return values;
}

TEST(Fp, modulus_and_order_are_the_published_primes) {
    EXPECT_EQ(p, mpz_class("21888242871839275222246405745257275088696311157297823662689037894645226208583"));
    EXPECT_EQ(n, mpz_class("21888242871839275222246405745257275088548364400416034343698204186575808495617"));
    EXPECT_NE(mpz_probab_prime_p(p.get_mpz_t(), 30), 0);
    EXPECT_NE(mpz_probab_prime_p(n.get_mpz_t(), 30), 0);
}

TEST(Limbs, differences_and_sums_agree_with_gmp) {
    const mpz_class all = mpz_class(1) << 256;
    std::vector<mpz_class> values{0, 1, p, n, all - 1, all - p, all / 2, all / 2 - 1};
    for (const unsigned bit : {64u, 128u, 192u})
        for (const int offset : {-1, 0, 1})
            values.push_back((mpz_class(1) << bit) + offset);
    RandomNumbers random(5);
    for (int i = 0; i < 20; ++i)
        values.push_back(integer(random.limbs256()));
    for (const mpz_class& a : values)
        for (const mpz_class& b : values) {
            const Difference difference = subtract(limbs(a), limbs(b));
            EXPECT_EQ(integer(difference.limbs), modulo(a - b, all)) << a << ' ' << b;
            EXPECT_EQ(difference.borrow_mask, a < b ? ~std::uint64_t{0} : 0) << a << ' ' << b;
            EXPECT_EQ(is_below(limbs(a), limbs(b)), a < b) << a << ' ' << b;
            if (a + b < all) {
                EXPECT_EQ(integer(add(limbs(a), limbs(b))), a + b) << a << ' ' << b;
            }
        }
}

TEST(Limbs, one_reduction_brings_all_below_twice_the_modulus_below_the_modulus) {
    std::vector<mpz_class> values{0, 1, p - 1, p, p + 1, 2 * p - 1};
    RandomNumbers random(6);
    for (int i = 0; i < 100; ++i)
        values.push_back(modulo(integer(random.limbs256()), 2 * p));
    for (const mpz_class& value : values)
        EXPECT_EQ(integer(reduced_once(limbs(value))), value % p) << value;
}

/// A walk through all operations, by the processor or by the compiler.
constexpr Fp walk(std::uint64_t steps) {
    Fp a(3);
    Fp b = power(Fp(5), modulus).half();
    for (std::uint64_t step = 0; step < steps; ++step) {
        const Fp next = a * b - Fp::sum_of_products(a, a, b, -b);
        b = (a - b).half() + next.doubled();
        a = next - b.squared();
    }
    return a + b;
}

TEST(Fp, the_compiler_and_the_processor_compute_the_same) {
    // The compiler takes the way of machines without the assembly.
    constexpr std::uint64_t steps = 300;
    constexpr Fp by_compiler = walk(steps);
    volatile std::uint64_t unknown_steps = steps;
    EXPECT_EQ(walk(unknown_steps), by_compiler);
    EXPECT_NE(walk(unknown_steps - 1), by_compiler);
}

TEST(Fp, montgomery_constants_are_what_their_definitions_say) {
    const mpz_class r = mpz_class(1) << 256;
    EXPECT_EQ(integer(montgomery.r), r % p);
    EXPECT_EQ(integer(montgomery.r2), r * r % p);
    EXPECT_EQ(integer(montgomery.r3), r * r * r % p);
    EXPECT_EQ(montgomery.inverse * modulus[0], ~std::uint64_t{0});
}

TEST(Fp, numbers_survive_the_way_into_the_field_and_back) {
    for (const mpz_class& value : sample_values())
        EXPECT_EQ(integer(fp(value)), value);
}

TEST(Fp, sums_differences_and_products_agree_with_gmp) {
    const std::vector<mpz_class> values = sample_values();
    for (const mpz_class& a : values)
        for (const mpz_class& b : values) {
            ASSERT_EQ(integer(fp(a) + fp(b)), modulo(a + b, p)) << a << ' ' << b;
            ASSERT_EQ(integer(fp(a) - fp(b)), modulo(a - b, p)) << a << ' ' << b;
            ASSERT_EQ(integer(fp(a) * fp(b)), modulo(a * b, p)) << a << ' ' << b;
        }
}

TEST(Fp, unary_operations_agree_with_gmp) {
    for (const mpz_class& a : sample_values()) {
        EXPECT_EQ(integer(-fp(a)), modulo(-a, p)) << a;
        EXPECT_EQ(integer(fp(a).doubled()), modulo(2 * a, p)) << a;
        EXPECT_EQ(integer(fp(a).squared()), modulo(a * a, p)) << a;
        EXPECT_EQ(integer(fp(a).half()), modulo(a * ((p + 1) / 2), p)) << a;
        EXPECT_EQ(fp(a).is_zero(), a == 0);
    }
}

TEST(Fp, sums_of_two_products_agree_with_gmp) {
    const std::vector<mpz_class> values = edge_values();
    for (std::size_t shift = 0; shift < values.size(); ++shift)
        for (std::size_t i = 0; i < values.size(); ++i) {
            const mpz_class& a = values[i];
            const mpz_class& b = values[(i + shift) % values.size()];
            const mpz_class& c = values[(i * 7 + shift) % values.size()];
            const mpz_class& d = values[(i + shift * 5) % values.size()];
            ASSERT_EQ(integer(Fp::sum_of_products(fp(a), fp(b), fp(c), fp(d))), modulo(a * b + c * d, p))
                << a << ' ' << b << ' ' << c << ' ' << d;
        }
    RandomNumbers random(2);
    for (int i = 0; i < 5'000; ++i) {
        const Fp a = random.element(), b = random.element(), c = random.element(), d = random.element();
        ASSERT_EQ(Fp::sum_of_products(a, b, c, d), a * b + c * d) << i;
    }
}

TEST(Fp, the_greatest_arguments_of_a_sum_of_products_stay_in_the_field) {
    // Held as p - 1 each: the case that the bounds in the multiplication are about.
    mpz_class unit;
    const mpz_class r = mpz_class(1) << 256;
    mpz_invert(unit.get_mpz_t(), r.get_mpz_t(), p.get_mpz_t());
    const mpz_class greatest = modulo((p - 1) * unit, p);
    const Fp a = fp(greatest);
    EXPECT_EQ(integer(Fp::sum_of_products(a, a, a, a)), modulo(2 * greatest * greatest, p));
    EXPECT_EQ(integer(a * a), modulo(greatest * greatest, p));
}

TEST(Fp, inverses_agree_with_gmp_and_zero_has_zero) {
    for (const mpz_class& a : sample_values()) {
        if (a == 0) continue;
        mpz_class expected;
        mpz_invert(expected.get_mpz_t(), a.get_mpz_t(), p.get_mpz_t());
        EXPECT_EQ(integer(fp(a).inverse()), expected) << a;
    }
    EXPECT_TRUE(Fp().inverse().is_zero());
    RandomNumbers random(3);
    for (int i = 0; i < 5'000; ++i) {
        const Fp a = random.element();
        ASSERT_EQ(a * a.inverse(), Fp::one()) << i;
    }
}

TEST(Fp, powers_agree_with_gmp) {
    RandomNumbers random(4);
    for (int i = 0; i < 20; ++i) {
        const Fp base = random.element();
        const Limbs exponent = random.limbs256();
        mpz_class expected;
        mpz_powm(expected.get_mpz_t(), integer(base).get_mpz_t(), integer(exponent).get_mpz_t(),
                 p.get_mpz_t());
        EXPECT_EQ(integer(power(base, exponent)), expected);
    }
    EXPECT_EQ(power(Fp(), Limbs{}), Fp::one());
}

TEST(Fp, bytes_are_big_endian_and_below_the_modulus) {
    std::array<std::uint8_t, 32> bytes{};
    bytes[31] = 7;
    bytes[0] = 1;
    const std::optional<Fp> read = Fp::from_bytes(bytes);
    ASSERT_TRUE(read);
    EXPECT_EQ(integer(*read), (mpz_class(1) << 248) + 7);
    std::array<std::uint8_t, 32> written{};
    read->write_to(written);
    EXPECT_EQ(written, bytes);

    const auto bytes_of_number = [](const mpz_class& value) {
        std::array<std::uint8_t, 32> big_endian{};
        mpz_export(big_endian.data() + 32 - mpz_sizeinbase(value.get_mpz_t(), 256), nullptr, 1, 1, 0, 0,
                   value.get_mpz_t());
        return big_endian;
    };
    EXPECT_TRUE(Fp::from_bytes(bytes_of_number(p - 1)));
    for (const mpz_class& value :
         {p, mpz_class(p + 1), mpz_class(2 * p), mpz_class((mpz_class(1) << 256) - 1)})
        EXPECT_FALSE(Fp::from_bytes(bytes_of_number(value))) << value;
}

}  // namespace
}  // namespace sluice::crypto::bn254
