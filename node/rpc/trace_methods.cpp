/// debug_trace methods and eth_createAccessList: executions that are watched.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "contracts/evm/precompiles.hpp"
#include "contracts/header_rules.hpp"
#include "contracts/replay.hpp"
#include "contracts/transition.hpp"
#include "node/rpc/block_reference.hpp"
#include "node/rpc/call_request.hpp"
#include "node/rpc/chain_json.hpp"
#include "node/rpc/limits.hpp"
#include "node/rpc/prepared_call.hpp"
#include "node/rpc/prestate.hpp"
#include "node/rpc/services.hpp"
#include "node/rpc/trace_options.hpp"

namespace sluice::node::rpc {
namespace {

/// What is watched: how to come to the point before it, as often as needed, and how to run it.
class Watched {
  public:
    virtual ~Watched() = default;
    /// The state just before the execution.
    virtual core::Result<std::unique_ptr<contracts::Replay>, Error> approach() const = 0;
    virtual core::Result<contracts::TransactionOutcome, Error> run(contracts::Replay& replay,
                                                                   contracts::evm::Tracer& tracer) const = 0;
    virtual core::Gas gas_limit() const = 0;
    /// Accounts that count as touched whatever the execution does.
    virtual std::vector<core::Address> parties() const = 0;
};

core::Result<std::string, Error> trace_prestate(const Watched& watched, bool diff, TraceBudget& budget) {
    auto replay = watched.approach();
    if (!replay) return core::fail(replay.error());
    TouchedState touched(budget);
    for (const auto& address : watched.parties())
        touched.add(address);
    const auto outcome = watched.run(**replay, touched);
    if (!outcome) return core::fail(outcome.error());
    if (budget.fault()) return core::fail(*budget.fault());
    const auto before = watched.approach();
    if (!before) return core::fail(before.error());
    return diff ? write_state_difference(touched, (*before)->state(), (*replay)->state())
                : write_prestate(touched, (*before)->state());
}

core::Result<std::string, Error> trace(const Watched& watched, const TraceOptions& options) {
    TraceBudget budget(limits::trace_bytes_max, options.timeout);
    if (options.kind == TraceKind::prestate) return trace_prestate(watched, options.diff, budget);
    auto replay = watched.approach();
    if (!replay) return core::fail(replay.error());
    StructLogTracer steps(options.struct_logs, budget);
    CallTracer calls(options.calls, budget);
    contracts::evm::Tracer& tracer = options.kind == TraceKind::calls
                                         ? static_cast<contracts::evm::Tracer&>(calls)
                                         : static_cast<contracts::evm::Tracer&>(steps);
    const auto outcome = watched.run(**replay, tracer);
    if (!outcome) return core::fail(outcome.error());
    if (budget.fault()) return core::fail(*budget.fault());
    return options.kind == TraceKind::calls ? calls.result(watched.gas_limit(), outcome->gas_used)
                                            : steps.result(*outcome);
}

/// A transaction of a block that exists.
class MinedTransaction final : public Watched {
  public:
    MinedTransaction(const CallableState& parent, const contracts::BlockContext& block,
                     const std::vector<core::TransactionPtr>& transactions, std::size_t index)
        : parent_(parent), block_(block), transactions_(transactions), index_(index) {}

    core::Result<std::unique_ptr<contracts::Replay>, Error> approach() const override {
        auto replay = std::make_unique<contracts::Replay>(*parent_.view, block_);
        for (std::size_t i = 0; i < index_; ++i)
            if (const auto ran = replay->run(transactions_[i]); !ran)
                return core::fail(not_replayable(ran.error()));
        return replay;
    }
    core::Result<contracts::TransactionOutcome, Error> run(contracts::Replay& replay,
                                                           contracts::evm::Tracer& tracer) const override {
        auto outcome = replay.run(transactions_[index_], &tracer);
        if (!outcome) return core::fail(not_replayable(outcome.error()));
        return std::move(*outcome);
    }
    core::Gas gas_limit() const override { return transactions_[index_]->transaction.gas_limit; }
    std::vector<core::Address> parties() const override {
        std::vector<core::Address> parties{transactions_[index_]->sender, block_.miner};
        if (const auto& to = transactions_[index_]->transaction.to) parties.push_back(*to);
        return parties;
    }

  private:
    static Error not_replayable(contracts::Refusal refusal) {
        return server_error(fmt::format("the block does not run again: {}", contracts::describe(refusal)));
    }

    const CallableState& parent_;
    const contracts::BlockContext& block_;
    const std::vector<core::TransactionPtr>& transactions_;
    std::size_t index_;
};

/// A call that nobody signed.
class AskedCall final : public Watched {
  public:
    explicit AskedCall(const PreparedCall& call)
        : call_(call),
          gas_(std::min(call.request.gas.value_or(limits::call_gas_max), limits::call_gas_max)) {}

    core::Result<std::unique_ptr<contracts::Replay>, Error> approach() const override {
        return std::make_unique<contracts::Replay>(call_.view(), call_.block);
    }
    core::Result<contracts::TransactionOutcome, Error> run(contracts::Replay& replay,
                                                           contracts::evm::Tracer& tracer) const override {
        auto called = replay.call(call_.request, gas_, &tracer);
        if (called.refusal) return core::fail(call_failed(called));
        contracts::TransactionOutcome outcome;
        outcome.status = called.status;
        outcome.gas_used = called.gas_used;
        outcome.output = std::move(called.output);
        return outcome;
    }
    core::Gas gas_limit() const override { return gas_; }
    std::vector<core::Address> parties() const override {
        std::vector<core::Address> parties{call_.request.from, call_.block.miner};
        if (call_.request.to) parties.push_back(*call_.request.to);
        return parties;
    }

  private:
    const PreparedCall& call_;
    core::Gas gas_;
};

/// A block of the ledger and what is needed to run it again.
struct RunnableBlock {
    CallableState parent;
    contracts::BlockContext context;
    std::vector<core::TransactionPtr> transactions;
};
core::Result<RunnableBlock, Error> open_block(const ReadCall& call, core::Height height) {
    if (height == 0) return core::fail(server_error("genesis is not traceable"));
    auto block = call.reader().block(height, true);
    if (!block) return core::fail(server_error("block not found"));
    auto parent = open_state({BlockReference::Kind::height, height - 1, {}}, *call.snapshot);
    if (!parent) return core::fail(parent.error());
    const auto parameters = contracts::chain_parameters(*parent->view);
    const auto voters = call.snapshot->validators(height);
    auto context = contracts::context_of(
        block->header, call.node().chain().identity.chain_id, parameters.transaction_gas_limit,
        voters ? std::make_shared<const core::ValidatorSet>(*voters) : nullptr);
    return RunnableBlock{std::move(*parent), std::move(context), std::move(block->transactions)};
}

Answer trace_transaction(const ReadCall& call) {
    const auto hash = call.arguments.get(0, read_hash);
    const auto options = read_trace_options(call.arguments, 1);
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    const auto found = call.reader().transaction(hash);
    if (!found) return core::fail(server_error("transaction not found"));
    const auto block = open_block(call, found->block.height);
    if (!block) return core::fail(block.error());
    return trace(MinedTransaction(block->parent, block->context, block->transactions, found->index), options);
}

Answer trace_block(const ReadCall& call) {
    const auto reference = call.arguments.get(0, read_block_reference);
    const auto options = read_trace_options(call.arguments, 1);
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    const auto height = find_height(reference, *call.snapshot);
    if (!height) return core::fail(server_error("block not found"));
    const auto block = open_block(call, *height);
    if (!block) return core::fail(block.error());
    if (block->transactions.size() > limits::traced_transactions_max)
        return core::fail(
            limit_exceeded(fmt::format("the block has {} transactions, more than {}: trace them one by one",
                                       block->transactions.size(), limits::traced_transactions_max)));
    JsonWriter json(4'096);
    json.begin_array();
    for (std::size_t i = 0; i < block->transactions.size(); ++i) {
        auto traced = trace(MinedTransaction(block->parent, block->context, block->transactions, i), options);
        if (!traced) return core::fail(traced.error());
        if (json.size() + traced->size() > limits::trace_bytes_max)
            return core::fail(limit_exceeded("the trace is too large: trace the transactions one by one"));
        json.begin_object()
            .key("txHash")
            .data(block->transactions[i]->hash)
            .key("result")
            .raw(*traced)
            .end_object();
    }
    json.end_array();
    return json.take();
}

Answer trace_call(const ReadCall& call) {
    const auto options = read_trace_options(call.arguments, 2);
    const auto prepared = prepare_call(call, BlockReference{}, OverridePlace::options);
    if (!prepared) return core::fail(prepared.error());
    return trace(AskedCall(*prepared), options);
}

/// What the execution looked at, in the form of a transaction's access list. Listed without a slot is only
/// what is not warm anyway.
std::vector<core::AccessListEntry> access_list_of(const TouchedState& touched, const PreparedCall& call) {
    std::vector<core::AccessListEntry> list;
    for (const auto& [address, keys] : touched.accounts()) {
        const bool is_warm_anyway = address == call.request.from || address == call.request.to ||
                                    address == call.block.miner || touched.created().contains(address) ||
                                    contracts::evm::find_precompile(address, call.block.revision) != nullptr;
        if (keys.empty() && is_warm_anyway) continue;
        list.push_back({address, {keys.begin(), keys.end()}});
    }
    return list;
}

Answer create_access_list(const ReadCall& call) {
    auto prepared = prepare_call(call, {BlockReference::Kind::pending, 0, {}});
    if (!prepared) return core::fail(prepared.error());
    const core::Gas gas =
        std::min(prepared->request.gas.value_or(limits::call_gas_max), limits::call_gas_max);
    contracts::CallOutcome outcome;
    // A list makes the call cheaper, and a call that looks at its gas may then go another way.
    for (unsigned round = 0; round < limits::access_list_rounds_max; ++round) {
        TraceBudget budget(limits::trace_bytes_max, limits::trace_time_default);
        TouchedState touched(budget);
        outcome = contracts::Replay(prepared->view(), prepared->block).call(prepared->request, gas, &touched);
        if (outcome.refusal) return core::fail(call_failed(outcome));
        if (budget.fault()) return core::fail(*budget.fault());
        auto list = access_list_of(touched, *prepared);
        if (list == prepared->request.access_list) break;
        prepared->request.access_list = std::move(list);
    }
    JsonWriter json(1'024);
    json.begin_object();
    write_access_list(json, prepared->request.access_list);
    if (!outcome.succeeded()) json.key("error").text(call_failed(outcome).message);
    json.key("gasUsed").quantity(outcome.gas_used);
    json.end_object();
    return json.take();
}

}  // namespace

// clang-format off
std::vector<Method> trace_methods() {
    const Parameter options{"options", "TraceOptions", false};
    const Parameter block{"block", "BlockReference", false};
    constexpr auto anyone = Role::anyone;
    return {
        {"debug_traceTransaction", "How a transaction ran: its instructions, messages or state",
         {{"hash", "Hash"}, options}, "Trace", Access::heavy, anyone, trace_transaction},
        {"debug_traceCall", "The same of a call that nobody signed",
         {{"call", "Call"}, block, options}, "Trace", Access::heavy, anyone, trace_call},
        {"debug_traceBlockByNumber", "The same of all transactions of a block",
         {{"block", "BlockReference"}, options}, "[BlockTrace]", Access::heavy, anyone, trace_block},
        {"debug_traceBlockByHash", "The same of all transactions of a block",
         {{"block", "BlockReference"}, options}, "[BlockTrace]", Access::heavy, anyone, trace_block},
        {"eth_createAccessList", "What a call looks at, as an access list (EIP-2930)",
         {{"call", "Call"}, block}, "AccessListResult", Access::heavy, anyone, create_access_list},
    };
}
// clang-format on

}  // namespace sluice::node::rpc
