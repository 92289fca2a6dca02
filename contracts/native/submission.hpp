/// What happens to an instruction that arrives: refused, answered as a repetition, or recorded and on its
/// way.
#pragma once

#include "contracts/native/books.hpp"
#include "contracts/native/instruction.hpp"
#include "contracts/native/payment_book.hpp"
#include "contracts/native/payment_returns.hpp"

namespace sluice::contracts::native {

/// How a submission leaves its payment.
struct Submitted {
    Status status{};
    ReasonCode reason{};
    bool operator==(const Submitted&) const = default;
};

/// Submits for `maker`, who must hold a maker key of the payer or its mandate, or for a direct debit a maker
/// key of the payee. A direct debit without a mandate of the payer waits for the payer's approver. An error
/// is a refusal: nothing was recorded and the caller must revert. What business state forbids is recorded as
/// Rejected and uses up the key. The same key with the same content gives the present status and changes
/// nothing.
core::Result<Submitted, ReasonCode> submit_payment(const Books& books, const InstructionView& instruction,
                                                   const core::Address& maker);

/// The same for a return (`payment_returns.hpp`) of the payment that `link` names: a payment of type "P004",
/// from its payee to its payer, of no more than other returns have left.
core::Result<Submitted, ReasonCode> submit_return(const Books& books, const InstructionView& instruction,
                                                  const ReturnLink& link, const core::Address& maker);

/// An approver has this long to sign, or until the latest time of the payment if that is earlier.
inline constexpr core::UnixMs approval_window_ms = 24ull * 3600 * 1000;

/// Takes a payment that an approver signed on its way: to its time, or to the entry test.
void admit_approved(const Books& books, const PaymentId& id);
/// The same for one that passed screening.
void admit_screened(const Books& books, const PaymentId& id);
/// True for a payment that waits for screening, not for an approver.
inline bool waits_for_screening(const PaymentRecord& record) {
    return record.status == Status::awaiting_approval && record.reason == reason::regulatory;
}

}  // namespace sluice::contracts::native
