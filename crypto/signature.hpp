/// secp256k1 ECDSA: keys, recoverable signatures, verification (libsecp256k1; SEC 1, SEC 2, RFC 6979).
/// Every function may be called from any thread at any time.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "crypto/hash.hpp"
#include "crypto/secret.hpp"

namespace sluice::crypto {

/// Uncompressed public key without the 0x04 prefix: x then y, big-endian.
using PublicKey = std::array<std::uint8_t, 64>;

/// The last 20 bytes of keccak256(public key): an Ethereum address.
using AddressBytes = std::array<std::uint8_t, 20>;

/// r and s big-endian, and the recovery id 0 or 1. Made by `sign` it is always low-s.
struct Signature {
    std::array<std::uint8_t, 32> r{};
    std::array<std::uint8_t, 32> s{};
    std::uint8_t recovery_id = 0;
    bool operator==(const Signature&) const = default;
};

/// A private key of 32 bytes in wiped memory.
using PrivateKey = SecretArray<32>;

/// True if the scalar is in [1, n-1].
bool is_valid(const PrivateKey& key);
/// A fresh key from the operating system's random source.
PrivateKey generate_private_key();
/// Precondition (CHECKed by abort): `is_valid(key)`.
PublicKey public_key_of(const PrivateKey& key);
AddressBytes address_of(const PublicKey& key);
/// Precondition (CHECKed by abort): `is_valid(key)`.
AddressBytes address_of(const PrivateKey& key);

/// Signs a digest: deterministic nonce (RFC 6979), low-s, verified after signing. Precondition:
/// `is_valid(key)`.
Signature sign(const Digest& digest, const PrivateKey& key);

/// The key that made `signature` over `digest`; nothing if r or s is zero or not below n, the recovery id is
/// above 1, or no point fits.
/// High-s is accepted here (Ethereum's ecrecover precompile does); callers that refuse it ask `is_low_s`.
std::optional<PublicKey> recover(const Digest& digest, const Signature& signature);
std::optional<AddressBytes> recover_address(const Digest& digest, const Signature& signature);

/// ECDSA verification against a known key; only low-s signatures verify. Does not look at `recovery_id`.
bool verify(const Digest& digest, const Signature& signature, const PublicKey& key);

/// s <= n/2 (EIP-2).
bool is_low_s(const Signature& signature);

}  // namespace sluice::crypto
