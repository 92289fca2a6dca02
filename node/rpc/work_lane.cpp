#include "node/rpc/work_lane.hpp"

namespace sluice::node::rpc {

bool WorkLane::post(Work work) {
    {
        const std::lock_guard lock(mutex_);
        if (running_ == running_max_) {
            if (waiting_.size() >= waiting_max_) return false;
            waiting_.push_back(std::move(work));
            return true;
        }
        ++running_;
    }
    start(std::move(work));
    return true;
}

void WorkLane::start(Work work) {
    node_.post([self = shared_from_this(), work = std::move(work)] {
        work();
        self->finished();
    });
}

void WorkLane::finished() {
    Work next;
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.empty()) {
            --running_;
            return;
        }
        next = std::move(waiting_.front());
        waiting_.pop_front();
    }
    // Behind whatever the node has queued meanwhile: its own work comes first.
    start(std::move(next));
}

}  // namespace sluice::node::rpc
