/// The queue of each account: payments in order of priority, then arrival. Storage of 0x…5e03.
#pragma once

#include <vector>

#include "contracts/native/account_book.hpp"
#include "contracts/native/payment_book.hpp"

namespace sluice::contracts::native {

/// A payment's place in its payer's queue.
struct QueuePlace {
    AccountId account;
    Priority priority{};
    std::uint64_t arrival = 0;
};

/// Puts a payment at its place. `account` is that of the payer; the caller stores it afterwards.
void insert_into_queue(const Books& books, const QueuePlace& place, Account& account);
/// Takes it out. Precondition (CHECKed): it is there.
void remove_from_queue(const Books& books, const QueuePlace& place, Account& account);

/// The payment that settles next: first of the most urgent class that has any.
std::optional<QueuePlace> queue_head(const Storage& payments, const Account& account);
/// Whatever follows in the order of the queue.
std::optional<QueuePlace> queued_after(const Storage& payments, const Account& account,
                                       const QueuePlace& place);
/// Queued payments of all accounts in a currency.
std::uint64_t queued_count(const Storage& payments, CurrencyIndex currency);
/// True from `set_deadlocked` on until nothing of the currency is queued or it is taken back.
bool is_deadlocked(const Storage& payments, CurrencyIndex currency);
/// Precondition (CHECKed): something of the currency is queued.
void set_deadlocked(const Storage& payments, CurrencyIndex currency, bool on);

/// A payment that came into a queue or left one.
struct QueueChange {
    QueuePlace place;
    bool came = false;
};
/// How the queues of this state differ from those before the block, read off the slots that differ.
std::vector<QueueChange> queue_changes(JournaledState& state);

/// Adds or takes away a queued amount from the sums of both parties.
void add_queued_amount(const Storage& accounts, const PaymentRecord& record);
void subtract_queued_amount(const Storage& accounts, const PaymentRecord& record);

}  // namespace sluice::contracts::native
