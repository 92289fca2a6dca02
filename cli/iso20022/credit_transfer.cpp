#include "cli/iso20022/credit_transfer.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "cli/iso20022/fields.hpp"
#include "cli/iso20022/schema.hpp"

namespace sluice::cli::iso20022 {
namespace {

namespace native = contracts::native;

constexpr std::string_view customer_family = "pacs.008.001";
constexpr std::string_view bank_family = "pacs.009.001";
constexpr unsigned version_min = 8;
constexpr unsigned version_max = 12;

/// Reads one checked Document into an instruction. The first fault ends it; later steps do not run.
class TransferReader {
  public:
    TransferReader(const Envelope& envelope, const ReadingRules& rules)
        : rules_(rules),
          header_(envelope.header),
          is_between_banks_(envelope.message.family == bank_family),
          message_(envelope.document->children.front()),
          group_(*message_.find("GrpHdr")),
          transaction_(*message_.find("CdtTrfTxInf")) {}

    core::Result<CreditTransfer, Rejection> read(core::ByteView bytes) {
        using Step = void (TransferReader::*)();
        constexpr std::array<Step, 9> steps{
            &TransferReader::read_group,    &TransferReader::read_type,     &TransferReader::read_names,
            &TransferReader::read_currency, &TransferReader::read_amount,   &TransferReader::read_date,
            &TransferReader::read_parties,  &TransferReader::read_priority, &TransferReader::read_times};
        for (const auto step : steps) {
            (this->*step)();
            if (fault_) return core::fail(std::move(*fault_));
        }
        transfer_.instruction.message_hash = core::keccak256(bytes);
        if (const auto code = native::find_fault(native::view_of(transfer_.instruction)))
            return core::fail(reject_payment({code->data(), code->size()}, transaction_path(),
                                             std::string(native::describe(*code))));
        return std::move(transfer_);
    }

  private:
    std::string group_path(std::string_view below = {}) const {
        return fmt::format("Document/{}/GrpHdr{}{}", message_.name, below.empty() ? "" : "/", below);
    }
    std::string transaction_path(std::string_view below = {}) const {
        return fmt::format("Document/{}/CdtTrfTxInf{}{}", message_.name, below.empty() ? "" : "/", below);
    }
    void refuse(std::string_view code, std::string place, std::string text) {
        if (!fault_) fault_ = reject_payment(code, std::move(place), std::move(text));
    }
    void violate(std::string place, std::string text) {
        if (!fault_) fault_ = reject_message(unreadable::schema_violation, std::move(place), std::move(text));
    }
    /// The text of a leaf; a fault where it has elements or attributes.
    std::string_view leaf(const XmlElement& element, const std::string& place) {
        if (!element.children.empty() || !element.attributes.empty())
            violate(place, fmt::format("{} holds text without attributes", element.name));
        return element.text;
    }
    /// The text at a path below the transaction; "" where it is missing.
    std::string_view transaction_text(std::string_view path) {
        const auto* found = transaction_.find_path(path);
        return found ? leaf(*found, transaction_path(path)) : "";
    }
    std::string_view group_text(std::string_view path) {
        const auto* found = group_.find_path(path);
        return found ? leaf(*found, group_path(path)) : "";
    }

    void read_group() {
        const auto is_transaction = [](const XmlElement& child) { return child.name == "CdtTrfTxInf"; };
        const auto transactions =
            std::count_if(message_.children.begin(), message_.children.end(), is_transaction);
        if (!is_max35_text(group_text("MsgId")))
            return violate(group_path("MsgId"), "MsgId has 1 to 35 characters");
        if (!parse_date_time(group_text("CreDtTm")))
            return violate(group_path("CreDtTm"), "CreDtTm is a time such as 2026-11-22T09:30:00Z");
        const auto announced = group_text("NbOfTxs");
        if (announced.empty() || announced.size() > 15 ||
            announced.find_first_not_of("0123456789") != std::string_view::npos)
            return violate(group_path("NbOfTxs"), "NbOfTxs is a number of up to 15 digits");
        if (transactions != 1 || announced != "1")
            return refuse(
                status_reason::wrong_transaction_count, group_path("NbOfTxs"),
                fmt::format("one transaction per message is settled; this one announces {} and has {}",
                            announced, transactions));
        const auto method = group_text("SttlmInf/SttlmMtd");
        if (method == "COVE")
            return refuse(status_reason::moves_no_money, group_path("SttlmInf/SttlmMtd"),
                          "settlement by cover: the money moves with a pacs.009 COV, not with this message");
        if (method != "CLRG" && method != "INDA" && method != "INGA")
            return violate(group_path("SttlmInf/SttlmMtd"), "SttlmMtd is CLRG, INDA, INGA or COVE");
        if (header_ && header_->is_copy)
            refuse(status_reason::moves_no_money, "AppHdr/CpyDplct", "a copy for information moves no money");
    }

    bool says_advice(const XmlElement* choice) const {
        return choice && std::any_of(choice->children.begin(), choice->children.end(),
                                     [](const XmlElement& child) { return child.text == "ADV"; });
    }

    void read_type() {
        bool is_advice = header_ && header_->business_service.find(".adv.") != std::string::npos;
        for (const auto* owner : {&transaction_, &group_})
            if (const auto* type = owner->find("PmtTpInf"))
                for (const auto& child : type->children)
                    if (child.name == "LclInstrm" || child.name == "SvcLvl")
                        is_advice = is_advice || says_advice(&child);
        if (is_between_banks_ && is_advice)
            return refuse(status_reason::moves_no_money, transaction_path(),
                          "a pacs.009 ADV announces a payment and moves no money");
        const bool is_cover = is_between_banks_ && transaction_.find("UndrlygCstmrCdtTrf");
        const auto type = !is_between_banks_ ? native::MessageType::customer_credit
                          : is_cover         ? native::MessageType::bank_credit_cover
                                             : native::MessageType::bank_credit;
        transfer_.instruction.message_type = native::tag_of(type);
    }

    void read_names() {
        const auto check = [&](std::string_view path, bool is_required, std::string& into) {
            const auto text = transaction_text(path);
            if ((is_required || transaction_.find_path(path)) && !is_max35_text(text))
                return violate(transaction_path(path),
                               fmt::format("{} has 1 to 35 characters", path.substr(6)));
            into = text;
        };
        check("PmtId/InstrId", false, transfer_.instruction.instruction_id);
        check("PmtId/EndToEndId", true, transfer_.instruction.end_to_end_id);
        const auto text = transaction_text("PmtId/UETR");
        if (text.empty())
            return refuse(status_reason::bad_form, transaction_path("PmtId/UETR"),
                          "UETR is missing: it is what makes a repeated message one payment");
        const auto uetr = core::Uetr::parse(text);
        if (!uetr)
            return refuse(status_reason::bad_form, transaction_path("PmtId/UETR"),
                          "UETR is a UUID of version 4 in lower case");
        transfer_.instruction.uetr = uetr->bytes;
        for (const auto& [path, name] : {std::pair{"PmtId/InstrId", &transfer_.instruction.instruction_id},
                                         std::pair{"PmtId/EndToEndId", &transfer_.instruction.end_to_end_id}})
            if (!is_swift_x(*name))
                refuse(status_reason::bad_form, transaction_path(path),
                       "references use letters, digits, blank and / - ? : ( ) . , ' + only");
    }

    static bool is_swift_x(std::string_view text) {
        return std::all_of(text.begin(), text.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   std::string_view("/-?:().,'+ ").find(c) != std::string_view::npos;
        });
    }

    void read_currency() {
        const auto place = transaction_path("IntrBkSttlmAmt");
        const auto& amount = *transaction_.find("IntrBkSttlmAmt");
        if (amount.attributes.size() != 1 || amount.attributes[0].name != "Ccy" || !amount.children.empty())
            return violate(place, "IntrBkSttlmAmt has one attribute Ccy and an amount");
        const auto code = core::CurrencyCode::parse(amount.attributes[0].value);
        if (!code)
            return refuse(status_reason::invalid_currency, place,
                          "Ccy is a currency code of three capital letters");
        transfer_.instruction.currency = code->chars();
        currency_ = {*code, iso4217_exponent(*code), 0};
        if (rules_.currencies) {
            const auto row = std::find_if(rules_.currencies->begin(), rules_.currencies->end(),
                                          [&](const CurrencyRule& rule) { return rule.code == *code; });
            if (row == rules_.currencies->end())
                return refuse(status_reason::currency_not_settled, place,
                              fmt::format("the currency {} is not settled here", code->to_string()));
            currency_ = *row;
        }
        transfer_.exponent = currency_.exponent;
    }

    void read_amount() {
        const auto place = transaction_path("IntrBkSttlmAmt");
        const auto& text = transaction_.find("IntrBkSttlmAmt")->text;
        const auto amount = core::parse_amount(text, currency_.exponent);
        if (!amount) {
            const bool is_large = amount.error() == core::AmountError::too_large;
            return refuse(
                is_large ? status_reason::amount_too_large : status_reason::invalid_amount, place,
                fmt::format("the amount is '{}': {} ({} has {})", first_characters(text, 40),
                            core::describe(amount.error()), currency_.code.to_string(), currency_.exponent));
        }
        transfer_.instruction.amount = *amount;
        if (*amount == 0) return refuse(status_reason::zero_amount, place, "the amount is zero");
        check_sums(*amount);
    }

    /// Sums of the group header must be those of its one transaction.
    void check_sums(core::Minor amount) {
        if (const auto* total = group_.find("TtlIntrBkSttlmAmt")) {
            const bool is_same_currency = total->attributes.size() == 1 &&
                                          total->attributes[0].name == "Ccy" &&
                                          total->attributes[0].value == currency_.code.to_string();
            const auto sum = core::parse_amount(total->text, currency_.exponent);
            if (!is_same_currency || !sum || *sum != amount)
                refuse(status_reason::wrong_sum, group_path("TtlIntrBkSttlmAmt"),
                       "the total of the group header is not the amount of its transaction");
        }
        if (!group_.find("CtrlSum")) return;
        const auto sum = core::parse_amount(group_text("CtrlSum"), currency_.exponent);
        if (!sum || *sum != amount)
            refuse(status_reason::wrong_sum, group_path("CtrlSum"),
                   "the control sum of the group header is not the amount of its transaction");
    }

    void read_date() {
        const bool is_own = transaction_.find("IntrBkSttlmDt");
        const auto text = is_own ? transaction_text("IntrBkSttlmDt") : group_text("IntrBkSttlmDt");
        const auto place = is_own ? transaction_path("IntrBkSttlmDt") : group_path("IntrBkSttlmDt");
        const auto date = core::parse_date(text);
        if (!date)
            return refuse(status_reason::invalid_date, place,
                          text.empty() ? "IntrBkSttlmDt is missing: it says on which day to settle"
                                       : "IntrBkSttlmDt is a day such as 2026-11-22");
        transfer_.instruction.value_date = *date;
        const auto* other = group_.find("IntrBkSttlmDt");
        if (is_own && other && group_text("IntrBkSttlmDt") != text)
            refuse(status_reason::invalid_date, group_path("IntrBkSttlmDt"),
                   "group header and transaction name different settlement dates");
    }

    /// The agent by whom one side settles: `agent`, else `party`.
    void read_party(std::string_view agent, std::string_view party, native::BicText& into) {
        const auto* own = transaction_.find(agent);
        const auto* shared = group_.find(agent);
        const auto* element = own ? own : shared;
        auto place = element == own && own ? transaction_path(agent) : group_path(agent);
        if (!element) {
            element = transaction_.find(party);
            place = transaction_path(party);
        }
        if (!element)
            return refuse(status_reason::bad_bank, place,
                          fmt::format("neither {} nor {} is named", agent, party));
        const auto* text = element->find_path("FinInstnId/BICFI");
        if (!text) {
            const bool is_member = element->find_path("FinInstnId/ClrSysMmbId");
            return refuse(is_member ? status_reason::unknown_clearing_member : status_reason::bad_bank,
                          place + "/FinInstnId",
                          is_member ? "no participant is known by this clearing member id; name the BIC"
                                    : "BICFI is missing: participants are known by their BIC");
        }
        const auto bic = core::Bic::parse(leaf(*text, place + "/FinInstnId/BICFI"));
        if (!bic)
            return refuse(status_reason::bad_bank, place + "/FinInstnId/BICFI",
                          "BICFI is not a BIC of 8 or 11 characters");
        into = bic->chars();
        if (own && shared && !is_same_bank(*own, *shared))
            refuse(status_reason::bad_bank, group_path(agent),
                   fmt::format("group header and transaction differ in {}", agent));
    }

    static bool is_same_bank(const XmlElement& left, const XmlElement& right) {
        const auto bic = [](const XmlElement& agent) {
            const auto* text = agent.find_path("FinInstnId/BICFI");
            return text ? core::Bic::parse(text->text) : std::nullopt;
        };
        return bic(left) == bic(right);
    }

    /// Every bank that is named by its BIC, whether it settles here or not.
    void check_banks(const XmlElement& element, const std::string& path) {
        for (const auto& child : element.children) {
            const std::string place = path + "/" + child.name;
            if ((child.name == "BICFI" || child.name == "AnyBIC") && !core::Bic::parse(leaf(child, place)))
                return refuse(status_reason::bad_bank, place,
                              child.name + " is not a BIC of 8 or 11 characters");
            check_banks(child, place);
        }
    }

    void read_parties() {
        check_banks(group_, group_path());
        check_banks(transaction_, transaction_path());
        read_party("InstgAgt", is_between_banks_ ? "Dbtr" : "DbtrAgt", transfer_.instruction.payer);
        read_party("InstdAgt", is_between_banks_ ? "Cdtr" : "CdtrAgt", transfer_.instruction.payee);
        if (!fault_ && transfer_.instruction.payer == transfer_.instruction.payee)
            refuse(status_reason::same_party, transaction_path("InstdAgt"),
                   "payer and payee are the same participant");
    }

    void read_priority() {
        const auto read = [&](std::string_view text, std::string place, std::string_view allowed) {
            const auto priority = parse_priority(text);
            if (!priority) return violate(std::move(place), fmt::format("the priority is {}", allowed));
            transfer_.instruction.priority = *priority;
        };
        // The most particular word counts: of the settlement, then of the transaction, then of the group.
        if (group_.find_path("PmtTpInf/InstrPrty"))
            read(group_text("PmtTpInf/InstrPrty"), group_path("PmtTpInf/InstrPrty"), "HIGH or NORM");
        if (transaction_.find_path("PmtTpInf/InstrPrty"))
            read(transaction_text("PmtTpInf/InstrPrty"), transaction_path("PmtTpInf/InstrPrty"),
                 "HIGH or NORM");
        if (transaction_.find("SttlmPrty"))
            read(transaction_text("SttlmPrty"), transaction_path("SttlmPrty"), "URGT, HIGH or NORM");
    }

    /// A time of SttlmTmReq on the settlement date; 0 where it is missing.
    core::UnixMs time_at(std::string_view name) {
        const auto path = fmt::format("SttlmTmReq/{}", name);
        if (!transaction_.find_path(path)) return 0;
        const auto time = parse_time_of_day(transaction_text(path));
        const auto instant =
            time ? instant_of(transfer_.instruction.value_date, *time, currency_.offset_minutes)
                 : std::nullopt;
        if (!instant)
            violate(transaction_path(path), fmt::format("{} is a time such as 17:00:00+01:00", name));
        return instant.value_or(0);
    }

    void limit_latest(core::UnixMs instant) {
        auto& latest = transfer_.instruction.latest;
        if (instant != 0) latest = latest == 0 ? instant : std::min(latest, instant);
    }

    void read_times() {
        transfer_.instruction.earliest = time_at("FrTm");
        limit_latest(time_at("TillTm"));
        limit_latest(time_at("RjctTm"));
        if (!transaction_.find_path("AddtlDtTm/XpryDtTm")) return;
        const auto expiry = parse_date_time(transaction_text("AddtlDtTm/XpryDtTm"));
        const auto instant =
            expiry ? instant_of(expiry->date, expiry->time, currency_.offset_minutes) : std::nullopt;
        if (!instant)
            return violate(transaction_path("AddtlDtTm/XpryDtTm"),
                           "XpryDtTm is a time such as 2026-11-22T17:00:00Z");
        limit_latest(*instant);
    }

    const ReadingRules& rules_;
    const std::optional<BusinessHeader>& header_;
    const bool is_between_banks_;
    const XmlElement& message_;
    const XmlElement& group_;
    const XmlElement& transaction_;
    CurrencyRule currency_;
    CreditTransfer transfer_;
    std::optional<Rejection> fault_;
};

/// An ISO 20022 message that is not settled here, or not in this version.
std::optional<Rejection> check_support(const MessageName& message) {
    const bool is_known = message.family == customer_family || message.family == bank_family;
    if (is_known && message.version >= version_min && message.version <= version_max) return std::nullopt;
    return reject_message(
        unreadable::unsupported_message, "Document",
        fmt::format("unsupported type or version {}: pacs.008 and pacs.009 are settled, in the versions "
                    "001.{:02} to 001.{:02}",
                    message.to_string(), version_min, version_max));
}

}  // namespace

unsigned iso4217_exponent(const core::CurrencyCode& currency) {
    constexpr std::array<std::string_view, 16> none{"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW",
                                                    "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"};
    constexpr std::array<std::string_view, 7> three{"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
    const auto code = currency.to_string();
    if (std::find(none.begin(), none.end(), code) != none.end()) return 0;
    return std::find(three.begin(), three.end(), code) != three.end() ? 3 : 2;
}

core::Result<CreditTransfer, Refusal> read_credit_transfer(std::string_view message,
                                                           const ReadingRules& rules) {
    const auto root = read_xml(message, rules.xml);
    if (!root) return core::fail(Refusal{root.error(), {}});
    const auto envelope = open_envelope(*root, rules.require_header);
    if (!envelope) return core::fail(Refusal{envelope.error(), {}});
    const auto original = gather_original(*envelope);
    const auto refuse = [&](Rejection rejection) {
        return core::fail(Refusal{std::move(rejection), original});
    };
    if (auto fault = check_support(envelope->message)) return refuse(std::move(*fault));
    if (auto fault = check_namespace(*envelope->document)) return refuse(std::move(*fault));
    if (auto fault = check_credit_transfer(*envelope->document, envelope->message.family == bank_family))
        return refuse(std::move(*fault));
    auto transfer = TransferReader(*envelope, rules).read(core::view(message));
    if (!transfer) return refuse(std::move(transfer.error()));
    transfer->original = original;
    return std::move(*transfer);
}

}  // namespace sluice::cli::iso20022
