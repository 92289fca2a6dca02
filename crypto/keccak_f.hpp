/// The permutation keccak-f[1600] (FIPS 202, section 3.3), the inner part of Keccak-256.
#pragma once

#include <array>
#include <cstdint>

namespace sluice::crypto {

/// The state as 25 lanes; the lane of coordinates (x, y) lies at 5 * y + x.
using KeccakState = std::array<std::uint64_t, 25>;

/// Round constants of the step iota (FIPS 202, section 3.2.5).
inline constexpr std::array<std::uint64_t, 24> keccak_round_constants{
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
    0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
    0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
    0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

/// Applies the 24 rounds in place. Any thread; time does not depend on the values.
void keccak_f1600(KeccakState& state);

}  // namespace sluice::crypto
