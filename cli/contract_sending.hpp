/// Transactions to contracts: gas, the way to a receipt, and what a failure says.
#pragma once

#include "cli/abi/interface.hpp"
#include "cli/wallet.hpp"

namespace sluice::cli {

/// What a transaction carries; no recipient deploys.
struct ContractMessage {
    std::optional<core::Address> to;
    core::Bytes data;
    core::Uint256 value;
    std::optional<core::Gas> gas;  ///< nothing: asked of the node
};

/// Why there is no result, for people and for exit codes.
struct ContractFailure {
    ExitCode code = ExitCode::refused;
    std::string message;
    Json receipt;      ///< of a transaction that is final and failed; else null
    Json revert_data;  ///< hex, where it is known; else null
};

/// A transaction on its way or at its end.
struct ContractReceipt {
    std::string transaction_hash;
    core::Gas gas_limit = 0;
    std::optional<core::Address> creates;  ///< where its contract will be, if it deploys one
    Json receipt;                          ///< null if nobody waited for it
};

/// eth_call's result. `from` may be nothing. A revert is described with the errors of `interface` (may be
/// null).
core::Result<core::Bytes, ContractFailure> read_contract(RpcClient& rpc,
                                                         const std::optional<core::Address>& from,
                                                         const ContractMessage& message, const Json& block,
                                                         const abi::Interface* interface);

/// Signs, sends and with `waits` stays until the transaction is final. A transaction that fails when gas is
/// estimated is not sent; one that fails in its block is a failure with its receipt.
core::Result<ContractReceipt, ContractFailure> send_to_contract(RpcClient& rpc, const Signing& signing,
                                                                const ContractMessage& message, bool waits,
                                                                const abi::Interface* interface);

/// The logs of a receipt, decoded where an event of `interface` fits: {address, event, arguments} or
/// {address, topics, data}.
Json decoded_logs(const Json& receipt, const abi::Interface* interface);
/// One line per log.
std::vector<std::string> log_lines(const Json& receipt, const abi::Interface* interface);

}  // namespace sluice::cli
