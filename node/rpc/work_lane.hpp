/// Work that shares the worker threads with the node's own, but never takes more than a few of them at a
/// time.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include "node/rpc/node_access.hpp"

namespace sluice::node::rpc {

/// A bounded queue in front of the workers. With one running at a time it also keeps the order. Any thread.
/// Must be held by a shared_ptr while work is under way.
class WorkLane : public std::enable_shared_from_this<WorkLane> {
  public:
    using Work = std::function<void()>;
    WorkLane(NodeAccess& node, std::size_t running_max, std::size_t waiting_max)
        : node_(node), running_max_(running_max), waiting_max_(waiting_max) {}

    /// False, and nothing happens, if too much waits already.
    bool post(Work work);

  private:
    void start(Work work);
    void finished();

    NodeAccess& node_;
    const std::size_t running_max_;
    const std::size_t waiting_max_;
    std::mutex mutex_;
    std::deque<Work> waiting_;
    std::size_t running_ = 0;
};

}  // namespace sluice::node::rpc
