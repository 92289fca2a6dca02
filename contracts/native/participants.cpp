/// The participants contract, 0x…5e01: directory, keys, roles, acts by k of n.
#include <algorithm>

#include "contracts/native/account_book.hpp"
#include "contracts/native/currency_table.hpp"
#include "contracts/native/insolvency.hpp"
#include "contracts/native/key_acts.hpp"
#include "contracts/native/key_recovery.hpp"
#include "contracts/native/mandate_acts.hpp"
#include "contracts/native/method_gas.hpp"
#include "contracts/native/participant_views.hpp"
#include "contracts/native/plain_text.hpp"
#include "contracts/native/retry_list.hpp"
#include "contracts/native/screening.hpp"
#include "contracts/native/settlement_contracts.hpp"
#include "contracts/native/settlement_events.hpp"
#include "contracts/native/settlement_structs.hpp"
#include "core/limits.hpp"

namespace sluice::contracts::native {

namespace {

constexpr std::size_t read_key_bytes_max = 256;

bool is_lei(const LeiText& lei) {
    return lei == LeiText{} || core::Lei::parse({lei.data(), lei.size()}).has_value();
}

// ---- register: operator

core::Gas register_gas(const Invocation& call) {
    return gas_of({.reads = 8, .writes = 8 + text_slots(call.arguments.size())}) + cost::log(2, 32) +
           cost::log(3, 96) + cost::log(2, 128) + cost::copy(call.arguments.size());
}

MethodResult register_participant(Invocation& call) {
    const auto arguments =
        abi::decode<BicText, LeiText, std::string_view, core::Address, core::ByteView>(call.arguments);
    if (!arguments) return malformed();
    const auto& [bic, lei, name, admin, read_key] = *arguments;
    const Storage participants = call.storage();
    if (!may_act(participants, call.caller, Role::operator_)) return refused(reason::forbidden);
    if (!core::Bic::parse({bic.data(), bic.size()})) return refused(reason::bad_bank);
    if (!is_lei(lei) || !core::is_name(name) || !is_plain_text(name) || admin == core::Address{} ||
        read_key.size() > read_key_bytes_max)
        return refused(reason::bad_form);
    if (find_party(participants, bic)) return refused(reason::duplicate);
    if (!is_free_for(participants, 0, core::KeyDuty::admin, admin, call.block.height))
        return refused(reason::forbidden);

    const ParticipantIndex index = add_participant(
        participants,
        {.bic = bic, .lei = lei, .name = name, .read_key = read_key, .height = call.block.height});
    call.emit(participant_registered_topic, {word_of(bic)}, abi::encode(lei));
    offer_key(call, bic, index, core::KeyDuty::admin, admin,
              {.is_open = true, .from = call.block.height, .by = {}});
    call.emit(participant_status_topic, {word_of(bic)},
              abi::encode(ParticipantStatus::pending, std::string_view{}));
    return core::Bytes{};
}

// ---- setStatus: operator

bool may_follow(ParticipantStatus from, ParticipantStatus to) {
    switch (to) {
        case ParticipantStatus::active:
            return from == ParticipantStatus::pending || from == ParticipantStatus::suspended;
        case ParticipantStatus::suspended:
            return from == ParticipantStatus::active;
        case ParticipantStatus::withdrawn:
            return from != ParticipantStatus::withdrawn;
        case ParticipantStatus::none:
        case ParticipantStatus::pending:
        case ParticipantStatus::insolvent:  // has an act of its own
            return false;
    }
    return false;
}

/// Nothing is owed in either direction: no money, no queue.
bool is_settled_out(const Books& books, ParticipantIndex participant) {
    const CurrencyIndex currencies = currency_count(books.governance);
    for (CurrencyIndex currency = 1; currency <= currencies; ++currency) {
        const AccountId id{participant, currency};
        const Account account(books.accounts, id);
        const QueuedSums queued = queued_sums(books.accounts, id);
        if (account.money() != Money{} || account.has_queue() || queued.incoming != 0) return false;
    }
    return true;
}

core::Gas set_status_gas(const Invocation& call) {
    const std::size_t currencies = currency_count(Storage(call.state, governance_address));
    return gas_of({.reads = 3 + 3 * currencies, .writes = 2}) + cost::log(2, 64 + call.arguments.size()) +
           cost::copy(call.arguments.size());
}

MethodResult set_status(Invocation& call) {
    const auto arguments = abi::decode<BicText, ParticipantStatus, std::string_view>(call.arguments);
    if (!arguments) return malformed();
    const auto& [bic, status, why] = *arguments;
    const Books books(call.state, call.block);
    if (!may_act(books.participants, call.caller, Role::operator_)) return refused(reason::forbidden);
    const auto party = find_party(books.participants, bic);
    if (!party) return refused(reason::bad_bank);
    if (!is_reason_text(why)) return refused(reason::bad_form);
    if (party->status == status) return core::Bytes{};
    if (!may_follow(party->status, status)) return refused(reason::forbidden);
    if (status == ParticipantStatus::withdrawn && !is_settled_out(books, party->index))
        return refused(reason::forbidden);

    set_participant_status(books.participants, bic, status);
    // Queues that were blocked by this participant, and its own, may move now.
    request_sweep(books.payments);
    call.emit(participant_status_topic, {word_of(bic)}, abi::encode(status, why));
    return core::Bytes{};
}

// ---- roles and thresholds

MethodResult change_role(Invocation& call) {
    const auto arguments = abi::decode<RoleName, core::Address, bool>(call.arguments);
    if (!arguments) return malformed();
    const auto& [name, who, on] = *arguments;
    const Storage participants = call.storage();
    if (!may_act(participants, call.caller, Role::operator_)) return refused(reason::forbidden);
    const auto role = role_of(name);
    if (!role || who == core::Address{}) return refused(reason::bad_form);
    if (!set_role(participants, who, *role, on)) return core::Bytes{};
    const OperatorQuorum quorum = operator_quorum(participants);
    // Fewer operators than an act needs would end every act for ever.
    if (quorum.operators < quorum.threshold) return refused(reason::forbidden);
    call.emit(role_changed_topic, {word_of(name), word_of(who)}, abi::encode(on));
    return core::Bytes{};
}

MethodResult change_operator_threshold(Invocation& call) {
    const auto arguments = abi::decode<std::uint32_t>(call.arguments);
    if (!arguments) return malformed();
    const std::uint32_t threshold = std::get<0>(*arguments);
    const Storage participants = call.storage();
    if (!may_act(participants, call.caller, Role::operator_)) return refused(reason::forbidden);
    if (threshold == 0 || threshold > operator_quorum(participants).operators)
        return refused(reason::bad_form);
    set_operator_threshold(participants, threshold);
    call.emit(operator_threshold_topic, {}, abi::encode(threshold));
    return core::Bytes{};
}

MethodResult change_approval_threshold(Invocation& call) {
    const auto arguments = abi::decode<CurrencyText, core::Minor>(call.arguments);
    if (!arguments) return malformed();
    const auto& [code, amount] = *arguments;
    const Books books(call.state, call.block);
    const KeyGrant admin = key_grant(books.participants, core::KeyDuty::admin, call.caller);
    if (!admin.covers(call.block.height)) return refused(reason::forbidden);
    const auto currency = find_currency(books.governance, code);
    if (!currency) return refused(reason::unknown_currency);
    set_approval_threshold(books.participants, {admin.participant, currency->index}, amount);
    call.emit(approval_threshold_topic,
              {word_of(bic_at(books.participants, admin.participant)), word_of(code)}, abi::encode(amount));
    return core::Bytes{};
}

// ---- acts by k of n

core::Gas propose_gas(const Invocation& call) {
    const auto arguments = abi::decode<core::ByteView>(call.arguments);
    const core::ByteView call_data = arguments ? std::get<0>(*arguments) : core::ByteView{};
    return gas_of({.reads = 5, .writes = 5 + text_slots(call.arguments.size())}) +
           cost::log(3, call.arguments.size()) + cost::log(3, 32) + cost::log(2, 0) +
           cost::copy(call.arguments.size()) + act_gas(call, call_data);
}

MethodResult propose(Invocation& call) {
    const auto arguments = abi::decode<core::ByteView>(call.arguments);
    if (!arguments) return malformed();
    const auto outcome = propose_act(call, std::get<0>(*arguments));
    if (!outcome) return core::fail(outcome.error());
    return abi::encode(outcome->act, outcome->performed);
}

core::Gas confirm_gas(const Invocation& call) {
    const auto arguments = abi::decode<core::Uint256>(call.arguments);
    if (!arguments || !std::get<0>(*arguments).fits_u64()) return gas_of({.reads = 1});
    const core::Gas of_reading_it = gas_of({.reads = 4 + text_slots(act_call_bytes_max)});
    if (call.gas < of_reading_it) return of_reading_it;
    const Act act = read_act(call.storage(), std::get<0>(*arguments).low_u64());
    return gas_of({.reads = 4 + 2 * act.confirmations + text_slots(act.call.size()), .writes = 3}) +
           cost::log(3, 32) + cost::log(2, 0) + act_gas(call, act.call);
}

MethodResult confirm(Invocation& call) {
    const auto arguments = abi::decode<core::Uint256>(call.arguments);
    if (!arguments) return malformed();
    const core::Uint256& act = std::get<0>(*arguments);
    if (!act.fits_u64()) return refused(reason::unknown_reference);
    const auto outcome = confirm_act(call, act.low_u64());
    if (!outcome) return core::fail(outcome.error());
    return abi::encode(outcome->performed);
}

constexpr core::Gas set_role_gas = cost::log(3, 32);
constexpr core::Gas operator_threshold_gas = cost::log(1, 32);
constexpr core::Gas approval_threshold_gas = cost::log(3, 32);
static_assert(gas_of({.reads = 3, .writes = 2}) + set_role_gas == 14'556);

constexpr std::array methods{
    Method{"register(bytes11,bytes20,string,address,bytes)",
           selector_of("register(bytes11,bytes20,string,address,bytes)"), Access::write, register_gas,
           register_participant},
    Method{"setStatus(bytes11,uint8,string)", selector_of("setStatus(bytes11,uint8,string)"), Access::write,
           set_status_gas, set_status},
    Method{"setKey(bytes11,uint8,address,bool,uint64)",
           selector_of("setKey(bytes11,uint8,address,bool,uint64)"), Access::write, set_key_gas, set_key},
    Method{"acceptKey(bytes11,uint8)", selector_of("acceptKey(bytes11,uint8)"), Access::write, accept_key_gas,
           accept_key},
    Method{"setRole(bytes32,address,bool)", selector_of("setRole(bytes32,address,bool)"), Access::write,
           fixed_gas<Work{.reads = 3, .writes = 2}, set_role_gas>, change_role},
    Method{"setOperatorThreshold(uint32)", selector_of("setOperatorThreshold(uint32)"), Access::write,
           fixed_gas<Work{.reads = 2, .writes = 1}, operator_threshold_gas>, change_operator_threshold},
    Method{"setApprovalThreshold(bytes3,uint128)", selector_of("setApprovalThreshold(bytes3,uint128)"),
           Access::write, fixed_gas<Work{.reads = 5, .writes = 2}, approval_threshold_gas>,
           change_approval_threshold},
    Method{"proposeAct(bytes)", selector_of("proposeAct(bytes)"), Access::write, propose_gas, propose},
    Method{"confirmAct(uint256)", selector_of("confirmAct(uint256)"), Access::write, confirm_gas, confirm},
    Method{"get(bytes11)", selector_of("get(bytes11)"), Access::view, views::get_gas, views::get},
    Method{"list(uint256,uint256)", selector_of("list(uint256,uint256)"), Access::view, views::list_gas,
           views::list},
    Method{"keysOf(bytes11,uint256,uint256)", selector_of("keysOf(bytes11,uint256,uint256)"), Access::view,
           views::keys_gas, views::keys_of},
    Method{"keyOffer(bytes11,uint8,address)", selector_of("keyOffer(bytes11,uint8,address)"), Access::view,
           fixed_gas<Work{.reads = 2}>, views::offer_of},
    Method{"keyAt(address,uint64)", selector_of("keyAt(address,uint64)"), Access::view, views::key_at_gas,
           views::served_by_key},
    Method{"participantOf(address)", selector_of("participantOf(address)"), Access::view,
           fixed_gas<Work{.reads = 6}>, views::participant_of},
    Method{"hasRole(bytes32,address)", selector_of("hasRole(bytes32,address)"), Access::view,
           fixed_gas<Work{.reads = 1}>, views::holds_role},
    Method{"operatorThreshold()", selector_of("operatorThreshold()"), Access::view,
           fixed_gas<Work{.reads = 1}>, views::operator_threshold},
    Method{"approvalThreshold(bytes11,bytes3)", selector_of("approvalThreshold(bytes11,bytes3)"),
           Access::view, fixed_gas<Work{.reads = 3}>, views::approval_threshold_of},
    Method{"act(uint256)", selector_of("act(uint256)"), Access::view,
           fixed_gas<Work{.reads = 2 + text_slots(act_call_bytes_max)}>, views::act},
    Method{"grant(address,bytes4,bytes3,uint128,uint64)",
           selector_of("grant(address,bytes4,bytes3,uint128,uint64)"), Access::write, grant_mandate_gas,
           grant_mandate},
    Method{"revoke(address,bytes3)", selector_of("revoke(address,bytes3)"), Access::write, revoke_mandate_gas,
           revoke_mandate},
    Method{"grantsOf(bytes11,uint256,uint256)", selector_of("grantsOf(bytes11,uint256,uint256)"),
           Access::view, views::mandates_of_gas, views::mandates_of},
    Method{"setScreening(bytes3,uint128)", selector_of("setScreening(bytes3,uint128)"), Access::write,
           screening_gas, set_screening},
    Method{"requireScreening(bytes11,bytes3,uint128)",
           selector_of("requireScreening(bytes11,bytes3,uint128)"), Access::write, screening_gas,
           require_screening},
    Method{"screeningThreshold(bytes11,bytes3)", selector_of("screeningThreshold(bytes11,bytes3)"),
           Access::view, fixed_gas<Work{.reads = 4}>, views::screening_threshold},
    Method{"recoverKeys(bytes11,address)", selector_of("recoverKeys(bytes11,address)"), Access::write,
           recover_keys_gas, recover_keys},
    Method{"vetoRecovery(bytes11)", selector_of("vetoRecovery(bytes11)"), Access::write, veto_recovery_gas,
           veto_recovery},
    Method{"claimRecovery(bytes11)", selector_of("claimRecovery(bytes11)"), Access::write, claim_recovery_gas,
           claim_recovery},
    Method{"setRecoveryDelay(uint64)", selector_of("setRecoveryDelay(uint64)"), Access::write,
           recovery_delay_gas, set_recovery_delay},
    Method{"recoveryOf(bytes11)", selector_of("recoveryOf(bytes11)"), Access::view,
           fixed_gas<Work{.reads = 2}>, views::recovery_of},
    Method{"recoveryDelay()", selector_of("recoveryDelay()"), Access::view, fixed_gas<Work{.reads = 1}>,
           views::recovery_delay},
    Method{"declareInsolvent(bytes11,string)", selector_of("declareInsolvent(bytes11,string)"), Access::write,
           declare_insolvent_gas, declare_insolvent},
    Method{"insolvencyOf(bytes11)", selector_of("insolvencyOf(bytes11)"), Access::view,
           fixed_gas<Work{.reads = 2}>, views::insolvency_of},
};

}  // namespace

constinit const NativeContract participants_contract{
    .address = participants_address, .name = "participants", .methods = methods};

}  // namespace sluice::contracts::native
