/// The index rows that the node writes with each block.
#pragma once

#include <vector>

#include "core/receipt.hpp"
#include "ledger/ledger_snapshot.hpp"

namespace sluice::node {

/// Those of payments (payment_index.hpp) and of entries (entry_index.hpp).
std::vector<ledger::IndexRow> block_index_rows(core::Height height,
                                               const std::vector<core::Receipt>& receipts);

}  // namespace sluice::node
