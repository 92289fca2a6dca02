/// What happened, in order, as one hash: equal for equal histories, on every machine and compiler.
#pragma once

#include <array>
#include <cstring>
#include <initializer_list>

#include "core/bytes.hpp"
#include "core/ids.hpp"
#include "crypto/hash.hpp"

namespace sluice::simulation {

/// Sixty-four bits that stand for some bytes: not against an adversary, only to tell histories apart.
inline std::uint64_t fingerprint(core::ByteView bytes) {
    std::uint64_t state = 0x9e3779b97f4a7c15ull ^ bytes.size();
    while (!bytes.empty()) {
        std::uint64_t word = 0;
        const auto taken = bytes.size() < 8 ? bytes.size() : 8;
        for (std::size_t i = 0; i < taken; ++i)
            word |= std::uint64_t{bytes[i]} << (8 * i);
        state = (state ^ word) * 0xff51afd7ed558ccdull;
        state ^= state >> 29;
        bytes = bytes.subspan(taken);
    }
    return state;
}

class Trace {
  public:
    void note(std::initializer_list<std::uint64_t> words) {
        std::array<std::uint8_t, 64> bytes;
        std::size_t size = 0;
        for (const auto word : words)
            for (int shift = 0; shift < 64 && size < bytes.size(); shift += 8)
                bytes[size++] = static_cast<std::uint8_t>(word >> shift);
        hash_.update(core::ByteView(bytes).first(size));
    }
    /// Of everything noted. The trace is spent afterwards.
    core::Hash finish() { return core::Hash(hash_.finish()); }

  private:
    crypto::Keccak256 hash_;
};

}  // namespace sluice::simulation
