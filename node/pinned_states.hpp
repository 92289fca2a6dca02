/// States of a few heights that are kept for nodes that join.
#pragma once

#include <vector>

#include "core/time.hpp"
#include "ledger/ledger_snapshot.hpp"

namespace sluice::node {

/// Keeps the two newest, and up to two older ones as long as somebody fetches from them. Owned by the node's
/// thread.
class PinnedStates {
  public:
    /// One more, higher than all before it.
    void add(core::Instant now, ledger::StateExportPtr state);
    /// Null if there is none.
    ledger::StateExportPtr newest() const;
    /// The state after that block, if it is held; it counts as in use from now on.
    ledger::StateExportPtr find(core::Instant now, const core::Hash& block_hash);

  private:
    struct Pin {
        ledger::StateExportPtr state;
        core::Instant used_at;
    };
    std::vector<Pin> pins_;  ///< by rising height
};

}  // namespace sluice::node
