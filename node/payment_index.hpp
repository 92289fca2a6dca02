/// Where the events of a payment are found again: index rows written with each block.
#pragma once

#include <optional>
#include <vector>

#include "core/identifiers.hpp"
#include "ledger/ledger_snapshot.hpp"

namespace sluice::node {

/// Where one log of the payments contract stands.
struct PaymentEventPlace {
    core::Uetr uetr;
    core::Hash payment_id{};
    core::Height height = 0;
    std::uint32_t transaction_index = 0;
    std::uint32_t log_index = 0;  ///< within the transaction's receipt
    bool operator==(const PaymentEventPlace&) const = default;
};

/// Rows for every PaymentStatus event in the receipts of a block: uetr ‖ payment id ‖ height ‖ transaction ‖
/// log, no value.
std::vector<ledger::IndexRow> payment_index_rows(core::Height height,
                                                 const std::vector<core::Receipt>& receipts);

/// The ids of the payments with that UETR, at most `limit`.
std::vector<core::Hash> find_payments(const ledger::LedgerSnapshot& snapshot, const core::Uetr& uetr,
                                      std::size_t limit);

/// A payment as the index knows it.
struct IndexedPayment {
    core::Uetr uetr;
    core::Hash id{};
};
/// Events of one payment, oldest first, at most `limit`: those behind `after` if given.
std::vector<PaymentEventPlace> find_payment_events(const ledger::LedgerSnapshot& snapshot,
                                                   const IndexedPayment& payment,
                                                   const std::optional<PaymentEventPlace>& after,
                                                   std::size_t limit);
/// The newest event of a payment, however many it has; nothing for a payment that has none.
std::optional<PaymentEventPlace> find_last_payment_event(const ledger::LedgerSnapshot& snapshot,
                                                         const IndexedPayment& payment);

}  // namespace sluice::node
