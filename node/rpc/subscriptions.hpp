/// What WebSocket clients are told without asking (eth_subscribe).
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <vector>

#include "network/websocket.hpp"
#include "node/ports.hpp"
#include "node/rpc/log_search.hpp"

namespace sluice::node::rpc {

enum class Topic : std::uint8_t { heads, logs, pending, pending_with_content };

/// Any thread; events come in order, one at a time.
class Subscriptions {
  public:
    Subscriptions(std::uint64_t chain_id, std::uint64_t seed) : chain_id_(chain_id), next_id_(seed) {}

    void opened(const network::WebSocketPtr& socket);
    void closed(const network::WebSocketPtr& socket);

    /// An id for `begin`, or -32005 when the socket has limits::subscriptions_per_socket_max.
    core::Result<std::string, Error> reserve(const network::WebSocketPtr& socket);
    /// Events come from now on. Called after the id has been sent, so that no event comes before it.
    void begin(const network::WebSocketPtr& socket, const std::string& id, Topic topic, LogCriteria criteria);
    /// False if the socket has no such subscription.
    bool end(const network::WebSocketPtr& socket, const std::string& id);

    void on_final_block(const FinalBlock& block);
    void on_pending(const core::RecoveredTransaction& transaction);
    /// False: on_pending need not be called.
    bool wants_pending() const { return pending_count_ > 0; }
    std::size_t size() const;

  private:
    struct Subscription {
        Topic topic{};
        LogCriteria criteria;
        bool is_running = false;
    };
    struct Client {
        network::WebSocketPtr socket;
        std::map<std::string, Subscription> subscriptions;
    };
    struct Target {
        network::WebSocketPtr socket;
        std::string id;
        Topic topic{};
        LogCriteria criteria;
    };
    /// Those that run with one of the topics.
    std::vector<Target> targets(std::initializer_list<Topic> topics) const;
    void forget(const Subscription& subscription);

    const std::uint64_t chain_id_;
    mutable std::mutex mutex_;
    std::map<std::uint64_t, Client> clients_;
    std::uint64_t next_id_;
    std::atomic<std::size_t> running_count_ = 0;
    std::atomic<std::size_t> pending_count_ = 0;
};

}  // namespace sluice::node::rpc
