/// ABI values as people type and read them: 42, 0x2a, true, text, [1,2], (0x…, "a, b").
#pragma once

#include <string>

#include "cli/abi/codec.hpp"
#include "cli/output.hpp"
#include "core/uint256.hpp"

namespace sluice::cli::abi {

/// A number of at most 256 bits: decimal digits or 0x and hex digits.
core::Result<core::Uint256, std::string> parse_number(std::string_view text);

/// One value of a type, or a sentence that names `what` ("argument 2 (amount, uint256)") and what is allowed.
/// A text that is a string as a whole is taken as it is; inside brackets one with commas or brackets stands
/// in double quotes, where \" and \\ are the characters themselves.
core::Result<Value, std::string> parse_value(const Type& type, std::string_view text, std::string_view what);

/// One value per type.
core::Result<std::vector<Value>, std::string> parse_values(std::span<const Type> types,
                                                           std::span<const std::string> texts);

/// For people: control characters of foreign strings are escaped.
std::string to_text(const Type& type, const Value& value);
/// "amount: 5, to: 0x…": with names where there are any.
std::string to_text(std::span<const Type> types, std::span<const Value> values);

/// For machines: numbers as decimal text, bytes as hex, tuples as objects if all members have names. A string
/// that is no UTF-8 has U+FFFD where it is not.
Json to_json(const Type& type, const Value& value);
/// An array.
Json to_json(std::span<const Type> types, std::span<const Value> values);

/// Foreign text made harmless for a terminal and for JSON: valid UTF-8 without control characters.
std::string printable(std::string_view text);

}  // namespace sluice::cli::abi
