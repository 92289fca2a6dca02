#include "crypto/signature.hpp"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include "tests/crypto/bytes.hpp"

namespace sluice::crypto {
namespace {

constexpr std::string_view one = "0000000000000000000000000000000000000000000000000000000000000001";
constexpr std::string_view order_minus_1 = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140";
constexpr std::string_view order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
constexpr std::string_view order_plus_1 = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364142";
constexpr std::string_view half_order = "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0";
constexpr std::string_view half_order_plus_1 =
    "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1";
constexpr std::string_view zero = "0000000000000000000000000000000000000000000000000000000000000000";
constexpr std::string_view all_ones = "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";
constexpr std::string_view devnet_key = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

/// The signature (r, n - s) with the other parity: it recovers to the same key as the one given.
Signature with_negated_s(Signature signature) {
    require(secp256k1_ec_seckey_negate(secp256k1_context_static, signature.s.data()) == 1, "s is no scalar");
    signature.recovery_id ^= 1;
    return signature;
}

struct Signed {
    PrivateKey key = key_from_hex(devnet_key);
    Digest digest = keccak256(bytes_of("pay 250.00 EUR"));
    Signature signature = sign(digest, key);
};

TEST(PrivateKey, is_valid_from_one_to_the_order_minus_one) {
    EXPECT_TRUE(is_valid(key_from_hex(one)));
    EXPECT_TRUE(is_valid(key_from_hex(order_minus_1)));
    EXPECT_FALSE(is_valid(key_from_hex(zero)));
    EXPECT_FALSE(is_valid(key_from_hex(order)));
    EXPECT_FALSE(is_valid(key_from_hex(order_plus_1)));
    EXPECT_FALSE(is_valid(key_from_hex(all_ones)));
}

TEST(PrivateKey, fresh_keys_are_valid_and_differ) {
    const PrivateKey first = generate_private_key();
    const PrivateKey second = generate_private_key();
    EXPECT_TRUE(is_valid(first));
    EXPECT_TRUE(is_valid(second));
    EXPECT_FALSE(equal_constant_time(first.bytes(), second.bytes()));
}

TEST(PublicKey, of_one_is_the_generator_of_the_group) {
    EXPECT_EQ(to_hex(public_key_of(key_from_hex(one))),
              "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
              "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8");
}

TEST(PublicKey, of_the_order_minus_one_is_the_mirrored_generator) {
    EXPECT_EQ(to_hex(public_key_of(key_from_hex(order_minus_1))),
              "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
              "b7c52588d95c3b9aa25b0403f1eef75702e84bb7597aabe663b82f6f04ef2777");
}

TEST(Address, of_well_known_keys_is_the_published_one) {
    EXPECT_EQ(to_hex(address_of(key_from_hex(one))), "7e5f4552091a69125d5dfcb7b8c2659029395bdf");
    EXPECT_EQ(to_hex(address_of(key_from_hex(devnet_key))), "f39fd6e51aad88f6f4ce6ab8827279cfffb92266");
}

TEST(Address, of_a_private_key_is_that_of_its_public_key) {
    const PrivateKey key = generate_private_key();
    EXPECT_EQ(address_of(key), address_of(public_key_of(key)));
}

struct NonceVector {
    std::string_view key, message, r, s;
};

/// The published secp256k1 vectors of RFC 6979: digests are SHA-256 of the message.
constexpr std::array<NonceVector, 5> nonce_vectors{{
    {one, "Satoshi Nakamoto", "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8",
     "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5"},
    {one, "All those moments will be lost in time, like tears in rain. Time to die...",
     "8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b",
     "547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21"},
    {order_minus_1, "Satoshi Nakamoto", "fd567d121db66e382991534ada77a6bd3106f0a1098c231e47993447cd6af2d0",
     "6b39cd0eb1bc8603e159ef5c20a5c8ad685a45b06ce9bebed3f153d10d93bed5"},
    {"f8b8af8ce3c7cca5e300d33939540c10d45ce001b8f252bfbc57ba0342904181", "Alan Turing",
     "7063ae83e7f62bbb171798131b4a0564b956930092b33b07b395615d9ec7e15c",
     "58dfcc1e00a35e1572f366ffe34ba0fc47db1e7189759b9fb233c5b05ab388ea"},
    {"e91671c46231f833a6406ccbea0e3e392c76c167bac1cb013f6f1013980455c2",
     "There is a computer disease that anybody who works with computers knows about. It's a very serious "
     "disease and it interferes completely with the work. The trouble with computers is that you 'play' with "
     "them!",
     "b552edd27580141f3b2a5463048cb7cd3e047b97c9f98076c32dbdf85a68718b",
     "279fa72dd19bfae05577e06c7c0c1900c371fcd5893f7e1d56a37d30174671f6"},
}};

TEST(Sign, nonces_are_those_of_rfc_6979) {
    for (const NonceVector& vector : nonce_vectors) {
        const PrivateKey key = key_from_hex(vector.key);
        const Digest digest = sha256(bytes_of(vector.message));
        const Signature signature = sign(digest, key);
        EXPECT_EQ(to_hex(signature.r), vector.r) << vector.message;
        EXPECT_EQ(to_hex(signature.s), vector.s) << vector.message;
        EXPECT_EQ(recover(digest, signature), public_key_of(key)) << vector.message;
    }
}

TEST(Sign, the_same_digest_is_signed_the_same_way_twice) {
    const Signed made;
    EXPECT_EQ(sign(made.digest, made.key), made.signature);
}

TEST(Sign, every_signature_is_low_s_verifies_and_recovers) {
    Digest digest{};
    std::array<int, 2> recovery_ids{};
    for (int i = 0; i < 64; ++i) {
        const PrivateKey key = generate_private_key();
        digest = keccak256(digest);
        const Signature signature = sign(digest, key);
        ASSERT_TRUE(is_low_s(signature));
        ASSERT_TRUE(verify(digest, signature, public_key_of(key)));
        ASSERT_EQ(recover_address(digest, signature), address_of(key));
        ASSERT_LT(signature.recovery_id, 2);
        ++recovery_ids[signature.recovery_id];
    }
    // Both must occur; that 64 fair coins all fall alike has a chance of 2^-63.
    EXPECT_GT(recovery_ids[0], 0);
    EXPECT_GT(recovery_ids[1], 0);
}

TEST(Sign, digests_at_the_borders_of_the_field_can_be_signed) {
    const PrivateKey key = key_from_hex(devnet_key);
    for (const std::string_view digits : {zero, one, order_minus_1, order, all_ones}) {
        const Digest digest = from_hex<32>(digits);
        EXPECT_EQ(recover(digest, sign(digest, key)), public_key_of(key)) << digits;
    }
}

TEST(SignDeathTest, a_key_that_is_no_scalar_ends_the_process) {
    EXPECT_DEATH(sign(Digest{}, key_from_hex(zero)), "private key outside");
    EXPECT_DEATH(sign(Digest{}, key_from_hex(order)), "private key outside");
    EXPECT_DEATH(public_key_of(key_from_hex(zero)), "private key outside");
}

TEST(Recover, a_published_signature_gives_its_address) {
    const Digest digest = from_hex<32>("456e9aea5e197a1f1af7a3e85a3212fa4049a3ba34c2289b4c860fc0b0c64ef3");
    const Signature signature{
        .r = from_hex<32>("9242685bf161793cc25603c231bc2f568eb630ea16aa137d2664ac8038825608"),
        .s = from_hex<32>("4f8ae3bd7535248d0bd448298cc2e2071e56992d0774dc340c368ae950852ada"),
        .recovery_id = 1};
    const auto address = recover_address(digest, signature);
    ASSERT_TRUE(address.has_value());
    EXPECT_EQ(to_hex(*address), "7156526fbd7a3c72969b54f64e42c10fbb768c8a");
}

TEST(Recover, a_high_s_signature_gives_the_same_key) {
    const Signed made;
    const Signature high = with_negated_s(made.signature);
    EXPECT_FALSE(is_low_s(high));
    EXPECT_EQ(recover(made.digest, high), public_key_of(made.key));
}

TEST(Recover, the_other_recovery_id_gives_another_key) {
    Signed made;
    made.signature.recovery_id ^= 1;
    const auto key = recover(made.digest, made.signature);
    ASSERT_TRUE(key.has_value());
    EXPECT_NE(*key, public_key_of(made.key));
    EXPECT_TRUE(verify(made.digest, made.signature, *key));
}

TEST(Recover, every_recovery_id_above_one_is_refused) {
    Signed made;
    for (int id = 2; id < 256; ++id) {
        made.signature.recovery_id = static_cast<std::uint8_t>(id);
        ASSERT_EQ(recover(made.digest, made.signature), std::nullopt) << id;
        ASSERT_EQ(recover_address(made.digest, made.signature), std::nullopt) << id;
    }
}

/// Whether libsecp256k1 itself, which allows ids up to 3, finds a key.
bool library_recovers(const Digest& digest, const Signature& signature) {
    std::array<std::uint8_t, 64> bytes{};
    std::copy(signature.r.begin(), signature.r.end(), bytes.begin());
    std::copy(signature.s.begin(), signature.s.end(), bytes.begin() + 32);
    secp256k1_ecdsa_recoverable_signature parsed;
    secp256k1_pubkey key;
    return secp256k1_ecdsa_recoverable_signature_parse_compact(secp256k1_context_static, &parsed,
                                                               bytes.data(), signature.recovery_id) == 1 &&
           secp256k1_ecdsa_recover(secp256k1_context_static, &key, &parsed, digest.data()) == 1;
}

TEST(Recover, ids_two_and_three_are_refused_even_where_a_point_fits) {
    // They mean x = r + n, which is below the field's prime only for an r as small as these.
    Signed made;
    made.signature.r = {};
    int fitting = 0;
    for (std::uint8_t r = 1; r < 32; ++r) {
        made.signature.r[31] = r;
        for (const std::uint8_t id : {2, 3}) {
            made.signature.recovery_id = id;
            fitting += library_recovers(made.digest, made.signature) ? 1 : 0;
            EXPECT_EQ(recover(made.digest, made.signature), std::nullopt) << int{r} << ", " << int{id};
        }
    }
    EXPECT_GT(fitting, 0);
}

TEST(Recover, r_and_s_outside_one_to_the_order_minus_one_are_refused) {
    const Signed made;
    for (const std::string_view digits : {zero, order, order_plus_1, all_ones}) {
        for (const std::uint8_t recovery_id : {0, 1}) {
            Signature bad_r = made.signature;
            bad_r.r = from_hex<32>(digits);
            bad_r.recovery_id = recovery_id;
            EXPECT_EQ(recover(made.digest, bad_r), std::nullopt) << digits;
            Signature bad_s = made.signature;
            bad_s.s = from_hex<32>(digits);
            bad_s.recovery_id = recovery_id;
            EXPECT_EQ(recover(made.digest, bad_s), std::nullopt) << digits;
        }
    }
}

TEST(Recover, an_r_that_is_no_coordinate_of_a_point_is_refused) {
    // 5^3 + 7 has no square root modulo the field's prime.
    Signed made;
    made.signature.r = {};
    made.signature.r[31] = 5;
    EXPECT_EQ(recover(made.digest, made.signature), std::nullopt);
    made.signature.r[31] = 6;
    EXPECT_NE(recover(made.digest, made.signature), std::nullopt);
}

TEST(Recover, a_signature_whose_key_would_be_the_point_at_infinity_is_refused) {
    // With r = x(G), s = 1 and a digest equal to s, the key is (s G - digest G) / r: no point at all.
    const PublicKey generator = public_key_of(key_from_hex(one));
    Signature signature;
    std::copy(generator.begin(), generator.begin() + 32, signature.r.begin());
    signature.s = from_hex<32>(one);
    EXPECT_EQ(recover(from_hex<32>(one), signature), std::nullopt);
    signature.s[31] = 2;
    EXPECT_NE(recover(from_hex<32>(one), signature), std::nullopt);
}

TEST(Verify, another_digest_key_or_signature_does_not_verify) {
    const Signed made;
    const PublicKey key = public_key_of(made.key);
    ASSERT_TRUE(verify(made.digest, made.signature, key));
    EXPECT_FALSE(verify(keccak256(made.digest), made.signature, key));
    EXPECT_FALSE(verify(made.digest, made.signature, public_key_of(key_from_hex(one))));
    for (std::size_t i = 0; i < 32; ++i) {
        Signature altered = made.signature;
        altered.r[i] ^= 1;
        EXPECT_FALSE(verify(made.digest, altered, key)) << "r, byte " << i;
        altered = made.signature;
        altered.s[i] ^= 1;
        EXPECT_FALSE(verify(made.digest, altered, key)) << "s, byte " << i;
    }
}

TEST(Verify, a_high_s_signature_does_not_verify) {
    const Signed made;
    EXPECT_FALSE(verify(made.digest, with_negated_s(made.signature), public_key_of(made.key)));
}

TEST(Verify, r_and_s_outside_one_to_the_order_minus_one_do_not_verify) {
    const Signed made;
    const PublicKey key = public_key_of(made.key);
    for (const std::string_view digits : {zero, order, all_ones}) {
        Signature bad = made.signature;
        bad.r = from_hex<32>(digits);
        EXPECT_FALSE(verify(made.digest, bad, key)) << digits;
        bad = made.signature;
        bad.s = from_hex<32>(digits);
        EXPECT_FALSE(verify(made.digest, bad, key)) << digits;
    }
}

TEST(Verify, the_recovery_id_does_not_count) {
    Signed made;
    made.signature.recovery_id = 77;
    EXPECT_TRUE(verify(made.digest, made.signature, public_key_of(made.key)));
}

TEST(Verify, a_key_that_is_no_point_does_not_verify) {
    const Signed made;
    PublicKey off_curve = public_key_of(made.key);
    off_curve[63] ^= 1;
    EXPECT_FALSE(verify(made.digest, made.signature, off_curve));
    EXPECT_FALSE(verify(made.digest, made.signature, PublicKey{}));
}

TEST(LowS, ends_at_half_the_order) {
    EXPECT_TRUE(is_low_s({.s = from_hex<32>(half_order)}));
    EXPECT_FALSE(is_low_s({.s = from_hex<32>(half_order_plus_1)}));
    EXPECT_TRUE(is_low_s({.s = from_hex<32>(one)}));
    EXPECT_FALSE(is_low_s({.s = from_hex<32>(order_minus_1)}));
}

TEST(Signatures, are_made_and_recovered_by_many_threads_at_once) {
    std::atomic<int> correct = 0;
    std::vector<std::thread> threads;
    for (std::uint8_t first = 0; first < 4; ++first) {
        threads.emplace_back([first, &correct] {
            const PrivateKey key = generate_private_key();
            Digest digest{first};
            for (int i = 0; i < 50; ++i) {
                digest = keccak256(digest);
                const Signature signature = sign(digest, key);
                correct += recover_address(digest, signature) == address_of(key) ? 1 : 0;
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    EXPECT_EQ(correct, 200);
}

}  // namespace
}  // namespace sluice::crypto
