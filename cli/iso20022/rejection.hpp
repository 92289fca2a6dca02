/// Why a message is not taken, and with which kind of answer its sender learns it.
#pragma once

#include <string>
#include <string_view>

namespace sluice::cli::iso20022 {

/// A message that can be answered by its own name gets a payment status; one that cannot be read is rejected
/// whole.
enum class AnswerKind {
    status_report,   ///< pacs.002 with RJCT and an ISO 20022 reason code
    message_reject,  ///< admi.002 with one of the codes below
};

/// Codes of admi.002 (RjctgPtyRsn is free text of 35 characters).
namespace unreadable {
inline constexpr std::string_view too_large = "TooLarge";
inline constexpr std::string_view not_well_formed = "XmlNotWellFormed";
inline constexpr std::string_view forbidden_xml = "XmlForbidden";
inline constexpr std::string_view unsupported_message = "UnsupportedMessage";
inline constexpr std::string_view header_mismatch = "HeaderMismatch";
inline constexpr std::string_view schema_violation = "SchemaViolation";
}  // namespace unreadable

/// Codes of pacs.002 (ExternalStatusReason1Code) that the reader gives by itself. The ledger adds those of
/// contracts/native/reason_codes.hpp.
namespace status_reason {
inline constexpr std::string_view same_party = "AC03";
inline constexpr std::string_view not_allowed = "AG01";
inline constexpr std::string_view moves_no_money = "AG03";
inline constexpr std::string_view zero_amount = "AM01";
inline constexpr std::string_view amount_too_large = "AM02";
inline constexpr std::string_view currency_not_settled = "AM03";
inline constexpr std::string_view wrong_sum = "AM10";
inline constexpr std::string_view invalid_currency = "AM11";
inline constexpr std::string_view invalid_amount = "AM12";
inline constexpr std::string_view wrong_transaction_count = "AM18";
inline constexpr std::string_view invalid_date = "DT01";
inline constexpr std::string_view bad_form = "FF01";
inline constexpr std::string_view bad_bank = "RC01";
inline constexpr std::string_view unknown_clearing_member = "RC08";
}  // namespace status_reason

struct Rejection {
    AnswerKind answer = AnswerKind::message_reject;
    std::string code;
    std::string
        place;         ///< path of the element, "Document/FICdtTrf/GrpHdr/MsgId"; empty for the whole message
    std::string text;  ///< one sentence for people
    bool operator==(const Rejection&) const = default;
};

inline Rejection reject_message(std::string_view code, std::string place, std::string text) {
    return {AnswerKind::message_reject, std::string(code), std::move(place), std::move(text)};
}
inline Rejection reject_payment(std::string_view code, std::string place, std::string text) {
    return {AnswerKind::status_report, std::string(code), std::move(place), std::move(text)};
}

}  // namespace sluice::cli::iso20022
