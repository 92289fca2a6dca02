/// Keys that sign transactions, their nonces, and the way of a signed transaction to its final word.
#pragma once

#include <filesystem>
#include <string>

#include "cli/network_access.hpp"
#include "cli/rpc_client.hpp"
#include "contracts/native/settlement_calls.hpp"
#include "crypto/signature.hpp"

namespace sluice::cli {

/// A key file with its password file, opened.
core::Result<crypto::PrivateKey, std::string> open_key(const std::filesystem::path& key_file,
                                                       const std::filesystem::path& password_file);

/// What became of a submission.
struct Submitted {
    Json answer;  ///< of settle_submit
    std::string transaction_hash;
    bool is_final = false;  ///< settled, refused or rejected for good, or at least mined
};

/// How long `pay` and the others wait for the final word by default.
inline constexpr std::chrono::milliseconds final_wait{10'000};

/// Signs a contract call with the signer's next nonce and submits it. Nonces are taken under a file lock
/// beside the key, so several programs may use one key. A node that does not answer leaves the state unknown.
core::Result<Submitted, RpcError> submit_call(RpcClient& rpc, const Signing& signing,
                                              const contracts::native::ContractCall& call,
                                              std::string_view wait,
                                              std::chrono::milliseconds limit = final_wait);

/// eth_call on the newest block.
core::Result<core::Bytes, RpcError> read_call(RpcClient& rpc, const contracts::native::ContractCall& call);

}  // namespace sluice::cli
