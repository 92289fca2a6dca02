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
    AddressBytes address{};
};

/// Both names of a holder begin with bytes that came out of a hash.
struct FirstBytes {
    template <typename Array>
    std::size_t operator()(const Array& name) const {
        std::size_t value = 0;
        std::memcpy(&value, name.data(), sizeof value);
        return value;
    }
};

/// Every key of this process. Grows by the few keys of the simulated chains; never walked, so that its order
/// shows nowhere. One thread.
struct Register {
    std::unordered_map<AddressBytes, Holder, FirstBytes> by_address;
    std::unordered_map<KeyBytes, AddressBytes, FirstBytes> by_secret;
};
Register& holders() {
    static Register all;
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

std::uint64_t word_at(const Digest& bytes, std::size_t place) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < 8; ++i)
        word |= std::uint64_t{bytes[8 * place + i]} << (8 * i);
    return word;
}

/// The tag of a holder over a digest: four lanes that each take in all of both. Nobody here tries to find a
/// tag without the key, so mixing by multiplication is enough. The top bit is clear, as r has to be below the
/// order of the group.
std::array<std::uint8_t, 32> tag_of(const KeyBytes& secret, const Digest& digest) {
    std::array<std::uint8_t, 32> tag;
    std::uint64_t state = 0x736c75696365ull;
    for (std::size_t lane = 0; lane < 4; ++lane) {
        for (std::size_t place = 0; place < 4; ++place) {
            state = (state ^ word_at(secret, place)) * 0xff51afd7ed558ccdull;
            state ^= state >> 32;
            state = (state ^ word_at(digest, place)) * 0xc4ceb9fe1a85ec53ull;
            state ^= state >> 29;
        }
        for (std::size_t i = 0; i < 8; ++i)
            tag[8 * lane + i] = static_cast<std::uint8_t>(state >> (8 * i));
    }
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
    return holders().by_address.at(address_of(key)).public_key;
}

AddressBytes address_of(const PublicKey& key) {
    const Digest digest = keccak256(key);
    AddressBytes address;
    std::copy(digest.begin() + 12, digest.end(), address.begin());
    return address;
}

AddressBytes address_of(const PrivateKey& key) {
    require(is_valid(key), "a private key outside [1, n-1] was used");
    const auto secret = bytes_of(key);
    auto& all = holders();
    if (const auto known = all.by_secret.find(secret); known != all.by_secret.end()) return known->second;
    const auto x = keyed("x", secret, {});
    const auto public_key = as_public_key(x, keyed("y", secret, {}));
    const auto address = address_of(public_key);
    all.by_secret.emplace(secret, address);
    all.by_address.emplace(address, Holder{secret, public_key, address});
    return address;
}

Signature sign(const Digest& digest, const PrivateKey& key) {
    const auto address = address_of(key);
    Signature signature;
    signature.r = tag_of(bytes_of(key), digest);
    std::copy(address.begin(), address.end(), signature.s.begin() + 12);
    signature.recovery_id = signature.r[31] >> 7;
    return signature;
}

namespace {

/// The holder who made this signature over this digest; null if none did.
const Holder* holder_of(const Digest& digest, const Signature& signature) {
    ++simulation::signature_checks;
    if (signature.recovery_id != signature.r[31] >> 7) return nullptr;
    if (std::any_of(signature.s.begin(), signature.s.begin() + 12,
                    [](std::uint8_t byte) { return byte != 0; }))
        return nullptr;
    const auto& all = holders().by_address;
    const auto holder = all.find(named_in(signature));
    if (holder == all.end() || signature.r != tag_of(holder->second.secret, digest)) return nullptr;
    return &holder->second;
}

/// As with ECDSA, a signature over something else names a key that nobody holds.
std::optional<PublicKey> stray_key(const Digest& digest, const Signature& signature) {
    if (signature.recovery_id > 1 || !is_in_range(signature.r) || !is_in_range(signature.s))
        return std::nullopt;
    return as_public_key(keyed("stray", signature.r, digest), keyed("stray", signature.s, digest));
}

}  // namespace

std::optional<PublicKey> recover(const Digest& digest, const Signature& signature) {
    if (const auto* holder = holder_of(digest, signature)) return holder->public_key;
    return stray_key(digest, signature);
}

std::optional<AddressBytes> recover_address(const Digest& digest, const Signature& signature) {
    if (const auto* holder = holder_of(digest, signature)) return holder->address;
    const auto stray = stray_key(digest, signature);
    if (!stray) return std::nullopt;
    return address_of(*stray);
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
