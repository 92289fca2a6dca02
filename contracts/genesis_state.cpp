#include "contracts/genesis_state.hpp"

#include "contracts/history_contract.hpp"
#include "core/check.hpp"

namespace sluice::contracts {

namespace {

class EmptyState final : public core::StateView {
  public:
    std::optional<core::Account> account(const core::Address&) const override { return std::nullopt; }
    core::Word storage(const core::Address&, const core::Word&) const override { return {}; }
    core::SharedBytes code(const core::Hash&) const override { return nullptr; }
    bool has_storage(const core::Address&) const override { return false; }
};

void allocate(JournaledState& state, const core::GenesisAccount& account) {
    state.create_account(account.address);
    state.set_balance(account.address, account.balance);
    state.set_nonce(account.address, account.nonce);
    if (!account.code.empty()) state.set_code(account.address, core::share(account.code));
    for (const auto& [key, value] : account.storage)
        state.set_storage(account.address, key, value);
}

core::ValidatorSet validators_of(const core::ChainSpec& spec) {
    std::vector<core::Address> members;
    for (const core::GenesisValidator& validator : spec.validators)
        members.push_back(validator.address);
    auto validators = core::ValidatorSet::make(std::move(members));
    CHECK(validators.has_value());
    return *validators;
}

core::Header genesis_header(const core::ChainSpec& spec, const core::ValidatorSet& validators) {
    core::Header header;
    header.gas_limit = spec.block_gas_limit;
    header.timestamp = spec.time_ms / 1000;
    header.extra_data = core::encode(core::ExtraData{.version = 1,
                                                     .time_ms = spec.time_ms,
                                                     .validators_hash = validators.hash(),
                                                     .next_validators_hash = validators.hash()});
    header.mix_hash = core::mix_hash_after(header.parent_hash);
    header.base_fee = core::Uint256(core::base_fee_wei);
    header.requests_hash = core::empty_requests_hash;
    return header;
}

}  // namespace

const core::StateView& empty_state() {
    static const EmptyState state;
    return state;
}

GenesisBlock make_genesis(const core::ChainSpec& spec, const native::Registry& registry) {
    CHECK(!core::find_fault(spec));
    JournaledState state(empty_state());
    for (const core::GenesisAccount& account : spec.alloc)
        allocate(state, account);
    install_history(state);
    for (const native::NativeContract* contract : registry.contracts)
        if (contract->family_bytes == 0) native::install_native(state, contract->address);
    registry.hooks.write_genesis(state, spec);

    const core::ValidatorSet validators = validators_of(spec);
    CHECK(registry.hooks.next_validators(state) == validators);
    return {.diff = state.take_diff(), .header = genesis_header(spec, validators), .validators = validators};
}

}  // namespace sluice::contracts
