/// One transaction over the state: nonce, gas, message, refund. Shared by blocks and simulated calls.
#pragma once

#include "contracts/call.hpp"
#include "core/transaction.hpp"

namespace sluice::contracts {

/// A transaction whose validity has been established by the caller.
struct TransactionRun {
    const core::Transaction& transaction;
    core::Address sender{};
    core::Gas intrinsic = 0;
    core::Gas floor = 0;
};

struct TransactionOutcome {
    CallStatus status = CallStatus::succeeded;
    core::Gas gas_used = 0;
    core::Gas gas_peak = 0;  ///< before refund (EIP-3529) and floor (EIP-7623)
    core::Bytes output;
    std::vector<core::Log> logs;
};

/// Runs one transaction from begin_transaction to finish_transaction. Gas is metered and never charged: no
/// balance changes for it and the miner gets nothing.
TransactionOutcome run_transaction(JournaledState& state, const BlockContext& block,
                                   const native::Registry& registry, const TransactionRun& run);

}  // namespace sluice::contracts
