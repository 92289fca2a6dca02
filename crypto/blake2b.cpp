#include "crypto/blake2b.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>

namespace sluice::crypto {
namespace {

// Words are copied without swapping.
static_assert(std::endian::native == std::endian::little);

using State = std::array<std::uint64_t, 8>;
using Working = std::array<std::uint64_t, 16>;
using Message = std::array<std::uint64_t, 16>;

/// RFC 7693, section 2.6.
constexpr State initial{0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
                        0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

/// The order of the message words in each round (RFC 7693, section 2.7); after the tenth it begins anew.
constexpr std::size_t schedule_rounds = 10;
constexpr std::uint8_t schedule[schedule_rounds][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

/// The function G (RFC 7693, section 3.1).
[[gnu::always_inline]] inline void mix(std::uint64_t& a, std::uint64_t& b, std::uint64_t& c, std::uint64_t& d,
                                       std::uint64_t x, std::uint64_t y) {
    a += b + x;
    d = std::rotr(d ^ a, 32);
    c += d;
    b = std::rotr(b ^ c, 24);
    a += b + y;
    d = std::rotr(d ^ a, 16);
    c += d;
    b = std::rotr(b ^ c, 63);
}

[[gnu::always_inline]] inline void mix_round(Working& v, const Message& m) {
    mix(v[0], v[4], v[8], v[12], m[0], m[1]);
    mix(v[1], v[5], v[9], v[13], m[2], m[3]);
    mix(v[2], v[6], v[10], v[14], m[4], m[5]);
    mix(v[3], v[7], v[11], v[15], m[6], m[7]);
    mix(v[0], v[5], v[10], v[15], m[8], m[9]);
    mix(v[1], v[6], v[11], v[12], m[10], m[11]);
    mix(v[2], v[7], v[8], v[13], m[12], m[13]);
    mix(v[3], v[4], v[9], v[14], m[14], m[15]);
}

/// The message as each round reads it. Putting it in order once leaves the loop over the rounds, of which
/// there may be four billion, without any look-up.
std::array<Message, schedule_rounds> scheduled(const Message& message, std::uint32_t rounds) {
    std::array<Message, schedule_rounds> ordered;
    for (std::size_t round = 0; round < std::min<std::size_t>(rounds, schedule_rounds); ++round) {
        for (std::size_t i = 0; i < message.size(); ++i)
            ordered[round][i] = message[schedule[round][i]];
    }
    return ordered;
}

template <class Words>
Words words_of(const std::uint8_t* bytes) {
    Words words;
    std::memcpy(words.data(), bytes, sizeof(words));
    return words;
}

}  // namespace

std::array<std::uint8_t, 64> blake2b_compress(const Blake2bBlock& block) {
    auto h = words_of<State>(block.state.data());
    const auto t = words_of<std::array<std::uint64_t, 2>>(block.offset.data());
    Working v;
    std::copy(h.begin(), h.end(), v.begin());
    std::copy(initial.begin(), initial.end(), v.begin() + 8);
    v[12] ^= t[0];
    v[13] ^= t[1];
    if (block.last) v[14] = ~v[14];

    const auto messages = scheduled(words_of<Message>(block.message.data()), block.rounds);
    std::size_t next = 0;
    for (std::uint32_t round = 0; round < block.rounds; ++round) {
        mix_round(v, messages[next]);
        if (++next == schedule_rounds) next = 0;
    }

    for (std::size_t i = 0; i < h.size(); ++i)
        h[i] ^= v[i] ^ v[i + 8];
    std::array<std::uint8_t, 64> state;
    std::memcpy(state.data(), h.data(), state.size());
    return state;
}

}  // namespace sluice::crypto
