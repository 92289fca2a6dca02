#include "support/toy_crypto.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace sluice::consensus::testing {

namespace {

std::uint64_t mixed(std::uint64_t word) {
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9ull;
    word = (word ^ (word >> 27)) * 0x94d049bb133111ebull;
    return word ^ (word >> 31);
}

/// Not a keyed hash that withstands an attacker: nobody here computes one for a key that is not its own.
core::Hash tag(const core::Address& address, const core::Hash& digest) {
    std::uint64_t key = 0;
    for (const std::uint8_t byte : address)
        key = mixed(key + byte + 1);
    std::array<std::uint64_t, 4> words{};
    std::memcpy(words.data(), digest.data(), digest.size());
    for (std::uint64_t& word : words)
        word = key = mixed(key + word);
    core::Hash result{};
    std::memcpy(result.data(), words.data(), result.size());
    return result;
}

}  // namespace

core::Address toy_address(std::size_t number) {
    core::Address address{};
    address[0] = 0x70;
    address[19] = static_cast<std::uint8_t>(number + 1);
    return address;
}

crypto::Signature ToySigner::sign(const crypto::Digest& digest) {
    crypto::Signature signature;
    signature.r = tag(address_, digest);
    std::copy(address_.begin(), address_.end(), signature.s.begin() + 12);
    return signature;
}

std::optional<core::Address> toy_recover(const core::Hash& digest, const core::Signature& signature) {
    core::Address address{};
    std::copy(signature.s.begin() + 12, signature.s.end(), address.begin());
    if (signature.recovery_id != 0 || signature.r != tag(address, digest)) return std::nullopt;
    return address;
}

}  // namespace sluice::consensus::testing
