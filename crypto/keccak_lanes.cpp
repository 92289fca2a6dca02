#include "crypto/keccak_lanes.hpp"

#include <cstdlib>
#include <cstring>

#include "crypto/keccak_f.hpp"

namespace sluice::crypto {

#if defined(__x86_64__)

namespace {

/// One word of each of the eight states: one register.
using Words [[gnu::vector_size(64)]] = std::uint64_t;

template <int count>
[[gnu::always_inline, gnu::target("avx512f")]] inline Words rotl(Words words) {
    return words << count | words >> (64 - count);
}
/// (a ^ b) rotated left.
template <int count>
[[gnu::always_inline, gnu::target("avx512f")]] inline Words mix(Words a, Words b) {
    return rotl<count>(a ^ b);
}

[[gnu::always_inline, gnu::target("avx512f")]] inline void write_row(Words* out, Words b0, Words b1, Words b2,
                                                                     Words b3, Words b4) {
    out[0] = b0 ^ (~b1 & b2);
    out[1] = b1 ^ (~b2 & b3);
    out[2] = b2 ^ (~b3 & b4);
    out[3] = b3 ^ (~b4 & b0);
    out[4] = b4 ^ (~b0 & b1);
}

/// The steps theta, rho, pi, chi and iota from `a` to `e` (FIPS 202, section 3.2), as in keccak_f.cpp.
[[gnu::always_inline, gnu::target("avx512f")]] inline void permute_round(const Words* a, Words* e,
                                                                         std::uint64_t constant) {
    const Words c0 = a[0] ^ a[5] ^ a[10] ^ a[15] ^ a[20];
    const Words c1 = a[1] ^ a[6] ^ a[11] ^ a[16] ^ a[21];
    const Words c2 = a[2] ^ a[7] ^ a[12] ^ a[17] ^ a[22];
    const Words c3 = a[3] ^ a[8] ^ a[13] ^ a[18] ^ a[23];
    const Words c4 = a[4] ^ a[9] ^ a[14] ^ a[19] ^ a[24];
    const Words d0 = c4 ^ rotl<1>(c1);
    const Words d1 = c0 ^ rotl<1>(c2);
    const Words d2 = c1 ^ rotl<1>(c3);
    const Words d3 = c2 ^ rotl<1>(c4);
    const Words d4 = c3 ^ rotl<1>(c0);

    write_row(e, a[0] ^ d0, mix<44>(a[6], d1), mix<43>(a[12], d2), mix<21>(a[18], d3), mix<14>(a[24], d4));
    e[0] ^= constant;
    write_row(e + 5, mix<28>(a[3], d3), mix<20>(a[9], d4), mix<3>(a[10], d0), mix<45>(a[16], d1),
              mix<61>(a[22], d2));
    write_row(e + 10, mix<1>(a[1], d1), mix<6>(a[7], d2), mix<25>(a[13], d3), mix<8>(a[19], d4),
              mix<18>(a[20], d0));
    write_row(e + 15, mix<27>(a[4], d4), mix<36>(a[5], d0), mix<10>(a[11], d1), mix<15>(a[17], d2),
              mix<56>(a[23], d3));
    write_row(e + 20, mix<62>(a[2], d2), mix<55>(a[8], d3), mix<39>(a[14], d4), mix<41>(a[15], d0),
              mix<2>(a[21], d1));
}

[[gnu::target("avx512f")]] void permute(KeccakStates& states) {
    Words even[25];
    Words odd[25];
    for (std::size_t i = 0; i < 25; ++i)
        std::memcpy(&even[i], &states.words[i], sizeof even[i]);
    for (std::size_t round = 0; round < keccak_round_constants.size(); round += 2) {
        permute_round(even, odd, keccak_round_constants[round]);
        permute_round(odd, even, keccak_round_constants[round + 1]);
    }
    for (std::size_t i = 0; i < 25; ++i)
        std::memcpy(&states.words[i], &even[i], sizeof even[i]);
}

}  // namespace

bool has_keccak_lanes() {
    return __builtin_cpu_supports("avx512f") != 0;
}

void keccak_f1600(KeccakStates& states) {
    permute(states);
}

#else

bool has_keccak_lanes() {
    return false;
}

void keccak_f1600(KeccakStates&) {
    std::abort();
}

#endif

}  // namespace sluice::crypto
