#include "crypto/p256.hpp"

#include <algorithm>
#include <vector>

#include <cryptopp/eccrypto.h>
#include <cryptopp/integer.h>
#include <cryptopp/nbtheory.h>
#include <cryptopp/oids.h>
#include <gtest/gtest.h>
#include <openssl/err.h>

#include "tests/crypto/bytes.hpp"

namespace sluice::crypto {
namespace {

using CryptoPP::Integer;

constexpr std::size_t number_bytes = 32;
const Integer order("0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
const Integer field("0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff");

/// The 160 bytes that the precompiled contract takes: digest, r, s, x, y.
struct Claim {
    std::array<std::uint8_t, 160> bytes{};

    std::span<const std::uint8_t, 32> number(std::size_t position) const {
        return std::span<const std::uint8_t, 32>(bytes.data() + position * number_bytes, number_bytes);
    }
    Integer value(std::size_t position) const { return {number(position).data(), number_bytes}; }
    void set(std::size_t position, const Integer& value) {
        value.Encode(bytes.data() + position * number_bytes, number_bytes);
    }
    bool verifies() const {
        return verify_p256(
            {.digest = number(0), .r = number(1), .s = number(2), .key_x = number(3), .key_y = number(4)});
    }
};
constexpr std::size_t digest = 0, r = 1, s = 2, key_x = 3, key_y = 4;

/// A claim that holds, made by Crypto++: key and nonce are given, so that nothing is random.
Claim signed_claim(std::uint64_t seed) {
    const auto bytes_of_seed = [&](std::uint8_t purpose) {
        const std::array<std::uint8_t, 9> name{purpose, static_cast<std::uint8_t>(seed),
                                               static_cast<std::uint8_t>(seed >> 8)};
        return sha256(name);
    };
    const CryptoPP::DL_GroupParameters_EC<CryptoPP::ECP> curve(CryptoPP::ASN1::secp256r1());
    const auto scalar = [&](std::uint8_t purpose) {
        return Integer(bytes_of_seed(purpose).data(), number_bytes) % (order - 1) + 1;
    };
    const Integer secret = scalar(1);
    const Integer nonce = scalar(2);
    const auto key = curve.ExponentiateBase(secret);
    Claim claim;
    std::ranges::copy(bytes_of_seed(3), claim.bytes.begin());
    claim.set(r, curve.ExponentiateBase(nonce).x % order);
    claim.set(s, nonce.InverseMod(order) * (claim.value(digest) + claim.value(r) * secret) % order);
    claim.set(key_x, key.x);
    claim.set(key_y, key.y);
    return claim;
}

struct Example {
    const char* name;
    bool holds;
    const char* claim;
};

/// From Wycheproof and the execution spec tests of EIP-7951: digest, r, s, x, y.
const Example examples[] = {
    {"k*G has an x above n", true,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "000000000000000000000000000000004319055358e8617b0c46353d039cdaab"
     "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254e"
     "0ad99500288d466940031d72a9f5445a4d43784640855bf0a69874d2de5fe103"
     "c5011e6ef2c42dcd50d5d3d29f99ae6eba2c80c9244f4c5422f0979ff0c3ba5e"},
    {"point duplication during verification", true,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "6f2347cab7dd76858fe0555ac3bc99048c4aacafdfb6bcbe05ea6c42c4934569"
     "bb726660235793aa9957a61e76e00c2c435109cf9a15dd624d53f4301047856b"
     "5b812fd521aafa69835a849cce6fbdeb6983b442d2444fe70e134c027fc46963"
     "838a40f2a36092e9004e92d8d940cf5638550ce672ce8b8d4e15eba5499249e9"},
    {"r and 1/s close to n", true,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc6324d5"
     "555555550000000055555555555555553ef7a8e48d07df81a693439654210c70"
     "083539fbee44625e3acaafa2fcb41349392cef0633a1b8fabecee0c133b10e99"
     "915c1ebe7bf00df8535196770a58047ae2a402f26326bb7d41d4d7616337911e"},
    {"r and 1/s of large Hamming weight", true,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd"
     "909135bdb6799286170f5ead2de4f6511453fe50914f3df2de54a36383df8dd4"
     "80984f39a1ff38a86a68aa4201b6be5dfbfecf876219710b07badf6fdd4c6c56"
     "11feb97390d9826e7a06dfb41871c940d74415ed3cac2089f1445019bb55ed95"},
    {"r and s large", true,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254f"
     "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254e"
     "ab05fd9d0de26b9ce6f4819652d9fc69193d0aa398f0fba8013e09c582204554"
     "19235271228c786759095d12b75af0692dd4103f19f6a8c32f49435a1e9b8d45"},
    {"s is one", true,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "555555550000000055555555555555553ef7a8e48d07df81a693439654210c70"
     "0000000000000000000000000000000000000000000000000000000000000001"
     "8aeb368a7027a4d64abdea37390c0c1d6a26f399e2d9734de1eb3d0e19373874"
     "05bd13834715e1dbae9b875cf07bd55e1b6691c7f7536aef3b19bf7a4adf576d"},
    {"small r and s", true,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "0000000000000000000000000000000000000000000000000000000000000005"
     "0000000000000000000000000000000000000000000000000000000000000001"
     "a71af64de5126a4a4e02b7922d66ce9415ce88a4c9d25514d91082c8725ac957"
     "5d47723c8fbe580bb369fec9c2665d8e30a435b9932645482e7c9f11e872296b"},
    {"valid", true,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "2ba3a8be6b94d5ec80a6d9d1190a436effe50d85a1eee859b8cc6af9bd5c2e18"
     "b329f479a2bbd0a5c384ee1493b1f5186a87139cac5df4087c134b49156847db"
     "2927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838"
     "c7787964eaac00e5921fb1498a60f4606766b3d9685001558d1a974e7341513e"},
    {"x of R above n, another digest", true,
     "532eaabd9574880dbf76b9b8cc00832c20a6ec113d682299550d7a6e0f345e25"
     "000000000000000000000000000000004319055358e8617b0c46353d039cdaab"
     "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254e"
     "d705d16f80987e2d9b1a6957d29ce22febf7d10fa515153182415c8361baaca4"
     "b1fc105ee5ce80d514ec1238beae2037a6f83625593620d460819e8682160926"},
    {"comparison with infinity", false,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "555555550000000055555555555555553ef7a8e48d07df81a693439654210c70"
     "3333333300000000333333333333333325c7cbbc549e52e763f1f55a327a3aa9"
     "dd86d3b5f4a13e8511083b78002081c53ff467f11ebd98a51a633db76665d250"
     "45d5c8200c89f2fa10d849349226d21d8dfaed6ff8d5cb3e1b7e17474ebc18f7"},
    {"duplication bug", false,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "6f2347cab7dd76858fe0555ac3bc99048c4aacafdfb6bcbe05ea6c42c4934569"
     "bb726660235793aa9957a61e76e00c2c435109cf9a15dd624d53f4301047856b"
     "5b812fd521aafa69835a849cce6fbdeb6983b442d2444fe70e134c027fc46963"
     "7c75bf0c5c9f6d17ffb16d2726bf30a9c7aaf31a8d317472b1ea145ab66db616"},
    {"first byte modified", false,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "29a3a8be6b94d5ec80a6d9d1190a436effe50d85a1eee859b8cc6af9bd5c2e18"
     "b329f479a2bbd0a5c384ee1493b1f5186a87139cac5df4087c134b49156847db"
     "2927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838"
     "c7787964eaac00e5921fb1498a60f4606766b3d9685001558d1a974e7341513e"},
    {"key (0, 0)", false,
     "2f77668a9dfbf8d5848b9eeb4a7145ca94c6ed9236e4a773f6dcafa5132b2f91"
     "70bebe684cdcb5ca72a42f0d873879359bd1781a591809947628d313a3814f67"
     "aec03aca8f5587a4d535fa31027bbe9cc0e464b1c3577f4c2dcde6b2094798a9"
     "0000000000000000000000000000000000000000000000000000000000000000"
     "0000000000000000000000000000000000000000000000000000000000000000"},
    {"point at infinity", false,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8"
     "555555550000000055555555555555553ef7a8e48d07df81a693439654210c70"
     "b533d4695dd5b8c5e07757e55e6e516f7e2c88fa0239e23f60e8ec07dd70f287"
     "1b134ee58cc583278456863f33c3a85d881f7d4a39850143e29d4eaf009afe47"},
    {"point with x zero", false,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "0000000000000000000000000000000000000000000000000000000000000001"
     "555555550000000055555555555555553ef7a8e48d07df81a693439654210c70"
     "6adda82b90261b0f319faa0d878665a6b6da497f09c903176222c34acfef72a6"
     "47e6f50dcc40ad5d9b59f7602bb222fad71a41bf5e1f9df4959a364c62e488d9"},
    {"r above n", false,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632556"
     "0000000000000000000000000000000000000000000000000000000000000006"
     "cbe0c29132cd738364fedd603152990c048e5e2fff996d883fa6caca7978c737"
     "70af6a8ce44cb41224b2603606f4c04d188e80bff7cc31ad5189d4ab0d70e8c1"},
    {"r is n + 1", false,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632552"
     "4cd60b855d442f5b3c7b11eb6c4e0ae7525fe710fab9aa7c77a67f79e6fadd76"
     "2927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838"
     "c7787964eaac00e5921fb1498a60f4606766b3d9685001558d1a974e7341513e"},
    {"r too large", false,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "ffffffff00000001000000000000000000000000fffffffffffffffffffffffc"
     "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254e"
     "0ad99500288d466940031d72a9f5445a4d43784640855bf0a69874d2de5fe103"
     "c5011e6ef2c42dcd50d5d3d29f99ae6eba2c80c9244f4c5422f0979ff0c3ba5e"},
    {"s above n", false,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "0000000000000000000000000000000000000000000000000000000000000005"
     "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc75fbd8"
     "4be4178097002f0deab68f0d9a130e0ed33a6795d02a20796db83444b037e139"
     "20f13051e0eecdcfce4dacea0f50d1f247caa669f193c1b4075b51ae296d2d56"},
    {"s is zero", false,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "555555550000000055555555555555553ef7a8e48d07df81a693439654210c70"
     "0000000000000000000000000000000000000000000000000000000000000000"
     "8aeb368a7027a4d64abdea37390c0c1d6a26f399e2d9734de1eb3d0e19373874"
     "05bd13834715e1dbae9b875cf07bd55e1b6691c7f7536aef3b19bf7a4adf576d"},
    {"x of R above n, r not reduced", false,
     "acd155416a8b77f34089464733ff7cd39c400e9c69af7beb9eac5054ed2ec72c"
     "ffffffff00000000ffffffffffffffff79cdf55a4e2f3d09e7739585f8c64aa6"
     "0000000000000000000000000000000000000000000000000000000000000003"
     "d705d16f80987e2d9b1a6957d29ce22febf7d10fa515153182415c8361baaca4"
     "b1fc105ee5ce80d514ec1238beae2037a6f83625593620d460819e8682160926"},
};

TEST(P256, published_examples_are_judged_as_published) {
    for (const Example& example : examples)
        EXPECT_EQ(Claim{from_hex<160>(example.claim)}.verifies(), example.holds) << example.name;
}

TEST(P256, signatures_of_an_independent_implementation_verify) {
    for (std::uint64_t seed = 0; seed < 32; ++seed)
        EXPECT_TRUE(signed_claim(seed).verifies()) << seed;
}

TEST(P256, a_signature_with_the_other_s_verifies_too) {
    Claim claim = signed_claim(1);
    claim.set(s, order - claim.value(s));
    EXPECT_TRUE(claim.verifies());
}

TEST(P256, a_claim_with_any_byte_changed_does_not_verify) {
    const Claim good = signed_claim(2);
    for (std::size_t i = 0; i < good.bytes.size(); ++i) {
        Claim claim = good;
        claim.bytes[i] ^= 0x10;
        EXPECT_FALSE(claim.verifies()) << i;
    }
}

TEST(P256, r_and_s_outside_one_to_the_order_minus_one_do_not_verify) {
    for (const std::size_t position : {r, s})
        for (const Integer& value : {Integer::Zero(), order, order + 1, Integer::Power2(256) - 1}) {
            Claim claim = signed_claim(3);
            claim.set(position, value);
            EXPECT_FALSE(claim.verifies()) << position << ' ' << value;
        }
}

TEST(P256, r_or_s_with_the_order_added_does_not_verify) {
    // Small r and s, so that the sum still fits 32 bytes: only the range check can refuse them.
    for (const Example& example : examples) {
        if (!example.holds) continue;
        for (const std::size_t position : {r, s}) {
            Claim claim{from_hex<160>(example.claim)};
            const Integer sum = claim.value(position) + order;
            if (sum.BitCount() > 256) continue;
            claim.set(position, sum);
            EXPECT_FALSE(claim.verifies()) << example.name;
        }
    }
}

TEST(P256, a_coordinate_with_the_modulus_added_does_not_verify) {
    // The curve has a point with x = 5; 5 + p still fits 32 bytes and would be the same point.
    Claim claim = signed_claim(4);
    const Integer x = 5;
    const Integer b("0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");
    const Integer y = CryptoPP::ModularSquareRoot((x * x * x - 3 * x + b) % field, field);
    ASSERT_EQ(y * y % field, (x * x * x - 3 * x + b) % field);
    // For the digest zero, r = s = x of the key verifies: 0/s · G + r/s · key is the key.
    claim.set(digest, 0);
    claim.set(key_x, x);
    claim.set(key_y, y);
    claim.set(r, x);
    claim.set(s, x);
    EXPECT_TRUE(claim.verifies());
    claim.set(key_x, x + field);
    EXPECT_FALSE(claim.verifies());
}

TEST(P256, a_digest_above_the_order_counts_modulo_the_order) {
    // For the digest zero, r = s = x of the key verifies: 0/s · G + r/s · key is the key.
    Claim claim = signed_claim(5);
    claim.set(digest, 0);
    claim.set(r, claim.value(key_x) % order);
    claim.set(s, claim.value(r));
    ASSERT_TRUE(claim.verifies());
    claim.set(digest, order);
    EXPECT_TRUE(claim.verifies());
    claim.set(digest, 1);
    EXPECT_FALSE(claim.verifies());
}

TEST(P256, a_key_that_is_no_point_does_not_verify_and_leaves_no_error_behind) {
    ERR_clear_error();
    Claim claim = signed_claim(6);
    claim.set(key_y, claim.value(key_y) + 1);
    EXPECT_FALSE(claim.verifies());
    claim.set(key_x, 0);
    claim.set(key_y, 0);
    EXPECT_FALSE(claim.verifies());
    EXPECT_EQ(ERR_peek_error(), 0u);
}

}  // namespace
}  // namespace sluice::crypto
