#include "node/rpc/trace_run.hpp"

#include <fmt/format.h>

#include "node/rpc/limits.hpp"
#include "node/rpc/prestate.hpp"

namespace sluice::node::rpc {

namespace {

/// Native contracts reach their storage without instructions that could be watched: what an execution changed
/// of it is seen by its end.
void add_native_changes(TouchedState& touched, contracts::JournaledState& before,
                        contracts::JournaledState& after) {
    for (const auto* contract : contracts::native::settlement_registry().contracts) {
        const core::Address& address = contract->address;
        const auto compare = [&](const core::Word& key, const core::Word&, const core::Word&) {
            if (before.storage(address, key) != after.storage(address, key)) touched.add(address, key);
        };
        before.for_each_storage_change(address, compare);
        after.for_each_storage_change(address, compare);
    }
}

}  // namespace

TraceRun::TraceRun(const core::StateView& parent, const contracts::BlockContext& block,
                   const TraceOptions& options)
    : block_(block),
      options_(options),
      budget_(limits::trace_bytes_max, options.timeout),
      replay_(parent, block, machine_, &budget_) {
    if (options.kind == TraceKind::prestate) before_.emplace(parent, block, machine_, &budget_);
}

TraceRun::Watched TraceRun::watched(const core::TransactionPtr& transaction) {
    const auto run = [transaction](contracts::Replay& replay, contracts::evm::Tracer* tracer) -> Ran {
        auto outcome = replay.run(transaction, tracer);
        if (!outcome)
            return core::fail(server_error(
                fmt::format("the block does not run again: {}", contracts::describe(outcome.error()))));
        return std::move(*outcome);
    };
    return {.run = run,
            .gas_limit = transaction->transaction.gas_limit,
            .from = transaction->sender,
            .to = transaction->transaction.to};
}

std::optional<Error> TraceRun::pass(const core::TransactionPtr& transaction) {
    const Watched passed = watched(transaction);
    if (const auto ran = run(passed, replay_, nullptr); !ran) return ran.error();
    if (before_)
        if (const auto ran = run(passed, *before_, nullptr); !ran) return ran.error();
    return std::nullopt;
}

Answer TraceRun::trace(const core::TransactionPtr& transaction) {
    return trace(watched(transaction));
}

Answer TraceRun::trace(const contracts::CallRequest& call, core::Gas gas) {
    const auto run = [&call, gas](contracts::Replay& replay, contracts::evm::Tracer* tracer) -> Ran {
        auto called = replay.call(call, gas, tracer);
        if (called.refusal) return core::fail(call_failed(called));
        contracts::TransactionOutcome outcome;
        outcome.status = called.status;
        outcome.gas_used = called.gas_used;
        outcome.output = std::move(called.output);
        return outcome;
    };
    return trace(Watched{.run = run, .gas_limit = gas, .from = call.from, .to = call.to});
}

TraceRun::Ran TraceRun::run(const Watched& watched, contracts::Replay& replay,
                            contracts::evm::Tracer* tracer) {
    auto outcome = watched.run(replay, tracer);
    // What was given up may have gone any way.
    if (budget_.fault()) return core::fail(*budget_.fault());
    return outcome;
}

Answer TraceRun::trace(const Watched& watched) {
    if (options_.kind == TraceKind::prestate) return trace_prestate(watched);
    if (options_.kind == TraceKind::calls) {
        CallTracer calls(options_.calls, budget_);
        const auto outcome = run(watched, replay_, &calls);
        if (!outcome) return core::fail(outcome.error());
        return calls.result(watched.gas_limit, outcome->gas_used);
    }
    StructLogTracer steps(options_.struct_logs, budget_);
    const auto outcome = run(watched, replay_, &steps);
    if (!outcome) return core::fail(outcome.error());
    return steps.result(*outcome);
}

Answer TraceRun::trace_prestate(const Watched& watched) {
    if (missing_)
        if (const auto ran = run(*missing_, *before_, nullptr); !ran) return core::fail(ran.error());
    missing_ = watched;
    TouchedState touched(budget_);
    touched.add(watched.from);
    touched.add(block_.miner);
    if (watched.to) touched.add(*watched.to);
    const auto outcome = run(watched, replay_, &touched);
    if (!outcome) return core::fail(outcome.error());
    add_native_changes(touched, before_->state(), replay_.state());
    if (budget_.fault()) return core::fail(*budget_.fault());
    return options_.diff ? write_state_difference(touched, before_->state(), replay_.state())
                         : write_prestate(touched, before_->state());
}

}  // namespace sluice::node::rpc
