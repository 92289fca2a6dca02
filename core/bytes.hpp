/// Byte sequences and their hexadecimal form.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::core {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
/// Bytes that several owners read and nobody changes.
using SharedBytes = std::shared_ptr<const Bytes>;

inline SharedBytes share(Bytes bytes) { return std::make_shared<const Bytes>(std::move(bytes)); }
inline ByteView view(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view text_view(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline Bytes to_bytes(ByteView bytes) { return Bytes(bytes.begin(), bytes.end()); }
void append(Bytes& to, ByteView bytes);

/// Lower-case hex without prefix.
std::string to_hex(ByteView bytes);
/// Lower-case hex with "0x".
std::string to_hex_0x(ByteView bytes);
/// Bytes of an even number of hex digits, with or without "0x"; nothing on anything else.
std::optional<Bytes> from_hex(std::string_view text);
/// Exactly out.size() bytes of hex, with or without "0x"; false (and `out` unspecified) on anything else.
bool from_hex_exactly(std::string_view text, std::span<std::uint8_t> out);

/// Fixed-width big-endian integers, for canonical encodings.
void append_be16(Bytes& to, std::uint16_t value);
void append_be32(Bytes& to, std::uint32_t value);
void append_be64(Bytes& to, std::uint64_t value);
std::uint16_t read_be16(const std::uint8_t* from);
std::uint32_t read_be32(const std::uint8_t* from);
std::uint64_t read_be64(const std::uint8_t* from);

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
