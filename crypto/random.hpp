/// Random bytes of the operating system, the only randomness that keys, salts and nonces come from.
#pragma once

#include <cstdint>
#include <span>

namespace sluice::crypto {

/// Fills `bytes` from getrandom(2); any thread. Waits at most for the kernel's first seeding after boot.
/// Ends the process when the system gives none: a predictable key is worse than no process.
void fill_random(std::span<std::uint8_t> bytes);
/// Eight of them as a number.
std::uint64_t random_u64();

}  // namespace sluice::crypto
