#include "crypto/signature.hpp"

#include <algorithm>

#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include "crypto/precondition.hpp"
#include "crypto/random.hpp"

namespace sluice::crypto {
namespace {

using CompactSignature = std::array<std::uint8_t, 64>;

/// n / 2 rounded down, n being the order of the group (SEC 2, section 2.4.1): the greatest low s.
constexpr std::array<std::uint8_t, 32> half_order{
    0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0};

/// The one context. It is blinded before its first use, against side channels on private keys; afterwards it
/// is only read, so that all threads may share it. It lives as long as the process.
const secp256k1_context* context() {
    static const secp256k1_context* const blinded = [] {
        secp256k1_context* made = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
        require(made != nullptr, "libsecp256k1 made no context");
        SecretArray<32> seed;
        fill_random(seed.writable_bytes());
        require(secp256k1_context_randomize(made, seed.bytes().data()) == 1, "blinding the context failed");
        return made;
    }();
    return blinded;
}

CompactSignature compact(const Signature& signature) {
    CompactSignature bytes;
    std::copy(signature.r.begin(), signature.r.end(), bytes.begin());
    std::copy(signature.s.begin(), signature.s.end(), bytes.begin() + 32);
    return bytes;
}

PublicKey serialized(const secp256k1_pubkey& key) {
    std::array<std::uint8_t, 65> bytes;
    std::size_t size = bytes.size();
    secp256k1_ec_pubkey_serialize(context(), bytes.data(), &size, &key, SECP256K1_EC_UNCOMPRESSED);
    PublicKey result;
    std::copy(bytes.begin() + 1, bytes.end(), result.begin());
    return result;
}

}  // namespace

bool is_valid(const PrivateKey& key) {
    return secp256k1_ec_seckey_verify(context(), key.bytes().data()) == 1;
}

PrivateKey generate_private_key() {
    PrivateKey key;
    do {
        fill_random(key.writable_bytes());
    } while (!is_valid(key));
    return key;
}

PublicKey public_key_of(const PrivateKey& key) {
    secp256k1_pubkey point;
    require(secp256k1_ec_pubkey_create(context(), &point, key.bytes().data()) == 1,
            "a private key outside [1, n-1] was used");
    return serialized(point);
}

AddressBytes address_of(const PublicKey& key) {
    const Digest digest = keccak256(key);
    AddressBytes address;
    std::copy(digest.begin() + 12, digest.end(), address.begin());
    return address;
}

AddressBytes address_of(const PrivateKey& key) {
    return address_of(public_key_of(key));
}

Signature sign(const Digest& digest, const PrivateKey& key) {
    secp256k1_ecdsa_recoverable_signature made;
    require(secp256k1_ecdsa_sign_recoverable(context(), &made, digest.data(), key.bytes().data(),
                                             secp256k1_nonce_function_rfc6979, nullptr) == 1,
            "a private key outside [1, n-1] was used to sign");
    CompactSignature bytes;
    int recovery_id = 0;
    secp256k1_ecdsa_recoverable_signature_serialize_compact(context(), bytes.data(), &recovery_id, &made);
    // 2 and 3 mean that the nonce's x reached n: one in 2^127, and Ethereum's v has no place for them.
    require(recovery_id == 0 || recovery_id == 1, "a signature needs a recovery id that has no encoding");

    Signature signature;
    std::copy(bytes.begin(), bytes.begin() + 32, signature.r.begin());
    std::copy(bytes.begin() + 32, bytes.end(), signature.s.begin());
    signature.recovery_id = static_cast<std::uint8_t>(recovery_id);
    // A faulty signature can give the key away, so none leaves this function untested.
    require(recover(digest, signature) == public_key_of(key), "a fresh signature does not verify");
    return signature;
}

std::optional<PublicKey> recover(const Digest& digest, const Signature& signature) {
    if (signature.recovery_id > 1) return std::nullopt;
    secp256k1_ecdsa_recoverable_signature parsed;
    if (secp256k1_ecdsa_recoverable_signature_parse_compact(context(), &parsed, compact(signature).data(),
                                                            signature.recovery_id) != 1) {
        return std::nullopt;
    }
    secp256k1_pubkey key;
    if (secp256k1_ecdsa_recover(context(), &key, &parsed, digest.data()) != 1) return std::nullopt;
    return serialized(key);
}

std::optional<AddressBytes> recover_address(const Digest& digest, const Signature& signature) {
    const std::optional<PublicKey> key = recover(digest, signature);
    if (!key) return std::nullopt;
    return address_of(*key);
}

bool verify(const Digest& digest, const Signature& signature, const PublicKey& key) {
    std::array<std::uint8_t, 65> point_bytes{0x04};
    std::copy(key.begin(), key.end(), point_bytes.begin() + 1);
    secp256k1_pubkey point;
    if (secp256k1_ec_pubkey_parse(context(), &point, point_bytes.data(), point_bytes.size()) != 1) {
        return false;
    }
    secp256k1_ecdsa_signature parsed;
    if (secp256k1_ecdsa_signature_parse_compact(context(), &parsed, compact(signature).data()) != 1) {
        return false;
    }
    return secp256k1_ecdsa_verify(context(), &parsed, digest.data(), &point) == 1;
}

bool is_low_s(const Signature& signature) {
    return signature.s <= half_order;
}

}  // namespace sluice::crypto
