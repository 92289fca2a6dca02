/// Transactions of a block run again, and calls that nobody signed, with somebody watching.
#pragma once

#include "contracts/simulation.hpp"
#include "contracts/transaction_run.hpp"

namespace sluice::contracts {

/// One block as far as the caller takes it. What it is made with must outlive it. One thread. Room in the
/// block is not asked about again: the transactions are those of a block that exists.
class Replay {
  public:
    /// `parent` is the state after the block before; the system call at the start of the block runs at once.
    /// Once `stop` asks for it nothing runs to its end any more.
    Replay(const core::StateView& parent, const BlockContext& block, evm::Machine& machine,
           evm::StopRequest* stop = nullptr,
           const native::Registry& registry = native::settlement_registry());

    /// Runs the next transaction of the block. The system transaction runs no message; its outcome is a
    /// success without gas, and `tracer` sees it as one message. A refusal means that the block is not the
    /// one of this context and state.
    core::Result<TransactionOutcome, Refusal> run(const core::TransactionPtr& transaction,
                                                  evm::Tracer* tracer = nullptr);
    /// Performs a call as if it were the next transaction, with at most `gas`.
    CallOutcome call(const CallRequest& request, core::Gas gas, evm::Tracer* tracer = nullptr);

    /// The state after what has run so far.
    JournaledState& state() { return state_; }

  private:
    RunEnvironment with(evm::Tracer* tracer);

    JournaledState state_;
    const BlockContext& block_;
    evm::Machine& machine_;
    evm::StopRequest* stop_;
    const native::Registry& registry_;
};

}  // namespace sluice::contracts
