/// debug_trace methods and eth_createAccessList: executions that are watched.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "contracts/evm/precompiles.hpp"
#include "contracts/header_rules.hpp"
#include "contracts/transition.hpp"
#include "core/authorization.hpp"
#include "node/rpc/block_reference.hpp"
#include "node/rpc/call_request.hpp"
#include "node/rpc/chain_json.hpp"
#include "node/rpc/limits.hpp"
#include "node/rpc/prepared_call.hpp"
#include "node/rpc/services.hpp"
#include "node/rpc/touched_state.hpp"
#include "node/rpc/trace_run.hpp"

namespace sluice::node::rpc {
namespace {

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
    context.table_seed = call.node().chain().table_seed;
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
    TraceRun run(*block->parent.view, block->context, options);
    for (std::size_t i = 0; i < found->index; ++i)
        if (const auto error = run.pass(block->transactions[i])) return core::fail(*error);
    return run.trace(block->transactions[found->index]);
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
    TraceRun run(*block->parent.view, block->context, options);
    for (const auto& transaction : block->transactions) {
        const auto traced = run.trace(transaction);
        if (!traced) return core::fail(traced.error());
        if (json.size() + traced->size() > limits::trace_bytes_max)
            return core::fail(limit_exceeded("the trace is too large: trace the transactions one by one"));
        json.begin_object().key("txHash").data(transaction->hash).key("result").raw(*traced).end_object();
    }
    json.end_array();
    return json.take();
}

core::Gas most_gas(const PreparedCall& call) {
    return std::min(call.request.gas.value_or(limits::call_gas_max), limits::call_gas_max);
}

Answer trace_call(const ReadCall& call) {
    const auto options = read_trace_options(call.arguments, 2);
    const auto prepared = prepare_call(call, BlockReference{}, OverridePlace::options);
    if (!prepared) return core::fail(prepared.error());
    return TraceRun(prepared->view(), prepared->block, options).trace(prepared->request, most_gas(*prepared));
}

/// What the execution looked at, in the form of a transaction's access list. Listed without a slot is only
/// what is not warm anyway.
std::vector<core::AccessListEntry> access_list_of(const TouchedState& touched, const PreparedCall& call) {
    std::set<core::Address> warm = touched.created();
    warm.insert({call.request.from, call.block.miner});
    if (call.request.to) warm.insert(*call.request.to);
    if (const auto& delegate = touched.outermost_delegate()) warm.insert(*delegate);
    for (const auto& authorization : call.request.authorizations)
        if (const auto authority = core::authority_of(authorization)) warm.insert(*authority);
    std::vector<core::AccessListEntry> list;
    for (const auto& [address, keys] : touched.accounts()) {
        const bool is_warm_anyway = warm.contains(address) ||
                                    contracts::evm::find_precompile(address, call.block.revision) != nullptr;
        if (keys.empty() && is_warm_anyway) continue;
        list.push_back({address, {keys.begin(), keys.end()}});
    }
    return list;
}

Answer create_access_list(const ReadCall& call) {
    auto prepared = prepare_call(call, {BlockReference::Kind::pending, 0, {}});
    if (!prepared) return core::fail(prepared.error());
    contracts::CallOutcome outcome;
    contracts::evm::Machine machine;
    TraceBudget budget(limits::trace_bytes_max, call.services.call_time_max);
    // A list makes the call cheaper, and a call that looks at its gas may then go another way.
    for (unsigned round = 0; round < limits::access_list_rounds_max; ++round) {
        TouchedState touched(budget);
        contracts::Replay replay(prepared->view(), prepared->block, machine, &budget);
        outcome = replay.call(prepared->request, most_gas(*prepared), &touched);
        if (budget.is_out_of_time()) return core::fail(took_too_long(call.services.call_time_max));
        if (budget.fault()) return core::fail(*budget.fault());
        if (outcome.refusal) return core::fail(call_failed(outcome));
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
