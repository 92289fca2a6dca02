/// A fast keyed 64-bit hash for tables that strangers fill.
#pragma once

#include <array>
#include <cstdint>

#include "core/bytes.hpp"

namespace sluice::network {

/// 128 secret bits. Whoever does not know them cannot aim at a collision.
using ShortHashKey = std::array<std::uint64_t, 2>;

/// SipHash-2-4 (Aumasson and Bernstein, 2012) of the pieces put together, fed piece by piece.
class ShortHash {
  public:
    explicit ShortHash(const ShortHashKey& key);
    ShortHash& update(core::ByteView data);
    ShortHash& update(std::uint64_t value);
    /// The hash of everything given so far; the object is spent afterwards.
    std::uint64_t finish();

  private:
    void absorb(std::uint64_t word);

    std::array<std::uint64_t, 4> state_;
    std::uint64_t pending_ = 0;
    std::uint64_t length_bytes_ = 0;
};

}  // namespace sluice::network
