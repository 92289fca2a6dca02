/// Executions that are watched one after the other, each from where the one before has led.
#pragma once

#include <functional>
#include <optional>

#include "contracts/replay.hpp"
#include "node/rpc/trace_options.hpp"

namespace sluice::node::rpc {

/// From one state on, in one block, within one budget for all that runs. One thread. View and block must
/// outlive it.
class TraceRun {
  public:
    TraceRun(const core::StateView& parent, const contracts::BlockContext& block,
             const TraceOptions& options);

    /// Runs a transaction of the block that nobody wants to see; why it cannot, if it cannot.
    std::optional<Error> pass(const core::TransactionPtr& transaction);
    /// The trace of the next transaction of the block.
    Answer trace(const core::TransactionPtr& transaction);
    /// The trace of a call with at most `gas`.
    Answer trace(const contracts::CallRequest& call, core::Gas gas);

  private:
    using Ran = core::Result<contracts::TransactionOutcome, Error>;
    /// What is watched.
    struct Watched {
        std::function<Ran(contracts::Replay& replay, contracts::evm::Tracer* tracer)> run;
        core::Gas gas_limit = 0;
        core::Address from{};
        std::optional<core::Address> to;
    };
    static Watched watched(const core::TransactionPtr& transaction);

    Answer trace(const Watched& watched);
    Answer trace_prestate(const Watched& watched);
    /// Runs it where the next one will go on, and tells a spent budget from any other end.
    Ran run(const Watched& watched, contracts::Replay& replay, contracts::evm::Tracer* tracer);

    const contracts::BlockContext& block_;
    const TraceOptions options_;
    TraceBudget budget_;
    contracts::evm::Machine machine_;
    contracts::Replay replay_;
    /// Of prestateTracer only: where `replay_` was before the execution that is shown.
    std::optional<contracts::Replay> before_;
    std::optional<Watched> missing_;  ///< what `before_` has yet to run
};

}  // namespace sluice::node::rpc
