/// How time lets a payment in: value date, earliest time and the phases of its currency's day.
#pragma once

#include "contracts/native/currency_table.hpp"
#include "contracts/native/instruction.hpp"
#include "contracts/native/payment_lifecycle.hpp"

namespace sluice::contracts::native {

/// The time before which a new instruction may not settle, apart from the phases of a business day: `release`
/// of its WaitingTerms. Refused (DT01) are a date so old that its record could have been purged, lest it pay
/// again, one further ahead than that window, a coming day that is no value date, and times that cannot be
/// met.
core::Result<core::UnixMs, ReasonCode> release_time(const Books& books, const InstructionView& instruction,
                                                    const Currency& currency);

/// Takes a new, approved or released payment as far as time lets it: to the entry test, to the warehouse, or,
/// past its cut-off, to Rejected (TM01).
void admit(const Books& books, Payment& payment, const WaitingTerms& terms);

/// When a warehoused payment will be released by the present plan.
core::UnixMs planned_release(const Books& books, const PaymentRecord& record, const WaitingTerms& terms);

}  // namespace sluice::contracts::native
