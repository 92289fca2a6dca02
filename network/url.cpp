#include "network/url.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace sluice::network {

namespace {

struct SchemeRow {
    std::string_view prefix;
    UrlScheme scheme;
    std::uint16_t port;
};
constexpr std::array<SchemeRow, 4> schemes{{{"http://", UrlScheme::http, 80},
                                            {"https://", UrlScheme::https, 443},
                                            {"ws://", UrlScheme::ws, 80},
                                            {"wss://", UrlScheme::wss, 443}}};

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
}

bool is_ipv6_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
}

/// Splits "host:port", "host", "[v6]:port" or "[v6]".
core::Result<void, UrlError> parse_authority(std::string_view authority, Url& url) {
    std::string_view rest;
    if (authority.starts_with('[')) {
        const std::size_t end = authority.find(']');
        if (end == std::string_view::npos || end == 1) return core::fail(UrlError::bad_host);
        url.host = authority.substr(1, end - 1);
        rest = authority.substr(end + 1);
        if (!std::all_of(url.host.begin(), url.host.end(), is_ipv6_character)) {
            return core::fail(UrlError::bad_host);
        }
    } else {
        const std::size_t end = std::min(authority.find(':'), authority.size());
        url.host = authority.substr(0, end);
        rest = authority.substr(end);
        if (url.host.empty()) return core::fail(UrlError::missing_host);
        if (url.host.size() > 253 || !std::all_of(url.host.begin(), url.host.end(), is_host_character)) {
            return core::fail(UrlError::bad_host);
        }
    }
    if (rest.empty()) return {};
    if (rest.front() != ':') return core::fail(UrlError::bad_host);
    rest.remove_prefix(1);
    const auto parsed = std::from_chars(rest.data(), rest.data() + rest.size(), url.port);
    const bool is_whole = parsed.ec == std::errc() && parsed.ptr == rest.data() + rest.size();
    if (!is_whole || url.port == 0) return core::fail(UrlError::bad_port);
    return {};
}

}  // namespace

std::string_view describe(UrlError error) {
    constexpr std::array<std::string_view, 6> sentences{
        "the address must begin with http://, https://, ws:// or wss://",
        "the address names no host",
        "the address has a malformed host",
        "the port must be a number from 1 to 65535",
        "the address must not hold a user name or password",
        "the path holds a character that must be escaped",
    };
    return sentences[static_cast<std::size_t>(error)];
}

std::string Url::authority() const {
    const bool is_ipv6 = host.find(':') != std::string::npos;
    return (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

core::Result<Url, UrlError> parse_url(std::string_view text) {
    const auto row = std::find_if(schemes.begin(), schemes.end(),
                                  [&](const SchemeRow& known) { return text.starts_with(known.prefix); });
    if (row == schemes.end()) return core::fail(UrlError::unknown_scheme);
    Url url;
    url.scheme = row->scheme;
    url.port = row->port;
    text.remove_prefix(row->prefix.size());
    const std::size_t end = std::min(text.find_first_of("/?#"), text.size());
    const std::string_view authority = text.substr(0, end);
    if (authority.empty()) return core::fail(UrlError::missing_host);
    if (authority.find('@') != std::string_view::npos) return core::fail(UrlError::has_credentials);
    if (const auto parsed = parse_authority(authority, url); !parsed) return core::fail(parsed.error());

    std::string_view target = text.substr(end);
    target = target.substr(0, target.find('#'));
    if (!std::all_of(target.begin(), target.end(), [](char c) { return c > 0x20 && c < 0x7f; })) {
        return core::fail(UrlError::bad_path);
    }
    url.target = target.starts_with('/') ? std::string(target) : "/" + std::string(target);
    return url;
}

}  // namespace sluice::network
