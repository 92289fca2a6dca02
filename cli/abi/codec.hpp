/// Values of ABI types, their encoding, and a decoding that is total and bounded.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "cli/abi/type.hpp"
#include "core/ids.hpp"

namespace sluice::cli::abi {

/// A value; its type says which member holds it.
struct Value {
    core::Word word{};         ///< numbers, address, bool, fixed_bytes, function: as the ABI writes them
    core::Bytes bytes;         ///< bytes and string
    std::vector<Value> items;  ///< of arrays and tuples
    bool operator==(const Value&) const = default;
};

/// Arguments or results, without selector. Precondition (CHECK): each value has the shape of its type.
core::Bytes encode(std::span<const Type> types, std::span<const Value> values);

enum class DecodeError {
    too_short,       ///< ends before a value does
    bad_offset,      ///< an offset leads outside
    bad_length,      ///< a length is more than there are bytes
    out_of_range,    ///< a number, address, bool or bytesN with bits set that its type does not have
    too_many_values  ///< over `decoded_values_max` or `decoded_bytes_max`
};
std::string_view describe(DecodeError error);

/// Values of one decoding. Offsets may lead several values to the same bytes, so the size of the input alone
/// is no bound.
inline constexpr std::size_t decoded_values_max = 200'000;
/// Bytes of all `bytes` and `string` values of one decoding.
inline constexpr std::size_t decoded_bytes_max = 32u << 20;

/// Any bytes as values of these types. Bytes that no value needs are allowed, as Solidity allows them.
core::Result<std::vector<Value>, DecodeError> decode(std::span<const Type> types, core::ByteView input);

/// True if the word is a value of the type, which is none with parts.
bool is_in_range(const Type& type, const core::Word& word);

}  // namespace sluice::cli::abi
