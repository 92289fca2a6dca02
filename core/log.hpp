/// Event logs of the EVM and of native contracts, and the 2048-bit bloom over them (Yellow Paper 4.3.1).
#pragma once

#include <array>
#include <span>
#include <vector>

#include "core/ids.hpp"

namespace sluice::core {

struct Log {
    Address address{};
    std::vector<Word> topics;  ///< at most limits::log_topics_max
    Bytes data;
    bool operator==(const Log&) const = default;
};

using Bloom = std::array<std::uint8_t, 256>;

/// Sets the three bits of `value`.
void add_to_bloom(Bloom& bloom, ByteView value);
Bloom bloom_of(std::span<const Log> logs);

/// Blooms of many receipts, in which addresses, event topics and parties come again and again: remembers the
/// bits of what it met last. Gives what `bloom_of` gives, whatever it remembers.
class BloomBuilder {
  public:
    BloomBuilder();
    Bloom bloom_of(std::span<const Log> logs);

  private:
    /// A value of at most 32 bytes, left-aligned, and its three bits.
    struct Remembered {
        Word value{};
        std::uint8_t size = 0;  ///< 0: the place is free
        std::array<std::uint16_t, 3> bits{};
    };
    void add(Bloom& bloom, ByteView value);
    std::vector<Remembered> places_;  ///< one for each index that a value may have
};

Bloom operator|(const Bloom& a, const Bloom& b);
/// False means: certainly not there.
bool may_contain(const Bloom& bloom, ByteView value);

}  // namespace sluice::core
