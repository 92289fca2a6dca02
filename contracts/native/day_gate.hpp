/// What a currency's business day lets happen now.
#pragma once

#include "contracts/native/day_book.hpp"
#include "contracts/native/payment_book.hpp"

namespace sluice::contracts::native {

/// True if money may move between accounts: always around the clock, else from Open until the final run of
/// Closing has ended. Everything that settles asks this.
bool is_settlement_open(const Books& books, CurrencyIndex currency);

/// True if the central bank's books are open for the currency: issue, redemption. Always around the clock,
/// else from PreOpen to Closing.
bool is_booking_open(const Books& books, CurrencyIndex currency);

/// Whether a payment of `day`'s currency passes by now.
enum class Gate : std::uint8_t {
    open,
    before_open,  ///< its value date lies ahead, or has not opened
    too_late,     ///< past its cut-off
};
/// Customer payments pass until CutoffCustomer, all others until CutoffBank, Urgent ones of the operator
/// until Closing.
Gate gate_of(const BusinessDay& day, const PaymentRecord& record);
bool is_past_cutoff(const Books& books, const PaymentRecord& record);

}  // namespace sluice::contracts::native
