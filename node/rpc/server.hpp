/// JSON-RPC over HTTP and WebSocket, and the health pages, on top of a node.
#pragma once

#include <memory>

#include "core/transaction.hpp"
#include "network/http_server.hpp"
#include "node/ports.hpp"
#include "node/rpc/node_access.hpp"

namespace sluice::node::rpc {

/// The RPC server's logic without its sockets: hand `handlers()` to an HttpServer. Any thread.
/// `node` must outlive what runs on its workers.
class Server {
  public:
    explicit Server(NodeAccess& node);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// POST / (JSON-RPC), GET /health, /ready, /metrics, WebSocket.
    network::HttpHandlers handlers();
    /// The same for the operator's port, where admin_ methods are answered too; no WebSocket.
    network::HttpHandlers operator_handlers();

    /// A block is final and readable: answers those who wait for one of its transactions, feeds
    /// subscriptions. Called from the node's thread; returns at once.
    void on_final_block(const FinalBlock& block);
    void on_pending(const core::TransactionPtr& transaction);
    /// No new calls are taken; waiting ones are answered with an error.
    void shut_down();

  private:
    class State;
    std::shared_ptr<State> state_;
};

}  // namespace sluice::node::rpc
