#include "contracts/native/key_recovery.hpp"

#include "contracts/native/key_acts.hpp"
#include "contracts/native/method_gas.hpp"
#include "contracts/native/operator_roles.hpp"
#include "contracts/native/reason_codes.hpp"
#include "contracts/native/row_key.hpp"
#include "contracts/native/settlement_events.hpp"

namespace sluice::contracts::native {

namespace {

// Tables 0x13 and 0x14 of the participants contract.
// 0x13 ‖ uint32 participant    struct Recovery
// 0x14                         uint64 delay in ms, 0: the default
constexpr std::uint8_t recovery_table = 0x13;
constexpr std::uint8_t delay_table = 0x14;

Place<Recovery> recovery_place(const Storage& participants, ParticipantIndex participant) {
    return {participants, row_key(recovery_table, participant)};
}
Place<std::uint64_t> delay_place(const Storage& participants) {
    return {participants, row_key(delay_table)};
}
core::UnixMs delay_ms(const Storage& participants) {
    const core::UnixMs set = delay_place(participants).read();
    return set == 0 ? recovery_delay_default_ms : set;
}

constexpr Work propose_work{.reads = 10, .writes = 1};
constexpr Work veto_work{.reads = 4, .writes = 1};
constexpr Work claim_work{.reads = 14, .writes = 6};
constexpr core::Gas events_gas = cost::log(3, 32) + cost::log(3, 96);
static_assert(gas_of(claim_work) + events_gas == 51'524);

void tell_end(const Invocation& call, const BicText& bic, const Recovery& recovery, bool done) {
    call.emit(recovery_ended_topic, {word_of(bic), word_of(recovery.new_admin)}, abi::encode(done));
}

}  // namespace

core::Gas recover_keys_gas(const Invocation& call) {
    return fixed_gas<propose_work, events_gas>(call);
}

MethodResult recover_keys(Invocation& call) {
    const auto arguments = abi::decode<BicText, core::Address>(call.arguments);
    if (!arguments) return malformed();
    const auto& [bic, new_admin] = *arguments;
    const Storage participants = call.storage();
    if (!may_act(participants, call.caller, Role::operator_)) return refused(reason::forbidden);
    const auto party = find_party(participants, bic);
    if (!party) return refused(reason::bad_bank);
    if (new_admin == core::Address{}) return refused(reason::bad_form);
    if (party->status == ParticipantStatus::withdrawn ||
        !is_free_for(participants, party->index, core::KeyDuty::admin, new_admin, call.block.height))
        return refused(reason::forbidden);
    const auto place = recovery_place(participants, party->index);
    const Recovery earlier = place.read();
    if (earlier.new_admin == new_admin && !earlier.has_lapsed(call.block.time_ms)) return core::Bytes{};
    const Recovery recovery{new_admin, call.block.time_ms + delay_ms(participants)};
    place.write(recovery);
    call.emit(recovery_proposed_topic, {word_of(bic), word_of(new_admin)}, abi::encode(recovery.due_ms));
    return core::Bytes{};
}

core::Gas veto_recovery_gas(const Invocation& call) {
    return fixed_gas<veto_work, events_gas>(call);
}

MethodResult veto_recovery(Invocation& call) {
    const auto arguments = abi::decode<BicText>(call.arguments);
    if (!arguments) return malformed();
    const BicText& bic = std::get<0>(*arguments);
    const Storage participants = call.storage();
    const auto party = find_party(participants, bic);
    if (!party) return refused(reason::bad_bank);
    if (!acts_for(participants, party->index, core::KeyDuty::admin, call.caller, call.block.height))
        return refused(reason::forbidden);
    // Operators suspend a bank whose admin key was stolen: the thief does not object for it.
    if (party->status == ParticipantStatus::suspended || party->status == ParticipantStatus::insolvent)
        return refused(reason::blocked_account);
    const auto place = recovery_place(participants, party->index);
    const Recovery recovery = place.read();
    if (recovery.new_admin == core::Address{}) return refused(reason::unknown_reference);
    place.clear();
    tell_end(call, bic, recovery, false);
    return core::Bytes{};
}

core::Gas claim_recovery_gas(const Invocation& call) {
    return fixed_gas<claim_work, events_gas>(call);
}

MethodResult claim_recovery(Invocation& call) {
    const auto arguments = abi::decode<BicText>(call.arguments);
    if (!arguments) return malformed();
    const BicText& bic = std::get<0>(*arguments);
    const Storage participants = call.storage();
    const auto party = find_party(participants, bic);
    if (!party) return refused(reason::bad_bank);
    const auto place = recovery_place(participants, party->index);
    const Recovery recovery = place.read();
    if (recovery.new_admin == core::Address{}) return refused(reason::unknown_reference);
    if (recovery.has_lapsed(call.block.time_ms)) return refused(reason::too_late);
    const bool is_its_turn = recovery.new_admin == call.caller && call.block.time_ms >= recovery.due_ms;
    if (!is_its_turn || party->status == ParticipantStatus::withdrawn ||
        !is_free_for(participants, party->index, core::KeyDuty::admin, call.caller, call.block.height))
        return refused(reason::forbidden);
    place.clear();
    // A key that the bank has made its admin meanwhile needs no more.
    if (key_grant(participants, core::KeyDuty::admin, call.caller).ended(call.block.height))
        admit_key(call, bic, party->index, core::KeyDuty::admin, call.caller, call.block.height);
    tell_end(call, bic, recovery, true);
    return core::Bytes{};
}

core::Gas recovery_delay_gas(const Invocation& call) {
    return fixed_gas<Work{.reads = 2, .writes = 1}, cost::log(1, 32)>(call);
}

MethodResult set_recovery_delay(Invocation& call) {
    const auto arguments = abi::decode<std::uint64_t>(call.arguments);
    if (!arguments) return malformed();
    const core::UnixMs delay = std::get<0>(*arguments);
    const Storage participants = call.storage();
    if (!may_act(participants, call.caller, Role::operator_)) return refused(reason::forbidden);
    if (delay < recovery_delay_min_ms || delay > recovery_delay_max_ms) return refused(reason::bad_form);
    delay_place(participants).write(delay);
    call.emit(recovery_delay_topic, {}, abi::encode(delay));
    return core::Bytes{};
}

namespace views {

MethodResult recovery_of(Invocation& call) {
    const auto arguments = abi::decode<BicText>(call.arguments);
    if (!arguments) return malformed();
    const Storage participants = call.storage();
    const auto party = find_party(participants, std::get<0>(*arguments));
    const Recovery recovery = party ? recovery_place(participants, party->index).read() : Recovery{};
    return abi::encode(recovery.new_admin, recovery.due_ms);
}

MethodResult recovery_delay(Invocation& call) {
    return abi::encode(delay_ms(call.storage()));
}

}  // namespace views

}  // namespace sluice::contracts::native
