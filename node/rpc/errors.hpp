/// Errors of JSON-RPC calls. Clients match their texts, so the first words are part of the interface.
#pragma once

#include <string>
#include <string_view>

#include "contracts/simulation.hpp"
#include "core/transaction.hpp"
#include "ledger/ledger_snapshot.hpp"
#include "network/json_rpc.hpp"
#include "node/mempool.hpp"

namespace sluice::node::rpc {

using network::json_rpc::Error;
using network::json_rpc::Json;

/// JSON text, or why there is none.
using Answer = core::Result<std::string, Error>;

/// A call that was run and reverted.
inline constexpr int execution_reverted_code = 3;
/// EIP-7966: not final within the wait; and not executable.
inline constexpr int wait_expired_code = 4;
inline constexpr int not_executable_code = 5;

/// -32602 "invalid argument INDEX: WHY".
Error invalid_argument(std::size_t index, std::string_view why);
/// -32602 with the sentence as it is.
Error invalid_params(std::string message);
/// -32000.
Error server_error(std::string message);
/// -32005: a limit of this node.
Error limit_exceeded(std::string message);
/// -32601 "the method NAME does not exist/is not available".
Error unknown_method(std::string_view name);
/// -32000 "pruned: …": the block, or what was looked for by its hash, is not kept here, and from where on is.
Error not_kept(const ledger::BlockNotKept& block);
/// -32603 "shutting down".
Error shutting_down();
/// -32005: too much is waiting.
Error busy();

/// The words of a revert: the text of Error(string), "AM05: sentence" of Refused(bytes4), the code of
/// Panic(uint256); empty for anything else.
std::string describe_revert(core::ByteView output);
/// Code 3, "execution reverted: REASON", data = the revert data as hex.
Error execution_reverted(core::ByteView output);
/// Why a simulated call has no result.
Error call_failed(const contracts::CallOutcome& outcome);

/// A transaction that cannot be read.
Error undecodable(core::TransactionError error, std::size_t size_bytes);
/// What the rules say against a transaction. `account_nonce` is that of its sender.
Error refused(contracts::Refusal refusal, const core::Transaction& transaction,
              const contracts::TransactionRules& rules, std::uint64_t account_nonce);
/// What the pool says against it.
Error refused(PoolVerdict verdict, const core::Transaction& transaction, std::uint64_t account_nonce);

}  // namespace sluice::node::rpc
