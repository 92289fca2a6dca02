/// Methods that describe the others.
#include <map>

#include "core/check.hpp"
#include "node/rpc/schemas.hpp"
#include "node/rpc/services.hpp"

namespace sluice::node::rpc {
namespace {

void write_schema(JsonWriter& json, std::string_view type) {
    const auto schema = schema_of(type);
    CHECK(schema.has_value());
    json.key("schema").raw(*schema);
}

std::string_view name_of(Role role) {
    switch (role) {
        case Role::anyone:
            return "anyone";
        case Role::submitter:
            return "submitter";
        case Role::operator_:
            return "operator";
    }
    return "";
}

void write_method(JsonWriter& json, const Method& method) {
    json.begin_object();
    json.key("name").text(method.name);
    json.key("summary").text(method.summary);
    json.key("tags")
        .begin_array()
        .begin_object()
        .key("name")
        .text(module_of(method.name))
        .end_object()
        .end_array();
    json.key("paramStructure").text("either");
    json.key("params").begin_array();
    for (const auto& parameter : method.parameters) {
        json.begin_object().key("name").text(parameter.name).key("required").boolean(parameter.required);
        write_schema(json, parameter.type);
        json.end_object();
    }
    json.end_array();
    json.key("result").begin_object().key("name").text("result");
    write_schema(json, method.result);
    json.end_object();
    json.key("x-role").text(name_of(method.role));
    json.end_object();
}

Answer discover(const ReadCall& call) {
    JsonWriter json(32'768);
    json.begin_object();
    json.key("openrpc").text("1.2.6");
    json.key("info").begin_object();
    json.key("title").text("Sluice JSON-RPC");
    json.key("description").text("Ethereum's JSON-RPC, and settlement between banks (settle_, sluice_).");
    json.key("version").text(call.node().chain().version);
    json.end_object();
    json.key("methods").begin_array();
    for (const auto& method : call.services.methods.methods())
        write_method(json, method);
    json.end_array();
    json.key("components").begin_object().key("schemas").begin_object();
    for (const auto& schema : named_schemas())
        json.key(schema.name).raw(schema.json);
    json.end_object().end_object().end_object();
    return json.take();
}

Answer modules(const ReadCall& call) {
    std::map<std::string_view, bool> names;
    for (const auto& method : call.services.methods.methods())
        names[module_of(method.name)] = true;
    JsonWriter json;
    json.begin_object();
    for (const auto& [name, is_there] : names)
        json.key(name).text("1.0");
    json.end_object();
    return json.take();
}

}  // namespace

// clang-format off
std::vector<Method> description_methods() {
    return {
        {"rpc.discover", "This document: every method with its parameters and result (OpenRPC)", {}, "OpenRpc",
         Access::read, Role::anyone, discover},
        {"rpc_modules", "The groups of methods that exist here", {}, "Modules", Access::read, Role::anyone, modules},
    };
}
// clang-format on

}  // namespace sluice::node::rpc
