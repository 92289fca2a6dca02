/// Keeps one WebSocket from having more requests under work than its share.
#pragma once

#include <memory>
#include <mutex>

#include "network/websocket.hpp"

namespace sluice::node::rpc {

/// Any thread. Held by a shared_ptr by each request of the socket.
class SocketFlow {
  public:
    explicit SocketFlow(network::WebSocketPtr socket) : socket_(std::move(socket)) {}
    /// A message came.
    void began();
    /// It was answered.
    void ended();

  private:
    const network::WebSocketPtr socket_;
    std::mutex mutex_;
    std::size_t under_work_ = 0;
    bool is_paused_ = false;
};

}  // namespace sluice::node::rpc
