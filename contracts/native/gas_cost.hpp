/// What native work costs, in gas. A method's gas is a sum of these, pinned by a static_assert beside it.
/// Calibrated so that 1 Mgas takes at most 25 ms on the reference machine, storage that is not in memory
/// included: one unit may take 25 ns. Figures follow the EVM's for the same work, so that a native method
/// costs like a contract.
#pragma once

#include <cstddef>

#include "core/ids.hpp"

namespace sluice::contracts::native::cost {

/// Dispatch, decoding of a short input, result.
inline constexpr core::Gas entry = 700;
/// A slot that the transaction has not used before (EIP-2929): one random read of the store, about 12 us.
inline constexpr core::Gas slot_read = 2'100;
/// Changing a slot that was read: commitment of some trie nodes and one database write.
inline constexpr core::Gas slot_write = 2'900;
/// A slot that the transaction has used already.
inline constexpr core::Gas slot_again = 100;
/// Slot of a mapping entry: one hash of two words.
inline constexpr core::Gas mapping_slot = 42;
/// Hash of `bytes` bytes (SHA3's price).
constexpr core::Gas hash(std::size_t bytes) {
    return 30 + 6 * ((bytes + 31) / 32);
}
/// A log with `topics` topics and `bytes` bytes of data (LOGn's price).
constexpr core::Gas log(std::size_t topics, std::size_t bytes) {
    return 375 + 375 * topics + 8 * bytes;
}
/// Recovery of one signature (precompile 0x01): about 35 us.
inline constexpr core::Gas recover = 3'000;
/// One word of input that is decoded or copied.
inline constexpr core::Gas word = 6;
/// `bytes` bytes of input that are decoded or copied.
constexpr core::Gas copy(std::size_t bytes) {
    return word * ((bytes + 31) / 32);
}

static_assert(slot_read + slot_write == 5'000, "SSTORE of a cold slot costs 5,000 (EIP-2200, EIP-2929)");
static_assert(mapping_slot == hash(64));

}  // namespace sluice::contracts::native::cost
