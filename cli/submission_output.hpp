/// What a person reads after a submission: status, height, time, reason.
#pragma once

#include <chrono>

#include "cli/wallet.hpp"

namespace sluice::cli {

/// What holds for acts that have no reference of their own.
inline constexpr std::string_view ask_first = "ask for the status before sending it again";

/// Submits a call with the key of `role`, waits as --wait says, prints the outcome. For every act that is one
/// call. `repetition` as in print_outcome.
ExitCode submit_and_print(const Arguments& arguments, const NetworkAccess& network, std::string_view role,
                          std::string_view bank, const contracts::native::ContractCall& call,
                          std::string_view repetition = ask_first);

/// Prints the outcome of a submission in words or JSON and gives the exit code it means. `repetition` says
/// how to send it again without a second effect, for an outcome that is unknown.
ExitCode print_outcome(const core::Result<Submitted, RpcError>& submitted, bool as_json, double milliseconds,
                       std::string_view repetition = ask_first);

inline constexpr Argument wait_argument{"--wait", ArgumentKind::value, "accepted or final", false, "final"};

}  // namespace sluice::cli
