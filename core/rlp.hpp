/// Recursive Length Prefix, strict: one encoding per value, every other byte string is refused (Yellow Paper,
/// B).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/ids.hpp"
#include "core/result.hpp"
#include "core/uint256.hpp"

namespace sluice::core::rlp {

enum class Error {
    truncated,          ///< fewer bytes than the prefix claims
    trailing_bytes,     ///< bytes after the item
    non_canonical,      ///< a longer form than necessary
    unexpected_list,    ///< a list where a string was expected
    unexpected_string,  ///< a string where a list was expected
    leading_zero,       ///< an integer with leading zeros
    too_large,          ///< a value that does not fit the expected type or length
    wrong_length,       ///< a fixed-size string of another size
    too_few_items,      ///< the list ended early
    too_many_items,     ///< the list goes on
    too_deep,           ///< nested deeper than limits::rlp_depth_max
};
/// The reason as a short phrase for a log line or an error answer.
std::string_view describe(Error error);

// ---- encoding: append to `to`.
void encode_bytes(Bytes& to, ByteView value);
void encode_u64(Bytes& to, std::uint64_t value);
void encode_uint256(Bytes& to, const Uint256& value);
inline void encode_hash(Bytes& to, const Hash& value) {
    encode_bytes(to, value);
}
inline void encode_address(Bytes& to, const Address& value) {
    encode_bytes(to, value);
}
/// Sizes of an encoded list and of an encoded integer, prefix included.
std::size_t list_size(std::size_t payload_bytes);
std::size_t u64_size(std::uint64_t value);
/// Appends the prefix of a list whose payload has `payload_bytes` bytes.
void encode_list_prefix(Bytes& to, std::size_t payload_bytes);
/// A list around an encoded payload.
Bytes wrap_list(ByteView payload);
/// Size of a string item including its prefix.
std::size_t encoded_size(ByteView value);

// ---- decoding: items are views into the input.
struct Item {
    bool is_list = false;
    ByteView payload;  ///< without prefix
    ByteView encoded;  ///< with prefix
};

/// The first item of `bytes`; `rest` becomes what follows (unspecified on failure). Items inside a list are
/// not looked at. `rest` may be `bytes` itself.
Result<Item, Error> decode_item(ByteView bytes, ByteView& rest);
/// Exactly one item.
Result<Item, Error> decode_exact(ByteView bytes);

/// The canonical integer in a string item.
Result<std::uint64_t, Error> to_u64(const Item& item);
Result<Uint256, Error> to_uint256(const Item& item);

/// Walks the items of one list. The first error sticks: later reads return zero values; check `finish()`.
/// A reader of a nested list keeps its own errors: its owner finishes it, and hands the error on with
/// `reject`.
class ListReader {
  public:
    /// `encoded` must be exactly one list.
    explicit ListReader(ByteView encoded);
    explicit ListReader(const Item& item);

    bool has_more() const { return !error_ && !rest_.empty(); }
    Item item();
    ByteView bytes();
    std::uint64_t u64();
    Uint256 uint256();
    Hash hash();
    Address address();
    /// 20 bytes, or nothing for the empty string (the `to` of a contract creation).
    std::optional<Address> optional_address();
    /// The next item as a list of its own. Where it is none, or too deep, both readers have failed.
    ListReader list();
    /// Makes the reader fail with `error` unless it has failed before.
    void reject(Error error);
    bool failed() const { return error_.has_value(); }
    /// Ok only when everything was read and nothing failed.
    Result<void, Error> finish() const;

  private:
    ListReader(const Item& item, std::size_t depth);
    template <typename Fixed>
    void read_fixed(Fixed& out);

    ByteView rest_;
    std::size_t depth_ = 1;
    std::optional<Error> error_;
};

}  // namespace sluice::core::rlp
