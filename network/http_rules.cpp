#include "network/http_rules.hpp"

#include <algorithm>

namespace sluice::network {

namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view without_port(std::string_view host) {
    if (host.starts_with('[')) {
        const std::size_t end = host.find(']');
        return end == std::string_view::npos ? std::string_view() : host.substr(0, end + 1);
    }
    return host.substr(0, host.find(':'));
}

bool is_ip_literal(std::string_view name) {
    if (name.starts_with('[')) return name.size() > 2;
    // A top-level domain is never numeric, so a last label of digits only means an IPv4 address (RFC 3696
    // §2).
    const std::size_t dot = name.rfind('.');
    const std::string_view last = dot == std::string_view::npos ? name : name.substr(dot + 1);
    return !last.empty() &&
           std::all_of(last.begin(), last.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool is_host_allowed(std::string_view host, std::span<const std::string> allowed) {
    const std::string_view name = without_port(host);
    if (name.empty()) return false;
    if (equals_ignoring_case(name, "localhost") || is_ip_literal(name)) return true;
    return std::any_of(allowed.begin(), allowed.end(),
                       [&](const std::string& row) { return row == "*" || equals_ignoring_case(row, name); });
}

bool is_origin_allowed(std::string_view origin, std::span<const std::string> allowed) {
    return std::any_of(allowed.begin(), allowed.end(),
                       [&](const std::string& row) { return row == "*" || row == origin; });
}

bool is_same_origin(std::string_view origin, std::string_view host) {
    const std::size_t scheme = origin.find("://");
    return scheme != std::string_view::npos && equals_ignoring_case(origin.substr(scheme + 3), host);
}

bool is_json_content_type(std::string_view value) {
    std::string_view type = value.substr(0, value.find(';'));
    while (!type.empty() && (type.back() == ' ' || type.back() == '\t'))
        type.remove_suffix(1);
    return equals_ignoring_case(type, "application/json");
}

}  // namespace sluice::network
