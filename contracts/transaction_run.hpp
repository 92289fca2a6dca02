/// One transaction over the state: fees, nonce, authorizations, message, refund. Shared by blocks and
/// simulated calls.
#pragma once

#include "contracts/call.hpp"
#include "core/transaction.hpp"

namespace sluice::contracts {

/// A transaction whose validity has been established by the caller (`admit_to_block`, or a simulation).
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
    core::Bytes output;      ///< results or revert data; empty for a creation that succeeded
    std::vector<core::Log> logs;
    bool reached_excluded = false;  ///< some message came to a precompiled contract that is left out here
};

/// What every transaction of a block runs with.
struct RunEnvironment {
    JournaledState& state;
    const BlockContext& block;
    const native::Registry& registry;
    evm::Machine& machine;
    evm::Tracer* tracer = nullptr;     ///< observes; may be null
    evm::StopRequest* stop = nullptr;  ///< null in every block
};

/// Runs one transaction from begin_transaction to finish_transaction: fees, nonce, authorizations (EIP-7702),
/// message, refund. Who pays what is `fees_of(block)`; in mode `none` no balance changes for gas.
TransactionOutcome run_transaction(const RunEnvironment& environment, const TransactionRun& run);

}  // namespace sluice::contracts
