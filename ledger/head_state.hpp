/// The state after the head block, held for execution: caches over the flat state, and the tries that give
/// its root.
#pragma once

#include <memory>

#include "core/state.hpp"
#include "ledger/kv_store.hpp"

namespace sluice::ledger {

struct StateOptions {
    /// Heights below the head whose state stays readable. At least `flush_blocks`.
    core::Height history_blocks = 1024;
    /// Keeps every older value as well (an index row per change, for ever).
    bool archive = false;
    /// Heights below the head for which proofs are given.
    core::Height proof_blocks = 128;
    /// Trie nodes are stored at least every so many blocks …
    core::Height flush_blocks = 128;
    /// … and whenever so many changes have gathered: bounds memory, and the work of start-up.
    std::size_t flush_changes = 65'536;
    /// Nodes are also stored at each multiple of this and at open, so that the state of these heights can be
    /// given to nodes that join (StateExport); 0: never for that reason.
    core::Height snapshot_interval = 0;
    /// Subtrees of fewer leaves than about this many are derived from flat rows when they are not in memory,
    /// not stored. Fixed when the ledger is created. At least 1; 1 stores everything.
    std::uint32_t derived_leaves = 32;
    /// Cache of accounts and slots, absent ones included.
    std::size_t cache_bytes = 24u << 20;
    /// Trie nodes kept in memory after a flush, beside those that have changed since.
    std::size_t trie_bytes = 160u << 20;
};

struct StateContents;
struct PreparedContents;

/// What a block would make of the state: its root, and all that must be written. An immutable value, cheap to
/// copy, safe to hand to another thread, and to drop.
class PreparedState {
  public:
    core::Height height() const;
    const core::Hash& parent_root() const;
    const core::Hash& state_root() const;
    /// Changes of flat state that it holds (accounts and slots).
    std::size_t changes() const;

  private:
    friend class HeadState;
    friend class Ledger;
    explicit PreparedState(std::shared_ptr<const PreparedContents> contents)
        : contents_(std::move(contents)) {}
    std::shared_ptr<const PreparedContents> contents_;
};

/// Owned by whoever executes; movable to another thread, used by one at a time. Reads go to a snapshot of the
/// store, so a Ledger may append on its own thread meanwhile.
class HeadState {
  public:
    HeadState(HeadState&&) noexcept;
    HeadState& operator=(HeadState&&) noexcept;
    ~HeadState();

    /// The height whose state this is.
    core::Height height() const;
    const core::Hash& root() const;
    /// Reads of this state. Valid as long as the HeadState, also after a move of it; `advance` changes what
    /// it reads.
    const core::StateView& view() const;

    /// The state after `diff`, for height() + 1. The head stays as it is.
    PreparedState prepare(const core::StateDiff& diff) const;

    /// Goes to the prepared state, which Ledger::append must have made durable; CHECKs that it grew on this
    /// one.
    void advance(const PreparedState& next);

    /// Approximate memory of tries and caches, for metrics.
    std::size_t memory_bytes() const;

  private:
    friend class Ledger;
    friend class HeadStateBuilder;
    explicit HeadState(std::unique_ptr<StateContents> contents);
    std::unique_ptr<StateContents> contents_;
};

}  // namespace sluice::ledger
