#include "contracts/native/operator_acts.hpp"

#include <algorithm>

#include "contracts/native/reason_codes.hpp"
#include "contracts/native/registry.hpp"
#include "contracts/native/row_key.hpp"
#include "contracts/native/settlement_contracts.hpp"
#include "contracts/native/settlement_events.hpp"

namespace sluice::contracts::native {

namespace {

// Tables 0x09 to 0x0b of the participants contract.
// 0x09                               uint64 last act
// 0x0a ‖ uint64 act                  struct ActRow; slot 4: bytes call
// 0x0b ‖ uint64 act ‖ uint32 i       address of confirmation number i
constexpr std::uint8_t last_act_table = 0x09;
constexpr std::uint8_t act_table = 0x0a;
constexpr std::uint8_t confirmer_table = 0x0b;
constexpr std::uint8_t call_slot = 4;

struct ActRow {
    core::Address proposer{};
    ActStage stage{};
    Role role{};
    std::uint32_t confirmations = 0;
    core::UnixMs proposed_at_ms = 0;
    static constexpr auto storage_members() {
        using R = ActRow;
        return std::make_tuple(&R::proposer, &R::stage, &R::role, &R::confirmations, &R::proposed_at_ms);
    }
};

/// Which methods are acts, and whose. Selectors are unique over all contracts, so that a call needs no
/// address.
struct Performer {
    Selector selector{};
    const NativeContract* contract = nullptr;
    Role role{};
};
constexpr std::array performers{
    Performer{selector_of("register(bytes11,bytes20,string,address,bytes)"), &participants_contract,
              Role::operator_},
    Performer{selector_of("setStatus(bytes11,uint8,string)"), &participants_contract, Role::operator_},
    Performer{selector_of("setRole(bytes32,address,bool)"), &participants_contract, Role::operator_},
    Performer{selector_of("setOperatorThreshold(uint32)"), &participants_contract, Role::operator_},
    Performer{selector_of("requireScreening(bytes11,bytes3,uint128)"), &participants_contract,
              Role::operator_},
    Performer{selector_of("recoverKeys(bytes11,address)"), &participants_contract, Role::operator_},
    Performer{selector_of("setRecoveryDelay(uint64)"), &participants_contract, Role::operator_},
    Performer{selector_of("declareInsolvent(bytes11,string)"), &participants_contract, Role::operator_},
    Performer{selector_of("forceTransfer(bytes11,bytes11,bytes3,uint128,bytes32,string)"), &accounts_contract,
              Role::operator_},
    Performer{selector_of("issue(bytes11,bytes3,uint128,bytes32)"), &accounts_contract, Role::issuer},
    Performer{selector_of("approveRedeem(bytes11,bytes16,bool)"), &accounts_contract, Role::issuer},
    Performer{selector_of("setCreditLine(bytes11,bytes3,uint128)"), &accounts_contract, Role::operator_},
    Performer{selector_of("freeze(bytes11,bytes3,uint128,bool,string)"), &accounts_contract, Role::freezer},
    Performer{selector_of("freezePayment(bytes32,bool,bytes4)"), &payments_contract, Role::freezer},
    Performer{selector_of("cancel(bytes32,bytes4)"), &payments_contract, Role::operator_},
    Performer{selector_of("advance(bytes3,uint8)"), &business_day_contract, Role::operator_},
    Performer{selector_of("extend(bytes3,uint8,uint64)"), &business_day_contract, Role::operator_},
    Performer{selector_of("setSchedule(bytes3,uint32[5],uint8)"), &business_day_contract, Role::operator_},
    Performer{selector_of("calendar(bytes3,uint32,uint64[5])"), &business_day_contract, Role::operator_},
    Performer{selector_of("setHoliday(bytes3,uint32,bool)"), &business_day_contract, Role::operator_},
    Performer{selector_of("run(bytes3)"), &liquidity_saving_contract, Role::operator_},
    Performer{selector_of("setEnabled(bytes3,bool)"), &liquidity_saving_contract, Role::operator_},
    Performer{selector_of("setHolder(address,uint8)"), &accounts_contract, Role::freezer},
};

const Performer* find_performer(core::ByteView call_data) {
    if (call_data.size() < std::tuple_size_v<Selector>) return nullptr;
    const auto found = std::find_if(performers.begin(), performers.end(), [&](const Performer& performer) {
        return std::equal(performer.selector.begin(), performer.selector.end(), call_data.begin());
    });
    return found == performers.end() ? nullptr : &*found;
}

const Method& method_of(const Performer& performer) {
    const Method* method = find_method(*performer.contract, performer.selector);
    CHECK(method != nullptr);
    return *method;
}

/// The call as the participants contract makes it: the only caller that passes for k operators.
Invocation performing_call(const Invocation& from, const Performer& performer, core::ByteView call_data) {
    return {.state = from.state,
            .block = from.block,
            .self = performer.contract->address,
            .caller = participants_address,
            .origin = from.origin,
            .arguments = call_data.subspan(std::tuple_size_v<Selector>)};
}

Place<ActRow> act_place(const Storage& participants, std::uint64_t act) {
    return {participants, row_key(act_table, act)};
}
Place<Text> call_place(const Storage& participants, std::uint64_t act) {
    return {participants, row_slot(row_key(act_table, act), call_slot)};
}
Place<core::Address> confirmer_place(const Storage& participants, std::uint64_t act, std::uint32_t number) {
    return {participants, row_key(confirmer_table, act, number)};
}

bool has_confirmed(const Storage& participants, std::uint64_t act, const ActRow& row,
                   const core::Address& who) {
    for (std::uint32_t number = 0; number < row.confirmations; ++number)
        if (confirmer_place(participants, act, number).read() == who) return true;
    return false;
}

std::uint32_t standing_confirmations(const Storage& participants, std::uint64_t act, const ActRow& row) {
    std::uint32_t standing = 0;
    for (std::uint32_t number = 0; number < row.confirmations; ++number)
        if (may_confirm(participants, confirmer_place(participants, act, number).read(), row.role))
            ++standing;
    return standing;
}

void add_confirmation(const Invocation& call, const Storage& participants, std::uint64_t act, ActRow& row) {
    confirmer_place(participants, act, row.confirmations).write(call.caller);
    ++row.confirmations;
    act_place(participants, act).write(row);
    call.emit_from(participants_address, act_confirmed_topic, {word_of(act), word_of(call.caller)},
                   abi::encode(row.confirmations));
}

/// Performs the act if enough holders stand behind it.
core::Result<ActOutcome, Revert> perform_if_confirmed(const Invocation& call, const Storage& participants,
                                                      std::uint64_t act, ActRow& row) {
    if (standing_confirmations(participants, act, row) < operator_quorum(participants).threshold)
        return ActOutcome{act, false};
    row.stage = ActStage::performed;
    act_place(participants, act).write(row);
    const core::Bytes call_data = call_place(participants, act).read();
    const Performer* performer = find_performer(call_data);
    CHECK(performer != nullptr);
    Invocation performing = performing_call(call, *performer, call_data);
    const MethodResult result = method_of(*performer).run(performing);
    if (!result) return core::fail(result.error());
    call.emit_from(participants_address, act_performed_topic, {word_of(act)}, {});
    return ActOutcome{act, true};
}

}  // namespace

core::Result<ActOutcome, Revert> propose_act(Invocation& call, core::ByteView call_data) {
    const Storage participants = call.storage();
    const Performer* performer = find_performer(call_data);
    if (performer == nullptr || call_data.size() > act_call_bytes_max) return refused(reason::bad_form);
    if (!may_confirm(participants, call.caller, performer->role)) return refused(reason::forbidden);
    const Place<std::uint64_t> last(participants, row_key(last_act_table));
    const std::uint64_t act = last.read() + 1;
    last.write(act);
    call_place(participants, act).write(call_data);
    call.emit_from(participants_address, act_proposed_topic, {word_of(act), word_of(call.caller)},
                   abi::encode(call_data));
    ActRow row{.proposer = call.caller,
               .stage = ActStage::open,
               .role = performer->role,
               .proposed_at_ms = call.block.time_ms};
    add_confirmation(call, participants, act, row);
    return perform_if_confirmed(call, participants, act, row);
}

core::Result<ActOutcome, Revert> confirm_act(Invocation& call, std::uint64_t act) {
    const Storage participants = call.storage();
    ActRow row = act_place(participants, act).read();
    if (row.stage != ActStage::open) return refused(reason::unknown_reference);
    if (!may_confirm(participants, call.caller, row.role)) return refused(reason::forbidden);
    if (call.block.time_ms > row.proposed_at_ms + act_lifetime_ms) return refused(reason::too_late);
    if (!has_confirmed(participants, act, row, call.caller)) add_confirmation(call, participants, act, row);
    return perform_if_confirmed(call, participants, act, row);
}

Act read_act(const Storage& participants, std::uint64_t act) {
    const ActRow row = act_place(participants, act).read();
    return {.proposer = row.proposer,
            .stage = row.stage,
            .role = row.role,
            .confirmations = row.confirmations,
            .proposed_at_ms = row.proposed_at_ms,
            .call = call_place(participants, act).read()};
}

core::Gas act_gas(const Invocation& call, core::ByteView call_data) {
    const Performer* performer = find_performer(call_data);
    if (performer == nullptr) return 0;
    return method_of(*performer).gas(performing_call(call, *performer, call_data));
}

}  // namespace sluice::contracts::native
