/// The life of a payment: what moves it from one status to the next, and everything that has to move with it.
///
///     submit ─┬─ AwaitingApproval ─┬─ Warehoused ─┬─ entry test ─┬─ Settled
///             └────────────────────┴──────────────┘              └─ Queued ⇄ Held ─ Settled, Cancelled,
///             Expired
///
/// A step tests and changes its own payment only. Others that it makes possible are noted (`add_to_retry`)
/// and settle in the system transaction, so that what a transaction does never depends on other parties'
/// queues.
#pragma once

#include "contracts/native/payment_book.hpp"
#include "contracts/native/payment_queue.hpp"

namespace sluice::contracts::native {

/// A payment during one step: its record and whatever its events name.
struct Payment {
    PaymentId id{};
    PaymentRow row;  ///< of `id`
    PaymentRecord record;
    PendingTerms pending;  ///< arrival 0 while nothing is stored for it
    BicText payer{};
    BicText payee{};
    CurrencyText currency{};
    bool is_past(core::UnixMs now_ms) const { return pending.latest != 0 && now_ms > pending.latest; }
};

/// A pending payment, read from storage. Precondition (CHECKed): it is pending.
Payment pending_payment(const Books& books, const PaymentId& id);

/// Why business state forbids money to move between two parties, if it does.
std::optional<ReasonCode> find_obstacle(ParticipantStatus payer, ParticipantStatus payee);

/// The entry test (settlement without bypass): settles if no payment of the same or a more urgent class of
/// the payer is queued and the payer has the funds, else queues. The payment is new, approved or released.
void enter(const Books& books, Payment& payment);

/// Leaves a new or approved payment waiting for an approver, for screening or for its time; it is due at
/// `due_ms`, 0: at no time.
void wait(const Books& books, Payment& payment, Status status, const WaitingTerms& terms, core::UnixMs due_ms,
          const ReasonCode& reason = reason::none);

/// Ends a new or pending payment without settlement: Rejected, Cancelled or Expired.
void end(const Books& books, Payment& payment, Status status, const ReasonCode& reason);

/// Takes a warehoused payment whose time has come, or whose day has opened, on its way.
void release(const Books& books, Payment& payment);

/// Queued → Held: leaves the position and no longer blocks what is behind it.
void hold(const Books& books, Payment& payment, const ReasonCode& reason);
/// Held → Queued, at its old place.
void unhold(const Books& books, Payment& payment);
/// Stops a pending payment for an authority: it leaves the queue, and comes to no later one, until the freeze
/// ends. Only its own latest time, or the close of a business day, still ends it.
void freeze(const Books& books, Payment& payment, const ReasonCode& reason);
/// Ends that. What the freeze took out of the queue, or kept out of it, goes there; what its payer held stays
/// held.
void unfreeze(const Books& books, Payment& payment);
/// Gives a pending payment another class; its arrival stays.
void set_priority(const Books& books, Payment& payment, Priority priority);

/// Settles from the head of an account's queue while the head can settle; holds what goes to a participant
/// that is not active. Each payment takes one of `steps_left`. True when nothing more can be done, false when
/// steps ran out.
bool retry_queue(const Books& books, const AccountId& account, std::uint32_t& steps_left);

/// Settles a queued payment as one of a set that its caller has found to leave every bank at or above its
/// floor and within its limits. Until the whole set is settled, balances may be anywhere. A payment to a
/// participant that is not active is held instead; the record returned says what happened.
PaymentRecord settle_in_set(const Books& books, std::uint64_t arrival);

/// Does what is due first, if anything is due at the block's time: expires, releases, or rejects what no
/// approver signed in time. False if nothing is due.
bool perform_first_due(const Books& books);

}  // namespace sluice::contracts::native
