/// Amounts of a case that have decimals.
#pragma once

#include <string>

#include "cli/output.hpp"
#include "core/result.hpp"

namespace sluice::cli::conformance {

/// The case with all its amounts multiplied by the power of ten that makes each of them whole; as it is if
/// they are. Amounts are what stands under `amount`, `balance`, `start`, `credit`, `banks`, `closing`,
/// `closing_partial`, `settled_value` and `sum_of_balances`. The error is a sentence: an amount has too many
/// digits.
core::Result<Json, std::string> with_whole_amounts(const Json& json);

}  // namespace sluice::cli::conformance
