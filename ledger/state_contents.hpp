/// What HeadState and PreparedState hold. Internal to the ledger.
#pragma once

#include <set>

#include "ledger/head_state.hpp"
#include "ledger/state_cache.hpp"
#include "ledger/state_trie.hpp"

namespace sluice::ledger {

struct StateContents {
    StateContents(const KvStore& rows_store, const StateOptions& chosen)
        : store(&rows_store), options(chosen), flat(rows_store.snapshot(), tries, chosen.cache_bytes) {}
    StateContents(const StateContents&) = delete;
    StateContents& operator=(const StateContents&) = delete;

    const KvStore* store;
    StateOptions options;
    StateHead head;
    /// No block yet: the state before genesis, whose `head` means nothing.
    bool before_genesis = false;
    StateTries tries;
    /// Since the nodes were last stored: changes of flat state, and accounts that lost all their storage.
    std::size_t unstored_changes = 0;
    std::set<core::Address> cleared;
    CachedState flat;
};

struct PreparedContents {
    core::Hash parent_root{};
    StateHead head;  ///< after the block
    std::size_t changes = 0;
    WriteBatch rows;  ///< everything of the state that the block's batch writes
    StateTries tries;
    std::size_t unstored_changes = 0;
    std::set<core::Address> cleared;
    StateUpdates updates;
};

/// Works out one block's changes (HeadState::prepare).
PreparedContents prepare_state(const StateContents& parent, const core::StateDiff& diff);

/// The state before any block of an empty store.
std::unique_ptr<StateContents> state_before_genesis(const KvStore& store, const StateOptions& options);

/// The state of `head`, with its tries rebuilt from the stored nodes and the reverse diffs since.
/// A text that says what does not fit, if something does not.
core::Result<std::unique_ptr<StateContents>, std::string> rebuild_state(const KvStore& store,
                                                                        const StateHead& head,
                                                                        const StateOptions& options);

/// Stores the nodes that have changed since the last time, in a batch of its own.
void store_all_nodes(KvStore& store, StateContents& contents);

}  // namespace sluice::ledger
