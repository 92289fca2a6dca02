#include "core/bytes.hpp"

#include <algorithm>
#include <cstring>

namespace sluice::core {

namespace {

constexpr char hex_digits[] = "0123456789abcdef";

/// The value of a hex digit, or -1.
constexpr int digit_value(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

std::string_view without_prefix(std::string_view text) {
    if (text.starts_with("0x")) text.remove_prefix(2);
    return text;
}

bool decode_digits(std::string_view digits, std::span<std::uint8_t> out) {
    if (digits.size() != 2 * out.size()) return false;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const int high = digit_value(digits[2 * i]);
        const int low = digit_value(digits[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        out[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return true;
}

std::string encode_digits(std::string prefix, ByteView bytes) {
    prefix.reserve(prefix.size() + 2 * bytes.size());
    for (const std::uint8_t byte : bytes) {
        prefix.push_back(hex_digits[byte >> 4]);
        prefix.push_back(hex_digits[byte & 15]);
    }
    return prefix;
}

}  // namespace

std::string to_hex(ByteView bytes) {
    return encode_digits("", bytes);
}

std::string to_hex_0x(ByteView bytes) {
    return encode_digits("0x", bytes);
}

std::optional<Bytes> from_hex(std::string_view text) {
    const std::string_view digits = without_prefix(text);
    Bytes bytes(digits.size() / 2);
    if (!decode_digits(digits, bytes)) return std::nullopt;
    return bytes;
}

bool from_hex_exactly(std::string_view text, std::span<std::uint8_t> out) {
    return decode_digits(without_prefix(text), out);
}

std::uint8_t ByteReader::u8() {
    const ByteView one = take(1);
    return one.empty() ? std::uint8_t{0} : one[0];
}

std::uint16_t ByteReader::be16() {
    const ByteView two = take(2);
    return two.empty() ? std::uint16_t{0} : read_be16(two.data());
}

std::uint32_t ByteReader::be32() {
    const ByteView four = take(4);
    return four.empty() ? 0u : read_be32(four.data());
}

std::uint64_t ByteReader::be64() {
    const ByteView eight = take(8);
    return eight.empty() ? std::uint64_t{0} : read_be64(eight.data());
}

ByteView ByteReader::take(std::size_t count) {
    if (!ok_ || count > rest_.size()) {
        ok_ = false;
        return {};
    }
    const ByteView taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
}

void ByteReader::fill(std::span<std::uint8_t> out) {
    const ByteView taken = take(out.size());
    if (taken.size() == out.size()) {
        std::copy(taken.begin(), taken.end(), out.begin());
    } else {
        std::fill(out.begin(), out.end(), std::uint8_t{0});
    }
}

}  // namespace sluice::core
