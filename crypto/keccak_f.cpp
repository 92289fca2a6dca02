#include "crypto/keccak_f.hpp"

#include <bit>

namespace sluice::crypto {
namespace {

/// The step chi on one row.
[[gnu::always_inline]] inline void write_row(KeccakState& out, std::size_t first, std::uint64_t b0,
                                             std::uint64_t b1, std::uint64_t b2, std::uint64_t b3,
                                             std::uint64_t b4) {
    out[first] = b0 ^ (~b1 & b2);
    out[first + 1] = b1 ^ (~b2 & b3);
    out[first + 2] = b2 ^ (~b3 & b4);
    out[first + 3] = b3 ^ (~b4 & b0);
    out[first + 4] = b4 ^ (~b0 & b1);
}

/// One round from `a` to `e`. Every index and rotation is a constant, so that both states stay in registers
/// and the stack frame of the caller; that, and not moving lanes in memory, is what makes it fast.
[[gnu::always_inline]] inline void permute_round(const KeccakState& a, KeccakState& e,
                                                 std::uint64_t constant) {
    using std::rotl;
    const std::uint64_t c0 = a[0] ^ a[5] ^ a[10] ^ a[15] ^ a[20];
    const std::uint64_t c1 = a[1] ^ a[6] ^ a[11] ^ a[16] ^ a[21];
    const std::uint64_t c2 = a[2] ^ a[7] ^ a[12] ^ a[17] ^ a[22];
    const std::uint64_t c3 = a[3] ^ a[8] ^ a[13] ^ a[18] ^ a[23];
    const std::uint64_t c4 = a[4] ^ a[9] ^ a[14] ^ a[19] ^ a[24];
    const std::uint64_t d0 = c4 ^ rotl(c1, 1);
    const std::uint64_t d1 = c0 ^ rotl(c2, 1);
    const std::uint64_t d2 = c1 ^ rotl(c3, 1);
    const std::uint64_t d3 = c2 ^ rotl(c4, 1);
    const std::uint64_t d4 = c3 ^ rotl(c0, 1);

    write_row(e, 0, a[0] ^ d0, rotl(a[6] ^ d1, 44), rotl(a[12] ^ d2, 43), rotl(a[18] ^ d3, 21),
              rotl(a[24] ^ d4, 14));
    e[0] ^= constant;
    write_row(e, 5, rotl(a[3] ^ d3, 28), rotl(a[9] ^ d4, 20), rotl(a[10] ^ d0, 3), rotl(a[16] ^ d1, 45),
              rotl(a[22] ^ d2, 61));
    write_row(e, 10, rotl(a[1] ^ d1, 1), rotl(a[7] ^ d2, 6), rotl(a[13] ^ d3, 25), rotl(a[19] ^ d4, 8),
              rotl(a[20] ^ d0, 18));
    write_row(e, 15, rotl(a[4] ^ d4, 27), rotl(a[5] ^ d0, 36), rotl(a[11] ^ d1, 10), rotl(a[17] ^ d2, 15),
              rotl(a[23] ^ d3, 56));
    write_row(e, 20, rotl(a[2] ^ d2, 62), rotl(a[8] ^ d3, 55), rotl(a[14] ^ d4, 39), rotl(a[15] ^ d0, 41),
              rotl(a[21] ^ d1, 2));
}

[[gnu::always_inline]] inline void permute(KeccakState& state) {
    KeccakState even = state;
    KeccakState odd;
    for (std::size_t round = 0; round < keccak_round_constants.size(); round += 2) {
        permute_round(even, odd, keccak_round_constants[round]);
        permute_round(odd, even, keccak_round_constants[round + 1]);
    }
    state = even;
}

#if defined(__x86_64__)
/// The same in instructions that leave out a tenth: "and not" in one step, rotation into another register.
[[gnu::target("bmi,bmi2")]] void permute_with_bmi(KeccakState& state) {
    permute(state);
}
#endif

}  // namespace

void keccak_f1600(KeccakState& state) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("bmi2") != 0 && __builtin_cpu_supports("bmi") != 0)
        return permute_with_bmi(state);
#endif
    permute(state);
}

}  // namespace sluice::crypto
