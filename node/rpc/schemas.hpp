/// The types of parameters and results as JSON schemas, for the OpenRPC document.
///
/// A type is written "Address", "[Log]" for a list, "Block?" for a value or null.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sluice::node::rpc {

struct NamedSchema {
    std::string_view name;
    std::string_view json;
};

/// Every named type.
std::span<const NamedSchema> named_schemas();

/// The schema of a type as JSON text; nothing if a name in it has no schema.
std::optional<std::string> schema_of(std::string_view type);

}  // namespace sluice::node::rpc
