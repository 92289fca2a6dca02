#include "contracts/transaction_run.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace sluice::contracts {

namespace {

/// EIP-3529.
constexpr core::Gas refund_divisor = 5;

/// EIP-2929, EIP-2930, EIP-3651: what a transaction finds warm. Precompiled contracts always are.
void warm_up(JournaledState& state, const BlockContext& block, const TransactionRun& run) {
    state.warm(run.sender);
    state.warm(block.miner);
    if (run.transaction.to) state.warm(*run.transaction.to);
    for (const core::AccessListEntry& entry : run.transaction.access_list) {
        state.warm(entry.address);
        for (const core::Word& key : entry.storage_keys)
            state.warm(entry.address, key);
    }
}

Message message_of(const TransactionRun& run) {
    const core::Transaction& transaction = run.transaction;
    const core::Address to = transaction.to.value_or(core::Address{});
    return {.kind = transaction.to ? CallKind::call : CallKind::create,
            .is_static = false,
            .depth = 0,
            .gas = transaction.gas_limit - run.intrinsic,
            .sender = run.sender,
            .recipient = to,
            .code_address = to,
            .value = transaction.value,
            .input = transaction.data};
}

}  // namespace

TransactionOutcome run_transaction(JournaledState& state, const BlockContext& block,
                                   const native::Registry& registry, const TransactionRun& run) {
    const core::Transaction& transaction = run.transaction;
    CHECK(transaction.gas_limit >= std::max(run.intrinsic, run.floor));
    CHECK(transaction.nonce == state.nonce(run.sender));

    state.begin_transaction();
    warm_up(state, block, run);
    state.set_nonce(run.sender, transaction.nonce + 1);
    Execution execution{.state = state,
                        .block = block,
                        .registry = registry,
                        .origin = run.sender,
                        .gas_price = block.base_fee};
    CallResult result = call(execution, message_of(run));
    CHECK(result.gas_left <= transaction.gas_limit);

    TransactionOutcome outcome{.status = result.status,
                               .gas_used = 0,
                               .gas_peak = transaction.gas_limit - result.gas_left,
                               .output = std::move(result.output),
                               .logs = state.take_logs()};
    CHECK(state.refund() >= 0);
    const core::Gas refund =
        std::min(outcome.gas_peak / refund_divisor, static_cast<core::Gas>(state.refund()));
    outcome.gas_used = std::max(outcome.gas_peak - refund, run.floor);
    state.finish_transaction();
    return outcome;
}

}  // namespace sluice::contracts
