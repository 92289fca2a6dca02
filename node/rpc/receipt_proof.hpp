/// Receipt files: everything that proves one event of a payment, put together from the ledger.
#pragma once

#include "core/documents/receipt_document.hpp"
#include "node/rpc/payment_history.hpp"

namespace sluice::node::rpc {

/// The receipt of a step of a payment. Nothing for a block without certificate.
std::optional<core::ReceiptDocument> make_receipt_document(const ChainReader& reader,
                                                           const core::ChainIdentity& chain,
                                                           const PaymentStep& step, unsigned exponent);

/// The steps of payments that a transaction recorded, in order of its logs.
std::vector<PaymentStep> steps_in(const FoundTransaction& found, const core::Receipt& receipt);

}  // namespace sluice::node::rpc
