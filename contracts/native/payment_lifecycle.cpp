#include "contracts/native/payment_lifecycle.hpp"

#include "contracts/native/admission.hpp"
#include "contracts/native/currency_table.hpp"
#include "contracts/native/day_gate.hpp"
#include "contracts/native/day_warehouse.hpp"
#include "contracts/native/participant_directory.hpp"
#include "contracts/native/payment_returns.hpp"
#include "contracts/native/retry_list.hpp"
#include "contracts/native/schedule.hpp"
#include "contracts/native/settlement_events.hpp"
#include "contracts/native/spending_rules.hpp"

namespace sluice::contracts::native {

namespace {

/// Writes the record with its new status and tells the world.
void reach(const Books& books, Payment& payment, Status status, const ReasonCode& reason) {
    payment.record.status = status;
    payment.record.reason = reason;
    write_record(books.payments, payment.row, payment.record);
    books.state.add_log(log_of(PaymentStatusEvent{.id = payment.id,
                                                  .payer = payment.payer,
                                                  .payee = payment.payee,
                                                  .uetr = payment.pending.uetr,
                                                  .message_type = tag_of(payment.record.type),
                                                  .status = status,
                                                  .reason = reason,
                                                  .amount = payment.record.amount,
                                                  .currency = payment.currency}));
}

QueuePlace place_of(const Payment& payment) {
    return {payment.record.payer_account(), payment.record.priority, payment.pending.arrival};
}

/// Gives back every slot that only pending payments need.
void free_pending(const Books& books, Payment& payment) {
    if (payment.pending.arrival == 0) return;
    leave_day(days_of(books), payment.record, payment.pending.arrival);
    unschedule(books.payments, payment.pending.arrival);
    forget_arrival(books.payments, payment.pending.arrival);
    clear_pending(books.payments, payment.row);
    payment.pending.arrival = 0;
}

void take_from_queue(const Books& books, const Payment& payment, Account& payer) {
    remove_from_queue(books, place_of(payment), payer);
    subtract_queued_amount(books.accounts, payment.record);
}

/// Moves the money. `payer` has the funds, at least with the rest of what settles at once, and is stored
/// here.
Account move_money(const Books& books, Payment& payment, Account& payer) {
    free_pending(books, payment);
    reach(books, payment, Status::settled, reason::none);
    const auto amount = static_cast<core::SignedMinor>(payment.record.amount);
    book_entry(books, payer, {payment.payer, payment.currency}, -amount, payment.id);
    payer.store();
    Account payee(books.accounts, payment.record.payee_account());
    book_entry(books, payee, {payment.payee, payment.currency}, amount, payment.id);
    payee.store();
    count_against_limits(books, payer, payee, {payment.record.priority, payment.record.amount});
    return payee;
}

void settle(const Books& books, Payment& payment, Account& payer) {
    const Account payee = move_money(books, payment, payer);
    if (payee.has_queue()) add_to_retry(books.payments, payee.id());
}

/// Stores what a payment needs while it is pending, under a new arrival number.
void begin_pending(const Books& books, Payment& payment) {
    payment.pending.arrival = assign_arrival(books.payments, payment.id);
    write_pending(books.payments, payment.row, payment.pending);
}

void enqueue(const Books& books, Payment& payment, Account& payer, const ReasonCode& reason) {
    begin_pending(books, payment);
    insert_into_queue(books, place_of(payment), payer);
    payer.store();
    add_queued_amount(books.accounts, payment.record);
    note_open_payment(days_of(books), payment.record, payment.pending.arrival);
    if (payment.pending.latest != 0)
        schedule(books.payments, payment.pending.arrival, payment.pending.latest + 1);
    reach(books, payment, Status::queued, reason);
    // Alone it cannot settle, but together with what others have queued it may.
    add_to_retry(books.payments, payer.id());
}

/// A payment that an authority has stopped takes its place in the queue only to be held.
void enter_frozen(const Books& books, Payment& payment, Account& payer) {
    payment.record.set_stop(PaymentStop::held_by_freeze, true);
    enqueue(books, payment, payer, reason::none);
    hold(books, payment, reason::by_authority);
}

/// Why the payer may not spend on this payment. What ends with the day is tried again on the next.
std::optional<ReasonCode> find_payment_obstacle(const Books& books, const Account& payer,
                                                const PaymentRecord& record) {
    const auto obstacle = find_spending_obstacle(
        books, payer, {.payee = record.payee, .priority = record.priority, .amount = record.amount});
    if (obstacle && ends_with_the_day(*obstacle))
        request_sweep_at(books.payments, next_value_date_at(books, record.currency));
    return obstacle;
}

ParticipantStatus status_of(const Books& books, const BicText& bic) {
    const auto party = find_party(books.participants, bic);
    CHECK(party.has_value());
    return party->status;
}

}  // namespace

Payment pending_payment(const Books& books, const PaymentId& id) {
    const PaymentRow row = row_of(id);
    Payment payment{.id = id,
                    .row = row,
                    .record = read_record(books.payments, row),
                    .pending = read_pending(books.payments, row)};
    CHECK(outcome_of(payment.record.status) == Outcome::pending);
    payment.payer = bic_at(books.participants, payment.record.payer);
    payment.payee = bic_at(books.participants, payment.record.payee);
    payment.currency = currency_code(books.governance, payment.record.currency);
    return payment;
}

std::optional<ReasonCode> find_obstacle(ParticipantStatus payer, ParticipantStatus payee) {
    if (payer == ParticipantStatus::withdrawn || payee == ParticipantStatus::withdrawn)
        return reason::closed_account;
    if (payer != ParticipantStatus::active || payee != ParticipantStatus::active)
        return reason::blocked_account;
    return std::nullopt;
}

void enter(const Books& books, Payment& payment) {
    free_pending(books, payment);
    Account payer(books.accounts, payment.record.payer_account());
    if (payer.has(AccountRule::frozen))
        end(books, payment, Status::rejected, reason::blocked_account);
    else if (payment.record.has(PaymentStop::frozen))
        enter_frozen(books, payment, payer);
    else if (payer.is_blocked_for(payment.record.priority))
        enqueue(books, payment, payer, reason::none);
    else if (const auto obstacle = find_payment_obstacle(books, payer, payment.record))
        enqueue(books, payment, payer, *obstacle);
    else
        settle(books, payment, payer);
}

void wait(const Books& books, Payment& payment, Status status, const WaitingTerms& terms, core::UnixMs due_ms,
          const ReasonCode& reason) {
    free_pending(books, payment);
    begin_pending(books, payment);
    write_waiting(books.payments, payment.row, terms);
    if (due_ms != 0) schedule(books.payments, payment.pending.arrival, due_ms);
    reach(books, payment, status, reason);
}

void end(const Books& books, Payment& payment, Status status, const ReasonCode& reason) {
    CHECK(outcome_of(status) == Outcome::never);
    payment.record.stops = 0;
    if (payment.record.type == MessageType::payment_return)
        abandon_return(books, payment.row, payment.record);
    if (payment.record.status == Status::queued) {
        Account payer(books.accounts, payment.record.payer_account());
        take_from_queue(books, payment, payer);
        payer.store();
        if (payer.has_queue()) add_to_retry(books.payments, payer.id());
    }
    free_pending(books, payment);
    reach(books, payment, status, reason);
}

void release(const Books& books, Payment& payment) {
    if (payment.is_past(books.block.time_ms)) {
        end(books, payment, Status::expired, reason::timed_out);
        return;
    }
    const auto obstacle = find_obstacle(status_of(books, payment.payer), status_of(books, payment.payee));
    if (obstacle)
        end(books, payment, Status::rejected, *obstacle);
    else
        admit(books, payment, read_waiting(books.payments, payment.row));
}

void hold(const Books& books, Payment& payment, const ReasonCode& reason) {
    CHECK(payment.record.status == Status::queued);
    Account payer(books.accounts, payment.record.payer_account());
    take_from_queue(books, payment, payer);
    payer.store();
    reach(books, payment, Status::held, reason);
    if (payer.has_queue()) add_to_retry(books.payments, payer.id());
}

void unhold(const Books& books, Payment& payment) {
    CHECK(payment.record.status == Status::held);
    Account payer(books.accounts, payment.record.payer_account());
    insert_into_queue(books, place_of(payment), payer);
    payer.store();
    add_queued_amount(books.accounts, payment.record);
    reach(books, payment, Status::queued, reason::none);
    add_to_retry(books.payments, payer.id());
}

void freeze(const Books& books, Payment& payment, const ReasonCode& reason) {
    payment.record.set_stop(PaymentStop::frozen, true);
    if (payment.record.status == Status::queued) {
        payment.record.set_stop(PaymentStop::held_by_freeze, true);
        hold(books, payment, reason);
    } else {
        write_record(books.payments, payment.row, payment.record);
    }
}

void unfreeze(const Books& books, Payment& payment) {
    // What its payer can neither pay nor cancel any more must not stand in a queue.
    const ParticipantStatus payer = status_of(books, payment.payer);
    if (payer == ParticipantStatus::insolvent || payer == ParticipantStatus::withdrawn)
        return end(books, payment, Status::cancelled, reason::blocked_account);
    const bool returns = payment.record.has(PaymentStop::held_by_freeze);
    payment.record.stops = 0;
    if (returns)
        unhold(books, payment);
    else
        write_record(books.payments, payment.row, payment.record);
}

void set_priority(const Books& books, Payment& payment, Priority priority) {
    if (payment.record.status == Status::queued) {
        Account payer(books.accounts, payment.record.payer_account());
        remove_from_queue(books, place_of(payment), payer);
        payment.record.priority = priority;
        insert_into_queue(books, place_of(payment), payer);
        payer.store();
        add_to_retry(books.payments, payer.id());
    }
    payment.record.priority = priority;
    write_record(books.payments, payment.row, payment.record);
    books.emit(payments_address, priority_changed_topic, {word_of(payment.id)}, abi::encode(priority));
}

bool retry_queue(const Books& books, const AccountId& account, std::uint32_t& steps_left) {
    if (!is_settlement_open(books, account.currency)) return true;
    if (status_of(books, bic_at(books.participants, account.participant)) != ParticipantStatus::active)
        return true;
    for (;;) {
        Account payer(books.accounts, account);
        const auto head = queue_head(books.payments, payer);
        if (!head || payer.has(AccountRule::frozen)) return true;
        Payment payment = pending_payment(books, payment_at_arrival(books.payments, head->arrival));
        const bool payee_is_active = status_of(books, payment.payee) == ParticipantStatus::active;
        if (payee_is_active && find_payment_obstacle(books, payer, payment.record)) return true;
        if (steps_left == 0) return false;
        --steps_left;
        if (!payee_is_active) {
            hold(books, payment, reason::blocked_account);
            continue;
        }
        take_from_queue(books, payment, payer);
        settle(books, payment, payer);
    }
}

PaymentRecord settle_in_set(const Books& books, std::uint64_t arrival) {
    Payment payment = pending_payment(books, payment_at_arrival(books.payments, arrival));
    if (status_of(books, payment.payee) != ParticipantStatus::active) {
        hold(books, payment, reason::blocked_account);
        return payment.record;
    }
    Account payer(books.accounts, payment.record.payer_account());
    take_from_queue(books, payment, payer);
    move_money(books, payment, payer);
    return payment.record;
}

bool perform_first_due(const Books& books) {
    const auto arrival = due_by(books.payments, books.block.time_ms);
    if (!arrival) return false;
    Payment payment = pending_payment(books, payment_at_arrival(books.payments, *arrival));
    switch (payment.record.status) {
        case Status::awaiting_approval:
            end(books, payment, Status::rejected, reason::timed_out);
            break;
        case Status::warehoused:
            release(books, payment);
            break;
        case Status::queued:
        case Status::held:
            end(books, payment, Status::expired, reason::timed_out);
            break;
        case Status::none:
        case Status::received:
        case Status::settled:
        case Status::rejected:
        case Status::cancelled:
        case Status::expired:
            CHECK(false);  // only pending payments are scheduled
    }
    return true;
}

}  // namespace sluice::contracts::native
