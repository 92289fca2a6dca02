/// The life of payments as the chain recorded it, found by UETR.
#pragma once

#include <optional>
#include <vector>

#include "node/payment_index.hpp"
#include "node/rpc/chain_reading.hpp"
#include "node/rpc/json_writer.hpp"
#include "node/rpc/settlement_reading.hpp"

namespace sluice::node::rpc {

/// A payment reached a status.
struct PaymentStep {
    native::PaymentStatusEvent event;
    BlockPlace block;
    std::uint32_t transaction_index = 0;
    std::uint32_t log_index = 0;  ///< within its receipt
};

/// One payment: its steps, oldest first; never empty.
struct PaymentLife {
    native::PaymentId id{};
    std::vector<PaymentStep> steps;
    const PaymentStep& last() const { return steps.back(); }
};

/// Which payments are wanted. One UETR may stand for several: the legs of a cover chain.
struct PaymentWish {
    core::Uetr uetr;
    std::optional<native::MessageType> type;
    std::optional<native::PaymentId> id;
};

/// All payments with that UETR, the one that changed last in front.
std::vector<PaymentLife> find_lives(const ChainReader& reader, const PaymentWish& wish);

/// One payment as settle_getPayment answers it. `siblings` are all payments of the same UETR.
core::Result<std::string, Error> payment_text(const PaymentLife& life,
                                              const std::vector<PaymentLife>& siblings,
                                              const ChainReader& reader, const SettlementReader& settlement);

}  // namespace sluice::node::rpc
