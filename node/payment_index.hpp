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
};

/// Rows for every PaymentStatus event in the receipts of a block: uetr ‖ payment id ‖ height ‖ transaction ‖
/// log, no value.
std::vector<ledger::IndexRow> payment_index_rows(core::Height height,
                                                 const std::vector<core::Receipt>& receipts);

/// Every event of every payment with that UETR, or of the one named, by payment id, oldest first; at most
/// `limit`.
std::vector<PaymentEventPlace> find_payment_events(const ledger::LedgerSnapshot& snapshot,
                                                   const core::Uetr& uetr,
                                                   const std::optional<core::Hash>& id, std::size_t limit);

}  // namespace sluice::node
