#include "core/rlp.hpp"

#include <algorithm>
#include <bit>

#include "core/limits.hpp"

namespace sluice::core::rlp {

namespace {

// Yellow Paper, B: a single byte below 0x80 stands for itself; the other first bytes name kind and length.
constexpr std::uint8_t string_prefix = 0x80;
constexpr std::uint8_t list_prefix = 0xc0;
/// Longest payload whose length fits the first byte.
constexpr std::size_t short_bytes_max = 55;

std::size_t length_bytes(std::size_t length) {
    return (static_cast<std::size_t>(std::bit_width(length)) + 7) / 8;
}

void append_big_endian(Bytes& to, std::uint64_t value) {
    for (std::size_t left = length_bytes(value); left-- > 0;)
        to.push_back(static_cast<std::uint8_t>(value >> (8 * left)));
}

void append_prefix(Bytes& to, std::uint8_t base, std::size_t payload_bytes) {
    if (payload_bytes <= short_bytes_max) {
        to.push_back(static_cast<std::uint8_t>(base + payload_bytes));
        return;
    }
    to.push_back(static_cast<std::uint8_t>(base + short_bytes_max + length_bytes(payload_bytes)));
    append_big_endian(to, payload_bytes);
}

std::size_t prefix_size(std::size_t payload_bytes) {
    return payload_bytes <= short_bytes_max ? 1 : 1 + length_bytes(payload_bytes);
}

bool stands_for_itself(ByteView value) {
    return value.size() == 1 && value[0] < string_prefix;
}

/// What the first bytes of an item say.
struct Prefix {
    bool is_list = false;
    std::size_t prefix_bytes = 0;
    std::uint64_t payload_bytes = 0;
};

Result<Prefix, Error> decode_long_prefix(ByteView bytes, bool is_list, std::size_t size_bytes) {
    if (bytes.size() < 1 + size_bytes) return fail(Error::truncated);
    std::uint64_t payload_bytes = 0;
    for (std::size_t i = 1; i <= size_bytes; ++i)
        payload_bytes = payload_bytes << 8 | bytes[i];
    if (bytes[1] == 0 || payload_bytes <= short_bytes_max) return fail(Error::non_canonical);
    return Prefix{is_list, 1 + size_bytes, payload_bytes};
}

Result<Prefix, Error> decode_prefix(ByteView bytes) {
    if (bytes.empty()) return fail(Error::truncated);
    const std::uint8_t first = bytes[0];
    if (first < string_prefix) return Prefix{false, 0, 1};
    const bool is_list = first >= list_prefix;
    const std::size_t length = first - (is_list ? list_prefix : string_prefix);
    if (length <= short_bytes_max) return Prefix{is_list, 1, length};
    return decode_long_prefix(bytes, is_list, length - short_bytes_max);
}

}  // namespace

std::string_view describe(Error error) {
    switch (error) {
        case Error::truncated:
            return "fewer bytes than an item claims";
        case Error::trailing_bytes:
            return "bytes after the item";
        case Error::non_canonical:
            return "a longer form than necessary";
        case Error::unexpected_list:
            return "a list instead of a string";
        case Error::unexpected_string:
            return "a string instead of a list";
        case Error::leading_zero:
            return "an integer with leading zeros";
        case Error::too_large:
            return "a value that is too large";
        case Error::wrong_length:
            return "a string of the wrong length";
        case Error::too_few_items:
            return "a list with too few items";
        case Error::too_many_items:
            return "a list with too many items";
        case Error::too_deep:
            return "lists nested too deep";
    }
    return "unknown error";
}

void encode_bytes(Bytes& to, ByteView value) {
    if (!stands_for_itself(value)) append_prefix(to, string_prefix, value.size());
    append(to, value);
}

void encode_u64(Bytes& to, std::uint64_t value) {
    if (value == 0 || value >= string_prefix)
        to.push_back(static_cast<std::uint8_t>(string_prefix + length_bytes(value)));
    append_big_endian(to, value);
}

void encode_uint256(Bytes& to, const Uint256& value) {
    if (value.fits_u64()) return encode_u64(to, value.low_u64());
    const Word word = value.to_word();
    encode_bytes(to, ByteView(word).last((value.bit_length() + 7) / 8));
}

void encode_list_prefix(Bytes& to, std::size_t payload_bytes) {
    append_prefix(to, list_prefix, payload_bytes);
}

Bytes wrap_list(ByteView payload) {
    Bytes list;
    list.reserve(list_size(payload.size()));
    encode_list_prefix(list, payload.size());
    append(list, payload);
    return list;
}

std::size_t encoded_size(ByteView value) {
    return stands_for_itself(value) ? 1 : prefix_size(value.size()) + value.size();
}

std::size_t list_size(std::size_t payload_bytes) {
    return prefix_size(payload_bytes) + payload_bytes;
}

std::size_t u64_size(std::uint64_t value) {
    return value < string_prefix ? 1 : 1 + length_bytes(value);
}

Result<Item, Error> decode_item(ByteView bytes, ByteView& rest) {
    const Result<Prefix, Error> prefix = decode_prefix(bytes);
    if (!prefix) return fail(prefix.error());
    if (prefix->payload_bytes > bytes.size() - prefix->prefix_bytes) return fail(Error::truncated);
    const std::size_t item_bytes = prefix->prefix_bytes + prefix->payload_bytes;
    const Item item{prefix->is_list, bytes.subspan(prefix->prefix_bytes, prefix->payload_bytes),
                    bytes.first(item_bytes)};
    if (!item.is_list && prefix->prefix_bytes == 1 && stands_for_itself(item.payload))
        return fail(Error::non_canonical);
    rest = bytes.subspan(item_bytes);
    return item;
}

Result<Item, Error> decode_exact(ByteView bytes) {
    ByteView rest;
    const Result<Item, Error> item = decode_item(bytes, rest);
    if (item && !rest.empty()) return fail(Error::trailing_bytes);
    return item;
}

Result<std::uint64_t, Error> to_u64(const Item& item) {
    if (item.is_list) return fail(Error::unexpected_list);
    if (!item.payload.empty() && item.payload[0] == 0) return fail(Error::leading_zero);
    if (item.payload.size() > 8) return fail(Error::too_large);
    std::uint64_t value = 0;
    for (const std::uint8_t byte : item.payload)
        value = value << 8 | byte;
    return value;
}

Result<Uint256, Error> to_uint256(const Item& item) {
    if (item.is_list) return fail(Error::unexpected_list);
    if (!item.payload.empty() && item.payload[0] == 0) return fail(Error::leading_zero);
    if (item.payload.size() > 32) return fail(Error::too_large);
    return Uint256::from_be(item.payload);
}

ListReader::ListReader(ByteView encoded) {
    const Result<Item, Error> item = decode_exact(encoded);
    *this = item ? ListReader(*item) : ListReader(Item{true, {}, {}});
    if (!item) reject(item.error());
}

ListReader::ListReader(const Item& item) : ListReader(item, 1) {}

ListReader::ListReader(const Item& item, std::size_t depth) : rest_(item.payload), depth_(depth) {
    if (!item.is_list) reject(Error::unexpected_string);
    if (depth > limits::rlp_depth_max) reject(Error::too_deep);
}

Item ListReader::item() {
    if (error_) return {};
    if (rest_.empty()) {
        reject(Error::too_few_items);
        return {};
    }
    const Result<Item, Error> next = decode_item(rest_, rest_);
    if (!next) {
        reject(next.error());
        return {};
    }
    return *next;
}

ByteView ListReader::bytes() {
    const Item next = item();
    if (next.is_list) {
        reject(Error::unexpected_list);
        return {};
    }
    return next.payload;
}

std::uint64_t ListReader::u64() {
    const Result<std::uint64_t, Error> value = to_u64(item());
    if (value) return *value;
    reject(value.error());
    return 0;
}

Uint256 ListReader::uint256() {
    const Result<Uint256, Error> value = to_uint256(item());
    if (value) return *value;
    reject(value.error());
    return {};
}

template <typename Fixed>
void ListReader::read_fixed(Fixed& out) {
    const ByteView value = bytes();
    if (value.size() != out.size()) return reject(Error::wrong_length);
    std::copy(value.begin(), value.end(), out.begin());
}

Hash ListReader::hash() {
    Hash value{};
    read_fixed(value);
    return value;
}

Address ListReader::address() {
    Address value{};
    read_fixed(value);
    return value;
}

std::optional<Address> ListReader::optional_address() {
    const ByteView value = bytes();
    if (value.empty()) return std::nullopt;
    Address address{};
    if (value.size() != address.size()) {
        reject(Error::wrong_length);
        return std::nullopt;
    }
    std::copy(value.begin(), value.end(), address.begin());
    return address;
}

ListReader ListReader::list() {
    const Item next = item();
    ListReader nested(failed() ? Item{true, {}, {}} : next, failed() ? 1 : depth_ + 1);
    if (failed()) nested.reject(*error_);
    if (nested.failed()) reject(*nested.error_);
    return nested;
}

void ListReader::reject(Error error) {
    if (error_) return;
    error_ = error;
    rest_ = {};
}

Result<void, Error> ListReader::finish() const {
    if (error_) return fail(*error_);
    if (!rest_.empty()) return fail(Error::too_many_items);
    return {};
}

}  // namespace sluice::core::rlp
