/// Keys from passwords: scrypt (RFC 7914) and PBKDF2 with HMAC-SHA-256 (RFC 8018), within fixed limits.
#pragma once

#include <cstdint>
#include <optional>

#include "crypto/hash.hpp"
#include "crypto/secret.hpp"

namespace sluice::crypto {

/// 32 bytes derived from a password.
using DerivedKey = SecretArray<32>;

/// The parameters of scrypt. Memory is 128 * n * r bytes, work grows with n * r * p.
struct ScryptCost {
    std::uint64_t n = 0;  ///< a power of two, at least 2
    std::uint64_t r = 0;  ///< block size, at least 1
    std::uint64_t p = 0;  ///< lanes one after the other, at least 1
};

inline constexpr std::uint64_t scrypt_memory_bytes_max = 512ULL << 20;
inline constexpr std::uint64_t scrypt_work_bytes_max = 2048ULL
                                                       << 20;  ///< of 128 * n * r * p: some 12 seconds
inline constexpr std::uint64_t scrypt_r_max = 64;
inline constexpr std::uint64_t scrypt_p_max = 16;
inline constexpr std::uint64_t pbkdf2_rounds_max = 100'000'000;

/// n is a power of two from 2 on, r and p are not zero.
bool is_well_formed(const ScryptCost& cost);
/// Within all four limits of scrypt above; total for any three numbers.
bool is_affordable(const ScryptCost& cost);

/// Nothing if the machine does not have the memory. RFC 7914 also asks for n < 2^(16 r), which published key
/// files break (n = 2^18, r = 1), so it is not asked here.
/// Preconditions (CHECKed by abort): `is_well_formed(cost)` and `is_affordable(cost)`.
std::optional<DerivedKey> scrypt(const SecretBytes& password, ByteView salt, const ScryptCost& cost);

/// Precondition (CHECKed by abort): 1 <= rounds <= pbkdf2_rounds_max.
DerivedKey pbkdf2_sha256(const SecretBytes& password, ByteView salt, std::uint64_t rounds);

}  // namespace sluice::crypto
