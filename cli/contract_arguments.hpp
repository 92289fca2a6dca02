/// What the commands for contracts have in common: who sends, with what, and how it ends.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "cli/command.hpp"
#include "cli/contract_sending.hpp"
#include "core/uint256.hpp"

namespace sluice::cli {

inline constexpr Argument abi_argument{"--abi", ArgumentKind::value,
                                       "ABI file, or a compiler's file that holds it"};
inline constexpr Argument contract_argument{"--contract", ArgumentKind::value,
                                            "NAME or SOURCE:NAME, where the file holds several contracts"};
inline constexpr Argument value_argument{"--value", ArgumentKind::value, "Wei of native coin to send along"};
inline constexpr Argument gas_argument{"--gas", ArgumentKind::value,
                                       "Gas limit; asked of the node by default"};

/// --value and --gas as typed; the error names them.
core::Result<core::Uint256, std::string> read_value(const Arguments& arguments);
core::Result<std::optional<core::Gas>, std::string> read_gas(const Arguments& arguments);

/// Who sends, and with what.
struct Sender {
    NetworkAccess network;
    Signing signing;
    core::Uint256 value;
    std::optional<core::Gas> gas;
    bool waits = true;
};
core::Result<Sender, std::string> read_sender(const Arguments& arguments);

/// True unless a person is asked about native coin that goes along, and does not want it.
bool may_send(const Arguments& arguments, const core::Uint256& value);

/// A failure in words or as JSON, with its exit code.
ExitCode print_failure(const ContractFailure& failure, bool as_json);

/// {txHash, gasLimit, status, height, blockHash, gasUsed, milliseconds}; without the last four of what nobody
/// waited for.
Json outcome_json(const ContractReceipt& sent, std::chrono::steady_clock::time_point begin);
/// Hash and gas of such an outcome, as lines.
void print_hash_and_gas(const Json& outcome);

}  // namespace sluice::cli
