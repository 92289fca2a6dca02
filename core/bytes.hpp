/// Byte sequences and their hexadecimal form.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::core {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
/// Bytes that several owners read and nobody changes.
using SharedBytes = std::shared_ptr<const Bytes>;

inline SharedBytes share(Bytes bytes) {
    return std::make_shared<const Bytes>(std::move(bytes));
}
inline ByteView view(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view text_view(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline Bytes to_bytes(ByteView bytes) {
    return Bytes(bytes.begin(), bytes.end());
}
inline void append(Bytes& to, ByteView bytes) {
    to.insert(to.end(), bytes.begin(), bytes.end());
}

/// Lower-case hex without prefix.
std::string to_hex(ByteView bytes);
/// Lower-case hex with "0x".
std::string to_hex_0x(ByteView bytes);
/// Bytes of an even number of hex digits, with or without "0x"; nothing on anything else.
std::optional<Bytes> from_hex(std::string_view text);
/// Exactly out.size() bytes of hex, with or without "0x"; false (and `out` unspecified) on anything else.
bool from_hex_exactly(std::string_view text, std::span<std::uint8_t> out);

/// Fixed-width big-endian integers, for canonical encodings. Pointers name at least as many bytes as the
/// width.
inline void write_be64(std::uint8_t* to, std::uint64_t value) {
    const std::uint64_t swapped =
        std::endian::native == std::endian::little ? __builtin_bswap64(value) : value;
    std::memcpy(to, &swapped, sizeof swapped);
}
inline void append_be16(Bytes& to, std::uint16_t value) {
    const std::uint8_t bytes[2] = {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
    append(to, bytes);
}
inline void append_be32(Bytes& to, std::uint32_t value) {
    append_be16(to, static_cast<std::uint16_t>(value >> 16));
    append_be16(to, static_cast<std::uint16_t>(value));
}
inline void append_be64(Bytes& to, std::uint64_t value) {
    std::uint8_t bytes[8];
    write_be64(bytes, value);
    append(to, bytes);
}
inline std::uint16_t read_be16(const std::uint8_t* from) {
    return static_cast<std::uint16_t>(from[0] << 8 | from[1]);
}
inline std::uint32_t read_be32(const std::uint8_t* from) {
    return static_cast<std::uint32_t>(read_be16(from)) << 16 | read_be16(from + 2);
}
inline std::uint64_t read_be64(const std::uint8_t* from) {
    std::uint64_t value = 0;
    std::memcpy(&value, from, sizeof value);
    return std::endian::native == std::endian::little ? __builtin_bswap64(value) : value;
}

/// Reads canonical encodings front to back. After the first failed read every read fails and `ok()` is false.
class ByteReader {
  public:
    explicit ByteReader(ByteView bytes) : rest_(bytes) {}
    std::uint8_t u8();
    std::uint16_t be16();
    std::uint32_t be32();
    std::uint64_t be64();
    /// A view of the next `count` bytes; empty on failure.
    ByteView take(std::size_t count);
    /// Fills `out`; leaves it zero on failure.
    void fill(std::span<std::uint8_t> out);
    ByteView rest() const { return rest_; }
    bool ok() const { return ok_; }
    /// Everything was read and nothing failed.
    bool done() const { return ok_ && rest_.empty(); }

  private:
    ByteView rest_;
    bool ok_ = true;
};

}  // namespace sluice::core
