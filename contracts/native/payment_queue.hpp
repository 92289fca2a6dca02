/// The queue of each account: payments in order of priority, then arrival. Storage of 0x…5e03.
#pragma once

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
/// Queued payments of all accounts together.
std::uint64_t queued_count(const Storage& payments);

/// Adds or takes away a queued amount from the sums of both parties.
void add_queued_amount(const Storage& accounts, const PaymentRecord& record);
void subtract_queued_amount(const Storage& accounts, const PaymentRecord& record);

}  // namespace sluice::contracts::native
