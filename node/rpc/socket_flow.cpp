#include "node/rpc/socket_flow.hpp"

#include "node/rpc/limits.hpp"

namespace sluice::node::rpc {

bool SocketFlow::has_its_share() const {
    return under_work_ >= limits::socket_requests_max || bytes_ >= limits::socket_request_bytes_max ||
           all_bytes_->load() >= limits::sockets_request_bytes_max;
}

/// One that has nothing under work is always read from: nobody else would resume it.
bool SocketFlow::has_room_again() const {
    return under_work_ == 0 || (under_work_ <= limits::socket_requests_max / 2 &&
                                bytes_ <= limits::socket_request_bytes_max / 2 &&
                                all_bytes_->load() < limits::sockets_request_bytes_max);
}

void SocketFlow::began(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    ++under_work_;
    bytes_ += bytes;
    *all_bytes_ += bytes;
    if (is_paused_ || !has_its_share()) return;
    is_paused_ = true;
    socket_->pause_reading();
}

void SocketFlow::ended(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    --under_work_;
    bytes_ -= bytes;
    *all_bytes_ -= bytes;
    if (!is_paused_ || !has_room_again()) return;
    is_paused_ = false;
    socket_->resume_reading();
}

}  // namespace sluice::node::rpc
