/// Payments by what they are: who, how much, where they stand. For settle_getPayments without a UETR.
#pragma once

#include "node/rpc/services.hpp"

namespace sluice::node::rpc {

/// {party, direction, ccy, status, valueDate, amountFrom, amountTo, order, cursor, max} →
/// {payments, next, height}: payments in the order in which they came into the ledger, or the newest first.
/// Reads for limits::walk_time_max at most: an answer may hold few rows, or none, and still name where to go
/// on.
Answer search_payments(const ReadCall& call);

}  // namespace sluice::node::rpc
