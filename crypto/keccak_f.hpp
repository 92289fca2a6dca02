/// The permutation keccak-f[1600] (FIPS 202, section 3.3), the inner part of Keccak-256.
#pragma once

#include <array>
#include <cstdint>

namespace sluice::crypto {

/// The state as 25 lanes; the lane of coordinates (x, y) lies at 5 * y + x.
using KeccakState = std::array<std::uint64_t, 25>;

/// Applies the 24 rounds in place. Any thread; time does not depend on the values.
void keccak_f1600(KeccakState& state);

}  // namespace sluice::crypto
