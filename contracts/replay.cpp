#include "contracts/replay.hpp"

#include <limits>

#include "contracts/history_contract.hpp"

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
std::optional<Refusal> check_request(JournaledState& state, const core::Address& from,
                                     const core::Transaction& transaction) {
    if (transaction.nonce == std::numeric_limits<std::uint64_t>::max()) return Refusal::nonce_at_maximum;
    if (!transaction.to && transaction.data.size() > initcode_bytes_max) return Refusal::initcode_too_large;
    if (transaction.gas_limit < intrinsic_gas(transaction)) return Refusal::gas_below_intrinsic;
    if (transaction.gas_limit < floor_gas(transaction)) return Refusal::gas_below_floor;
    if (state.balance(from) < transaction.value) return Refusal::insufficient_funds;
    return std::nullopt;
}

}  // namespace

Replay::Replay(const core::StateView& parent, const BlockContext& block, const native::Registry& registry)
    : state_(parent, block.table_seed), block_(block), registry_(registry) {
    if (block.height > 0) record_parent_hash(state_, block);
}

core::Result<TransactionOutcome, Refusal> Replay::run(const core::TransactionPtr& transaction,
                                                      evm::Tracer* tracer) {
    if (transaction->transaction.type == core::TransactionType::system) {
        native::SystemInvocation invocation{.state = state_, .block = block_};
        state_.begin_transaction();
        registry_.hooks.run_due(invocation);
        TransactionOutcome outcome;
        outcome.logs = state_.take_logs();
        state_.finish_transaction();
        return outcome;
    }
    const auto admitted = admit_to_block(transaction, state_, block_);
    if (!admitted) return core::fail(admitted.error());
    return run_transaction(
        {.state = state_, .block = block_, .registry = registry_, .machine = machine_, .tracer = tracer},
        {.transaction = admitted->transaction(),
         .sender = admitted->sender(),
         .intrinsic = admitted->intrinsic(),
         .floor = admitted->floor()});
}

CallOutcome Replay::call(const CallRequest& request, core::Gas gas, evm::Tracer* tracer) {
    const core::Transaction transaction = transaction_of(request, gas, state_.nonce(request.from));
    CallOutcome outcome;
    outcome.refusal = check_request(state_, request.from, transaction);
    if (outcome.refusal) return outcome;
    TransactionOutcome ran = run_transaction(
        {.state = state_, .block = block_, .registry = registry_, .machine = machine_, .tracer = tracer},
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

}  // namespace sluice::contracts
