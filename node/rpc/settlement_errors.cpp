#include "node/rpc/settlement_errors.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace sluice::node::rpc {
namespace {

namespace reason = contracts::native::reason;
using contracts::native::ReasonCode;

constexpr std::array rows{
    SettlementErrorRow{-38'001, reason::bad_creditor},
    SettlementErrorRow{-38'002, reason::closed_account},
    SettlementErrorRow{-38'003, reason::blocked_account},
    SettlementErrorRow{-38'004, reason::forbidden},
    SettlementErrorRow{-38'005, reason::unsupported},
    SettlementErrorRow{-38'006, reason::zero_amount},
    SettlementErrorRow{-38'007, reason::amount_too_large},
    SettlementErrorRow{-38'008, reason::unknown_currency},
    SettlementErrorRow{-38'009, reason::insufficient_funds},
    SettlementErrorRow{-38'010, reason::duplicate},
    SettlementErrorRow{-38'011, reason::timed_out},
    SettlementErrorRow{-38'012, reason::bad_bank},
    SettlementErrorRow{-38'013, reason::bad_date},
    SettlementErrorRow{-38'014, reason::too_late},
    SettlementErrorRow{-38'015, reason::bad_form},
    SettlementErrorRow{-38'016, reason::unknown_reference},
    SettlementErrorRow{-38'017, reason::by_customer},
    SettlementErrorRow{-38'018, reason::refused_by_approver},
    SettlementErrorRow{-38'019, reason::bilateral_limit_reached},
    SettlementErrorRow{-38'020, reason::multilateral_limit_reached},
    SettlementErrorRow{-38'021, reason::wrong_amount},
    SettlementErrorRow{-38'022, reason::already_returned},
    SettlementErrorRow{-38'023, reason::by_authority},
};

int code_of(const ReasonCode& reason) {
    const auto found = std::find_if(rows.begin(), rows.end(),
                                    [&](const SettlementErrorRow& row) { return row.reason == reason; });
    return found == rows.end() ? refused_code : found->code;
}

std::string text_of(const ReasonCode& reason) {
    if (!contracts::native::is_reason_code(reason)) return "????";
    return {reason.begin(), reason.end()};
}

Json data_of(const ErrorSubject& subject) {
    Json data = Json::object();
    if (subject.uetr) data["uetr"] = subject.uetr->to_string();
    if (subject.payment_id) data["paymentId"] = core::to_hex_0x(*subject.payment_id);
    if (subject.transaction) data["txHash"] = core::to_hex_0x(*subject.transaction);
    if (subject.height) data["height"] = *subject.height;
    return data;
}

Error with_reason(const ReasonCode& reason, std::string message, const ErrorSubject& subject) {
    Json data = data_of(subject);
    data["isoReason"] = text_of(reason);
    return {code_of(reason), std::move(message), std::move(data)};
}

}  // namespace

std::span<const SettlementErrorRow> settlement_error_rows() {
    return rows;
}

Error refusal(const ReasonCode& reason, const ErrorSubject& subject) {
    const auto sentence = contracts::native::describe(reason);
    return with_reason(reason,
                       sentence.empty() ? fmt::format("refused: {}", text_of(reason))
                                        : fmt::format("refused: {}: {}", text_of(reason), sentence),
                       subject);
}

Error settlement_error(int code, std::string message, const ErrorSubject& subject) {
    return {code, std::move(message), data_of(subject)};
}

Error unknown_participant(const core::Bic& bic) {
    return with_reason(reason::bad_bank, fmt::format("RC01: no participant has the BIC {}", bic.to_string()),
                       {});
}

Error unknown_currency(const core::CurrencyCode& currency) {
    return with_reason(reason::unknown_currency,
                       fmt::format("AM03: the currency {} is not settled here", currency.to_string()), {});
}

}  // namespace sluice::node::rpc
