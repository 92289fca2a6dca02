#include "cli/abi/interface.hpp"

#include <fmt/format.h>

namespace sluice::cli::abi {
namespace {

std::string text_of(const Json& entry, const char* key) {
    const auto found = entry.find(key);
    return found != entry.end() && found->is_string() ? found->get<std::string>() : std::string();
}

core::Result<std::vector<Type>, std::string> parameters_of(const Json& entry, const char* key,
                                                           unsigned depth);

/// {"type": "tuple[2]", "components": […]}: the brackets belong to a tuple of the components.
core::Result<Type, std::string> parameter_type(const Json& parameter, unsigned depth) {
    const auto text = text_of(parameter, "type");
    if (text.substr(0, 5) != "tuple") return parse_type(text);
    if (depth > type_depth_max)
        return core::fail(fmt::format("tuples are nested over {} deep", type_depth_max));
    auto members = parameters_of(parameter, "components", depth + 1);
    if (!members) return core::fail(members.error());
    // The brackets are read around a type without parts, which then makes room for the tuple.
    auto type = parse_type("bool" + text.substr(5));
    if (!type) return type;
    Type* innermost = &*type;
    while (!innermost->components.empty())
        innermost = innermost->components.data();
    *innermost = Type{.kind = Kind::tuple, .size = 0, .length = 0, .components = std::move(*members)};
    return parse_type(to_string(*type)).map([&](const Type&) { return *type; });
}

core::Result<std::vector<Type>, std::string> parameters_of(const Json& entry, const char* key,
                                                           unsigned depth) {
    std::vector<Type> types;
    const auto list = entry.find(key);
    if (list == entry.end()) return types;
    if (!list->is_array()) return core::fail(fmt::format("'{}' is no array", key));
    for (const auto& parameter : *list) {
        if (!parameter.is_object())
            return core::fail(fmt::format("'{}' holds something else than objects", key));
        auto type = parameter_type(parameter, depth);
        if (!type) return core::fail(type.error());
        type->name = text_of(parameter, "name");
        types.push_back(std::move(*type));
    }
    return types;
}

Event event_of(const Json& entry, std::vector<Type> inputs) {
    Event event{.name = text_of(entry, "name"), .inputs = std::move(inputs), .indexed = {}};
    for (std::size_t i = 0; i < event.inputs.size(); ++i) {
        const auto& input = entry["inputs"][i];
        const auto indexed = input.find("indexed");
        event.indexed.push_back(indexed != input.end() && indexed->is_boolean() && indexed->get<bool>());
    }
    const auto anonymous = entry.find("anonymous");
    event.is_anonymous = anonymous != entry.end() && anonymous->is_boolean() && anonymous->get<bool>();
    return event;
}

core::Result<void, std::string> add_entry(Interface& interface, const Json& entry) {
    auto inputs = parameters_of(entry, "inputs", 0);
    if (!inputs) return core::fail(inputs.error());
    const auto type = text_of(entry, "type");
    const auto name = text_of(entry, "name");
    if (type == "constructor") {
        interface.constructor_inputs = std::move(*inputs);
        interface.has_constructor = true;
    } else if (type == "function") {
        auto outputs = parameters_of(entry, "outputs", 0);
        if (!outputs) return core::fail(outputs.error());
        interface.functions.push_back({name, std::move(*inputs), std::move(*outputs)});
    } else if (type == "event") {
        interface.events.push_back(event_of(entry, std::move(*inputs)));
    } else if (type == "error") {
        interface.errors.push_back({name, std::move(*inputs)});
    }
    return {};
}

/// What an indexed parameter is in its topic: a hash where the value has more than one word or parts.
Type topic_type(const Type& type) {
    const bool is_hashed = is_dynamic(type) || !type.components.empty() || type.kind == Kind::tuple;
    if (!is_hashed) return type;
    return {.kind = Kind::fixed_bytes, .size = 32, .length = 0, .components = {}, .name = type.name};
}

std::optional<DecodedLog> decode_as(const Event& event, std::span<const core::Word> topics,
                                    core::ByteView data) {
    std::vector<Type> in_data;
    std::size_t topics_wanted = event.is_anonymous ? 0 : 1;
    for (std::size_t i = 0; i < event.inputs.size(); ++i) {
        if (event.indexed[i])
            ++topics_wanted;
        else
            in_data.push_back(event.inputs[i]);
    }
    if (topics.size() != topics_wanted) return std::nullopt;
    auto values = decode(in_data, data);
    if (!values) return std::nullopt;
    DecodedLog log{.event = event.name, .inputs = {}, .values = {}};
    std::size_t next_topic = event.is_anonymous ? 0 : 1, next_value = 0;
    for (std::size_t i = 0; i < event.inputs.size(); ++i) {
        log.inputs.push_back(event.indexed[i] ? topic_type(event.inputs[i]) : event.inputs[i]);
        if (!event.indexed[i]) {
            log.values.push_back(std::move((*values)[next_value++]));
            continue;
        }
        Value value;
        value.word = topics[next_topic++];
        if (!is_in_range(log.inputs.back(), value.word)) return std::nullopt;
        log.values.push_back(std::move(value));
    }
    return log;
}

}  // namespace

core::Result<Interface, std::string> parse_interface(const Json& entries) {
    if (!entries.is_array()) return core::fail(std::string("an ABI is a JSON array"));
    Interface interface;
    for (const auto& entry : entries) {
        if (!entry.is_object())
            return core::fail(std::string("an ABI is a JSON array of objects; something else is among them"));
        if (auto added = add_entry(interface, entry); !added)
            return core::fail(fmt::format("the ABI's {} '{}': {}", text_of(entry, "type"),
                                          text_of(entry, "name"), added.error()));
    }
    return interface;
}

std::string signature_of(std::string_view name, const std::vector<Type>& inputs) {
    return std::string(name) + to_string(inputs);
}

core::Bytes selector_of(std::string_view name, const std::vector<Type>& inputs) {
    const auto hash = core::keccak256(core::view(signature_of(name, inputs)));
    return {hash.begin(), hash.begin() + 4};
}

core::Bytes encode_call(std::string_view name, const std::vector<Type>& inputs,
                        std::span<const Value> arguments) {
    auto data = selector_of(name, inputs);
    core::append(data, encode(inputs, arguments));
    return data;
}

std::optional<DecodedLog> decode_log(const Interface& interface, std::span<const core::Word> topics,
                                     core::ByteView data) {
    for (const auto& event : interface.events) {
        if (event.is_anonymous || topics.empty()) continue;
        if (topics[0] != core::keccak256(core::view(signature_of(event.name, event.inputs)))) continue;
        // Two events may share a signature and differ in what is indexed.
        if (auto log = decode_as(event, topics, data)) return log;
    }
    return std::nullopt;
}

}  // namespace sluice::cli::abi
