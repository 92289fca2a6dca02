/// Hash functions: Keccak-256 (Ethereum's), SHA-256, RIPEMD-160 stay here and nowhere else.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "crypto/keccak_f.hpp"

namespace sluice::crypto {

/// 32 bytes that came out of a hash function.
using Digest = std::array<std::uint8_t, 32>;
/// 20 bytes that came out of a hash function.
using Digest160 = std::array<std::uint8_t, 20>;
/// Bytes of somebody else, read only.
using ByteView = std::span<const std::uint8_t>;

/// Keccak-256 with the original padding (Ethereum Yellow Paper, Appendix: "KEC"), not NIST SHA3-256.
Digest keccak256(ByteView data);

/// SHA-256 (FIPS 180-4).
Digest sha256(ByteView data);

/// RIPEMD-160, for Ethereum's precompiled contract 0x03 only: too short for anything new.
Digest160 ripemd160(ByteView data);

/// Keccak-256 over pieces that need not be contiguous. One thread; single use.
class Keccak256 {
  public:
    /// Appends `data`; cutting the same bytes differently gives the same digest.
    Keccak256& update(ByteView data);
    /// The digest of all bytes given so far; the object is spent afterwards.
    Digest finish();

  private:
    static constexpr std::size_t rate_bytes = 136;
    KeccakState state_{};
    std::size_t absorbed_bytes_ = 0;  ///< of the block not yet permuted; below rate_bytes between calls
};

}  // namespace sluice::crypto
