/// Errors of settle_ methods: -38000 to -38099, each with its ISO 20022 reason where there is one.
#pragma once

#include <span>

#include "contracts/native/reason_codes.hpp"
#include "core/identifiers.hpp"
#include "node/rpc/errors.hpp"

namespace sluice::node::rpc {

/// A row of the table: docs/json-rpc.md says the same.
struct SettlementErrorRow {
    int code = 0;
    contracts::native::ReasonCode reason{};
};
/// Reasons that Sluice's contracts give, each with its code.
std::span<const SettlementErrorRow> settlement_error_rows();

/// Refused for a reason that has no row of its own.
inline constexpr int refused_code = -38'000;
/// The transaction is final and failed, and no reason is known.
inline constexpr int failed_code = -38'090;
/// Not final within the wait: ask before sending again.
inline constexpr int not_final_code = -38'091;

/// What an error is about; what is absent is left out of its data.
struct ErrorSubject {
    std::optional<core::Uetr> uetr;
    std::optional<core::Hash> payment_id;
    std::optional<core::Hash> transaction;
    std::optional<core::Height> height;
};

/// A refusal with its reason: "refused: AM05: the key was used before with other content".
Error refusal(const contracts::native::ReasonCode& reason, const ErrorSubject& subject);
/// Another error of the range.
Error settlement_error(int code, std::string message, const ErrorSubject& subject);
Error unknown_participant(const core::Bic& bic);
Error unknown_currency(const core::CurrencyCode& currency);

}  // namespace sluice::node::rpc
