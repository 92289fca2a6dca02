#include "contracts/native/submission.hpp"

#include <algorithm>

#include "contracts/native/admission.hpp"
#include "contracts/native/currency_table.hpp"
#include "contracts/native/day_gate.hpp"
#include "contracts/native/mandates.hpp"
#include "contracts/native/operator_roles.hpp"
#include "contracts/native/participant_directory.hpp"
#include "contracts/native/payment_lifecycle.hpp"
#include "contracts/native/screening.hpp"

namespace sluice::contracts::native {

namespace {

struct Parties {
    Party payer;
    Party payee;
    Currency currency;
    /// The mandate that stands in for the payer's own key: an agent's, or that of a creditor which collects.
    std::optional<MandateUse> mandate;
    bool is_debit = false;  ///< a direct debit: without a mandate the payer has to agree
};

/// By whose right `maker` submits; a refusal if by nobody's.
core::Result<std::optional<MandateUse>, ReasonCode> find_right(const Books& books, const Parties& parties,
                                                               const InstructionView& instruction,
                                                               const core::Address& maker) {
    const core::Height height = books.block.height;
    MandateUse use{.participant = parties.payer.index,
                   .agent = maker,
                   .act = MandateAct::submit,
                   .currency = parties.currency.index};
    if (parties.is_debit) {
        if (!acts_for(books.participants, parties.payee.index, core::KeyDuty::maker, maker, height))
            return core::fail(reason::forbidden);
        use.agent = agent_of(instruction.payee);
        use.act = MandateAct::debit;
        use.amount = instruction.amount;
        // Beyond its mandate, or without one, a creditor asks like any other.
        if (find_mandate_fault(books, use)) return std::nullopt;
        return use;
    }
    if (acts_for(books.participants, parties.payer.index, core::KeyDuty::maker, maker, height))
        return std::nullopt;
    // The amount counts only where the payment is new: a repetition is answered whatever the day's use.
    if (const auto fault = find_mandate_fault(books, use)) return core::fail(*fault);
    use.amount = instruction.amount;
    return use;
}

core::Result<Parties, ReasonCode> find_parties(const Books& books, const InstructionView& instruction,
                                               const core::Address& maker) {
    const auto payer = find_party(books.participants, instruction.payer);
    const auto payee = find_party(books.participants, instruction.payee);
    if (!payer || !payee) return core::fail(reason::bad_bank);
    // Urgent is for the operator and its ancillary systems.
    if (instruction.priority == Priority::urgent && !has_role(books.participants, maker, Role::operator_))
        return core::fail(reason::forbidden);
    const auto currency = find_currency(books.governance, instruction.currency);
    if (!currency) return core::fail(reason::unknown_currency);
    Parties parties{.payer = *payer,
                    .payee = *payee,
                    .currency = *currency,
                    .mandate = std::nullopt,
                    .is_debit = message_type_of(instruction.message_type) == MessageType::bank_direct_debit};
    const auto right = find_right(books, parties, instruction, maker);
    if (!right) return core::fail(right.error());
    parties.mandate = *right;
    // What overtakes a bank's own queue is the bank's own choice.
    if ((parties.mandate || parties.is_debit) && instruction.priority < Priority::normal)
        return core::fail(reason::forbidden);
    return parties;
}

/// The record of the same key, if there is one: its status, or a refusal if the content differs.
std::optional<core::Result<Submitted, ReasonCode>> find_earlier(const Books& books, const PaymentRow& row,
                                                                const core::Hash& content) {
    const PaymentRecord record = read_record(books.payments, row);
    if (record.status == Status::none) return std::nullopt;
    if (read_content_hash(books.payments, row) != content) return core::fail(reason::duplicate);
    return Submitted{record.status, record.reason};
}

bool needs_approval(const Books& books, const Party& payer, const PaymentRecord& record) {
    return payer.has_approval_threshold &&
           native::needs_approval(books.participants, record.payer_account(), record.amount);
}

Payment new_payment(const InstructionView& instruction, const PaymentId& id, const PaymentRow& row,
                    const Parties& parties) {
    return {.id = id,
            .row = row,
            .record = {.priority = instruction.priority,
                       .type = *message_type_of(instruction.message_type),
                       .currency = parties.currency.index,
                       .payer = parties.payer.index,
                       .payee = parties.payee.index,
                       .value_date = instruction.value_date,
                       .amount = static_cast<std::uint64_t>(instruction.amount)},
            .pending = {.uetr = instruction.uetr, .latest = instruction.latest},
            .payer = instruction.payer,
            .payee = instruction.payee,
            .currency = instruction.currency};
}

/// For an approver, or with reason `regulatory` for a screening key.
void wait_for_approval(const Books& books, Payment& payment, const core::Address& maker, core::UnixMs release,
                       const ReasonCode& reason) {
    core::UnixMs due = books.block.time_ms + approval_window_ms;
    if (payment.pending.latest != 0) due = std::min(due, payment.pending.latest + 1);
    wait(books, payment, Status::awaiting_approval, {maker, release}, due, reason);
}

/// After the approval, if one was needed: screening, then its time and the entry test.
void screen_or_admit(const Books& books, Payment& payment, const Party& payer, const WaitingTerms& terms) {
    const bool is_screened =
        payer.has_screening &&
        screening_thresholds(books.participants, payment.record.payer_account()).cover(payment.record.amount);
    if (is_screened)
        wait_for_approval(books, payment, terms.maker, terms.release, reason::regulatory);
    else
        admit(books, payment, terms);
}

/// Whether a return may be linked to the payment that it names.
std::optional<ReasonCode> find_link_fault(const Books& books, const Parties& parties,
                                          const InstructionView& instruction, const ReturnLink& link) {
    if (!is_reason_code(link.reason)) return reason::bad_form;
    const PaymentRow row = row_of(link.original);
    const PaymentRecord original = read_record(books.payments, row);
    // What has not settled is cancelled by its payer; there is nothing to give back.
    if (original.status != Status::settled || original.payer != parties.payee.index ||
        original.payee != parties.payer.index)
        return reason::unknown_reference;
    if (original.currency != parties.currency.index) return reason::unknown_currency;
    if (original.type == MessageType::payment_return) return reason::unsupported;
    return find_return_fault(original, return_terms(books.payments, row), instruction.amount);
}

/// Records an instruction of sound form, with a link if it is a return, and sends it on its way.
core::Result<Submitted, ReasonCode> record_payment(const Books& books, const InstructionView& instruction,
                                                   const core::Address& maker, const ReturnLink* link) {
    const auto parties = find_parties(books, instruction, maker);
    if (!parties) return core::fail(parties.error());
    const PaymentId id = payment_id(instruction);
    const core::Hash content = link == nullptr
                                   ? content_hash(instruction)
                                   : return_content_hash(instruction, link->original, link->reason);
    const PaymentRow row = row_of(id);
    if (auto earlier = find_earlier(books, row, content)) return *earlier;
    const auto release = release_time(books, instruction, parties->currency);
    if (!release) return core::fail(release.error());
    if (const auto fault =
            link == nullptr ? std::nullopt : find_link_fault(books, *parties, instruction, *link))
        return core::fail(*fault);
    // An agent pays; giving back is the bank's own.
    if (parties->mandate && link != nullptr) return core::fail(reason::forbidden);
    if (parties->mandate)
        if (const auto fault = use_mandate(books, *parties->mandate)) return core::fail(*fault);

    Payment payment = new_payment(instruction, id, row, *parties);
    write_content_hash(books.payments, row, content);
    if (link != nullptr) begin_return(books, payment.id, payment.record, *link);
    const auto obstacle = find_obstacle(parties->payer.status, parties->payee.status);
    if (payment.is_past(books.block.time_ms) || is_past_cutoff(books, payment.record))
        end(books, payment, Status::rejected, reason::too_late);
    else if (obstacle)
        end(books, payment, Status::rejected, *obstacle);
    else if (parties->is_debit ? !parties->mandate : needs_approval(books, parties->payer, payment.record))
        wait_for_approval(books, payment, maker, *release, reason::none);
    else
        screen_or_admit(books, payment, parties->payer, {maker, *release});
    return Submitted{payment.record.status, payment.record.reason};
}

/// The payment that waits for an approver or for screening, if business state still lets it go on; else it is
/// rejected here.
std::optional<Payment> waiting_payment(const Books& books, const PaymentId& id) {
    Payment payment = pending_payment(books, id);
    CHECK(payment.record.status == Status::awaiting_approval);
    const auto payer = find_party(books.participants, payment.payer);
    const auto payee = find_party(books.participants, payment.payee);
    CHECK(payer.has_value());
    CHECK(payee.has_value());
    const auto obstacle = find_obstacle(payer->status, payee->status);
    if (!obstacle) return payment;
    end(books, payment, Status::rejected, *obstacle);
    return std::nullopt;
}

}  // namespace

core::Result<Submitted, ReasonCode> submit_payment(const Books& books, const InstructionView& instruction,
                                                   const core::Address& maker) {
    if (const auto fault = find_fault(instruction)) return core::fail(*fault);
    return record_payment(books, instruction, maker, nullptr);
}

core::Result<Submitted, ReasonCode> submit_return(const Books& books, const InstructionView& instruction,
                                                  const ReturnLink& link, const core::Address& maker) {
    if (message_type_of(instruction.message_type) != MessageType::payment_return)
        return core::fail(reason::unsupported);
    if (const auto fault = find_form_fault(instruction)) return core::fail(*fault);
    return record_payment(books, instruction, maker, &link);
}

void admit_approved(const Books& books, const PaymentId& id) {
    auto payment = waiting_payment(books, id);
    if (!payment) return;
    const WaitingTerms waiting = read_waiting(books.payments, payment->row);
    const auto payer = find_party(books.participants, payment->payer);
    screen_or_admit(books, *payment, *payer, waiting);
}

void admit_screened(const Books& books, const PaymentId& id) {
    auto payment = waiting_payment(books, id);
    if (!payment) return;
    const WaitingTerms waiting = read_waiting(books.payments, payment->row);
    admit(books, *payment, waiting);
}

}  // namespace sluice::contracts::native
