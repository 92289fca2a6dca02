/// The newest blocks with their transactions as execution had them, so that nobody recovers their senders
/// again.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "core/block.hpp"

namespace sluice::node::rpc {

struct RecentBlock {
    core::Height height = 0;
    core::Hash hash{};
    std::size_t size_bytes = 0;  ///< of the encoded block
    std::vector<core::TransactionPtr> transactions;
};

/// Bounded by limits::recent_blocks_max and limits::recent_transactions_max. Any thread.
class RecentBlocks {
  public:
    void add(RecentBlock block);
    /// Null if it is not here.
    std::shared_ptr<const RecentBlock> find(core::Height height) const;

  private:
    mutable std::mutex mutex_;
    std::deque<std::shared_ptr<const RecentBlock>> blocks_;  ///< oldest first
    std::size_t transactions_ = 0;
};

}  // namespace sluice::node::rpc
