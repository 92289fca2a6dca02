/// What a handed-in transaction did, in the words of settlement.
#pragma once

#include "node/rpc/final_transaction.hpp"

namespace sluice::node::rpc {

/// The answer of settle_submit: {kind, uetr, paymentId, status, why, reason, txHash, height, time, repeated},
/// and `payments` for a batch. A transaction that failed is an error with its reason.
Answer report_final(const Services& services, const FinalTransaction& final);
/// The same for a transaction that is in the pool: its payment is Unknown to the chain.
std::string report_accepted(const core::RecoveredTransaction& transaction);
/// Not final within the wait.
Error report_expired(const core::RecoveredTransaction& transaction, std::chrono::milliseconds waited);

}  // namespace sluice::node::rpc
