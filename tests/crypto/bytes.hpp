/// Bytes for the tests of crypto: from hex, from text, and a fixed stream.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "crypto/hash.hpp"
#include "crypto/hex.hpp"
#include "crypto/precondition.hpp"
#include "crypto/signature.hpp"

namespace sluice::crypto {

/// Exactly N bytes written in hex.
template <std::size_t N>
std::array<std::uint8_t, N> from_hex(std::string_view digits) {
    std::array<std::uint8_t, N> bytes{};
    require(digits.size() == 2 * N && read_hex_number(digits, bytes), "a constant of a test is no hex");
    return bytes;
}

inline ByteView bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// `size` bytes with no period below 65,521: every position of a block sees every value.
inline std::vector<std::uint8_t> sample_bytes(std::size_t size) {
    std::vector<std::uint8_t> bytes(size);
    std::uint32_t value = 1;
    for (std::uint8_t& byte : bytes) {
        value = value * 17'364 % 65'521;
        byte = static_cast<std::uint8_t>(value >> 4);
    }
    return bytes;
}

inline PrivateKey key_from_hex(std::string_view digits) {
    return PrivateKey(from_hex<32>(digits));
}

}  // namespace sluice::crypto
