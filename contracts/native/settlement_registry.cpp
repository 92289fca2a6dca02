/// Sluice's own contracts, and what they do for the chain.
#include "contracts/native/chain_parameters.hpp"
#include "contracts/native/conservation.hpp"
#include "contracts/native/membership.hpp"
#include "contracts/native/queue_index.hpp"
#include "contracts/native/registry.hpp"
#include "contracts/native/settlement_contracts.hpp"
#include "contracts/native/settlement_genesis.hpp"
#include "contracts/native/system_work.hpp"
#include "contracts/native/typed_data.hpp"

namespace sluice::contracts::native {

constinit const NativeContract system_contract{
    .address = system_contract_address, .name = "system", .methods = {}};

namespace {

bool is_due(SystemInvocation& call) {
    const Books books(call.state, call.block);
    return is_second_half_due(books.governance, call.block.height) || is_work_due(books);
}

void run_due(SystemInvocation& call) {
    const Books books(call.state, call.block);
    if (is_second_half_due(books.governance, call.block.height)) carry_out_second_half(call);
    call.queues = run_due_work(books);
}

std::optional<core::UnixMs> next_due(JournaledState& state) {
    if (is_halfway(Storage(state, governance_address))) return 0;
    return next_due_work(state);
}

MoneyVerdict check_money(JournaledState& state) {
    return find_money_faults(state).empty() ? MoneyVerdict::conserved : MoneyVerdict::violated;
}

core::ValidatorSet next_validators(JournaledState& state) {
    return read_validator_set(Storage(state, governance_address));
}

ChainParameters parameters(JournaledState& state) {
    const ChainParameterRow row = read_chain_parameters(Storage(state, governance_address));
    return {.block_gas_limit = row.block_gas_limit,
            .transaction_gas_limit = row.transaction_gas_limit,
            .rotation_period = row.rotation_period};
}

std::shared_ptr<const QueueIndex> queues_after(JournaledState& state, const BlockContext& block,
                                               const std::shared_ptr<const QueueIndex>& due) {
    auto queues = QueueIndex::after(block.queues, state);
    return due == nullptr ? queues : queues->with_standstills_of(*due);
}

constexpr std::array<const NativeContract*, 8> contracts{
    &system_contract,           &participants_contract, &accounts_contract,   &payments_contract,
    &liquidity_saving_contract, &business_day_contract, &governance_contract, &currency_facade_contract,
};

constinit const Registry registry{.contracts = contracts,
                                  .hooks = {.begin_block = record_genesis_hash,
                                            .is_due = is_due,
                                            .run_due = run_due,
                                            .next_due = next_due,
                                            .check_money = check_money,
                                            .next_validators = next_validators,
                                            .parameters = parameters,
                                            .queues_after = queues_after,
                                            .write_genesis = write_genesis},
                                  .governance = governance_address};

}  // namespace

const Registry& settlement_registry() {
    return registry;
}

}  // namespace sluice::contracts::native
