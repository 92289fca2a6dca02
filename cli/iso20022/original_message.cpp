#include "cli/iso20022/original_message.hpp"

#include <algorithm>

#include "cli/iso20022/fields.hpp"

namespace sluice::cli::iso20022 {
namespace {

/// A text of 1 to 35 characters, or "".
std::string reference(const XmlElement& element, std::string_view path) {
    const auto* found = element.find_path(path);
    return found && is_max35_text(found->text) ? found->text : "";
}

core::Bic bic_of(const XmlElement* agent) {
    const auto* bic = agent ? agent->find_path("FinInstnId/BICFI") : nullptr;
    return bic ? core::Bic::parse(bic->text).value_or(core::Bic{}) : core::Bic{};
}

}  // namespace

const XmlElement* find_agent(const XmlElement& message, const XmlElement& transaction,
                             std::string_view name) {
    if (const auto* own = transaction.find(name)) return own;
    const auto* group = message.find("GrpHdr");
    return group ? group->find(name) : nullptr;
}

OriginalMessage gather_original(const Envelope& envelope) {
    OriginalMessage original;
    original.message_name = envelope.message.to_string();
    if (envelope.header) original.business_message_id = envelope.header->message_id;
    if (envelope.document->children.empty()) return original;
    const auto& message = envelope.document->children.front();
    original.message_id = reference(message, "GrpHdr/MsgId");
    if (const auto* created = message.find_path("GrpHdr/CreDtTm"); created && parse_date_time(created->text))
        original.creation_time = created->text;
    const auto is_transaction = [](const XmlElement& child) { return child.name == "CdtTrfTxInf"; };
    if (std::count_if(message.children.begin(), message.children.end(), is_transaction) != 1) return original;
    const auto& transaction = *message.find("CdtTrfTxInf");
    original.instruction_id = reference(transaction, "PmtId/InstrId");
    original.end_to_end_id = reference(transaction, "PmtId/EndToEndId");
    original.transaction_id = reference(transaction, "PmtId/TxId");
    if (const auto* uetr = transaction.find_path("PmtId/UETR"); uetr && core::Uetr::parse(uetr->text))
        original.uetr = uetr->text;
    original.instructing = bic_of(find_agent(message, transaction, "InstgAgt"));
    original.instructed = bic_of(find_agent(message, transaction, "InstdAgt"));
    return original;
}

}  // namespace sluice::cli::iso20022
