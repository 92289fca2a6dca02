/// The governance contract, 0x…5e06: what the chain is made of, and who decides on its validators.
#include "contracts/native/chain_parameters.hpp"
#include "contracts/native/currency_table.hpp"
#include "contracts/native/membership.hpp"
#include "contracts/native/method_gas.hpp"
#include "contracts/native/settlement_contracts.hpp"
#include "contracts/native/settlement_structs.hpp"

namespace sluice::contracts::native {

namespace {

/// parameters() returns (Parameters).
MethodResult parameters(Invocation& call) {
    return abi::encode(read_chain_parameters(call.storage()));
}

/// features() returns (string[]).
MethodResult features(Invocation& call) {
    return abi::encode(read_features(call.storage()));
}
core::Gas features_gas(const Invocation& call) {
    return gas_of({.reads = 1 + 3 * feature_count(call.storage())});
}

/// validators() returns (Validator[]): in the order that decides primaries.
MethodResult validators(Invocation& call) {
    const Storage storage = call.storage();
    std::vector<ValidatorInfo> rows;
    const std::uint32_t count = validator_count(storage);
    for (std::uint32_t position = 0; position < count; ++position) {
        const ValidatorRow row = validator_at(storage, position);
        rows.push_back({row.address, row.bic, validator_name(storage, position)});
    }
    return abi::encode(rows);
}
core::Gas validators_gas(const Invocation& call) {
    return gas_of({.reads = 1 + 5 * validator_count(call.storage())});
}

/// currencies() returns (Currency[]): in the order of genesis.
MethodResult currencies(Invocation& call) {
    const Storage storage = call.storage();
    std::vector<CurrencyInfo> rows;
    const CurrencyIndex count = currency_count(storage);
    for (CurrencyIndex index = 1; index <= count; ++index) {
        const auto currency = find_currency(storage, currency_code(storage, index));
        CHECK(currency.has_value());
        rows.push_back({currency->code, currency->exponent, currency->phase_mode,
                        currency_time_zone(storage, currency->code)});
    }
    return abi::encode(rows);
}
core::Gas currencies_gas(const Invocation& call) {
    return gas_of({.reads = 1 + 3 * std::size_t{currency_count(call.storage())}});
}

// ---- proposals and votes

/// What an act for a proposal reads and writes at most: every validator with its name, every vote, and the
/// open proposals.
core::Gas act_for_proposal_gas(const Invocation& call, std::size_t reads_per_open, std::size_t writes) {
    const Storage governance = call.storage();
    const std::size_t members = validator_count(governance);
    const std::size_t open = open_proposal_count(governance);
    const std::size_t name_slots = text_slots(core::name_bytes_max);
    return gas_of({.reads = 10 + members * (2 + name_slots) + open * reads_per_open,
                   .again = 4 * members,
                   .writes = writes}) +
           2 * cost::log(3, 256) + cost::log(3, 160) + cost::copy(call.arguments.size());
}

/// Expired ones are closed on the way.
core::Gas propose_gas(const Invocation& call) {
    return act_for_proposal_gas(call, 5, 22 + 2 * open_proposal_count(call.storage()));
}
core::Gas vote_gas(const Invocation& call) {
    return act_for_proposal_gas(call, 1, 16 + open_proposal_count(call.storage()));
}

MethodResult propose(Invocation& call, const MembershipRequest& request) {
    const auto id = propose_change(call, request);
    if (!id) return core::fail(id.error());
    return abi::encode(*id);
}

/// proposeAdd(address validator, bytes11 bic, string name, uint64 expiresAt) returns (uint64).
MethodResult propose_add(Invocation& call) {
    const auto arguments =
        abi::decode<core::Address, BicText, std::string_view, std::uint64_t>(call.arguments);
    if (!arguments) return malformed();
    const auto& [joins, bic, name, expires_at] = *arguments;
    return propose(call, {.change = MembershipChange::add,
                          .joins = joins,
                          .leaves = {},
                          .bic = bic,
                          .name = name,
                          .expires_at = expires_at});
}

/// proposeRemove(address validator, uint64 expiresAt) returns (uint64).
MethodResult propose_remove(Invocation& call) {
    const auto arguments = abi::decode<core::Address, std::uint64_t>(call.arguments);
    if (!arguments) return malformed();
    const auto& [leaves, expires_at] = *arguments;
    return propose(call, {.change = MembershipChange::remove,
                          .joins = {},
                          .leaves = leaves,
                          .bic = {},
                          .name = {},
                          .expires_at = expires_at});
}

/// proposeReplace(address leaves, address joins, bytes11 bic, string name, uint64 expiresAt) returns
/// (uint64).
MethodResult propose_replace(Invocation& call) {
    const auto arguments =
        abi::decode<core::Address, core::Address, BicText, std::string_view, std::uint64_t>(call.arguments);
    if (!arguments) return malformed();
    const auto& [leaves, joins, bic, name, expires_at] = *arguments;
    return propose(call, {.change = MembershipChange::replace,
                          .joins = joins,
                          .leaves = leaves,
                          .bic = bic,
                          .name = name,
                          .expires_at = expires_at});
}

/// proposeRotate(address newKey, uint64 expiresAt) returns (uint64): another key for the caller.
MethodResult propose_rotate(Invocation& call) {
    const auto arguments = abi::decode<core::Address, std::uint64_t>(call.arguments);
    if (!arguments) return malformed();
    const auto& [joins, expires_at] = *arguments;
    const Storage governance = call.storage();
    const auto position = validator_position(governance, call.caller);
    if (!position) return reverted("only a present validator may propose");
    const std::string name = validator_name(governance, *position);
    return propose(call, {.change = MembershipChange::replace,
                          .joins = joins,
                          .leaves = call.caller,
                          .bic = validator_at(governance, *position).bic,
                          .name = name,
                          .expires_at = expires_at});
}

/// vote(uint64 proposal) and accept(uint64 proposal) return (bool carried).
template <core::Result<bool, Revert> (*act)(Invocation&, std::uint64_t)>
MethodResult act_for_proposal(Invocation& call) {
    const auto arguments = abi::decode<std::uint64_t>(call.arguments);
    if (!arguments) return malformed();
    const auto carried = act(call, std::get<0>(*arguments));
    if (!carried) return core::fail(carried.error());
    return abi::encode(*carried);
}

/// withdraw(uint64 proposal).
MethodResult withdraw(Invocation& call) {
    const auto arguments = abi::decode<std::uint64_t>(call.arguments);
    if (!arguments) return malformed();
    if (const auto done = withdraw_change(call, std::get<0>(*arguments)); !done)
        return core::fail(done.error());
    return core::Bytes{};
}

/// proposal(uint64) returns (Proposal); all zero where there is none.
MethodResult proposal(Invocation& call) {
    const auto arguments = abi::decode<std::uint64_t>(call.arguments);
    if (!arguments) return malformed();
    return abi::encode(describe_proposal(call.storage(), std::get<0>(*arguments), call.block.height));
}
core::Gas proposal_gas(const Invocation& call) {
    const auto arguments = abi::decode<std::uint64_t>(call.arguments);
    const std::size_t reads = 4 + text_slots(core::name_bytes_max);
    const core::Gas without_votes = gas_of({.reads = reads});
    if (!arguments || call.gas < without_votes) return without_votes;
    return gas_of({.reads = reads + read_proposal(call.storage(), std::get<0>(*arguments)).votes});
}

/// proposals() returns (Proposal[]): the open ones, in the order of their coming.
MethodResult proposals(Invocation& call) {
    std::vector<ProposalInfo> rows;
    for (const std::uint64_t id : open_proposals(call.storage())) {
        ProposalInfo row = describe_proposal(call.storage(), id, call.block.height);
        if (row.stage == ProposalStage::open) rows.push_back(std::move(row));
    }
    return abi::encode(rows);
}
core::Gas proposals_gas(const Invocation& call) {
    std::size_t reads = 1;
    for (const std::uint64_t id : open_proposals(call.storage()))
        reads += 5 + text_slots(core::name_bytes_max) + read_proposal(call.storage(), id).votes;
    return gas_of({.reads = reads});
}

constexpr std::array methods{
    Method{"proposeAdd(address,bytes11,string,uint64)",
           selector_of("proposeAdd(address,bytes11,string,uint64)"), Access::write, propose_gas, propose_add},
    Method{"proposeRemove(address,uint64)", selector_of("proposeRemove(address,uint64)"), Access::write,
           propose_gas, propose_remove},
    Method{"proposeReplace(address,address,bytes11,string,uint64)",
           selector_of("proposeReplace(address,address,bytes11,string,uint64)"), Access::write, propose_gas,
           propose_replace},
    Method{"proposeRotate(address,uint64)", selector_of("proposeRotate(address,uint64)"), Access::write,
           propose_gas, propose_rotate},
    Method{"vote(uint64)", selector_of("vote(uint64)"), Access::write, vote_gas,
           act_for_proposal<vote_for_change>},
    Method{"accept(uint64)", selector_of("accept(uint64)"), Access::write, vote_gas,
           act_for_proposal<accept_change>},
    Method{"withdraw(uint64)", selector_of("withdraw(uint64)"), Access::write, vote_gas, withdraw},
    Method{"proposal(uint64)", selector_of("proposal(uint64)"), Access::view, proposal_gas, proposal},
    Method{"proposals()", selector_of("proposals()"), Access::view, proposals_gas, proposals},
    Method{"parameters()", selector_of("parameters()"), Access::view, fixed_gas<Work{.reads = 2}>,
           parameters},
    Method{"features()", selector_of("features()"), Access::view, features_gas, features},
    Method{"validators()", selector_of("validators()"), Access::view, validators_gas, validators},
    Method{"currencies()", selector_of("currencies()"), Access::view, currencies_gas, currencies},
};

}  // namespace

constinit const NativeContract governance_contract{
    .address = governance_address, .name = "governance", .methods = methods};

}  // namespace sluice::contracts::native
