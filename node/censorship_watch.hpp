/// Whether the primary passes over a transaction that it could execute.
#pragma once

#include <map>
#include <vector>

#include "core/block.hpp"
#include "node/mempool.hpp"

namespace sluice::node {

/// Watches the pool's oldest executable transactions through the blocks that are appended. A block counts
/// against the primary only if it had room for the transaction and was built when the transaction had been
/// here for a block at least. Full blocks count neither way. Owned by the node's thread.
class CensorshipWatch {
  public:
    /// After so many blocks a transaction is gossiped again: the primary may never have seen it.
    static constexpr unsigned blocks_until_gossip = 4;
    /// After so many the primary is suspected.
    static constexpr unsigned blocks_until_suspicion = 8;
    /// Transactions watched at a time: one that turns out not to be executable must not shield the others.
    static constexpr std::size_t watched_max = 16;

    struct Findings {
        std::vector<core::TransactionPtr> to_gossip;
        std::vector<core::TransactionPtr> passed_over;  ///< for the caller to check that they are executable
    };
    /// A block of so many encoded bytes was appended, and its transactions have left the pool.
    Findings on_block(const core::Block& block, std::size_t block_bytes, const Mempool& pool);
    /// Another primary begins with a clean slate.
    void clear() { passed_over_.clear(); }

  private:
    std::map<core::Hash, unsigned> passed_over_;  ///< by how many blocks
};

}  // namespace sluice::node
