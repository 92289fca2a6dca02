/// Random numbers of a simulation: the same on every machine and compiler for one seed.
#pragma once

#include <cstdint>
#include <string_view>

namespace sluice::simulation {

/// SplitMix64 (Steele, Lea, Flood 2014). The standard's distributions differ between libraries; these do not.
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    /// A stream of its own for one purpose: what one fault draws does not move what another one draws, so
    /// that a kind of fault can be left out and the rest stays as it was.
    static Random of(std::uint64_t seed, std::string_view purpose) {
        std::uint64_t state = seed * 0xd1342543de82ef95ull + 1;
        for (const char letter : purpose)
            state = (state ^ static_cast<unsigned char>(letter)) * 0x100000001b3ull;
        return Random(Random(state).next());
    }

    std::uint64_t next() {
        state_ += 0x9e3779b97f4a7c15ull;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
        return z ^ (z >> 31);
    }
    /// In [0, bound); bound > 0.
    std::uint64_t below(std::uint64_t bound) { return next() % bound; }
    /// In [least, most].
    std::uint64_t between(std::uint64_t least, std::uint64_t most) { return least + below(most - least + 1); }
    bool percent(std::uint64_t chance) { return below(100) < chance; }
    bool per_million(std::uint64_t chance) { return below(1'000'000) < chance; }
    bool per_mille(std::uint64_t chance) { return below(1000) < chance; }
    /// Mostly small, now and then up to 64 times `usual`: delays have tails.
    std::uint64_t long_tailed(std::uint64_t usual) {
        std::uint64_t value = below(usual + 1);
        while (percent(12) && value < usual * 64)
            value = value * 2 + 1;
        return value;
    }

  private:
    std::uint64_t state_;
};

}  // namespace sluice::simulation
