#include "contracts/native/return_acts.hpp"

#include <algorithm>

#include "contracts/native/instruction.hpp"
#include "contracts/native/method_gas.hpp"
#include "contracts/native/participant_directory.hpp"
#include "contracts/native/payment_returns.hpp"
#include "contracts/native/settlement_events.hpp"
#include "contracts/native/submission.hpp"

namespace sluice::contracts::native {

namespace {

/// Answers of camt.029, and where they take a recall.
struct AnswerRow {
    ReasonCode answer{};
    RecallStatus status{};
};
constexpr std::array answers{AnswerRow{abi::iso_code("CNCL"), RecallStatus::accepted},
                             AnswerRow{abi::iso_code("RJCR"), RecallStatus::refused},
                             AnswerRow{abi::iso_code("PDCR"), RecallStatus::pending}};

std::optional<RecallStatus> recall_status_of(const ReasonCode& answer) {
    const auto found = std::find_if(answers.begin(), answers.end(),
                                    [&](const AnswerRow& row) { return row.answer == answer; });
    if (found == answers.end()) return std::nullopt;
    return found->status;
}

bool is_open(RecallStatus status) {
    return status == RecallStatus::open || status == RecallStatus::pending;
}

void emit_about(const Books& books, const core::Word& topic, const PaymentId& id, const PaymentRecord& record,
                core::Bytes data) {
    books.emit(payments_address, topic,
               {word_of(id), word_of(bic_at(books.participants, record.payer)),
                word_of(bic_at(books.participants, record.payee))},
               std::move(data));
}

bool has_key(const Books& books, ParticipantIndex bank, core::KeyDuty duty, const core::Address& who) {
    return acts_for(books.participants, bank, duty, who, books.block.height);
}

}  // namespace

namespace acts {

// ---- recall: the payer asks

MethodResult request_return(Invocation& call) {
    const auto arguments = abi::decode<PaymentId, core::Minor, ReasonCode, core::Hash>(call.arguments);
    if (!arguments) return malformed();
    const auto& [id, amount, why, message] = *arguments;
    const Books books(call.state, call.block);
    const PaymentRow row = row_of(id);
    const PaymentRecord record = read_record(books.payments, row);
    if (record.status == Status::none) return refused(reason::unknown_reference);
    if (!has_key(books, record.payer, core::KeyDuty::maker, call.caller)) return refused(reason::forbidden);
    if (!is_reason_code(why)) return refused(reason::bad_form);
    if (amount == 0) return refused(reason::zero_amount);
    // What has not settled is cancelled, not recalled; the caller learns where it stands.
    if (record.status != Status::settled) return abi::encode(record.status);
    // Whoever returns does not get back: a return ends the chain.
    if (record.type == MessageType::payment_return) return refused(reason::unsupported);

    ReturnTerms terms = return_terms(books.payments, row);
    const bool same = terms.recall != RecallStatus::none && terms.requested == amount &&
                      terms.reason == why && recall_message(books.payments, row) == message;
    if (same) return abi::encode(record.status);
    if (is_open(terms.recall)) return refused(reason::duplicate);
    if (const auto fault = find_return_fault(record, terms, amount)) return refused(*fault);
    terms.recall = RecallStatus::open;
    terms.requested = static_cast<std::uint64_t>(amount);
    terms.reason = why;
    terms.answer_reason = reason::none;
    write_return_terms(books.payments, row, terms);
    write_recall_message(books.payments, row, message);
    emit_about(books, return_requested_topic, id, record, abi::encode(amount, why, message));
    return abi::encode(record.status);
}

// ---- the payee answers

MethodResult answer_return(Invocation& call) {
    const auto arguments = abi::decode<PaymentId, ReasonCode, ReasonCode>(call.arguments);
    if (!arguments) return malformed();
    const auto& [id, answer, why] = *arguments;
    const Books books(call.state, call.block);
    const PaymentRow row = row_of(id);
    const PaymentRecord record = read_record(books.payments, row);
    if (record.status == Status::none) return refused(reason::unknown_reference);
    if (!has_key(books, record.payee, core::KeyDuty::maker, call.caller) &&
        !has_key(books, record.payee, core::KeyDuty::approver, call.caller))
        return refused(reason::forbidden);
    const auto status = recall_status_of(answer);
    if (!status || (why != reason::none && !is_reason_code(why))) return refused(reason::bad_form);
    ReturnTerms terms = return_terms(books.payments, row);
    if (terms.recall == RecallStatus::none) return refused(reason::unknown_reference);
    if (terms.recall == *status && terms.answer_reason == why) return core::Bytes{};
    if (!is_open(terms.recall)) return refused(reason::duplicate);
    terms.recall = *status;
    terms.answer_reason = why;
    write_return_terms(books.payments, row, terms);
    emit_about(books, return_answered_topic, id, record, abi::encode(answer, why));
    return core::Bytes{};
}

// ---- the payee returns

MethodResult return_payment(Invocation& call) {
    const auto arguments = abi::decode<InstructionView, PaymentId, ReasonCode>(call.arguments);
    if (!arguments) return malformed();
    const auto& [instruction, original, why] = *arguments;
    const Books books(call.state, call.block);
    const auto submitted = submit_return(books, instruction, {original, why}, call.caller);
    if (!submitted) return refused(submitted.error());
    return abi::encode(submitted->status, submitted->reason);
}

// ---- what they cost

namespace {

/// The record, the caller's keys, the terms and the message, both parties' names.
constexpr Work recall_work{.reads = 7, .again = 0, .writes = 2};
constexpr core::Gas recall_more = cost::log(4, 96);
static_assert(gas_of(recall_work) + recall_more == 23'843);

/// A payment that settles at once, as `submit` counts it, and its original's record and terms and the link.
constexpr Work return_work{.reads = 8, .again = 8, .writes = 8};
constexpr core::Gas return_more = cost::log(4, 192) + 2 * cost::log(4, 96) + cost::log(3, 64) +
                                  2 * cost::hash(31) + cost::hash(256) + cost::hash(68);
static_assert(gas_of(return_work) + return_more == 52'407);

}  // namespace

core::Gas request_return_gas(const Invocation& call) {
    return fixed_gas<recall_work, recall_more>(call);
}
core::Gas answer_return_gas(const Invocation& call) {
    return fixed_gas<recall_work, recall_more>(call);
}
core::Gas return_payment_gas(const Invocation& call) {
    return fixed_gas<return_work, return_more>(call);
}

}  // namespace acts

namespace views {

MethodResult returns_of(Invocation& call) {
    const auto arguments = abi::decode<PaymentId>(call.arguments);
    if (!arguments) return malformed();
    const Books books(call.state, call.block);
    const PaymentRow row = row_of(std::get<0>(*arguments));
    const ReturnTerms terms = return_terms(books.payments, row);
    return abi::encode(ReturnsInfo{.returned = terms.returned,
                                   .returns = terms.returns,
                                   .recall = terms.recall,
                                   .requested = terms.requested,
                                   .reason = terms.reason,
                                   .answer_reason = terms.answer_reason,
                                   .message_hash = recall_message(books.payments, row),
                                   .original = original_of(books.payments, row)});
}

}  // namespace views

}  // namespace sluice::contracts::native
