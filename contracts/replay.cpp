#include "contracts/replay.hpp"

#include <limits>

#include "contracts/history_contract.hpp"

namespace sluice::contracts {

namespace {

core::Transaction transaction_of(const CallRequest& request, core::Gas gas, std::uint64_t nonce) {
    core::Transaction transaction;
    transaction.type =
        request.authorizations.empty() ? core::TransactionType::dynamic_fee : core::TransactionType::set_code;
    transaction.nonce = nonce;
    transaction.gas_limit = gas;
    transaction.to = request.to;
    transaction.value = request.value;
    transaction.data = request.data;
    transaction.access_list = request.access_list;
    transaction.authorization_list = request.authorizations;
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

Replay::Replay(const core::StateView& parent, const BlockContext& block, evm::Machine& machine,
               evm::StopRequest* stop, const native::Registry& registry)
    : state_(parent, block.table_seed), block_(block), machine_(machine), stop_(stop), registry_(registry) {
    if (block.height > 0) record_parent_hash(state_, block);
}

RunEnvironment Replay::with(evm::Tracer* tracer) {
    return {.state = state_,
            .block = block_,
            .registry = registry_,
            .machine = machine_,
            .tracer = tracer,
            .stop = stop_};
}

core::Result<TransactionOutcome, Refusal> Replay::run(const core::TransactionPtr& transaction,
                                                      evm::Tracer* tracer) {
    if (transaction->transaction.type == core::TransactionType::system) {
        native::SystemInvocation invocation{.state = state_, .block = block_};
        // Nobody sends it a message, but an observer is told of it as of one, to see its logs and its place.
        const core::Address& to = transaction->transaction.to.value();
        const Message message{.sender = transaction->sender, .recipient = to, .code_address = to};
        state_.begin_transaction();
        if (tracer != nullptr) tracer->on_enter(message, 0, state_);
        registry_.hooks.run_due(invocation);
        if (tracer != nullptr) tracer->on_exit(message, {}, state_);
        TransactionOutcome outcome;
        outcome.logs = state_.take_logs();
        state_.finish_transaction();
        return outcome;
    }
    const auto admitted = admit_to_block(transaction, state_, block_);
    if (!admitted) return core::fail(admitted.error());
    return run_transaction(with(tracer), {.transaction = admitted->transaction(),
                                          .sender = admitted->sender(),
                                          .intrinsic = admitted->intrinsic(),
                                          .floor = admitted->floor()});
}

CallOutcome Replay::call(const CallRequest& request, core::Gas gas, evm::Tracer* tracer) {
    const core::Transaction transaction = transaction_of(request, gas, state_.nonce(request.from));
    CallOutcome outcome;
    outcome.refusal = check_request(state_, request.from, transaction);
    if (outcome.refusal) return outcome;
    TransactionOutcome ran = run_transaction(with(tracer), {.transaction = transaction,
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
