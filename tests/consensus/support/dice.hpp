/// Seeded chance with the same outcome on every machine.
#pragma once

#include <cstdint>

namespace sluice::consensus::testing {

/// SplitMix64: small, fast, and the same everywhere.
class Dice {
  public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ull);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
        return z ^ (z >> 31);
    }
    /// Uniform in [low, high].
    std::uint64_t between(std::uint64_t low, std::uint64_t high) { return low + next() % (high - low + 1); }
    /// True in `permille` of 1000 throws.
    bool chance(std::uint64_t permille) { return next() % 1000 < permille; }

  private:
    std::uint64_t state_;
};

}  // namespace sluice::consensus::testing
