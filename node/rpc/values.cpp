#include "node/rpc/values.hpp"

#include <algorithm>

namespace sluice::node::rpc {
namespace {

tl::unexpected<std::string> refuse(std::string_view why) {
    return core::fail(std::string(why));
}

/// The digits behind "0x", or why there are none.
Reading<std::string_view> hex_digits(const Json& value) {
    const auto* text = value.get_ptr<const std::string*>();
    if (text == nullptr) return refuse("expected a hex string");
    if (text->size() < 2 || (*text)[0] != '0' || ((*text)[1] != 'x' && (*text)[1] != 'X'))
        return refuse("hex string without 0x prefix");
    return std::string_view(*text).substr(2);
}

/// Exactly `size` bytes behind "0x".
template <typename Fixed>
Reading<Fixed> read_fixed(const Json& value) {
    const auto digits = hex_digits(value);
    if (!digits) return core::fail(digits.error());
    Fixed bytes{};
    if (digits->size() != 2 * bytes.size())
        return core::fail("hex string has length " + std::to_string(digits->size()) + ", want " +
                          std::to_string(2 * bytes.size()));
    if (!core::from_hex_exactly(*digits, bytes)) return refuse("invalid hex string");
    return bytes;
}

template <typename T>
Reading<T> read_identifier(const Json& value, std::string_view allowed) {
    const auto* text = value.get_ptr<const std::string*>();
    if (text != nullptr)
        if (auto parsed = T::parse(*text)) return std::move(*parsed);
    return core::fail("expected " + std::string(allowed));
}

}  // namespace

Reading<core::Uint256> read_quantity(const Json& value) {
    const auto digits = hex_digits(value);
    if (!digits) return core::fail(digits.error());
    if (digits->empty()) return refuse("hex string \"0x\": a number has at least one digit");
    if (digits->size() > 1 && digits->front() == '0') return refuse("hex number with leading zero digits");
    if (digits->size() > 64) return refuse("hex number > 256 bits");
    const auto number = core::uint256_from_hex("0x" + std::string(*digits));
    if (!number) return refuse("invalid hex string");
    return *number;
}

Reading<std::uint64_t> read_u64(const Json& value) {
    const auto number = read_quantity(value);
    if (!number) return core::fail(number.error());
    if (!number->fits_u64()) return refuse("hex number > 64 bits");
    return number->low_u64();
}

Reading<std::uint64_t> read_number(const Json& value) {
    if (value.is_number_unsigned()) return value.get<std::uint64_t>();
    const auto* text = value.get_ptr<const std::string*>();
    if (text == nullptr) return refuse("expected a number");
    if (text->starts_with("0x")) return read_u64(value);
    const auto number = core::uint256_from_decimal(*text);
    if (!number || !number->fits_u64()) return refuse("expected a number");
    return number->low_u64();
}

Reading<core::Bytes> read_data(const Json& value) {
    const auto digits = hex_digits(value);
    if (!digits) return core::fail(digits.error());
    if (digits->size() % 2 != 0) return refuse("hex string of odd length");
    // A second prefix would pass for the first: from_hex takes strings with and without one.
    if (digits->size() >= 2 && (*digits)[1] != 'x' && (*digits)[1] != 'X')
        if (auto bytes = core::from_hex(*digits)) return std::move(*bytes);
    if (digits->empty()) return core::Bytes{};
    return refuse("invalid hex string");
}

Reading<core::Hash> read_hash(const Json& value) {
    return read_fixed<core::Hash>(value);
}

Reading<core::Address> read_address(const Json& value) {
    return read_fixed<core::Address>(value);
}

Reading<core::Word> read_storage_key(const Json& value) {
    const auto digits = hex_digits(value);
    if (!digits) return core::fail(digits.error());
    if (digits->size() > 64) return refuse("storage key longer than 32 bytes");
    core::Word key{};
    if (!core::from_hex_exactly(std::string(64 - digits->size(), '0') + std::string(*digits), key))
        return refuse("invalid hex string");
    return key;
}

Reading<bool> read_boolean(const Json& value) {
    if (!value.is_boolean()) return refuse("expected true or false");
    return value.get<bool>();
}

Reading<std::string> read_text(const Json& value) {
    if (!value.is_string()) return refuse("expected a string");
    return value.get<std::string>();
}

Reading<Json> read_object(const Json& value) {
    if (!value.is_object()) return refuse("expected an object");
    return value;
}

Reading<core::Bic> read_bic(const Json& value) {
    return read_identifier<core::Bic>(value, "a BIC of 8 or 11 characters");
}

Reading<core::CurrencyCode> read_currency(const Json& value) {
    return read_identifier<core::CurrencyCode>(value, "a currency of three capital letters");
}

Reading<core::Uetr> read_uetr(const Json& value) {
    return read_identifier<core::Uetr>(value, "a UETR: a lower-case UUID of version 4");
}

}  // namespace sluice::node::rpc
