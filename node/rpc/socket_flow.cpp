#include "node/rpc/socket_flow.hpp"

#include "node/rpc/limits.hpp"

namespace sluice::node::rpc {

void SocketFlow::began() {
    const std::lock_guard lock(mutex_);
    if (++under_work_ < limits::socket_requests_max || is_paused_) return;
    is_paused_ = true;
    socket_->pause_reading();
}

void SocketFlow::ended() {
    const std::lock_guard lock(mutex_);
    if (--under_work_ > limits::socket_requests_max / 2 || !is_paused_) return;
    is_paused_ = false;
    socket_->resume_reading();
}

}  // namespace sluice::node::rpc
