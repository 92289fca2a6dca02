/// As much of JSON Schema as ethereum/execution-apis uses, for tests.
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace sluice::node::rpc::test {

/// Checks values against schemas of one OpenRPC document: $ref, type, required, properties,
/// additionalProperties, items, pattern, enum, const, minimum, maximum, allOf, anyOf, oneOf (as anyOf), not.
class JsonSchema {
  public:
    explicit JsonSchema(const nlohmann::json& document) : document_(document) {}
    /// What is wrong, with the path to it; nothing if all is well.
    std::optional<std::string> find_fault(const nlohmann::json& schema, const nlohmann::json& value) const {
        return check(schema, value, "$");
    }

  private:
    using Json = nlohmann::json;
    using Fault = std::optional<std::string>;
    Fault check(const Json& schema, const Json& value, const std::string& path) const;
    Fault check_combination(const Json& schema, const Json& value, const std::string& path) const;
    Fault check_object(const Json& schema, const Json& value, const std::string& path) const;
    Fault check_scalar(const Json& schema, const Json& value, const std::string& path) const;
    const Json& resolve(const Json& schema) const;

    const Json& document_;
};

}  // namespace sluice::node::rpc::test
