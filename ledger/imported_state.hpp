/// From flat rows alone to a state that a ledger can open: counts, stored nodes, and the proof that all is
/// there. Internal to the ledger.
#pragma once

#include <string>

#include "core/result.hpp"
#include "ledger/kv_store.hpp"
#include "ledger/state_records.hpp"

namespace sluice::ledger {

/// Recomputes the storage root of every account and the state root from the rows of accounts and slots, looks
/// for every code, writes the numbers of slots into the records and stores the upper nodes of every trie.
/// Returns the state's head without heights; a sentence if something is missing. Bounded memory, synced
/// writes.
core::Result<StateHead, std::string> complete_state(KvStore& store, const core::Hash& root,
                                                    std::uint32_t derived_leaves);

}  // namespace sluice::ledger
