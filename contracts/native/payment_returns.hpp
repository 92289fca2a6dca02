/// Returns and recalls: what a settled payment's payee sent back, and what its payer asked back. Storage of
/// 0x…5e03, in the row of the payment.
///
/// A return (pacs.004) is a payment of its own, of type "P004", from the payee of the old one to its payer.
/// The old one stays Settled. Returns of one payment, settled and pending ones together, never exceed it.
#pragma once

#include "contracts/native/payment_book.hpp"
#include "contracts/native/settlement_structs.hpp"

namespace sluice::contracts::native {

/// Slot 5 of a payment: sums of its returns, and its last recall.
struct ReturnTerms {
    std::uint64_t returned = 0;   ///< by returns that are settled or may still settle
    std::uint64_t requested = 0;  ///< by the last recall; 0: there was none
    std::uint32_t returns = 0;    ///< how many make up `returned`
    RecallStatus recall = RecallStatus::none;
    ReasonCode reason{};         ///< of the recall
    ReasonCode answer_reason{};  ///< of its answer
    static constexpr auto storage_members() {
        using R = ReturnTerms;
        return std::make_tuple(&R::returned, &R::requested, &R::returns, &R::recall, &R::reason,
                               &R::answer_reason);
    }
};

ReturnTerms return_terms(const Storage& payments, const PaymentRow& row);
void write_return_terms(const Storage& payments, const PaymentRow& row, const ReturnTerms& terms);
/// Hash of the message that recalled a payment (camt.056).
core::Hash recall_message(const Storage& payments, const PaymentRow& row);
void write_recall_message(const Storage& payments, const PaymentRow& row, const core::Hash& message);
/// The payment that a return gives back; zeros for what is no return.
PaymentId original_of(const Storage& payments, const PaymentRow& row);

/// What a return says beyond the instruction.
struct ReturnLink {
    PaymentId original{};
    ReasonCode reason{};  ///< of the return: DUPL, AC04, FOCR, …
};
/// What a new return of `amount` would break, if anything: `already_returned`, `wrong_amount`.
std::optional<ReasonCode> find_return_fault(const PaymentRecord& original, const ReturnTerms& terms,
                                            core::Minor amount);
/// Links a new return to its original, takes its room there, and logs PaymentReturn. Precondition:
/// `find_return_fault` finds nothing.
void begin_return(const Books& books, const PaymentId& id, const PaymentRecord& record,
                  const ReturnLink& link);
/// Gives the room back: the return has ended without settlement.
void abandon_return(const Books& books, const PaymentRow& row, const PaymentRecord& record);

}  // namespace sluice::contracts::native
