#include "node/rpc/submission_report.hpp"

#include <algorithm>
#include <variant>

#include <fmt/format.h>

#include "contracts/header_rules.hpp"
#include "node/rpc/payment_history.hpp"
#include "node/rpc/receipt_proof.hpp"
#include "node/rpc/settlement_errors.hpp"
#include "node/rpc/settlement_json.hpp"

namespace sluice::node::rpc {
namespace {

/// A payment that a transaction is about.
struct Subject {
    native::PaymentId id{};
    core::Uetr uetr;
};

std::vector<Subject> subjects_of(const core::Transaction& transaction) {
    std::vector<Subject> subjects;
    if (transaction.to != native::payments_address) return subjects;
    for (const auto& instruction : native::instructions_in(transaction.data))
        subjects.push_back({native::payment_id(native::view_of(instruction)), {instruction.uetr}});
    return subjects;
}

/// Each payment of the steps once.
std::vector<Subject> subjects_of(const std::vector<PaymentStep>& steps) {
    std::vector<Subject> subjects;
    for (const auto& step : steps) {
        const bool is_there = std::any_of(subjects.begin(), subjects.end(), [&](const Subject& subject) {
            return subject.id == step.event.id;
        });
        if (!is_there) subjects.push_back({step.event.id, {step.event.uetr}});
    }
    return subjects;
}

ErrorSubject error_subject(const core::RecoveredTransaction& transaction) {
    ErrorSubject subject;
    subject.transaction = transaction.hash;
    const auto subjects = subjects_of(transaction.transaction);
    if (subjects.empty()) return subject;
    subject.uetr = subjects.front().uetr;
    subject.payment_id = subjects.front().id;
    return subject;
}

/// What a transaction without payments did: its kind, and the state it led to.
struct Deed {
    std::string_view kind = "transaction";
    std::string_view why = "Done";
};

struct DeedOf {
    Deed operator()(const native::PaymentStatusEvent&) const { return {"payment", "Done"}; }
    Deed operator()(const native::PriorityChangedEvent&) const { return {"payment", "PriorityChanged"}; }
    Deed operator()(const native::AccountEntryEvent&) const { return {"transaction", "Done"}; }
    Deed operator()(const native::IssuedEvent&) const { return {"issue", "Issued"}; }
    Deed operator()(const native::RedemptionEvent& event) const {
        switch (event.stage) {
            case native::RedemptionStage::requested:
                return {"redeem", "RedeemRequested"};
            case native::RedemptionStage::awaiting:
                return {"redeem", "AwaitingApproval"};
            case native::RedemptionStage::redeemed:
                return {"redeem", "Redeemed"};
            case native::RedemptionStage::refused:
                return {"redeem", "RedeemRefused"};
        }
        return {};
    }
    Deed operator()(const native::ParticipantRegisteredEvent&) const { return {"participant", "Registered"}; }
    Deed operator()(const native::ParticipantStatusEvent& event) const {
        return {"participant", native::name_of(event.status)};
    }
    Deed operator()(const native::KeyChangedEvent&) const { return {"participant", "KeyChanged"}; }
    Deed operator()(const native::KeyOfferedEvent& event) const {
        return {"participant", event.on ? "KeyOffered" : "KeyOfferWithdrawn"};
    }
    Deed operator()(const native::MandateChangedEvent&) const { return {"participant", "MandateChanged"}; }
    Deed operator()(const native::ScreeningThresholdEvent&) const {
        return {"participant", "ThresholdChanged"};
    }
    Deed operator()(const native::RecoveryEvent& event) const {
        if (event.stage == native::RecoveryEvent::Stage::proposed) return {"participant", "RecoveryProposed"};
        return {"participant", event.done ? "Recovered" : "RecoveryVetoed"};
    }
    Deed operator()(const native::RecoveryDelayEvent&) const { return {"role", "DelayChanged"}; }
    Deed operator()(const native::InsolventEvent&) const { return {"participant", "Insolvent"}; }
    Deed operator()(const native::QueuesRemovedEvent&) const { return {"participant", "QueuesRemoved"}; }
    Deed operator()(const native::ForcedTransferEvent&) const { return {"transfer", "ForcedTransfer"}; }
    Deed operator()(const native::RoleChangedEvent&) const { return {"role", "RoleChanged"}; }
    Deed operator()(const native::ApprovalThresholdEvent&) const {
        return {"participant", "ThresholdChanged"};
    }
    Deed operator()(const native::OperatorThresholdEvent&) const { return {"role", "ThresholdChanged"}; }
    Deed operator()(const native::LimitChangedEvent& event) const {
        return {"limit", event.kind == native::LimitKind::credit_line ? "CreditLineChanged" : "LimitChanged"};
    }
    Deed operator()(const native::FrozenEvent& event) const {
        return {"freeze", event.on ? "Frozen" : "Unfrozen"};
    }
    Deed operator()(const native::PaymentFrozenEvent& event) const {
        return {"freeze", event.on ? "Frozen" : "Unfrozen"};
    }
    Deed operator()(const native::ReturnRequestedEvent&) const { return {"recall", "ReturnRequested"}; }
    Deed operator()(const native::ReturnAnsweredEvent&) const { return {"recall", "ReturnAnswered"}; }
    Deed operator()(const native::PaymentReturnEvent&) const { return {"return", "Returned"}; }
    Deed operator()(const native::LsmRunEvent&) const { return {"lsm", "Run"}; }
    Deed operator()(const native::DeadlockEvent&) const { return {"lsm", "Deadlock"}; }
    Deed operator()(const native::LsmEnabledEvent& event) const {
        return {"lsm", event.on ? "Enabled" : "Disabled"};
    }
    Deed operator()(const native::LsmOptionsEvent&) const { return {"lsm", "OptionsChanged"}; }
    Deed operator()(const native::PhaseChangedEvent&) const { return {"day", "PhaseChanged"}; }
    Deed operator()(const native::AdvanceOrderedEvent&) const { return {"day", "Advanced"}; }
    Deed operator()(const native::PhaseExtendedEvent&) const { return {"day", "Extended"}; }
    Deed operator()(const native::ScheduleChangedEvent&) const { return {"day", "ScheduleChanged"}; }
    Deed operator()(const native::CalendarChangedEvent&) const { return {"day", "CalendarChanged"}; }
    Deed operator()(const native::ClosingBalanceEvent&) const { return {"day", "Closed"}; }
    Deed operator()(const native::OvernightCreditEvent&) const { return {"day", "Closed"}; }
    Deed operator()(const native::DayClosedEvent&) const { return {"day", "Closed"}; }
    Deed operator()(const native::ActEvent& event) const {
        switch (event.stage) {
            case native::ActEvent::Stage::proposed:
                return {"act", "Proposed"};
            case native::ActEvent::Stage::confirmed:
                return {"act", "Confirmed"};
            case native::ActEvent::Stage::performed:
                return {"act", "Performed"};
        }
        return {};
    }
    Deed operator()(const native::LockedEvent&) const { return {"lock", "Locked"}; }
    Deed operator()(const native::LockClosedEvent& event) const {
        return {"lock", event.released ? "Released" : "Refunded"};
    }
    Deed operator()(const native::AddressBoundEvent&) const { return {"participant", "AddressBound"}; }
    Deed operator()(const native::HolderChangedEvent& event) const {
        return {"holder", native::name_of(event.status)};
    }
    Deed operator()(const native::HolderEntryEvent&) const { return {"transaction", "Done"}; }
};

/// The most telling event: the last that is more than an account entry.
Deed deed_of(const core::Receipt& receipt) {
    Deed deed;
    for (const auto& log : receipt.logs) {
        const auto event = native::decode_event(log);
        if (event && !std::holds_alternative<native::AccountEntryEvent>(*event) &&
            !std::holds_alternative<native::HolderEntryEvent>(*event))
            deed = std::visit(DeedOf{}, *event);
    }
    return deed;
}

/// Where a payment stands after the transaction.
struct Standing {
    Subject subject;
    std::optional<PaymentStep> step;  ///< the last one; nothing for a payment without record
    bool is_repeated = false;         ///< the transaction itself changed nothing about it
};

Standing standing_of(const Subject& subject, const std::vector<PaymentStep>& own_steps,
                     const ChainReader& reader) {
    Standing standing{subject, std::nullopt, true};
    for (const auto& step : own_steps)
        if (step.event.id == subject.id) standing = {subject, step, false};
    const bool is_settled =
        standing.step && native::outcome_of(standing.step->event.status) != native::Outcome::pending;
    if (is_settled) return standing;
    // A pending payment may have gone on within the same block; a repeated one stands where it stood.
    const auto lives = find_lives(reader, {subject.uetr, std::nullopt, subject.id});
    if (!lives.empty()) standing.step = lives.front().last;
    return standing;
}

void write_standing(JsonWriter& json, const Standing& standing) {
    json.key("uetr").text(standing.subject.uetr.to_string());
    json.key("paymentId").data(standing.subject.id);
    if (standing.step)
        write_status(json, standing.step->event.status, standing.step->event.reason);
    else
        write_status(json, native::Status::none, native::reason::none);
}

void write_empty_payment(JsonWriter& json) {
    json.key("uetr").null();
    json.key("paymentId").null();
}

/// Why a call failed: a code of ISO 20022, or a sentence of a contract that has none.
using FailureReason = std::variant<native::ReasonCode, std::string>;

/// Runs a failed call again to learn its reason, on the state before its block, then on the state after it.
std::optional<FailureReason> reason_of_failure(const Services& services, const FinalTransaction& final) {
    const auto& recovered = *final.found.transaction;
    const core::Height height = final.found.block.height;
    contracts::CallRequest request{.from = recovered.sender,
                                   .to = recovered.transaction.to,
                                   .gas = recovered.transaction.gas_limit,
                                   .value = recovered.transaction.value,
                                   .data = recovered.transaction.data,
                                   .access_list = recovered.transaction.access_list,
                                   .authorizations = recovered.transaction.authorization_list};
    const auto header = final.snapshot->header(height);
    for (const core::Height at : {height - 1, height}) {
        const auto state = final.snapshot->state_at(at);
        if (!state || !header) continue;
        const auto rules = services.node.transaction_rules();
        const auto block =
            contracts::context_of(*header, rules.chain_id, rules.transaction_gas_limit, nullptr);
        const auto outcome =
            contracts::simulate_call(**state, block, request, recovered.transaction.gas_limit);
        if (outcome.succeeded()) continue;
        if (const auto refusal = native::decode_refusal(outcome.output)) return refusal->code;
        if (auto sentence = native::abi::decode_error(outcome.output)) return std::move(*sentence);
    }
    return std::nullopt;
}

Error report_failure(const Services& services, const FinalTransaction& final) {
    auto subject = error_subject(*final.found.transaction);
    subject.height = final.found.block.height;
    const auto reason = reason_of_failure(services, final);
    if (!reason) return settlement_error(failed_code, "the transaction is final and failed", subject);
    if (const auto* code = std::get_if<native::ReasonCode>(&*reason)) return refusal(*code, subject);
    return settlement_error(failed_code, fmt::format("refused: {}", std::get<std::string>(*reason)), subject);
}

}  // namespace

namespace {

Answer report_kept(const Services& services, const FinalTransaction& final) {
    if (!final.receipt.succeeded) return core::fail(report_failure(services, final));
    const ChainReader reader(*final.snapshot, services.recent);
    const auto own_steps = steps_in(final.found, final.receipt);
    auto subjects = subjects_of(final.found.transaction->transaction);
    if (subjects.empty()) subjects = subjects_of(own_steps);
    std::vector<Standing> standings;
    for (const auto& subject : subjects)
        standings.push_back(standing_of(subject, own_steps, reader));

    JsonWriter json(512 + 256 * standings.size());
    json.begin_object();
    auto block = final.found.block;
    if (standings.empty()) {
        const auto deed = deed_of(final.receipt);
        json.key("kind").text(deed.kind);
        write_empty_payment(json);
        json.key("status").text(name_of(native::Outcome::final));
        json.key("why").text(deed.why);
        json.key("reason").null();
    } else {
        json.key("kind").text("payment");
        write_standing(json, standings.front());
        if (standings.front().step) block = standings.front().step->block;
    }
    json.key("txHash").data(final.found.transaction->hash);
    json.key("height").number(block.height);
    json.key("time").number(block.time_ms);
    json.key("repeated").boolean(!standings.empty() && standings.front().is_repeated);
    if (standings.size() > 1) {
        json.key("payments").begin_array();
        for (const auto& standing : standings) {
            json.begin_object();
            write_standing(json, standing);
            json.key("repeated").boolean(standing.is_repeated);
            json.end_object();
        }
        json.end_array();
    }
    json.end_object();
    return json.take();
}

}  // namespace

Answer report_final(const Services& services, const FinalTransaction& final) {
    try {
        return report_kept(services, final);
    } catch (const ledger::BlockNotKept& block) {
        return core::fail(not_kept(block));
    }
}

std::string report_accepted(const core::RecoveredTransaction& transaction) {
    const auto subjects = subjects_of(transaction.transaction);
    JsonWriter json(512);
    json.begin_object();
    json.key("kind").text(subjects.empty() ? "transaction" : "payment");
    if (subjects.empty()) {
        write_empty_payment(json);
    } else {
        json.key("uetr").text(subjects.front().uetr.to_string());
        json.key("paymentId").data(subjects.front().id);
    }
    json.key("status").text(name_of(native::Outcome::unknown));
    json.key("why").text("Accepted");
    json.key("reason").null();
    json.key("txHash").data(transaction.hash);
    json.key("height").null();
    json.key("time").null();
    json.end_object();
    return json.take();
}

Error report_expired(const core::RecoveredTransaction& transaction, std::chrono::milliseconds waited) {
    return settlement_error(
        not_final_code,
        fmt::format("not final within {} ms: the pool took the transaction, and it may still become final; "
                    "ask for its payment, or hand in this very transaction again, before you send another",
                    waited.count()),
        error_subject(transaction));
}

}  // namespace sluice::node::rpc
