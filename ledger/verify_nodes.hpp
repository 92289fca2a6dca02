/// The stored trie nodes' part of offline verification. Internal to the ledger.
#pragma once

#include "ledger/fault_list.hpp"
#include "ledger/state_records.hpp"

namespace sluice::ledger {

/// Walks every stored node from the stored root, account by account; each must hash to what its parent says,
/// and there must be no others.
void verify_stored_nodes(const KvReader& rows, const StateHead& head, FaultList& faults);

}  // namespace sluice::ledger
