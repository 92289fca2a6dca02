/// Which requests a browser or a careless client may not make. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace sluice::network {

/// The value of a Host header against DNS rebinding: loopback names and IP literals always pass (a rebinding
/// attack needs a name of its own), other names only if listed; "*" passes all. Port ignored, case ignored.
bool is_host_allowed(std::string_view host, std::span<const std::string> allowed);

/// An Origin header against the configured list, compared exactly; "*" passes all.
bool is_origin_allowed(std::string_view origin, std::span<const std::string> allowed);

/// The page and the request name the same host and port.
bool is_same_origin(std::string_view origin, std::string_view host);

/// "application/json", with or without parameters, any case.
bool is_json_content_type(std::string_view value);

}  // namespace sluice::network
