/// The payment that a command is about, and words that several of them read.
#pragma once

#include "cli/network_access.hpp"
#include "cli/rpc_client.hpp"
#include "contracts/native/settlement_types.hpp"

namespace sluice::cli {

/// A payment of the ledger, and the way to its network.
struct Subject {
    NetworkAccess network;
    RpcClient rpc;
    contracts::native::PaymentId id{};
    std::string payer, payee;  ///< BICs
    Json payment;              ///< settle_getPayment's answer
};
/// The payment with the UETR that the argument UETR names. Fails with the exit code, after saying why.
core::Result<Subject, ExitCode> find_subject(const Arguments& arguments);

/// The argument of find_subject.
inline constexpr Argument uetr_argument{"UETR", ArgumentKind::positional, "The payment's unique reference",
                                        true};

core::Result<contracts::native::Priority, std::string> read_priority(const std::string& text);
/// What was typed for `argument`, or a new random one if that is nothing.
core::Result<core::Uetr, std::string> uetr_or_new(std::string_view argument, const std::string& text);
/// Four letters or digits of an ISO 20022 reason; lower case is understood.
core::Result<std::array<char, 4>, std::string> read_reason(const std::string& text);

}  // namespace sluice::cli
