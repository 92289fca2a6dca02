/// Runs of half-bytes inside byte strings, and their hex-prefix form (Yellow Paper, C).
#pragma once

#include <compare>
#include <optional>

#include "core/check.hpp"
#include "core/merkle.hpp"

namespace sluice::core::merkle {

/// A view of consecutive half-bytes ("nibbles") of a byte string, the high half of a byte first. Owns
/// nothing.
class Path {
  public:
    Path() = default;
    /// All nibbles of a key.
    explicit Path(ByteView key) : bytes_(key.data()), end_(2 * key.size()) {}
    /// The nibbles [begin, end) of `bytes`.
    Path(ByteView bytes, std::size_t begin, std::size_t end)
        : bytes_(bytes.data()), begin_(begin), end_(end) {
        CHECK(begin <= end && end <= 2 * bytes.size());
    }

    std::size_t size() const { return end_ - begin_; }
    bool empty() const { return begin_ == end_; }
    /// Precondition: i < size().
    std::uint8_t operator[](std::size_t i) const {
        const std::size_t at = begin_ + i;
        return at % 2 == 0 ? static_cast<std::uint8_t>(bytes_[at / 2] >> 4) : bytes_[at / 2] & 15;
    }
    /// Precondition of both: count <= size().
    Path without_first(std::size_t count) const { return {bytes_, begin_ + count, end_}; }
    Path first(std::size_t count) const { return {bytes_, begin_, begin_ + count}; }
    bool starts_with(Path prefix) const;
    void append_to(Nibbles& nibbles) const;

    friend bool operator==(Path a, Path b) { return a.size() == b.size() && a.starts_with(b); }
    /// Lexicographic; a prefix comes first.
    friend std::strong_ordering operator<=>(Path a, Path b);

  private:
    friend std::size_t common_prefix(Path a, Path b);
    friend void append_hex_prefix(Bytes& to, Path path, bool is_leaf);
    Path(const std::uint8_t* bytes, std::size_t begin, std::size_t end)
        : bytes_(bytes), begin_(begin), end_(end) {}

    const std::uint8_t* bytes_ = nullptr;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

/// Length of the longest common prefix.
std::size_t common_prefix(Path a, Path b);

/// Two nibbles to a byte, the last half empty where their number is odd. `Path(packed, 0, nibbles.size())`
/// views them.
Bytes pack(std::span<const std::uint8_t> nibbles);

/// Hex-prefix form: a flag nibble (2 for a leaf, 1 for an odd length, added), padding to whole bytes, the
/// nibbles.
void append_hex_prefix(Bytes& to, Path path, bool is_leaf);
/// Bytes of the hex-prefix form of so many nibbles.
constexpr std::size_t hex_prefix_size(std::size_t nibbles) {
    return nibbles / 2 + 1;
}

/// A hex-prefix form taken apart; the path is a view into it.
struct HexPrefix {
    Path path;
    bool is_leaf = false;
};
/// Nothing on any other byte string: flags above 3, padding that is not zero, no bytes.
std::optional<HexPrefix> decode_hex_prefix(ByteView bytes);

}  // namespace sluice::core::merkle
