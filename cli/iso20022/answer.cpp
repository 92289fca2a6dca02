#include "cli/iso20022/answer.hpp"

#include <sstream>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "cli/iso20022/fields.hpp"
#include "core/ids.hpp"

namespace sluice::cli::iso20022 {
namespace {

constexpr unsigned report_version_ahead = 2;  // pacs.008.001.08 and pacs.002.001.10 are of one release
constexpr unsigned report_version_default = 10;
constexpr std::size_t reason_text_characters = 105;
constexpr std::size_t description_characters = 350;
constexpr std::string_view no_reference = "NONREF";

void add(pugi::xml_node parent, const char* name, const std::string& text) {
    parent.append_child(name).text().set(text.c_str());
}
void add_if(pugi::xml_node parent, const char* name, const std::string& text) {
    if (!text.empty()) add(parent, name, text);
}

pugi::xml_node begin_document(pugi::xml_document& document, const std::string& message) {
    auto declaration = document.append_child(pugi::node_declaration);
    declaration.append_attribute("version") = "1.0";
    declaration.append_attribute("encoding") = "UTF-8";
    auto root = document.append_child("Document");
    root.append_attribute("xmlns") = ("urn:iso:std:iso:20022:tech:xsd:" + message).c_str();
    return root;
}

std::string text_of(const pugi::xml_document& document) {
    std::ostringstream text;
    document.save(text, "  ", pugi::format_indent, pugi::encoding_utf8);
    return std::move(text).str();
}

/// What a person reads, in pieces that the schema takes. Control characters cannot come here: texts are our
/// own.
void add_reason(pugi::xml_node transaction, const PaymentReport& report) {
    if (report.reason.empty() && report.text.empty()) return;
    auto information = transaction.append_child("StsRsnInf");
    if (!report.reason.empty()) add(information.append_child("Rsn"), "Cd", report.reason);
    std::string_view rest = report.text;
    while (!rest.empty()) {
        const auto piece = first_characters(rest, reason_text_characters);
        add(information, "AddtlInf", std::string(piece));
        rest.remove_prefix(piece.size());
    }
}

void add_agent(pugi::xml_node transaction, const char* name, const core::Bic& bic) {
    if (!bic.is_empty())
        add(transaction.append_child(name).append_child("FinInstnId"), "BICFI", bic.to_string());
}

/// The same for the same answer, and within 35 characters.
std::string answer_id(const OriginalMessage& original, const PaymentReport& report) {
    const auto content = fmt::format("{}|{}|{}|{}|{}|{}", original.message_name, original.message_id,
                                     original.uetr, code_of(report.status), report.reason, report.time_ms);
    return "SL" + core::to_hex(core::keccak256(core::view(content))).substr(0, 32);
}

std::string report_name(const OriginalMessage& original) {
    const auto request = MessageName::parse(original.message_name);
    return fmt::format("pacs.002.001.{:02}",
                       request ? request->version + report_version_ahead : report_version_default);
}

}  // namespace

std::string_view code_of(PaymentReport::Status status) {
    switch (status) {
        case PaymentReport::Status::settled:
            return "ACSC";
        case PaymentReport::Status::pending:
            return "PDNG";
        case PaymentReport::Status::rejected:
            return "RJCT";
    }
    return "";
}

Answer report_payment(const OriginalMessage& original, const PaymentReport& report) {
    pugi::xml_document document;
    auto message = begin_document(document, report_name(original)).append_child("FIToFIPmtStsRpt");
    auto group = message.append_child("GrpHdr");
    add(group, "MsgId", answer_id(original, report));
    add(group, "CreDtTm", core::format_time(report.time_ms));
    auto transaction = message.append_child("TxInfAndSts");
    auto original_group = transaction.append_child("OrgnlGrpInf");
    add(original_group, "OrgnlMsgId",
        original.message_id.empty() ? std::string(no_reference) : original.message_id);
    add(original_group, "OrgnlMsgNmId", original.message_name);
    add_if(original_group, "OrgnlCreDtTm", original.creation_time);
    add_if(transaction, "OrgnlInstrId", original.instruction_id);
    add_if(transaction, "OrgnlEndToEndId", original.end_to_end_id);
    add_if(transaction, "OrgnlTxId", original.transaction_id);
    add_if(transaction, "OrgnlUETR", original.uetr);
    add(transaction, "TxSts", std::string(code_of(report.status)));
    add_reason(transaction, report);
    if (report.settled_on)
        add(transaction.append_child("FctvIntrBkSttlmDt"), "Dt", core::format_date(*report.settled_on));
    add_agent(transaction, "InstgAgt", original.instructing);
    add_agent(transaction, "InstdAgt", original.instructed);
    return {"pacs.002", std::string(code_of(report.status)), report.reason, report.text, text_of(document)};
}

Answer answer_refusal(const Refusal& refusal, core::UnixMs time_ms) {
    const auto& [rejection, original] = refusal;
    if (rejection.answer == AnswerKind::status_report)
        return report_payment(original, {.status = PaymentReport::Status::rejected,
                                         .reason = rejection.code,
                                         .text = rejection.text,
                                         .time_ms = time_ms,
                                         .settled_on = {}});
    pugi::xml_document document;
    auto message = begin_document(document, "admi.002.001.01").append_child("admi.002.001.01");
    const auto& related =
        original.business_message_id.empty() ? original.message_id : original.business_message_id;
    add(message.append_child("RltdRef"), "Ref", related.empty() ? std::string(no_reference) : related);
    auto reason = message.append_child("Rsn");
    add(reason, "RjctgPtyRsn", rejection.code);
    add(reason, "RjctnDtTm", core::format_time(time_ms));
    add_if(reason, "ErrLctn", std::string(first_characters(rejection.place, description_characters)));
    add_if(reason, "RsnDesc", std::string(first_characters(rejection.text, description_characters)));
    return {"admi.002", "", rejection.code, rejection.text, text_of(document)};
}

}  // namespace sluice::cli::iso20022
