#include "tests/node/rpc/json_schema.hpp"

#include <algorithm>
#include <regex>

namespace sluice::node::rpc::test {
namespace {

using Json = nlohmann::json;

bool has_type(const Json& value, const std::string& type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    return type == "null" && value.is_null();
}

}  // namespace

const Json& JsonSchema::resolve(const Json& schema) const {
    const Json* at = &schema;
    while (at->is_object() && at->contains("$ref"))
        at = &document_.at(Json::json_pointer((*at)["$ref"].get<std::string>().substr(1)));
    return *at;
}

JsonSchema::Fault JsonSchema::check(const Json& unresolved, const Json& value,
                                    const std::string& path) const {
    const Json& schema = resolve(unresolved);
    if (const auto fault = check_combination(schema, value, path)) return fault;
    if (schema.contains("type") && !has_type(value, schema["type"].get<std::string>()))
        return path + " is no " + schema["type"].get<std::string>() + ": " + value.dump().substr(0, 80);
    if (value.is_object()) return check_object(schema, value, path);
    if (value.is_array() && schema.contains("items")) {
        for (std::size_t i = 0; i < value.size(); ++i)
            if (const auto fault = check(schema["items"], value[i], path + "[" + std::to_string(i) + "]"))
                return fault;
    }
    return check_scalar(schema, value, path);
}

JsonSchema::Fault JsonSchema::check_combination(const Json& schema, const Json& value,
                                                const std::string& path) const {
    if (schema.contains("allOf"))
        for (const Json& part : schema["allOf"])
            if (const auto fault = check(part, value, path)) return fault;
    for (const char* word : {"anyOf", "oneOf"}) {
        if (!schema.contains(word)) continue;
        std::string faults;
        bool fits = false;
        for (const Json& option : schema[word]) {
            const auto fault = check(option, value, path);
            fits = fits || !fault;
            if (fault) faults += "\n  " + *fault;
        }
        if (!fits) return path + " fits none of:" + faults;
    }
    if (schema.contains("not") && !check(schema["not"], value, path)) return path + " is what it must not be";
    return std::nullopt;
}

JsonSchema::Fault JsonSchema::check_object(const Json& schema, const Json& value,
                                           const std::string& path) const {
    const Json none = Json::object();
    const Json& properties = schema.contains("properties") ? schema["properties"] : none;
    if (schema.contains("required"))
        for (const Json& name : schema["required"])
            if (!value.contains(name.get<std::string>())) return path + " lacks " + name.get<std::string>();
    const bool is_closed = schema.contains("additionalProperties") && schema["additionalProperties"] == false;
    for (const auto& [name, member] : value.items()) {
        if (!properties.contains(name)) {
            if (is_closed) return path + " must not have " + name;
            continue;
        }
        if (const auto fault = check(properties[name], member, path + "." + name)) return fault;
    }
    return std::nullopt;
}

JsonSchema::Fault JsonSchema::check_scalar(const Json& schema, const Json& value,
                                           const std::string& path) const {
    if (schema.contains("pattern") && value.is_string() &&
        !std::regex_search(value.get<std::string>(), std::regex(schema["pattern"].get<std::string>())))
        return path + " does not match " + schema["pattern"].get<std::string>() + ": " +
               value.dump().substr(0, 80);
    if (schema.contains("enum")) {
        const auto& allowed = schema["enum"];
        if (std::find(allowed.begin(), allowed.end(), value) == allowed.end())
            return path + " is none of the enum";
    }
    if (schema.contains("const") && schema["const"] != value) return path + " is not the constant";
    if (schema.contains("minimum") && value.is_number() && value < schema["minimum"])
        return path + " is too small";
    if (schema.contains("maximum") && value.is_number() && value > schema["maximum"])
        return path + " is too large";
    return std::nullopt;
}

}  // namespace sluice::node::rpc::test
