/// The state after one block, pinned, for nodes that join from it.
#pragma once

#include <memory>

#include "ledger/kv_store.hpp"
#include "ledger/state_parts.hpp"
#include "ledger/state_records.hpp"

namespace sluice::ledger {

/// Immutable; any thread; must not outlive the store. It costs no memory beyond what the store keeps of the
/// rows that were overwritten since. Damaged rows throw StorageFailure.
class StateExport {
  public:
    StateExport(KvSnapshot rows, const StateHead& head, const core::Hash& block_hash);

    core::Height height() const { return head_.height; }
    const core::Hash& block_hash() const { return block_hash_; }
    const core::Hash& state_root() const { return head_.root; }

    /// The leaves below the part's path if they fit into about `bytes_max`, else the node there; nothing for
    /// a part that is not in this state.
    std::optional<StateChunk> read(const StatePart& part, std::size_t bytes_max = chunk_bytes_max) const;

  private:
    std::optional<StateChunk> read_code(const core::Hash& hash) const;
    /// Nothing if there are too many.
    std::optional<std::vector<StateLeaf>> read_leaves(const StatePart& part, std::size_t bytes_max) const;
    std::optional<core::Bytes> read_node(const StatePart& part) const;

    KvSnapshot rows_;
    StateHead head_;
    core::Hash block_hash_{};
};
using StateExportPtr = std::shared_ptr<const StateExport>;

}  // namespace sluice::ledger
