/// The compression function of BLAKE2b, for Ethereum's precompiled contract 0x09 (EIP-152).
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace sluice::crypto {

/// What one compression takes (RFC 7693, section 3.2). Words are little-endian, as they lie in the input of
/// the precompiled contract.
struct Blake2bBlock {
    std::uint32_t rounds = 12;                   ///< any number; a hash takes 12
    std::span<const std::uint8_t, 64> state;     ///< h: eight words
    std::span<const std::uint8_t, 128> message;  ///< m: sixteen words
    std::span<const std::uint8_t, 16> offset;    ///< t: two words, how many bytes were hashed, low word first
    bool last = false;                           ///< f: this is the last block
};

/// The state after the block. Takes some ten nanoseconds per round: for the caller to have paid for first.
/// Any thread.
std::array<std::uint8_t, 64> blake2b_compress(const Blake2bBlock& block);

}  // namespace sluice::crypto
