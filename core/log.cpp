#include "core/log.hpp"

#include <algorithm>
#include <cstring>

namespace sluice::core {

namespace {

using BloomBits = std::array<std::uint16_t, 3>;

/// The three bits of a value: the low 11 bits of the first three pairs of bytes of its hash.
BloomBits bits_of(ByteView value) {
    const Hash hash = keccak256(value);
    BloomBits bits{};
    for (std::size_t i = 0; i < bits.size(); ++i)
        bits[i] = static_cast<std::uint16_t>((hash[2 * i] << 8 | hash[2 * i + 1]) % 2048);
    return bits;
}

/// Bit 0 is the last bit.
std::uint8_t mask_of(std::uint16_t bit) {
    return static_cast<std::uint8_t>(1u << bit % 8);
}

void set_bits(Bloom& bloom, const BloomBits& bits) {
    for (const std::uint16_t bit : bits)
        bloom[255 - bit / 8] |= mask_of(bit);
}

template <typename Add>
Bloom bloom_with(std::span<const Log> logs, Add&& add) {
    Bloom bloom{};
    for (const Log& log : logs) {
        add(bloom, ByteView(log.address));
        for (const Word& topic : log.topics)
            add(bloom, ByteView(topic));
    }
    return bloom;
}

constexpr std::size_t remembered_places = 512;

}  // namespace

void add_to_bloom(Bloom& bloom, ByteView value) {
    set_bits(bloom, bits_of(value));
}

Bloom bloom_of(std::span<const Log> logs) {
    return bloom_with(logs, add_to_bloom);
}

BloomBuilder::BloomBuilder() : places_(remembered_places) {}

Bloom BloomBuilder::bloom_of(std::span<const Log> logs) {
    return bloom_with(logs, [this](Bloom& bloom, ByteView value) { add(bloom, value); });
}

void BloomBuilder::add(Bloom& bloom, ByteView value) {
    // Topics differ at their end (numbers, addresses) or everywhere (hashes), text at its beginning.
    const std::uint64_t mixed =
        (read_be64(value.data()) ^ read_be64(value.data() + value.size() - 8)) * 0x9e3779b97f4a7c15ull;
    Remembered& place = places_[(mixed >> 32) % remembered_places];
    if (place.size != value.size() || std::memcmp(place.value.data(), value.data(), value.size()) != 0) {
        place = {.size = static_cast<std::uint8_t>(value.size()), .bits = bits_of(value)};
        std::memcpy(place.value.data(), value.data(), value.size());
    }
    set_bits(bloom, place.bits);
}

Bloom operator|(const Bloom& a, const Bloom& b) {
    Bloom both = a;
    for (std::size_t i = 0; i < both.size(); ++i)
        both[i] |= b[i];
    return both;
}

bool may_contain(const Bloom& bloom, ByteView value) {
    const BloomBits bits = bits_of(value);
    return std::all_of(bits.begin(), bits.end(),
                       [&](std::uint16_t bit) { return (bloom[255 - bit / 8] & mask_of(bit)) != 0; });
}

}  // namespace sluice::core
