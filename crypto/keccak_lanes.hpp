/// The permutation keccak-f[1600] on eight states at once (AVX-512), for processors that can.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace sluice::crypto {

inline constexpr std::size_t keccak_lanes = 8;

/// Eight states side by side: word i of state n lies at [i][n].
struct alignas(64) KeccakStates {
    std::array<std::array<std::uint64_t, keccak_lanes>, 25> words{};
};

/// Whether this processor has what `keccak_f1600` on eight states needs.
bool has_keccak_lanes();

/// Applies the 24 rounds to each state. Precondition: `has_keccak_lanes()`. Any thread; time does not depend
/// on the values.
void keccak_f1600(KeccakStates& states);

}  // namespace sluice::crypto
