#include "crypto/key_derivation.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "tests/crypto/bytes.hpp"

namespace sluice::crypto {
namespace {

constexpr std::uint64_t biggest = std::numeric_limits<std::uint64_t>::max();

/// OpenSSL's scrypt as the judge.
std::string oracle_scrypt(std::string_view password, ByteView salt, const ScryptCost& cost) {
    std::array<std::uint8_t, 32> key{};
    const int done = EVP_PBE_scrypt(password.data(), password.size(), salt.data(), salt.size(), cost.n,
                                    cost.r, cost.p, scrypt_memory_bytes_max, key.data(), key.size());
    return done == 1 ? to_hex(key) : "OpenSSL refuses";
}

using Block = std::array<std::uint32_t, 32>;

/// Salsa20/8 (RFC 7914, section 3).
void salsa20_8(std::span<std::uint32_t, 16> block) {
    std::array<std::uint32_t, 16> x;
    std::copy(block.begin(), block.end(), x.begin());
    const auto quarter = [&x](int a, int b, int c, int d) {
        x[b] ^= std::rotl(x[a] + x[d], 7);
        x[c] ^= std::rotl(x[b] + x[a], 9);
        x[d] ^= std::rotl(x[c] + x[b], 13);
        x[a] ^= std::rotl(x[d] + x[c], 18);
    };
    for (int round = 0; round < 4; ++round) {
        quarter(0, 4, 8, 12), quarter(5, 9, 13, 1), quarter(10, 14, 2, 6), quarter(15, 3, 7, 11);
        quarter(0, 1, 2, 3), quarter(5, 6, 7, 4), quarter(10, 11, 8, 9), quarter(15, 12, 13, 14);
    }
    for (std::size_t i = 0; i < 16; ++i)
        block[i] += x[i];
}

/// scryptBlockMix for r = 1 (RFC 7914, section 4).
void mix(Block& block) {
    const std::span first(block.data(), 16);
    const std::span second(block.data() + 16, 16);
    for (std::size_t i = 0; i < 16; ++i)
        first[i] ^= second[i];
    salsa20_8(first.first<16>());
    for (std::size_t i = 0; i < 16; ++i)
        second[i] ^= first[i];
    salsa20_8(second.first<16>());
}

/// scrypt for r = p = 1 straight from RFC 7914, sections 5 and 6, with no bound on n.
std::string plain_scrypt(std::string_view password, ByteView salt, std::uint64_t n) {
    const auto pbkdf2 = [&](ByteView with, std::span<std::uint8_t> out) {
        return PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), with.data(),
                                 static_cast<int>(with.size()), 1, EVP_sha256(), static_cast<int>(out.size()),
                                 out.data());
    };
    std::array<std::uint8_t, 128> bytes{};
    if (pbkdf2(salt, bytes) != 1) return "OpenSSL refuses";
    Block block = std::bit_cast<Block>(bytes);
    std::vector<Block> seen;
    for (std::uint64_t i = 0; i < n; ++i) {
        seen.push_back(block);
        mix(block);
    }
    for (std::uint64_t i = 0; i < n; ++i) {
        const Block& other = seen[block[16] % n];
        for (std::size_t k = 0; k < block.size(); ++k)
            block[k] ^= other[k];
        mix(block);
    }
    std::array<std::uint8_t, 32> key{};
    if (pbkdf2(std::bit_cast<std::array<std::uint8_t, 128>>(block), key) != 1) return "OpenSSL refuses";
    return to_hex(key);
}

std::string scrypt_hex(std::string_view password, ByteView salt, const ScryptCost& cost) {
    const auto key = scrypt(SecretBytes(password), salt, cost);
    return key ? to_hex(key->bytes()) : "no memory";
}

TEST(Scrypt, vectors_of_rfc_7914_come_out) {
    EXPECT_EQ(scrypt_hex("", {}, {.n = 16, .r = 1, .p = 1}),
              "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442");
    EXPECT_EQ(scrypt_hex("password", bytes_of("NaCl"), {.n = 1024, .r = 8, .p = 16}),
              "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162");
}

TEST(Scrypt, agrees_with_an_independent_implementation) {
    const std::vector<std::uint8_t> salt = sample_bytes(32);
    for (const ScryptCost& cost :
         {ScryptCost{.n = 2, .r = 1, .p = 1}, ScryptCost{.n = 64, .r = 3, .p = 2},
          ScryptCost{.n = 2, .r = 64, .p = 16}, ScryptCost{.n = 4096, .r = 8, .p = 1}}) {
        EXPECT_EQ(scrypt_hex("correct horse", salt, cost), oracle_scrypt("correct horse", salt, cost))
            << cost.n << ", " << cost.r << ", " << cost.p;
    }
}

TEST(Scrypt, n_may_reach_two_to_the_sixteen_r_and_more) {
    const std::vector<std::uint8_t> salt = sample_bytes(32);
    const ScryptCost inside{.n = 1 << 15, .r = 1, .p = 1};
    ASSERT_EQ(plain_scrypt("password", salt, inside.n), oracle_scrypt("password", salt, inside));
    const ScryptCost outside{.n = 1 << 16, .r = 1, .p = 1};
    ASSERT_EQ(oracle_scrypt("password", salt, outside), "OpenSSL refuses");
    EXPECT_EQ(scrypt_hex("password", salt, outside), plain_scrypt("password", salt, outside.n));
}

TEST(ScryptCost, is_well_formed_only_for_a_power_of_two_and_nothing_zero) {
    EXPECT_TRUE(is_well_formed({.n = 2, .r = 1, .p = 1}));
    EXPECT_TRUE(is_well_formed({.n = 1ULL << 63, .r = biggest, .p = biggest}));
    for (const std::uint64_t n : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{3}, biggest}) {
        EXPECT_FALSE(is_well_formed({.n = n, .r = 8, .p = 1})) << n;
    }
    EXPECT_FALSE(is_well_formed({.n = 2, .r = 0, .p = 1}));
    EXPECT_FALSE(is_well_formed({.n = 2, .r = 1, .p = 0}));
}

TEST(ScryptCost, is_affordable_up_to_512_mebibytes) {
    EXPECT_TRUE(is_affordable({.n = 1 << 19, .r = 8, .p = 1}));
    EXPECT_FALSE(is_affordable({.n = 1 << 20, .r = 8, .p = 1}));
    EXPECT_FALSE(is_affordable({.n = 1 << 19, .r = 9, .p = 1}));
    EXPECT_TRUE(is_affordable({.n = 1 << 22, .r = 1, .p = 1}));
    EXPECT_FALSE(is_affordable({.n = 1 << 23, .r = 1, .p = 1}));
}

TEST(ScryptCost, is_affordable_only_within_the_limits_of_r_p_and_work) {
    EXPECT_TRUE(is_affordable({.n = 2, .r = 64, .p = 16}));
    EXPECT_FALSE(is_affordable({.n = 2, .r = 65, .p = 1}));
    EXPECT_FALSE(is_affordable({.n = 2, .r = 1, .p = 17}));
    EXPECT_TRUE(is_affordable({.n = 1 << 19, .r = 8, .p = 4}));
    EXPECT_FALSE(is_affordable({.n = 1 << 19, .r = 8, .p = 5}));
}

TEST(ScryptCost, numbers_whose_product_overflows_are_not_affordable) {
    EXPECT_FALSE(is_affordable({.n = 1ULL << 63, .r = 2, .p = 1}));
    EXPECT_FALSE(is_affordable({.n = 1ULL << 57, .r = 1, .p = 1}));
    EXPECT_FALSE(is_affordable({.n = 2, .r = 1ULL << 63, .p = 1}));
    EXPECT_FALSE(is_affordable({.n = 2, .r = 1, .p = 1ULL << 63}));
    EXPECT_FALSE(is_affordable({.n = biggest, .r = biggest, .p = biggest}));
}

TEST(ScryptDeathTest, a_cost_outside_the_limits_ends_the_process) {
    EXPECT_DEATH(scrypt_hex("", {}, {.n = 3, .r = 8, .p = 1}), "scrypt was asked");
    EXPECT_DEATH(scrypt_hex("", {}, {.n = 1 << 20, .r = 8, .p = 1}), "scrypt was asked");
}

TEST(Pbkdf2, published_vectors_come_out) {
    const auto derived = [](std::string_view password, std::string_view salt, std::uint64_t rounds) {
        return to_hex(pbkdf2_sha256(SecretBytes(password), bytes_of(salt), rounds).bytes());
    };
    EXPECT_EQ(derived("password", "salt", 1),
              "120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b");
    EXPECT_EQ(derived("password", "salt", 2),
              "ae4d0c95af6b46d32d0adff928f06dd02a303f8ef3c251dfd6e2d85a95474c43");
    EXPECT_EQ(derived("password", "salt", 4096),
              "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a");
}

TEST(Pbkdf2, agrees_with_an_independent_implementation) {
    const std::vector<std::uint8_t> salt = sample_bytes(16);
    std::array<std::uint8_t, 32> expected{};
    ASSERT_EQ(PKCS5_PBKDF2_HMAC("correct horse", 13, salt.data(), static_cast<int>(salt.size()), 1000,
                                EVP_sha256(), static_cast<int>(expected.size()), expected.data()),
              1);
    EXPECT_EQ(to_hex(pbkdf2_sha256(SecretBytes("correct horse"), salt, 1000).bytes()), to_hex(expected));
}

TEST(Pbkdf2DeathTest, rounds_outside_the_limits_end_the_process) {
    EXPECT_DEATH(pbkdf2_sha256(SecretBytes("x"), bytes_of("salt"), 0), "pbkdf2 was asked");
    EXPECT_DEATH(pbkdf2_sha256(SecretBytes("x"), bytes_of("salt"), pbkdf2_rounds_max + 1),
                 "pbkdf2 was asked");
}

}  // namespace
}  // namespace sluice::crypto
