/// How the suites name the reasons for which a transaction is refused.
#pragma once

#include <string>
#include <string_view>

#include "contracts/transaction_rules.hpp"

namespace sluice::conformance {

/// True if `expected`, a name or several separated by '|' (with or without "TransactionException."), has one
/// that stands for the reason.
bool names_reason(std::string_view expected, contracts::Refusal reason);
bool names_reason(std::string_view expected, core::TransactionError reason);

}  // namespace sluice::conformance
