/// Signatures of a simulation: linked into sluice-sim in place of crypto/signature.cpp, of which it defines
/// every function. A signature is a keyed hash, some fifty times faster than ECDSA, under the same rule: only
/// who holds the private key can sign, because `sign` takes the key and nothing here gives keys away.
/// Checking needs the keys too, so each one is registered when its public key is first asked for; the
/// register is read by `recover` and `verify` alone. sluice-sim-real is the same program with ECDSA.
#include <algorithm>
#include <cstring>
#include <unordered_map>

#include "crypto/precondition.hpp"
#include "crypto/random.hpp"
#include "crypto/signature.hpp"
#include "tests/simulation/signature_count.hpp"

namespace sluice::crypto {
namespace {

using KeyBytes = std::array<std::uint8_t, 32>;

struct Holder {
    KeyBytes secret{};
    PublicKey public_key{};
};

struct AddressHash {
    std::size_t operator()(const AddressBytes& address) const {
        std::size_t value = 0;
        std::memcpy(&value, address.data(), sizeof value);
        return value;
    }
};

/// Every key of this process, by address. Grows by the few keys of the simulated chain; never walked, so that
/// its order shows nowhere. One thread.
std::unordered_map<AddressBytes, Holder, AddressHash>& holders() {
    static std::unordered_map<AddressBytes, Holder, AddressHash> all;
    return all;
}

template <std::size_t Size>
Digest keyed(const char (&purpose)[Size], const KeyBytes& secret, const Digest& digest) {
    std::array<std::uint8_t, Size - 1 + 64> bytes;
    auto out = std::copy_n(purpose, Size - 1, bytes.begin());
    out = std::copy(secret.begin(), secret.end(), out);
    std::copy(digest.begin(), digest.end(), out);
    return keccak256(bytes);
}

PublicKey as_public_key(const Digest& x, const Digest& y) {
    PublicKey key;
    std::copy(y.begin(), y.end(), std::copy(x.begin(), x.end(), key.begin()));
    return key;
}

KeyBytes bytes_of(const PrivateKey& key) {
    KeyBytes bytes;
    std::ranges::copy(key.bytes(), bytes.begin());
    return bytes;
}

/// The tag of a holder over a digest. Its top bit is clear, as r has to be below the order of the group.
std::array<std::uint8_t, 32> tag_of(const KeyBytes& secret, const Digest& digest) {
    auto tag = keyed("tag", secret, digest);
    tag[0] &= 0x7f;
    tag[31] |= 1;
    return tag;
}

/// s holds the signer's address in its last 20 bytes and zeros before: a low s that is not zero.
AddressBytes named_in(const Signature& signature) {
    AddressBytes address;
    std::copy(signature.s.begin() + 12, signature.s.end(), address.begin());
    return address;
}

bool is_in_range(const std::array<std::uint8_t, 32>& scalar) {
    return scalar[0] < 0x80 && std::ranges::any_of(scalar, [](std::uint8_t byte) { return byte != 0; });
}

}  // namespace

bool is_valid(const PrivateKey& key) {
    const auto bytes = bytes_of(key);
    return std::ranges::any_of(bytes, [](std::uint8_t byte) { return byte != 0; });
}

PrivateKey generate_private_key() {
    PrivateKey key;
    fill_random(key.writable_bytes());
    return key;
}

PublicKey public_key_of(const PrivateKey& key) {
    require(is_valid(key), "a private key outside [1, n-1] was used");
    const auto secret = bytes_of(key);
    const auto x = keyed("x", secret, {});
    const auto public_key = as_public_key(x, keyed("y", secret, {}));
    holders().try_emplace(address_of(public_key), Holder{secret, public_key});
    return public_key;
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
    const auto address = address_of(key);
    Signature signature;
    signature.r = tag_of(bytes_of(key), digest);
    std::copy(address.begin(), address.end(), signature.s.begin() + 12);
    signature.recovery_id = signature.r[31] >> 7;
    return signature;
}

std::optional<PublicKey> recover(const Digest& digest, const Signature& signature) {
    ++simulation::signature_checks;
    if (signature.recovery_id > 1 || !is_in_range(signature.r) || !is_in_range(signature.s))
        return std::nullopt;
    const auto holder = holders().find(named_in(signature));
    if (holder != holders().end() && signature.r == tag_of(holder->second.secret, digest) &&
        signature.recovery_id == signature.r[31] >> 7 &&
        std::all_of(signature.s.begin(), signature.s.begin() + 12,
                    [](std::uint8_t byte) { return byte == 0; }))
        return holder->second.public_key;
    // As with ECDSA, a signature over something else names a key that nobody holds.
    return as_public_key(keyed("stray", signature.r, digest), keyed("stray", signature.s, digest));
}

std::optional<AddressBytes> recover_address(const Digest& digest, const Signature& signature) {
    const std::optional<PublicKey> key = recover(digest, signature);
    if (!key) return std::nullopt;
    return address_of(*key);
}

bool verify(const Digest& digest, const Signature& signature, const PublicKey& key) {
    auto either = signature;
    either.recovery_id = signature.r[31] >> 7;
    return recover(digest, either) == key;
}

bool is_low_s(const Signature& signature) {
    return signature.s[0] < 0x7f;
}

}  // namespace sluice::crypto
