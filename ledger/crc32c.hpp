/// CRC-32C (Castagnoli, RFC 3720): tells a damaged record from a whole one.
#pragma once

#include <cstdint>

#include "core/bytes.hpp"

namespace sluice::ledger {

/// Any thread. Uses the processor's instruction where it has one.
std::uint32_t crc32c(core::ByteView bytes);

}  // namespace sluice::ledger
