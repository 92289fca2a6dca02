/// Keeps WebSockets from having more requests under work than their share.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include "network/websocket.hpp"

namespace sluice::node::rpc {

/// Bytes of requests under work, of all sockets of a server.
using SocketRequestBytes = std::atomic<std::size_t>;

/// Any thread. Held by a shared_ptr by each request of the socket.
class SocketFlow {
  public:
    SocketFlow(network::WebSocketPtr socket, std::shared_ptr<SocketRequestBytes> all)
        : socket_(std::move(socket)), all_bytes_(std::move(all)) {}
    /// A message of so many bytes came.
    void began(std::size_t bytes);
    /// It was answered.
    void ended(std::size_t bytes);

  private:
    bool has_its_share() const;
    bool has_room_again() const;

    const network::WebSocketPtr socket_;
    const std::shared_ptr<SocketRequestBytes> all_bytes_;
    std::mutex mutex_;
    std::size_t under_work_ = 0;
    std::size_t bytes_ = 0;
    bool is_paused_ = false;
};

}  // namespace sluice::node::rpc
