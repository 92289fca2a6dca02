#include "node/rpc/recent_blocks.hpp"

#include "node/rpc/limits.hpp"

namespace sluice::node::rpc {

void RecentBlocks::add(RecentBlock block) {
    auto added = std::make_shared<const RecentBlock>(std::move(block));
    const std::lock_guard lock(mutex_);
    transactions_ += added->transactions.size();
    blocks_.push_back(std::move(added));
    while (blocks_.size() > limits::recent_blocks_max ||
           (transactions_ > limits::recent_transactions_max && blocks_.size() > 1)) {
        transactions_ -= blocks_.front()->transactions.size();
        blocks_.pop_front();
    }
}

std::shared_ptr<const RecentBlock> RecentBlocks::find(core::Height height) const {
    const std::lock_guard lock(mutex_);
    if (blocks_.empty()) return nullptr;
    const core::Height first = blocks_.front()->height;
    if (height < first || height - first >= blocks_.size()) return nullptr;
    return blocks_[height - first];
}

}  // namespace sluice::node::rpc
