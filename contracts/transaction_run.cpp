#include "contracts/transaction_run.hpp"

#include <algorithm>
#include <limits>

#include "contracts/creation.hpp"
#include "contracts/transaction_rules.hpp"
#include "core/check.hpp"

namespace sluice::contracts {

namespace {

using evm::Revision;

/// EIP-3529, and the half of the gas before it (Yellow Paper 6.2).
core::Gas refund_divisor(Revision revision) {
    return revision >= Revision::london ? 5 : 2;
}

/// EIP-7702: given back where the authority exists already, of the price of an authorization.
constexpr std::int64_t existing_authority_refund = 12'500;

/// EIP-2929, EIP-2930, EIP-3651: what a transaction finds warm. Precompiled contracts always are.
void warm_up(JournaledState& state, const BlockContext& block, const TransactionRun& run) {
    state.warm(run.sender);
    if (block.revision >= Revision::shanghai) state.warm(block.miner);
    if (run.transaction.to) state.warm(*run.transaction.to);
    for (const core::AccessListEntry& entry : run.transaction.access_list) {
        state.warm(entry.address);
        for (const core::Word& key : entry.storage_keys)
            state.warm(entry.address, key);
    }
}

/// Applies one authorization, or passes over it where it does not hold (EIP-7702, "Behavior").
void authorize(JournaledState& state, std::uint64_t chain_id, const core::Authorization& authorization) {
    if (!authorization.chain_id.is_zero() && authorization.chain_id != core::Uint256(chain_id)) return;
    if (authorization.nonce == std::numeric_limits<std::uint64_t>::max()) return;
    const auto authority = core::authority_of(authorization);
    if (!authority) return;
    state.warm(*authority);
    const core::SharedBytes code = state.code(*authority);
    if (!code->empty() && !core::delegate_in(*code)) return;
    if (state.nonce(*authority) != authorization.nonce) return;
    if (state.exists(*authority)) state.add_refund(existing_authority_refund);
    const bool takes_back = authorization.address == core::Address{};
    state.set_code(*authority,
                   core::share(takes_back ? core::Bytes{} : core::delegation_to(authorization.address)));
    state.set_nonce(*authority, authorization.nonce + 1);
}

Message message_of(const TransactionRun& run) {
    const core::Transaction& transaction = run.transaction;
    const core::Address to =
        transaction.to ? *transaction.to : creation_address(run.sender, transaction.nonce);
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

/// Everything up to the message: what stays even if the message fails.
void prepare(const RunEnvironment& environment, const TransactionRun& run, const FeeRules& fees) {
    JournaledState& state = environment.state;
    warm_up(state, environment.block, run);
    if (fees.mode == FeeMode::ethereum) {
        const auto rest = core::checked_sub(state.balance(run.sender), fees.prepayment(run.transaction));
        CHECK(rest.has_value());
        state.set_balance(run.sender, *rest);
    }
    state.set_nonce(run.sender, run.transaction.nonce + 1);
    for (const core::Authorization& authorization : run.transaction.authorization_list)
        authorize(state, environment.block.chain_id, authorization);
    if (environment.block.revision >= Revision::prague && run.transaction.to)
        if (const auto target = core::delegate_in(*state.code(*run.transaction.to))) state.warm(*target);
}

/// Pays back what the sender bought too much of, and the miner's tip. The miner is touched even by a tip of
/// 0.
void settle_fees(const RunEnvironment& environment, const TransactionRun& run, const FeeRules& fees,
                 core::Gas gas_used) {
    if (fees.mode == FeeMode::none) return;
    JournaledState& state = environment.state;
    const core::Address& miner = environment.block.miner;
    const core::Gas gas_left = run.transaction.gas_limit - gas_used;
    state.set_balance(run.sender, state.balance(run.sender) + fees.repayment(run.transaction, gas_left));
    state.set_balance(miner, state.balance(miner) + fees.reward(run.transaction, gas_used));
}

}  // namespace

TransactionOutcome run_transaction(const RunEnvironment& environment, const TransactionRun& run) {
    JournaledState& state = environment.state;
    const core::Transaction& transaction = run.transaction;
    const FeeRules fees = fees_of(environment.block);
    CHECK(transaction.gas_limit >= std::max(run.intrinsic, run.floor));
    CHECK(transaction.nonce == state.nonce(run.sender));

    state.begin_transaction();
    prepare(environment, run, fees);
    Execution execution{.state = state,
                        .block = environment.block,
                        .registry = environment.registry,
                        .machine = environment.machine,
                        .origin = run.sender,
                        .gas_price = fees.price_of(transaction),
                        .blob_hashes = transaction.blob_hashes,
                        .tracer = environment.tracer,
                        .stop = environment.stop};
    CallResult result = call(execution, message_of(run));
    CHECK(result.gas_left <= transaction.gas_limit);

    TransactionOutcome outcome{.status = result.status,
                               .gas_used = 0,
                               .gas_peak = transaction.gas_limit - result.gas_left,
                               .output = std::move(result.output),
                               .logs = state.take_logs(),
                               .reached_excluded = execution.reached_excluded};
    CHECK(state.refund() >= 0);
    const core::Gas refund = std::min(outcome.gas_peak / refund_divisor(environment.block.revision),
                                      static_cast<core::Gas>(state.refund()));
    outcome.gas_used = std::max(outcome.gas_peak - refund, run.floor);
    settle_fees(environment, run, fees, outcome.gas_used);
    state.finish_transaction();
    return outcome;
}

}  // namespace sluice::contracts
