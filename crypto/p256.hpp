/// ECDSA verification on the curve secp256r1, also called P-256, for Ethereum's precompiled contract 0x100
/// (EIP-7951).
#pragma once

#include <cstdint>
#include <span>

namespace sluice::crypto {

/// A signature and the key it shall verify with: numbers of 32 bytes, big-endian.
struct P256Claim {
    std::span<const std::uint8_t, 32> digest;
    std::span<const std::uint8_t, 32> r;
    std::span<const std::uint8_t, 32> s;
    std::span<const std::uint8_t, 32> key_x;
    std::span<const std::uint8_t, 32> key_y;
};

/// True if the claim holds: r and s in [1, n-1], both coordinates below p, the key a point of the curve other
/// than infinity, and the signature verifies (FIPS 186-5, section 6.4.2). A high s verifies as well as a low
/// one. Not constant in time: for public values only. Any thread.
bool verify_p256(const P256Claim& claim);

}  // namespace sluice::crypto
