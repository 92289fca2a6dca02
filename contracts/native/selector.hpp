/// Keccak-256 at compile time, for method selectors and event topics.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/ids.hpp"

namespace sluice::contracts::native {

/// First four bytes of the hash of a method's signature.
using Selector = std::array<std::uint8_t, 4>;

namespace detail {

constexpr std::array<std::uint64_t, 24> keccak_round_constants{
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
    0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
    0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
    0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};
constexpr std::array<int, 24> keccak_rotations{1,  3,  6,  10, 15, 21, 28, 36, 45, 55, 2,  14,
                                               27, 41, 56, 8,  25, 43, 62, 18, 39, 61, 20, 44};
constexpr std::array<std::size_t, 24> keccak_lanes{10, 7,  11, 17, 18, 3, 5,  16, 8,  21, 24, 4,
                                                   15, 23, 19, 13, 12, 2, 20, 14, 22, 9,  6,  1};

constexpr std::uint64_t rotate_left(std::uint64_t value, int by) {
    return (value << by) | (value >> (64 - by));
}

constexpr void keccak_round(std::array<std::uint64_t, 25>& state, std::uint64_t constant) {
    std::array<std::uint64_t, 5> parity{};
    for (std::size_t x = 0; x < 5; ++x)
        parity[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
    for (std::size_t x = 0; x < 5; ++x) {
        const std::uint64_t mix = parity[(x + 4) % 5] ^ rotate_left(parity[(x + 1) % 5], 1);
        for (std::size_t y = 0; y < 25; y += 5)
            state[y + x] ^= mix;
    }
    std::uint64_t carried = state[1];
    for (std::size_t i = 0; i < 24; ++i) {
        const std::uint64_t next = state[keccak_lanes[i]];
        state[keccak_lanes[i]] = rotate_left(carried, keccak_rotations[i]);
        carried = next;
    }
    for (std::size_t y = 0; y < 25; y += 5) {
        std::array<std::uint64_t, 5> row{};
        for (std::size_t x = 0; x < 5; ++x)
            row[x] = state[y + x];
        for (std::size_t x = 0; x < 5; ++x)
            state[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
    }
    state[0] ^= constant;
}

constexpr void absorb(std::array<std::uint64_t, 25>& state, std::size_t at, std::uint8_t byte) {
    state[at / 8] ^= static_cast<std::uint64_t>(byte) << (8 * (at % 8));
}

}  // namespace detail

/// The same function as `core::keccak256`, usable in constant expressions; slow at run time.
constexpr core::Hash constexpr_keccak256(std::string_view text) {
    constexpr std::size_t rate_bytes = 136;
    std::array<std::uint64_t, 25> state{};
    std::size_t at = 0;
    for (const char letter : text) {
        detail::absorb(state, at, static_cast<std::uint8_t>(letter));
        if (++at < rate_bytes) continue;
        for (const std::uint64_t constant : detail::keccak_round_constants)
            detail::keccak_round(state, constant);
        at = 0;
    }
    detail::absorb(state, at, 0x01);
    detail::absorb(state, rate_bytes - 1, 0x80);
    for (const std::uint64_t constant : detail::keccak_round_constants)
        detail::keccak_round(state, constant);
    core::Hash hash{};
    for (std::size_t i = 0; i < hash.size(); ++i)
        hash[i] = static_cast<std::uint8_t>(state[i / 8] >> (8 * (i % 8)));
    return hash;
}

/// Selector of a canonical signature such as "transfer(address,uint256)".
consteval Selector selector_of(std::string_view signature) {
    const core::Hash hash = constexpr_keccak256(signature);
    return {hash[0], hash[1], hash[2], hash[3]};
}

/// First topic of an event with that canonical signature.
consteval core::Word topic_of(std::string_view signature) {
    return constexpr_keccak256(signature);
}

}  // namespace sluice::contracts::native
