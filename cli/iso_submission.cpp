#include "cli/iso_submission.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/files.hpp"
#include "cli/wallet.hpp"
#include "contracts/native/settlement_results.hpp"
#include "core/documents/receipt_document.hpp"

namespace sluice::cli {
namespace {

namespace native = contracts::native;
namespace fs = std::filesystem;

/// Given where the ledger names no reason of its own (ISO 20022: not specified reason, agent generated).
constexpr std::string_view no_reason_given = "MS03";

core::UnixMs wall_ms() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<core::UnixMs>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

std::string text_of(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::optional<std::uint64_t> number_of(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_number_unsigned() ? std::optional(found->get<std::uint64_t>())
                                                                : std::nullopt;
}

/// The sentence of a reason code of the ledger.
std::string sentence_of(const std::string& code) {
    native::ReasonCode reason{};
    if (code.size() != reason.size()) return "";
    std::copy(code.begin(), code.end(), reason.begin());
    return std::string(native::describe(reason));
}

/// The ISO reason of a refusal; nothing for errors that say nothing about the payment itself.
std::optional<std::string> reason_of(const RpcError& error) {
    if (error.kind != RpcError::Kind::refused || !error.data.is_object()) return std::nullopt;
    const auto code = text_of(error.data, "isoReason");
    return code.size() == 4 ? std::optional(code) : std::nullopt;
}

/// Where an answer is kept: under the payment's UETR, which is a file name as it is. A message without one is
/// named by its hash; a refused one as well where that UETR has an answer: it may be another message's.
fs::path answer_path(const fs::path& folder, const IsoOutcome& outcome, std::string_view message) {
    const auto kind = text_of(outcome.json, "answer") + ".xml";
    const auto hash = core::to_hex(core::keccak256(core::view(message))).substr(0, 16);
    if (outcome.uetr == "-") return folder / fmt::format("{}.{}", hash, kind);
    const auto usual = folder / fmt::format("{}.{}", outcome.uetr, kind);
    const bool is_on_ledger =
        outcome.status == "Final" || outcome.status == "Pending" || outcome.status == "Never";
    std::error_code error;
    if (is_on_ledger || !fs::exists(usual, error)) return usual;
    return folder / fmt::format("{}.{}.{}", outcome.uetr, hash, kind);
}

}  // namespace

core::Result<iso20022::ReadingRules, RpcError> reading_rules(RpcClient& rpc) {
    const auto data = read_call(rpc, native::calls::currencies());
    if (!data) return core::fail(data.error());
    const auto rows = native::results::currencies(*data);
    if (!rows)
        return core::fail(RpcError{
            RpcError::Kind::malformed, 0, fmt::format("{} did not tell its currencies", rpc.url()), {}});
    iso20022::ReadingRules rules;
    rules.currencies.emplace();
    for (const auto& row : *rows)
        if (const auto code = core::CurrencyCode::parse({row.code.data(), row.code.size()}))
            rules.currencies->push_back(
                {*code, row.exponent, core::utc_offset_minutes(row.time_zone).value_or(0)});
    return rules;
}

Json json_of(const iso20022::CreditTransfer& transfer) {
    const auto& instruction = transfer.instruction;
    const auto optional_time = [](core::UnixMs time) { return time == 0 ? Json() : Json(time); };
    return {{"message", transfer.original.message_name},
            {"msgType", std::string(instruction.message_type.begin(), instruction.message_type.end())},
            {"messageId", transfer.original.message_id},
            {"uetr", core::Uetr{instruction.uetr}.to_string()},
            {"paymentId", core::to_hex_0x(native::payment_id(native::view_of(instruction)))},
            {"payer", native::bic_of(instruction.payer).to_string()},
            {"payee", native::bic_of(instruction.payee).to_string()},
            {"amount",
             {{"ccy", native::currency_of(instruction.currency).to_string()},
              {"value", core::format_amount(instruction.amount, transfer.exponent)},
              {"minor", core::to_decimal(instruction.amount)}}},
            {"valueDate", instruction.value_date},
            {"priority", native::name_of(instruction.priority)},
            {"earliest", optional_time(instruction.earliest)},
            {"latest", optional_time(instruction.latest)},
            {"instructionId", instruction.instruction_id},
            {"endToEndId", instruction.end_to_end_id},
            {"messageHash", core::to_hex_0x(instruction.message_hash)}};
}

IsoOutcome IsoSubmission::submit(const fs::path& file) {
    auto text = read_file(file);
    IsoOutcome outcome;
    if (!text) {
        outcome.json = {{"error", text.error()}};
        outcome.uetr = "-";
        outcome.status = "Refused";
        outcome.text = text.error();
    } else {
        const auto transfer = iso20022::read_credit_transfer(*text, rules_);
        outcome = transfer ? send(*transfer) : refused(transfer.error());
    }
    Json json{{"file", file.string()}};
    json.update(outcome.json);
    outcome.json = std::move(json);
    if (!text || outcome.answer_xml.empty()) return outcome;
    const auto folder = network_.folder() / "messages" / "out";
    const auto path = answer_path(folder, outcome, *text);
    auto kept = make_folder(folder, FileMode::ordinary);
    if (kept) kept = write_file(path, outcome.answer_xml, FileMode::ordinary);
    if (kept)
        outcome.json["answerFile"] = path.string();
    else
        outcome.json["warning"] = kept.error();
    return outcome;
}

core::Result<void, iso20022::Rejection> IsoSubmission::check_participant(const native::BicText& bic) {
    const auto data = read_call(rpc_, native::calls::participant(bic));
    const auto info = data ? native::results::participant(*data) : core::fail(native::abi::Error{});
    // A node that gives no answer is found out by the submission; here only a certain "nobody" counts.
    if (!info || info->status != native::ParticipantStatus::none) return {};
    return core::fail(iso20022::reject_payment(
        iso20022::status_reason::bad_bank, "",
        fmt::format("no participant of this network has the BIC {}", native::bic_of(bic).to_string())));
}

core::Result<Signing, iso20022::Rejection> IsoSubmission::find_signing(
    const iso20022::CreditTransfer& transfer) {
    for (const auto& bic : {transfer.instruction.payer, transfer.instruction.payee})
        if (auto known = check_participant(bic); !known) return core::fail(known.error());
    auto signing =
        network_.signing(arguments_, "maker", native::bic_of(transfer.instruction.payer).to_string());
    if (!signing)
        return core::fail(
            iso20022::reject_payment(iso20022::status_reason::not_allowed, "", signing.error()));
    return std::move(*signing);
}

IsoOutcome IsoSubmission::send(const iso20022::CreditTransfer& transfer) {
    const auto signing = find_signing(transfer);
    if (!signing) {
        auto outcome = refused({signing.error(), transfer.original});
        outcome.json.update(json_of(transfer));
        return outcome;
    }
    const auto submitted =
        submit_call(rpc_, *signing, native::calls::submit(transfer.instruction), "final", wait_);
    return submitted ? standing(transfer, submitted->answer) : failed(transfer, submitted.error());
}

void IsoSubmission::keep_answer(const iso20022::Answer& answer, IsoOutcome& outcome) {
    outcome.answer_xml = answer.xml;
    outcome.json["answer"] = answer.message;
    outcome.json["answerStatus"] = answer.status;
}

IsoOutcome IsoSubmission::refused(const iso20022::Refusal& refusal) {
    IsoOutcome outcome;
    outcome.code = ExitCode::refused;
    outcome.status = "Refused";
    outcome.uetr = refusal.original.uetr.empty() ? "-" : refusal.original.uetr;
    outcome.reason = refusal.rejection.code;
    outcome.text = refusal.rejection.text;
    outcome.json = {{"message", refusal.original.message_name},
                    {"uetr", refusal.original.uetr.empty() ? Json() : Json(refusal.original.uetr)},
                    {"status", outcome.status},
                    {"reason", outcome.reason},
                    {"reasonText", outcome.text},
                    {"place", refusal.rejection.place}};
    keep_answer(iso20022::answer_refusal(refusal, wall_ms()), outcome);
    return outcome;
}

IsoOutcome IsoSubmission::failed(const iso20022::CreditTransfer& transfer, const RpcError& error) {
    if (const auto reason = reason_of(error)) {
        auto outcome =
            refused({iso20022::reject_payment(*reason, "", sentence_of(*reason)), transfer.original});
        outcome.json.update(json_of(transfer));
        outcome.json["txHash"] = error.data.value("txHash", Json());
        return outcome;
    }
    // Everything else says nothing certain about the payment: no answer goes out, and sending again is safe.
    // Code 0 is the wallet's own: its key did not open, nothing was sent.
    const bool was_sent = error.kind != RpcError::Kind::refused || error.code != 0;
    IsoOutcome outcome;
    outcome.code = was_sent ? ExitCode::not_final : ExitCode::refused;
    outcome.status = was_sent ? "Unknown" : "NotSent";
    outcome.uetr = transfer.original.uetr;
    outcome.text = was_sent ? error.message + "; sending the same message again is safe" : error.message;
    outcome.json = json_of(transfer);
    outcome.json["status"] = outcome.status;
    outcome.json["reasonText"] = outcome.text;
    return outcome;
}

IsoOutcome IsoSubmission::standing(const iso20022::CreditTransfer& transfer, const Json& answer) {
    using Status = iso20022::PaymentReport::Status;
    IsoOutcome outcome;
    outcome.uetr = transfer.original.uetr;
    outcome.status = text_of(answer, "status");
    outcome.reason = text_of(answer, "reason");
    outcome.height = number_of(answer, "height");
    outcome.time_ms = number_of(answer, "time");
    outcome.text = sentence_of(outcome.reason);
    outcome.json = json_of(transfer);
    for (const auto* key : {"status", "why", "reason", "height", "time", "txHash", "repeated"})
        outcome.json[key] = answer.value(key, Json());
    outcome.json["reasonText"] = outcome.text;
    const bool is_final = outcome.status == "Final", is_never = outcome.status == "Never";
    if (!is_final && !is_never && outcome.status != "Pending") {
        outcome.code = ExitCode::not_final;
        return outcome;
    }
    outcome.code = is_never ? ExitCode::refused : ExitCode::done;
    const auto status = is_final ? Status::settled : is_never ? Status::rejected : Status::pending;
    const bool lacks_reason = is_never && outcome.reason.empty();
    keep_answer(iso20022::report_payment(
                    transfer.original,
                    {.status = status,
                     .reason = lacks_reason ? std::string(no_reason_given) : outcome.reason,
                     .text = lacks_reason ? text_of(answer, "why") : outcome.text,
                     .time_ms = outcome.time_ms.value_or(wall_ms()),
                     .settled_on = is_final ? std::optional(transfer.instruction.value_date) : std::nullopt}),
                outcome);
    if (is_final) keep_receipt(transfer, outcome);
    return outcome;
}

void IsoSubmission::keep_receipt(const iso20022::CreditTransfer& transfer, IsoOutcome& outcome) {
    // By payment id too: the legs of a cover chain share one UETR.
    const auto id = native::payment_id(native::view_of(transfer.instruction));
    const auto proof =
        rpc_.call("settle_getProof", {{{"uetr", outcome.uetr}, {"paymentId", core::to_hex_0x(id)}}});
    const auto document = proof && proof->is_object() ? core::parse_receipt_object(proof->dump())
                                                      : core::fail(core::DocumentError{});
    const auto path = network_.folder() / "receipts" / (outcome.uetr + ".json");
    core::Result<void, std::string> kept =
        core::fail(std::string("the node gave no receipt; ask again with 'sluice receipt'"));
    if (document) kept = make_folder(path.parent_path(), FileMode::ordinary);
    if (document && kept)
        kept = write_file(path, core::encode_receipt_document(*document), FileMode::ordinary);
    if (kept)
        outcome.json["receipt"] = path.string();
    else
        outcome.json["warning"] = kept.error();
}

}  // namespace sluice::cli
