/// Hex digits as key files write them: lower case out, both cases in, no prefix.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/hash.hpp"

namespace sluice::crypto {

/// Two lower-case digits per byte.
std::string to_hex(ByteView bytes);

/// Reads `digits` as one big-endian number into the end of `out`, zeros before it. False, with `out`
/// unspecified, if there is no digit, one that is none, or more of them than fit.
bool read_hex_number(std::string_view digits, std::span<std::uint8_t> out);

/// The bytes that `digits` spell if there are from `least` to `most` of them, and at least one.
std::optional<std::vector<std::uint8_t>> read_hex_bytes(std::string_view digits, std::size_t least,
                                                        std::size_t most);

}  // namespace sluice::crypto
