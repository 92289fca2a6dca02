/// The life of payments as the chain recorded it, found by UETR.
#pragma once

#include <optional>
#include <vector>

#include "node/payment_index.hpp"
#include "node/rpc/chain_reading.hpp"
#include "node/rpc/json_writer.hpp"
#include "node/rpc/limits.hpp"
#include "node/rpc/settlement_reading.hpp"

namespace sluice::node::rpc {

/// A payment reached a status.
struct PaymentStep {
    native::PaymentStatusEvent event;
    BlockPlace block;
    std::uint32_t transaction_index = 0;
    std::uint32_t log_index = 0;  ///< within its receipt
};

/// One payment, and how it stands.
struct PaymentLife {
    native::PaymentId id{};
    PaymentStep last;  ///< the step that it reached last
};

/// Which payments are wanted. One UETR may stand for several: the legs of a cover chain.
struct PaymentWish {
    core::Uetr uetr;
    std::optional<native::MessageType> type;
    std::optional<native::PaymentId> id;
};

/// All payments that are wanted, the one that changed last in front.
std::vector<PaymentLife> find_lives(const ChainReader& reader, const PaymentWish& wish);

/// Which steps of a history are shown: the oldest ones, or those behind a place.
struct HistoryPage {
    std::optional<PaymentEventPlace> after;
    std::size_t steps_max = limits::history_steps_max;
};
/// "HEIGHT.TRANSACTION.LOG", as an answer names the place from which its history goes on.
Reading<PaymentEventPlace> read_history_place(const Json& value);

/// One payment as settle_getPayment answers it. `siblings` are all payments of the same UETR.
core::Result<std::string, Error> payment_text(const PaymentLife& life,
                                              const std::vector<PaymentLife>& siblings,
                                              const ChainReader& reader, const SettlementReader& settlement,
                                              const HistoryPage& page = {});

}  // namespace sluice::node::rpc
