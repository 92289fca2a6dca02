#include "crypto/hex.hpp"

#include <algorithm>

namespace sluice::crypto {
namespace {

std::optional<std::uint8_t> hex_digit(char character) {
    if (character >= '0' && character <= '9') return static_cast<std::uint8_t>(character - '0');
    if (character >= 'a' && character <= 'f') return static_cast<std::uint8_t>(character - 'a' + 10);
    if (character >= 'A' && character <= 'F') return static_cast<std::uint8_t>(character - 'A' + 10);
    return std::nullopt;
}

}  // namespace

std::string to_hex(ByteView bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes.size());
    for (const std::uint8_t byte : bytes) {
        text.push_back(digits[byte >> 4]);
        text.push_back(digits[byte & 15]);
    }
    return text;
}

bool read_hex_number(std::string_view digits, std::span<std::uint8_t> out) {
    if (digits.empty() || digits.size() > 2 * out.size()) return false;
    std::fill(out.begin(), out.end(), std::uint8_t{0});
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const std::optional<std::uint8_t> digit = hex_digit(digits[digits.size() - 1 - i]);
        if (!digit) return false;
        const int shift = i % 2 == 0 ? 0 : 4;
        out[out.size() - 1 - i / 2] |= static_cast<std::uint8_t>(*digit << shift);
    }
    return true;
}

std::optional<std::vector<std::uint8_t>> read_hex_bytes(std::string_view digits, std::size_t least,
                                                        std::size_t most) {
    if (digits.size() % 2 != 0 || digits.size() < 2 * least || digits.size() > 2 * most) return std::nullopt;
    std::vector<std::uint8_t> bytes(digits.size() / 2);
    if (!read_hex_number(digits, bytes)) return std::nullopt;
    return bytes;
}

}  // namespace sluice::crypto
