#include "cli/iso20022/xml_element.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <pugixml.hpp>

namespace sluice::cli::iso20022 {
namespace {

constexpr std::string_view schema_instance = "http://www.w3.org/2001/XMLSchema-instance";
constexpr std::string_view xml_namespace = "http://www.w3.org/XML/1998/namespace";

Rejection malformed(std::string text) {
    return reject_message(unreadable::not_well_formed, "", std::move(text));
}

/// Namespaces by prefix, innermost last; "" is the default one.
struct Scope {
    std::vector<std::pair<std::string_view, std::string_view>> bindings;

    std::optional<std::string_view> resolve(std::string_view prefix) const {
        const auto found = std::find_if(bindings.rbegin(), bindings.rend(),
                                        [&](const auto& binding) { return binding.first == prefix; });
        if (found != bindings.rend()) return found->second;
        if (prefix == "xml") return xml_namespace;
        return prefix.empty() ? std::optional<std::string_view>("") : std::nullopt;
    }
};

struct QualifiedName {
    std::string_view prefix, local;
};

QualifiedName split(std::string_view name) {
    const auto colon = name.find(':');
    if (colon == std::string_view::npos) return {"", name};
    return {name.substr(0, colon), name.substr(colon + 1)};
}

/// Names of ISO 20022 are plain ASCII; others than these cannot be elements that are read.
bool is_name(std::string_view text) {
    const auto is_letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    return !text.empty() && is_letter(text[0]) && std::all_of(text.begin(), text.end(), [&](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
    });
}

void bind_namespaces(const pugi::xml_node& node, Scope& scope) {
    for (const auto& attribute : node.attributes()) {
        const std::string_view name = attribute.name();
        if (name == "xmlns") scope.bindings.emplace_back("", attribute.value());
        if (name.substr(0, 6) == "xmlns:") scope.bindings.emplace_back(name.substr(6), attribute.value());
    }
}

std::optional<Rejection> read_attributes(const pugi::xml_node& node, const Scope& scope,
                                         XmlElement& element) {
    std::vector<std::string_view> seen;
    for (const auto& attribute : node.attributes()) {
        const std::string_view name = attribute.name();
        if (std::find(seen.begin(), seen.end(), name) != seen.end())
            return malformed(fmt::format("{} has the attribute {} twice", element.name, name));
        seen.push_back(name);
        const auto [prefix, local] = split(name);
        if (name == "xmlns" || prefix == "xmlns") continue;
        if (!is_name(local))
            return malformed(fmt::format("an attribute of {} has no valid name", element.name));
        const auto name_space = prefix.empty() ? std::optional<std::string_view>("") : scope.resolve(prefix);
        if (!name_space) return malformed(fmt::format("the prefix {} is not declared", prefix));
        if (*name_space == schema_instance) continue;
        element.attributes.push_back({std::string(prefix.empty() ? local : name), attribute.value()});
    }
    return std::nullopt;
}

/// Recursion is bounded: `scan_xml` has limited the nesting.
core::Result<XmlElement, Rejection> convert(const pugi::xml_node& node, Scope& scope) {
    const auto outer = scope.bindings.size();
    bind_namespaces(node, scope);
    const auto [prefix, local] = split(node.name());
    const auto name_space = scope.resolve(prefix);
    if (!is_name(local)) return core::fail(malformed("an element has no valid name"));
    if (!name_space) return core::fail(malformed(fmt::format("the prefix {} is not declared", prefix)));
    XmlElement element;
    element.name = local;
    element.name_space = *name_space;
    if (auto fault = read_attributes(node, scope, element)) return core::fail(std::move(*fault));
    for (const auto& child : node.children()) {
        if (child.type() != pugi::node_element) {
            element.text += child.value();
            continue;
        }
        auto converted = convert(child, scope);
        if (!converted) return converted;
        element.children.push_back(std::move(*converted));
    }
    if (!element.children.empty() && element.text.find_first_not_of(" \t\r\n") != std::string::npos)
        return core::fail(malformed(fmt::format("{} has text beside its elements", element.name)));
    if (!element.children.empty()) element.text.clear();
    scope.bindings.resize(outer);
    return element;
}

}  // namespace

const XmlElement* XmlElement::find(std::string_view child) const {
    const auto found =
        std::find_if(children.begin(), children.end(), [&](const auto& one) { return one.name == child; });
    return found == children.end() ? nullptr : &*found;
}

const XmlElement* XmlElement::find_path(std::string_view path) const {
    const auto* element = this;
    while (element && !path.empty()) {
        const auto slash = std::min(path.find('/'), path.size());
        element = element->find(path.substr(0, slash));
        path.remove_prefix(std::min(slash + 1, path.size()));
    }
    return element;
}

core::Result<XmlElement, Rejection> read_xml(std::string_view text, const XmlLimits& limits) {
    if (auto fault = scan_xml(text, limits)) return core::fail(std::move(*fault));
    pugi::xml_document document;
    const auto parsed =
        document.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
    if (!parsed)
        return core::fail(malformed(fmt::format("{} (at byte {})", parsed.description(), parsed.offset)));
    Scope scope;
    return convert(document.document_element(), scope);
}

}  // namespace sluice::cli::iso20022
