/// Typed data that keys sign outside of transactions (EIP-712): one domain for every struct.
///
///     domain {name: "Sluice", version: "1", chainId, verifyingContract: 0x…5e03, salt: hash of block 0}
///
/// The salt ties a signature to one chain: two chains may share a number, no two share a genesis.
#pragma once

#include "contracts/native/books.hpp"

namespace sluice::contracts::native {

/// What tells the chain of a signature from all others.
struct SigningDomain {
    std::uint64_t chain_id = 0;
    core::Hash genesis_hash{};
    bool operator==(const SigningDomain&) const = default;
};

/// The domain of this chain, as the state knows it.
SigningDomain signing_domain(const Books& books);
/// Keeps the hash of genesis, which only the block after it sees. At the start of every block.
void record_genesis_hash(JournaledState& state, const BlockContext& block);

/// keccak256(0x19 ‖ 0x01 ‖ domain separator ‖ struct hash): what a key signs.
core::Hash typed_digest(const SigningDomain& domain, const core::Hash& struct_hash);

/// keccak256 of values as ABI words: a struct's hash, its type hash first.
template <Value... Ts>
core::Hash hash_words(const Ts&... values) {
    std::array<std::uint8_t, 32 * sizeof...(Ts)> words;
    std::size_t at = 0;
    ((put_word(words.data() + at, values), at += 32), ...);
    return core::keccak256(words);
}

}  // namespace sluice::contracts::native
