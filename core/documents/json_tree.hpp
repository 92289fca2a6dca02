/// Foreign JSON as a tree: bounded in size, depth and number of values, no repeated field, integers only.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "core/documents/document_error.hpp"
#include "core/result.hpp"

namespace sluice::core::documents {

/// Objects keep their fields sorted by name.
using Json = nlohmann::json;
/// Objects keep their fields in the order in which they were set.
using OrderedJson = nlohmann::ordered_json;

/// Nesting that is followed, and values that are kept: a tree takes at most about 100 MB beyond the text
/// itself.
inline constexpr std::size_t json_depth_max = 16;
inline constexpr std::size_t json_values_max = 1'000'000;

/// Total. Numbers with a fraction or an exponent are refused: nothing that a chain agrees upon has one.
Result<Json, DocumentError> parse_json(std::string_view text, std::size_t bytes_max);

/// Two spaces of indentation and a newline at the end; broken UTF-8 is replaced, never an exception.
std::string write_json(const Json& tree);
std::string write_json(const OrderedJson& tree);

/// A value as an error shows it: shortened, and without what is inside lists and objects.
std::string show(const Json& value);

/// The path of a field of the object at `parent`.
std::string field_path(std::string_view parent, std::string_view field);
/// The path of an entry of the list at `parent`.
std::string entry_path(std::string_view parent, std::size_t index);

}  // namespace sluice::core::documents
