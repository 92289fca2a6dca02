/// Published settlement cases as values: banks, payments in order of arrival, and what must come of them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "cli/output.hpp"
#include "contracts/native/settlement_types.hpp"
#include "core/result.hpp"

namespace sluice::cli::conformance {

/// Amounts of cases are numbers of whatever unit the case was published in; a run takes them for minor units,
/// times a power of ten where they have decimals, since no rule of settlement depends on the scale.
using Units = std::int64_t;

struct CaseBank {
    std::string id;
    Units start = 0;  ///< may be negative, within the credit line
    Units credit = 0;
};

struct CasePayment {
    std::string reference;
    std::string payer;
    std::string payee;
    Units amount = 0;
    contracts::native::Priority priority = contracts::native::Priority::normal;
};

/// Money that is issued once all payments are in.
struct Injection {
    std::string bank;
    Units amount = 0;
};

/// What must hold in the end. Members that a case does not name are not looked at.
struct Expectation {
    std::optional<bool> all_settle;
    std::optional<std::size_t> settled_count;
    std::optional<std::size_t> unsettled_count;
    std::optional<std::set<std::string>> settled;
    std::optional<std::set<std::string>> unsettled;
    std::optional<std::size_t> queue_length;
    std::optional<Units> settled_value;
    std::optional<Units> sum_of_balances;
    std::map<std::string, Units> closing;
    std::map<std::string, std::string> statuses;  ///< "Settled", "Queued", …
};

/// One way through a case: with or without liquidity saving.
struct Round {
    std::string name;  ///< empty where a case has one round
    bool saves_liquidity = true;
    std::vector<Injection> injections;
    Expectation expected;
};

struct SettlementCase {
    std::string id;
    std::vector<CaseBank> banks;
    std::vector<CasePayment> payments;  ///< in order of arrival
    std::vector<Round> rounds;          ///< never empty
};

/// A case that this command does not run, and why.
struct SkippedCase {
    std::string id;
    std::string reason;
};

using ReadCase = std::variant<SettlementCase, SkippedCase>;

/// Reads one case: {id, start | banks, credit?, queue | payments, lsm?, inject?, expected | published}. What
/// has another form, has members that are none of this, or asks for what cannot be checked, is skipped.
ReadCase read_case(const Json& json);

/// All cases of a file: a list of cases, {"cases": [...]}, or one case. The error says what is wrong with the
/// file itself.
core::Result<std::vector<ReadCase>, std::string> read_cases(const std::string& text);

}  // namespace sluice::cli::conformance
