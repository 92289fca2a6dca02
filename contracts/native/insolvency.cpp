#include "contracts/native/insolvency.hpp"

#include "contracts/native/currency_table.hpp"
#include "contracts/native/method_gas.hpp"
#include "contracts/native/operator_roles.hpp"
#include "contracts/native/ordered_set.hpp"
#include "contracts/native/participant_directory.hpp"
#include "contracts/native/payment_lifecycle.hpp"
#include "contracts/native/plain_text.hpp"
#include "contracts/native/retry_list.hpp"
#include "contracts/native/row_key.hpp"
#include "contracts/native/settlement_events.hpp"

namespace sluice::contracts::native {

namespace {

// Table 0x12 of the participants contract, and 0x11 of the payments contract.
// 0x12 ‖ uint32 participant    struct Insolvency
// 0x11                         OrderedSet of participants whose queues have to be removed
constexpr std::uint8_t insolvency_table = 0x12;
constexpr std::uint8_t removal_table = 0x11;

static_assert(Place<Insolvency>::slots == 1);

Place<Insolvency> insolvency_place(const Storage& participants, ParticipantIndex participant) {
    return {participants, row_key(insolvency_table, participant)};
}
OrderedSet to_remove(const Storage& payments) {
    return {payments, row_key(removal_table)};
}

/// Cancels from the head of one queue while there are steps. The number cancelled.
std::uint32_t cancel_queue(const Books& books, const AccountId& account, std::uint32_t& steps_left) {
    std::uint32_t cancelled = 0;
    while (steps_left > 0) {
        const auto head = queue_head(books.payments, Account(books.accounts, account));
        if (!head) break;
        Payment payment = pending_payment(books, payment_at_arrival(books.payments, head->arrival));
        end(books, payment, Status::cancelled, reason::blocked_account);
        --steps_left;
        ++cancelled;
    }
    return cancelled;
}

/// Works on the queues of one participant. True when none is left.
bool cancel_queues(const Books& books, ParticipantIndex participant, std::uint32_t& steps_left) {
    const auto place = insolvency_place(books.participants, participant);
    Insolvency insolvency = place.read();
    CurrencyIndex currency = 1;
    const CurrencyIndex currencies = currency_count(books.governance);
    for (; currency <= currencies && steps_left > 0; ++currency) {
        --steps_left;
        insolvency.removed += cancel_queue(books, {participant, currency}, steps_left);
        if (Account(books.accounts, {participant, currency}).has_queue()) break;
    }
    insolvency.is_cleared = currency > currencies;
    place.write(insolvency);
    return insolvency.is_cleared;
}

constexpr Work declare_work{.reads = 14, .writes = 9};

}  // namespace

core::Gas declare_insolvent_gas(const Invocation& call) {
    return gas_of(declare_work) + cost::log(2, 64 + call.arguments.size()) +
           cost::log(2, 128 + call.arguments.size()) + cost::copy(call.arguments.size());
}

MethodResult declare_insolvent(Invocation& call) {
    const auto arguments = abi::decode<BicText, std::string_view>(call.arguments);
    if (!arguments) return malformed();
    const auto& [bic, why] = *arguments;
    const Books books(call.state, call.block);
    if (!may_act(books.participants, call.caller, Role::operator_)) return refused(reason::forbidden);
    const auto party = find_party(books.participants, bic);
    if (!party) return refused(reason::bad_bank);
    if (!is_reason_text(why)) return refused(reason::bad_form);
    if (party->status == ParticipantStatus::insolvent) return core::Bytes{};
    if (party->status == ParticipantStatus::withdrawn) return refused(reason::forbidden);

    const Insolvency insolvency{.height = call.block.height,
                                .time_ms = call.block.time_ms,
                                .last_arrival = last_arrival(books.payments)};
    insolvency_place(books.participants, party->index).write(insolvency);
    set_participant_status(books.participants, bic, ParticipantStatus::insolvent);
    to_remove(books.payments).insert(party->index);
    // What waits for its money is held when it comes to the head.
    request_sweep(books.payments);
    call.emit(participant_status_topic, {word_of(bic)}, abi::encode(ParticipantStatus::insolvent, why));
    call.emit(insolvent_topic, {word_of(bic)},
              abi::encode(insolvency.height, insolvency.time_ms, insolvency.last_arrival, why));
    return core::Bytes{};
}

bool has_queues_to_remove(const Storage& payments) {
    return to_remove(payments).first().has_value();
}

void remove_queues(const Books& books, std::uint32_t& steps_left) {
    const OrderedSet participants = to_remove(books.payments);
    while (steps_left > 0) {
        const auto next = participants.first();
        if (!next) return;
        const auto participant = static_cast<ParticipantIndex>(*next);
        if (!cancel_queues(books, participant, steps_left)) return;
        participants.erase(*next);
        books.emit(participants_address, queues_removed_topic,
                   {word_of(bic_at(books.participants, participant))},
                   abi::encode(insolvency_place(books.participants, participant).read().removed));
    }
}

namespace views {

MethodResult insolvency_of(Invocation& call) {
    const auto arguments = abi::decode<BicText>(call.arguments);
    if (!arguments) return malformed();
    const Storage participants = call.storage();
    const auto party = find_party(participants, std::get<0>(*arguments));
    return abi::encode(party ? insolvency_place(participants, party->index).read() : Insolvency{});
}

}  // namespace views

}  // namespace sluice::contracts::native
