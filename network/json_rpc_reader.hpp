/// Reading JSON from strangers: bounded nesting and keys, no duplicate keys, no silently rounded integers.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "core/result.hpp"

namespace sluice::network::json_rpc {

/// Total; the error is one line. Nesting up to `json_depth_max` counting every array and object, keys up to
/// `json_key_bytes_max`, integers within int64 or uint64, valid UTF-8.
core::Result<nlohmann::json, std::string> read_json(std::string_view text);

}  // namespace sluice::network::json_rpc
