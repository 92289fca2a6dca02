/// What handlers share: the node, and what the server keeps between calls.
#pragma once

#include "node/rpc/filters.hpp"
#include "node/rpc/limits.hpp"
#include "node/rpc/method_table.hpp"
#include "node/rpc/settlement_feed.hpp"
#include "node/rpc/subscriptions.hpp"
#include "node/rpc/waiters.hpp"
#include "node/rpc/work_lane.hpp"

namespace sluice::node::rpc {

/// Held by a shared_ptr: what runs on another thread keeps it alive. Each member is safe from any thread.
struct Services {
    Services(NodeAccess& access, std::uint64_t seed);

    NodeAccess& node;
    const MethodTable methods;
    RecentBlocks recent;
    std::shared_ptr<Waiters> waiters;
    Filters filters;
    Subscriptions subscriptions;
    SettlementFeed feed;
    std::shared_ptr<WorkLane> heavy;   ///< costly calls
    std::shared_ptr<WorkLane> events;  ///< final blocks, in order
    /// Pending transactions, in order; what has no place is not told. Apart, so that it never keeps up what
    /// waits for a final block.
    std::shared_ptr<WorkLane> pending;
    /// Subscriptions of settle_, in order. Apart, so that reading old blocks for one client never keeps up
    /// who waits for a final block.
    std::shared_ptr<WorkLane> feeds;
    std::chrono::milliseconds call_time_max = limits::call_time_max;
    const core::Height first_height;  ///< the head when the server was made
    std::atomic<bool> is_shut_down = false;
};

}  // namespace sluice::node::rpc
