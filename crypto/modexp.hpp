/// Powers modulo a number of any size (GMP), for Ethereum's precompiled contract 0x05 (EIP-198).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "crypto/hash.hpp"

namespace sluice::crypto {

/// The longest base, exponent or modulus that `modexp` takes. Far above what gas can pay for: 1,024 bytes
/// since Osaka (EIP-7823), some tens of megabytes of exponent before; far below where GMP's own sizes end.
inline constexpr std::size_t modexp_bytes_max = std::size_t{1} << 29;

/// base ^ exponent mod modulus. All numbers are big-endian and of any length, none at all meaning zero; the
/// result is as long as the modulus as given, leading zeros included. Modulo zero the result is zeros, 0 ^ 0
/// is one, and modulo one everything is zero (EIP-198).
///
/// Time and memory grow with the lengths and it is for the caller to have them paid for first. Precondition
/// (CHECKed by abort): no argument is longer than `modexp_bytes_max`. Not constant in time: for public
/// numbers only. Any thread.
std::vector<std::uint8_t> modexp(ByteView base, ByteView exponent, ByteView modulus);

}  // namespace sluice::crypto
