/// Entries of one account by its own numbers.
#pragma once

#include "node/entry_index.hpp"
#include "node/rpc/settlement_reading.hpp"

namespace sluice::node::rpc {

/// Where the entries of an account stand from number `from` on, at most `limit` of them; none if there are
/// none yet. A node that does not keep them from there on throws BlockNotKept: no number is ever left out.
core::Result<std::vector<EntryPlace>, Error> entries_from(const ledger::LedgerSnapshot& snapshot,
                                                          const SettlementReader& settlement,
                                                          const AccountKey& account, std::uint64_t from,
                                                          std::size_t limit);

}  // namespace sluice::node::rpc
