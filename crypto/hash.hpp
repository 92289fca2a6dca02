/// Hash functions: Keccak-256 (Ethereum's), SHA-256, RIPEMD-160 stay here and nowhere else.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sluice::crypto {

/// 32 bytes that came out of a hash function.
using Digest = std::array<std::uint8_t, 32>;
using ByteView = std::span<const std::uint8_t>;

/// Keccak-256 with the original padding (Ethereum Yellow Paper, Appendix: "KEC"), not NIST SHA3-256.
Digest keccak256(ByteView data);

/// SHA-256 (FIPS 180-4).
Digest sha256(ByteView data);

/// Keccak-256 over pieces that need not be contiguous. One thread; single use.
class Keccak256 {
  public:
    Keccak256& update(ByteView data);
    /// The digest of all bytes given so far; the object is spent afterwards.
    Digest finish();

  private:
    static constexpr std::size_t rate_bytes = 136;
    std::array<std::uint64_t, 25> state_{};
    std::size_t absorbed_bytes_ = 0;
};

}  // namespace sluice::crypto
