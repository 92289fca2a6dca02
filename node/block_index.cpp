#include "node/block_index.hpp"

#include <iterator>

#include "node/entry_index.hpp"
#include "node/payment_index.hpp"

namespace sluice::node {

std::vector<ledger::IndexRow> block_index_rows(core::Height height,
                                               const std::vector<core::Receipt>& receipts) {
    auto rows = payment_index_rows(height, receipts);
    auto entries = entry_index_rows(height, receipts);
    rows.insert(rows.end(), std::make_move_iterator(entries.begin()), std::make_move_iterator(entries.end()));
    return rows;
}

}  // namespace sluice::node
