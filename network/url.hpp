/// Addresses of servers: http://host:port/path and its secure and WebSocket forms.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace sluice::network {

enum class UrlScheme : std::uint8_t { http, https, ws, wss };

enum class UrlError : std::uint8_t {
    unknown_scheme,  ///< none of http, https, ws, wss
    missing_host,
    bad_host,         ///< characters that no host name or IP literal has
    bad_port,         ///< not 1 … 65535
    has_credentials,  ///< user:password@ is refused: it would end in logs
    bad_path,         ///< spaces or control characters
};
std::string_view describe(UrlError error);

struct Url {
    UrlScheme scheme = UrlScheme::http;
    std::string host;          ///< without the brackets of an IPv6 literal
    std::uint16_t port = 80;   ///< the scheme's own if the text has none
    std::string target = "/";  ///< path and query
    bool is_tls() const { return scheme == UrlScheme::https || scheme == UrlScheme::wss; }
    /// For the Host header: brackets around IPv6, the port always.
    std::string authority() const;
    bool operator==(const Url&) const = default;
};

core::Result<Url, UrlError> parse_url(std::string_view text);

}  // namespace sluice::network
