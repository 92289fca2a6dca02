#include "cli/iso20022/schema.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

namespace sluice::cli::iso20022 {
namespace {

constexpr bool must = true;
constexpr bool many = true;

constexpr ChildRule header_rules[] = {
    {"CharSet"},    {"Fr", must}, {"To", must},    {"BizMsgIdr", must},  {"MsgDefIdr", must},
    {"BizSvc"},     {"MktPrctc"}, {"CreDt", must}, {"BizPrcgDt"},        {"CpyDplct"},
    {"PssblDplct"}, {"Prty"},     {"Sgntr"},       {"Rltd", false, many}};
constexpr ChildRule customer_document_rules[] = {{"FIToFICstmrCdtTrf", must}};
constexpr ChildRule bank_document_rules[] = {{"FICdtTrf", must}};
constexpr ChildRule message_rules[] = {
    {"GrpHdr", must}, {"CdtTrfTxInf", must, many}, {"SplmtryData", false, many}};
constexpr ChildRule group_header_rules[] = {{"MsgId", must},   {"CreDtTm", must},  {"BtchBookg"},
                                            {"NbOfTxs", must}, {"CtrlSum"},        {"TtlIntrBkSttlmAmt"},
                                            {"IntrBkSttlmDt"}, {"SttlmInf", must}, {"PmtTpInf"},
                                            {"InstgAgt"},      {"InstdAgt"}};
constexpr ChildRule settlement_rules[] = {{"SttlmMtd", must},
                                          {"SttlmAcct"},
                                          {"ClrSys"},
                                          {"InstgRmbrsmntAgt"},
                                          {"InstgRmbrsmntAgtAcct"},
                                          {"InstdRmbrsmntAgt"},
                                          {"InstdRmbrsmntAgtAcct"},
                                          {"ThrdRmbrsmntAgt"},
                                          {"ThrdRmbrsmntAgtAcct"}};
constexpr ChildRule customer_transfer_rules[] = {{"PmtId", must},
                                                 {"PmtTpInf"},
                                                 {"IntrBkSttlmAmt", must},
                                                 {"IntrBkSttlmDt"},
                                                 {"SttlmPrty"},
                                                 {"SttlmTmIndctn"},
                                                 {"SttlmTmReq"},
                                                 {"AddtlDtTm"},
                                                 {"AccptncDtTm"},
                                                 {"PoolgAdjstmntDt"},
                                                 {"InstdAmt"},
                                                 {"XchgRate"},
                                                 {"AgrdRate"},
                                                 {"ChrgBr", must},
                                                 {"ChrgsInf", false, many},
                                                 {"MndtRltdInf"},
                                                 {"PmtSgntr"},
                                                 {"PrvsInstgAgt1"},
                                                 {"PrvsInstgAgt1Acct"},
                                                 {"PrvsInstgAgt2"},
                                                 {"PrvsInstgAgt2Acct"},
                                                 {"PrvsInstgAgt3"},
                                                 {"PrvsInstgAgt3Acct"},
                                                 {"InstgAgt"},
                                                 {"InstdAgt"},
                                                 {"IntrmyAgt1"},
                                                 {"IntrmyAgt1Acct"},
                                                 {"IntrmyAgt2"},
                                                 {"IntrmyAgt2Acct"},
                                                 {"IntrmyAgt3"},
                                                 {"IntrmyAgt3Acct"},
                                                 {"UltmtDbtr"},
                                                 {"InitgPty"},
                                                 {"Dbtr", must},
                                                 {"DbtrAcct"},
                                                 {"DbtrAgt", must},
                                                 {"DbtrAgtAcct"},
                                                 {"CdtrAgt", must},
                                                 {"CdtrAgtAcct"},
                                                 {"Cdtr", must},
                                                 {"CdtrAcct"},
                                                 {"UltmtCdtr"},
                                                 {"InstrForCdtrAgt", false, many},
                                                 {"InstrForNxtAgt", false, many},
                                                 {"Purp"},
                                                 {"RgltryRptg", false, many},
                                                 {"Tax"},
                                                 {"RltdRmtInf", false, many},
                                                 {"RmtInf"},
                                                 {"SplmtryData", false, many}};
constexpr ChildRule bank_transfer_rules[] = {{"PmtId", must},
                                             {"PmtTpInf"},
                                             {"IntrBkSttlmAmt", must},
                                             {"IntrBkSttlmDt"},
                                             {"SttlmPrty"},
                                             {"SttlmTmIndctn"},
                                             {"SttlmTmReq"},
                                             {"AddtlDtTm"},
                                             {"PmtSgntr"},
                                             {"PrvsInstgAgt1"},
                                             {"PrvsInstgAgt1Acct"},
                                             {"PrvsInstgAgt2"},
                                             {"PrvsInstgAgt2Acct"},
                                             {"PrvsInstgAgt3"},
                                             {"PrvsInstgAgt3Acct"},
                                             {"InstgAgt"},
                                             {"InstdAgt"},
                                             {"IntrmyAgt1"},
                                             {"IntrmyAgt1Acct"},
                                             {"IntrmyAgt2"},
                                             {"IntrmyAgt2Acct"},
                                             {"IntrmyAgt3"},
                                             {"IntrmyAgt3Acct"},
                                             {"UltmtDbtr"},
                                             {"Dbtr", must},
                                             {"DbtrAcct"},
                                             {"DbtrAgt"},
                                             {"DbtrAgtAcct"},
                                             {"CdtrAgt"},
                                             {"CdtrAgtAcct"},
                                             {"Cdtr", must},
                                             {"CdtrAcct"},
                                             {"UltmtCdtr"},
                                             {"InstrForCdtrAgt", false, many},
                                             {"InstrForNxtAgt", false, many},
                                             {"Purp"},
                                             {"RmtInf"},
                                             {"UndrlygCstmrCdtTrf"},
                                             {"SplmtryData", false, many}};
constexpr ChildRule identification_rules[] = {
    {"InstrId"}, {"EndToEndId", must}, {"TxId"}, {"UETR"}, {"ClrSysRef"}};
constexpr ChildRule type_rules[] = {
    {"InstrPrty"}, {"ClrChanl"}, {"SvcLvl", false, many}, {"LclInstrm"}, {"CtgyPurp"}};
constexpr ChildRule times_rules[] = {{"CLSTm"}, {"TillTm"}, {"FrTm"}, {"RjctTm"}};
constexpr ChildRule further_times_rules[] = {{"AccptncDtTm"}, {"PoolgAdjstmntDt"}, {"XpryDtTm"}};
constexpr ChildRule agent_rules[] = {{"FinInstnId", must}, {"BrnchId"}};
constexpr ChildRule institution_rules[] = {{"BICFI"}, {"ClrSysMmbId"}, {"LEI"},
                                           {"Nm"},    {"PstlAdr"},     {"Othr"}};
constexpr ChildRule member_rules[] = {{"ClrSysId"}, {"MmbId", must}};

/// Children of a given name below a group header or a transaction, and their rules.
struct Part {
    std::string_view name;
    std::span<const ChildRule> rules;
};
constexpr std::array<Part, 5> parts{{{"SttlmInf", settlement_rules},
                                     {"PmtId", identification_rules},
                                     {"PmtTpInf", type_rules},
                                     {"SttlmTmReq", times_rules},
                                     {"AddtlDtTm", further_times_rules}}};

Rejection violation(const std::string& path, std::string text) {
    return reject_message(unreadable::schema_violation, path, std::move(text));
}

std::optional<Rejection> check_agent(const XmlElement& agent, const std::string& path) {
    if (auto fault = check_children(agent, agent_rules, path)) return fault;
    const auto& institution = *agent.find("FinInstnId");
    const auto institution_path = path + "/FinInstnId";
    if (auto fault = check_children(institution, institution_rules, institution_path)) return fault;
    const auto* member = institution.find("ClrSysMmbId");
    return member ? check_children(*member, member_rules, institution_path + "/ClrSysMmbId") : std::nullopt;
}

std::optional<Rejection> check_parts(const XmlElement& element, const std::string& path,
                                     bool is_between_banks) {
    for (const auto& child : element.children) {
        const auto part =
            std::find_if(parts.begin(), parts.end(), [&](const Part& one) { return one.name == child.name; });
        const auto child_path = path + "/" + child.name;
        if (part != parts.end())
            if (auto fault = check_children(child, part->rules, child_path)) return fault;
        const bool is_agent = child.name == "InstgAgt" || child.name == "InstdAgt" ||
                              child.name == "DbtrAgt" || child.name == "CdtrAgt" ||
                              (is_between_banks && (child.name == "Dbtr" || child.name == "Cdtr"));
        if (is_agent)
            if (auto fault = check_agent(child, child_path)) return fault;
    }
    return std::nullopt;
}

std::optional<Rejection> check_namespace(const XmlElement& element, const std::string& name_space,
                                         const std::string& path) {
    if (element.name_space != name_space)
        return violation(path, fmt::format("{} is in the namespace '{}' instead of '{}'", element.name,
                                           element.name_space, name_space));
    if (element.name == "Envlp") return std::nullopt;  // supplementary data bring their own schema
    for (const auto& child : element.children)
        if (auto fault = check_namespace(child, name_space, path + "/" + child.name)) return fault;
    return std::nullopt;
}

}  // namespace

std::optional<Rejection> check_children(const XmlElement& element, std::span<const ChildRule> rules,
                                        const std::string& path) {
    if (!element.attributes.empty())
        return violation(path,
                         fmt::format("{} has no attribute {}", element.name, element.attributes[0].name));
    if (element.children.empty() && element.text.find_first_not_of(" \t\r\n") != std::string::npos)
        return violation(path, fmt::format("{} holds elements, not text", element.name));
    std::size_t at = 0;
    std::vector<bool> seen(rules.size());
    for (const auto& child : element.children) {
        const auto rule = std::find_if(rules.begin(), rules.end(),
                                       [&](const ChildRule& one) { return one.name == child.name; });
        const auto child_path = path + "/" + child.name;
        if (rule == rules.end())
            return violation(child_path, fmt::format("{} is no element of {}", child.name, element.name));
        const auto place = static_cast<std::size_t>(rule - rules.begin());
        if (seen[place] && !rule->may_repeat)
            return violation(child_path,
                             fmt::format("{} stands more than once in {}", child.name, element.name));
        if (place < at)
            return violation(child_path,
                             fmt::format("{} stands out of order in {}", child.name, element.name));
        at = place;
        seen[place] = true;
    }
    for (std::size_t i = 0; i < rules.size(); ++i)
        if (rules[i].is_required && !seen[i])
            return violation(fmt::format("{}/{}", path, rules[i].name),
                             fmt::format("{} is missing in {}", rules[i].name, element.name));
    return std::nullopt;
}

std::optional<Rejection> check_namespace(const XmlElement& document) {
    return check_namespace(document, document.name_space, document.name);
}

std::optional<Rejection> check_header(const XmlElement& header, const std::string& path) {
    return check_children(header, header_rules, path);
}

std::optional<Rejection> check_credit_transfer(const XmlElement& document, bool is_between_banks) {
    const std::span<const ChildRule> document_rules =
        is_between_banks ? std::span<const ChildRule>(bank_document_rules) : customer_document_rules;
    if (auto fault = check_children(document, document_rules, "Document")) return fault;
    const auto& message = document.children.front();
    const auto path = "Document/" + message.name;
    if (auto fault = check_children(message, message_rules, path)) return fault;
    for (const auto& child : message.children) {
        const auto child_path = path + "/" + child.name;
        std::span<const ChildRule> rules = group_header_rules;
        if (child.name == "SplmtryData") continue;
        if (child.name == "CdtTrfTxInf")
            rules =
                is_between_banks ? std::span<const ChildRule>(bank_transfer_rules) : customer_transfer_rules;
        if (auto fault = check_children(child, rules, child_path)) return fault;
        if (auto fault = check_parts(child, child_path, is_between_banks)) return fault;
    }
    return std::nullopt;
}

}  // namespace sluice::cli::iso20022
