#include "cli/genesis_input.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include "core/documents/genesis_document.hpp"

namespace sluice::cli {
namespace {

using Json = nlohmann::json;

std::string at_line(const toml::source_region& source, std::string_view sentence) {
    return fmt::format("line {}: {}", source.begin.line, sentence);
}

core::Result<Json, std::string> json_of(const toml::node& node);

core::Result<Json, std::string> json_of_table(const toml::table& table) {
    Json object = Json::object();
    for (const auto& [key, node] : table) {
        auto value = json_of(node);
        if (!value) return value;
        object[std::string(key.str())] = std::move(*value);
    }
    return object;
}

core::Result<Json, std::string> json_of(const toml::node& node) {
    if (const auto* table = node.as_table()) return json_of_table(*table);
    if (const auto* array = node.as_array()) {
        Json list = Json::array();
        for (const auto& entry : *array) {
            auto value = json_of(entry);
            if (!value) return value;
            list.push_back(std::move(*value));
        }
        return list;
    }
    if (const auto* text = node.as_string()) return Json(text->get());
    if (const auto* flag = node.as_boolean()) return Json(flag->get());
    if (const auto* number = node.as_integer()) {
        // Never below zero, and so that the reader of the genesis file takes it for a number of its own kind.
        if (number->get() < 0)
            return core::fail(at_line(node.source(), fmt::format("{} is below zero", number->get())));
        return Json(static_cast<std::uint64_t>(number->get()));
    }
    if (const auto* date = node.as_date())
        return Json(fmt::format("{:04}-{:02}-{:02}", date->get().year, date->get().month, date->get().day));
    return core::fail(
        at_line(node.source(), "a genesis holds texts, whole numbers, true, false, days, lists and tables"));
}

/// The node nearest to a path such as "validators[2].address": the node itself, or the table that lacks it.
const toml::node& find_node(const toml::table& root, std::string_view path) {
    const toml::node* node = &root;
    while (!path.empty()) {
        const toml::node* next = nullptr;
        if (path[0] == '[') {
            std::size_t index = 0;
            const auto end = std::from_chars(path.data() + 1, path.data() + path.size(), index).ptr;
            path.remove_prefix(std::min(path.size(), static_cast<std::size_t>(end - path.data()) + 1));
            next = node->is_array() ? node->as_array()->get(index) : nullptr;
        } else {
            if (path[0] == '.') path.remove_prefix(1);
            const auto end = std::min(path.find_first_of(".["), path.size());
            next = node->is_table() ? node->as_table()->get(path.substr(0, end)) : nullptr;
            path.remove_prefix(end);
        }
        if (!next) return *node;
        node = next;
    }
    return *node;
}

}  // namespace

core::Result<core::ChainSpec, std::string> read_genesis_input(std::string_view toml_text) {
    const toml::parse_result parsed = toml::parse(toml_text);
    if (!parsed) return core::fail(at_line(parsed.error().source(), parsed.error().description()));
    const auto json = json_of_table(parsed.table());
    if (!json) return core::fail(json.error());
    auto spec = core::parse_genesis(json->dump(-1, ' ', false, Json::error_handler_t::replace));
    if (spec) return std::move(*spec);
    const auto& node = find_node(parsed.table(), spec.error().path);
    if (!spec.error().path.empty() && node.source().begin.line > 0)
        return core::fail(at_line(node.source(), core::describe(spec.error())));
    return core::fail(core::describe(spec.error()));
}

}  // namespace sluice::cli
