/// The names of things: hashes, addresses, heights, views.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.hpp"
#include "crypto/hash.hpp"
#include "crypto/signature.hpp"

namespace sluice::core {

/// Keccak-256 output.
using Hash = crypto::Digest;
/// A 32-byte storage key or value, or an ABI word.
using Word = std::array<std::uint8_t, 32>;
using Address = crypto::AddressBytes;
using Signature = crypto::Signature;
/// Number of a block; genesis is 0.
using Height = std::uint64_t;
/// PBFT view number: global, monotone, survives heights and restarts.
using View = std::uint64_t;
using Gas = std::uint64_t;

inline Hash keccak256(ByteView data) {
    return crypto::keccak256(data);
}

/// keccak256 of no bytes: the code hash of an account without code.
extern const Hash empty_code_hash;
/// keccak256(RLP(empty list)): the ommers hash of every block.
extern const Hash empty_list_hash;
/// Root of an empty Merkle-Patricia trie: keccak256(RLP(empty string)).
extern const Hash empty_trie_root;

std::optional<Hash> hash_from_hex(std::string_view text);
/// Accepts lower case, upper case, or a mixed case that satisfies the EIP-55 checksum.
std::optional<Address> address_from_hex(std::string_view text);
/// EIP-55 mixed-case form with "0x".
std::string checksum_hex(const Address& address);

/// The last 8 bytes hold `value`, the rest is zero.
Word word_from_u64(std::uint64_t value);
/// An address right-aligned in a word.
Word word_from_address(const Address& address);

}  // namespace sluice::core
