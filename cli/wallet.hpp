/// Keys that sign transactions, their nonces, and the way of a signed transaction to its final word.
#pragma once

#include <filesystem>
#include <string>

#include "cli/network_access.hpp"
#include "cli/rpc_client.hpp"
#include "contracts/native/settlement_calls.hpp"
#include "core/transaction.hpp"
#include "crypto/signature.hpp"

namespace sluice::cli {

/// A key file with its password file, opened. Without a password file, the file holds the bare key in hex, as
/// a devnet's `dev` account has it.
core::Result<crypto::PrivateKey, std::string> open_key(const std::filesystem::path& key_file,
                                                       const std::filesystem::path& password_file);

/// A signed transaction that a node has taken into its pool.
struct Sent {
    core::SharedBytes encoded;
    std::string transaction_hash;
};

/// Completes a transaction with chain, type and the signer's next nonce, signs it and hands it in. Nonces are
/// taken under a file lock beside the key, so several programs may use one key.
core::Result<Sent, RpcError> send_transaction(RpcClient& rpc, const Signing& signing,
                                              core::Transaction transaction);

/// What became of a submission.
struct Submitted {
    Json answer;  ///< of settle_submit
    std::string transaction_hash;
    bool is_final = false;  ///< settled, refused or rejected for good, or at least mined
};

/// How long `pay` and the others wait for the final word by default.
inline constexpr std::chrono::milliseconds final_wait{10'000};

/// Sends a contract call and waits as `wait` says. A node that does not answer leaves the state unknown.
core::Result<Submitted, RpcError> submit_call(RpcClient& rpc, const Signing& signing,
                                              const contracts::native::ContractCall& call,
                                              std::string_view wait,
                                              std::chrono::milliseconds limit = final_wait);

/// A key that was opened once for many acts.
struct OpenKey {
    crypto::PrivateKey key;
    core::Address address{};
    std::uint64_t chain_id = 0;
    std::filesystem::path lock_file;  ///< held while a nonce is taken; empty: nobody else uses the key
};
core::Result<OpenKey, std::string> open_signing(const Signing& signing);

/// One act of an opened key.
struct Act {
    contracts::native::ContractCall call;
    core::Gas gas_limit = 2'000'000;
};
/// Sends one act and waits for its final word.
core::Result<Submitted, RpcError> perform(RpcClient& rpc, const OpenKey& key, const Act& act,
                                          std::chrono::milliseconds limit = final_wait);

/// eth_call on the newest block.
core::Result<core::Bytes, RpcError> read_call(RpcClient& rpc, const contracts::native::ContractCall& call);

}  // namespace sluice::cli
