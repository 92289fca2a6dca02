#include "contracts/simulation.hpp"

#include <algorithm>
#include <limits>

#include "contracts/history_contract.hpp"
#include "contracts/transaction_run.hpp"

namespace sluice::contracts {

namespace {

core::Transaction transaction_of(const CallRequest& request, core::Gas gas, std::uint64_t nonce) {
    core::Transaction transaction;
    transaction.type = core::TransactionType::dynamic_fee;
    transaction.nonce = nonce;
    transaction.gas_limit = gas;
    transaction.to = request.to;
    transaction.value = request.value;
    transaction.data = request.data;
    transaction.access_list = request.access_list;
    return transaction;
}

/// The rules of a transaction that make sense without a signature.
std::optional<Refusal> check_request(JournaledState& state, const BlockContext& block,
                                     const native::Registry& registry, const core::Address& from,
                                     const core::Transaction& transaction) {
    if (transaction.nonce == std::numeric_limits<std::uint64_t>::max()) return Refusal::nonce_at_maximum;
    if (!transaction.to && transaction.data.size() > initcode_bytes_max) return Refusal::initcode_too_large;
    if (transaction.gas_limit < intrinsic_gas(transaction)) return Refusal::gas_below_intrinsic;
    if (transaction.gas_limit < floor_gas(transaction)) return Refusal::gas_below_floor;
    if (state.balance(from) < transaction.value) return Refusal::insufficient_funds;
    if (!transaction.to || callee_at(state, *transaction.to, block.height, registry) == CalleeKind::bytecode)
        return Refusal::bytecode_execution_unavailable;
    return std::nullopt;
}

CallOutcome call_with_gas(const core::StateView& view, const BlockContext& block, const CallRequest& request,
                          core::Gas gas, const native::Registry& registry) {
    JournaledState state(view);
    if (block.height > 0) record_parent_hash(state, block);
    const core::Transaction transaction = transaction_of(request, gas, state.nonce(request.from));
    CallOutcome outcome;
    outcome.refusal = check_request(state, block, registry, request.from, transaction);
    if (outcome.refusal) return outcome;
    TransactionOutcome ran = run_transaction(state, block, registry,
                                             {.transaction = transaction,
                                              .sender = request.from,
                                              .intrinsic = intrinsic_gas(transaction),
                                              .floor = floor_gas(transaction)});
    outcome.status = ran.status;
    outcome.output = std::move(ran.output);
    outcome.gas_used = ran.gas_used;
    outcome.gas_peak = ran.gas_peak;
    outcome.logs = std::move(ran.logs);
    return outcome;
}

}  // namespace

CallOutcome simulate_call(const core::StateView& view, const BlockContext& block, const CallRequest& request,
                          core::Gas gas_cap, const native::Registry& registry) {
    return call_with_gas(view, block, request, std::min(request.gas.value_or(gas_cap), gas_cap), registry);
}

core::Result<core::Gas, CallOutcome> estimate_gas(const core::StateView& view, const BlockContext& block,
                                                  const CallRequest& request, core::Gas gas_cap,
                                                  const native::Registry& registry) {
    core::Gas enough = std::min(request.gas.value_or(gas_cap), gas_cap);
    CallOutcome largest = call_with_gas(view, block, request, enough, registry);
    if (!largest.succeeded()) return core::fail(std::move(largest));

    const auto succeeds_with = [&](core::Gas gas) {
        return call_with_gas(view, block, request, gas, registry).succeeded();
    };
    // What the call was seen to use suffices unless it looks at the gas it is given; then bisection finds the
    // bound.
    const core::Gas seen = std::max(largest.gas_peak, largest.gas_used);
    if (seen >= enough) return enough;
    core::Gas too_little = seen - 1;
    if (succeeds_with(seen))
        enough = seen;
    else
        too_little = seen;
    while (too_little + 1 < enough) {
        const core::Gas middle = too_little + (enough - too_little) / 2;
        (succeeds_with(middle) ? enough : too_little) = middle;
    }
    return enough;
}

}  // namespace sluice::contracts
