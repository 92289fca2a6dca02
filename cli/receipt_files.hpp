/// Receipt files: fetched from a node, kept in canonical form.
#pragma once

#include <filesystem>
#include <string>

#include "cli/rpc_client.hpp"

namespace sluice::cli {

/// The canonical receipt of a payment (by UETR) or transaction (by hash), as `sluice verify` reads it.
core::Result<std::string, std::string> fetch_receipt(RpcClient& rpc, const std::string& uetr_or_hash);

/// Fetches it and writes it to `file`, making its folder.
core::Result<void, std::string> save_receipt(RpcClient& rpc, const std::string& uetr_or_hash,
                                             const std::filesystem::path& file);

}  // namespace sluice::cli
