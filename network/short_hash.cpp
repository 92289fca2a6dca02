#include "network/short_hash.hpp"

#include <bit>
#include <cstring>

namespace sluice::network {

namespace {

void sip_round(std::array<std::uint64_t, 4>& v) {
    v[0] += v[1];
    v[1] = std::rotl(v[1], 13) ^ v[0];
    v[0] = std::rotl(v[0], 32);
    v[2] += v[3];
    v[3] = std::rotl(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = std::rotl(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = std::rotl(v[1], 17) ^ v[2];
    v[2] = std::rotl(v[2], 32);
}

}  // namespace

ShortHash::ShortHash(const ShortHashKey& key)
    : state_{key[0] ^ 0x736f6d6570736575ull, key[1] ^ 0x646f72616e646f6dull, key[0] ^ 0x6c7967656e657261ull,
             key[1] ^ 0x7465646279746573ull} {}

ShortHash& ShortHash::update(core::ByteView data) {
    std::size_t at = 0;
    while (at < data.size()) {
        const std::size_t filled = length_bytes_ % 8;
        if (filled == 0 && data.size() - at >= 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, data.data() + at, 8);
            if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
            absorb(word);
            at += 8;
            length_bytes_ += 8;
            continue;
        }
        pending_ |= static_cast<std::uint64_t>(data[at]) << (8 * filled);
        ++at;
        ++length_bytes_;
        if (filled == 7) {
            absorb(pending_);
            pending_ = 0;
        }
    }
    return *this;
}

ShortHash& ShortHash::update(std::uint64_t value) {
    std::array<std::uint8_t, 8> bytes{};
    for (std::size_t i = 0; i < 8; ++i)
        bytes[i] = static_cast<std::uint8_t>(value >> (8 * i));
    return update(core::ByteView(bytes));
}

std::uint64_t ShortHash::finish() {
    absorb(pending_ | (length_bytes_ << 56));
    state_[2] ^= 0xff;
    for (int round = 0; round < 4; ++round)
        sip_round(state_);
    return state_[0] ^ state_[1] ^ state_[2] ^ state_[3];
}

void ShortHash::absorb(std::uint64_t word) {
    state_[3] ^= word;
    sip_round(state_);
    sip_round(state_);
    state_[0] ^= word;
}

}  // namespace sluice::network
