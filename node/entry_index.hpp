/// Where the entries of an account are found again: one index row for each account and block.
#pragma once

#include <vector>

#include "contracts/native/settlement_types.hpp"
#include "ledger/ledger_snapshot.hpp"

namespace sluice::node {

/// An account as entries name it.
struct AccountKey {
    contracts::native::BicText bic{};
    contracts::native::CurrencyText currency{};
    auto operator<=>(const AccountKey&) const = default;
};

/// Where one entry of an account stands.
struct EntryPlace {
    std::uint64_t entry = 0;  ///< number within the account, from 1
    core::Height height = 0;
    std::uint32_t transaction_index = 0;
    std::uint32_t log_index = 0;  ///< within the transaction's receipt
    bool operator==(const EntryPlace&) const = default;
};

/// Rows for the AccountEntry events of a block: bic ‖ currency ‖ last entry of the block → height, and for
/// each entry its transaction and log.
std::vector<ledger::IndexRow> entry_index_rows(core::Height height,
                                               const std::vector<core::Receipt>& receipts);

/// Entries of an account from number `from` on, in their order, at most `limit`. A node that does not keep
/// them from there on throws BlockNotKept.
std::vector<EntryPlace> find_entries(const ledger::LedgerSnapshot& snapshot, const AccountKey& account,
                                     std::uint64_t from, std::size_t limit);

}  // namespace sluice::node
