/// Payments that the business day of their currency concerns: those that wait for a day to open, and those
/// that its close will end. Storage of 0x…5e05.
#pragma once

#include "contracts/native/day_book.hpp"
#include "contracts/native/payment_book.hpp"

namespace sluice::contracts::native {

/// Lets a payment wait for the first day from its value date on to open.
void wait_for_open(const Storage& days, const PaymentRecord& record, std::uint64_t arrival);
/// The first payment that waits for `value_date` or an earlier one: by value date, then by arrival.
std::optional<std::uint64_t> first_waiting(const Storage& days, CurrencyIndex currency,
                                           core::DateYmd value_date);

/// Notes a payment that is queued; being held it stays. Nothing for a currency without business day.
void note_open_payment(const Storage& days, const PaymentRecord& record, std::uint64_t arrival);
/// The queued or held payment of a currency that arrived first.
std::optional<std::uint64_t> first_open_payment(const Storage& days, CurrencyIndex currency);

/// Forgets a payment that waits, is queued or held, wherever it stands. `record` has its present status.
void leave_day(const Storage& days, const PaymentRecord& record, std::uint64_t arrival);

}  // namespace sluice::contracts::native
