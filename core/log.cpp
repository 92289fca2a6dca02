#include "core/log.hpp"

namespace sluice::core {

namespace {

struct BloomBit {
    std::size_t byte;
    std::uint8_t mask;
};

/// The three bits of a value: the low 11 bits of the first three pairs of bytes of its hash; bit 0 is the
/// last bit.
std::array<BloomBit, 3> bits_of(ByteView value) {
    const Hash hash = keccak256(value);
    std::array<BloomBit, 3> bits{};
    for (std::size_t i = 0; i < bits.size(); ++i) {
        const unsigned bit = (static_cast<unsigned>(hash[2 * i]) << 8 | hash[2 * i + 1]) % 2048;
        bits[i] = {255 - bit / 8, static_cast<std::uint8_t>(1u << bit % 8)};
    }
    return bits;
}

}  // namespace

void add_to_bloom(Bloom& bloom, ByteView value) {
    for (const BloomBit& bit : bits_of(value))
        bloom[bit.byte] |= bit.mask;
}

Bloom bloom_of(std::span<const Log> logs) {
    Bloom bloom{};
    for (const Log& log : logs) {
        add_to_bloom(bloom, log.address);
        for (const Word& topic : log.topics)
            add_to_bloom(bloom, topic);
    }
    return bloom;
}

Bloom operator|(const Bloom& a, const Bloom& b) {
    Bloom both = a;
    for (std::size_t i = 0; i < both.size(); ++i)
        both[i] |= b[i];
    return both;
}

bool may_contain(const Bloom& bloom, ByteView value) {
    for (const BloomBit& bit : bits_of(value))
        if ((bloom[bit.byte] & bit.mask) == 0) return false;
    return true;
}

}  // namespace sluice::core
