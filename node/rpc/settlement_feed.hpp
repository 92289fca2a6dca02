/// What WebSocket clients are told about payments and entries (settle_subscribe), from any place of the chain
/// on and without a gap.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <set>

#include "network/websocket.hpp"
#include "node/rpc/errors.hpp"
#include "node/rpc/settlement_block.hpp"

namespace sluice::node::rpc {

struct Services;

/// Which events a subscription wants.
struct FeedWish {
    bool payments = false;
    bool entries = false;
    std::optional<core::Bic> bic;  ///< payments from or to it, entries of it
    std::optional<core::CurrencyCode> currency;
    std::uint64_t first_entry = 0;  ///< entries of the one account below this number are not wanted

    bool takes(const SettlementLog& log) const;
};

/// Every subscription has a place in the chain, and moves on by reading final blocks from there: whether they
/// are old or have just come makes no difference to what it is told. Reading happens on the lane of feeds,
/// one step at a time, so blocks come in order; for a client that reads slowly nothing is read until it has.
class SettlementFeed {
  public:
    explicit SettlementFeed(std::uint64_t seed) : next_id_(seed) {}

    /// An id, not in use by any other subscription of the node; -32005 when the socket has
    /// limits::feeds_per_socket_max.
    core::Result<std::string, Error> reserve(const network::WebSocketPtr& socket);
    /// Events come from `cursor` on. Called after the id has been sent.
    void begin(const std::shared_ptr<Services>& services, const network::WebSocketPtr& socket,
               const std::string& id, FeedWish wish, EventCursor cursor);
    bool end(const network::WebSocketPtr& socket, const std::string& id);
    void closed(const network::WebSocketPtr& socket);

    /// On the lane of feeds.
    void on_final_block(const std::shared_ptr<Services>& services, const FinalBlock& block);

  private:
    struct Feed {
        network::WebSocketPtr socket;
        FeedWish wish;
        EventCursor cursor;
        bool is_running = false;
        bool is_behind = false;  ///< a step for it waits on the lane
    };
    using FeedPtr = std::shared_ptr<Feed>;

    std::vector<std::pair<std::string, FeedPtr>> running() const;
    /// Reads some blocks for a subscription that is not at the head, and has itself called again.
    void catch_up(const std::shared_ptr<Services>& services, const std::string& id, const FeedPtr& feed);
    void post_step(const std::shared_ptr<Services>& services, const std::string& id, const FeedPtr& feed,
                   bool later);
    /// Sends what the block holds for it, and moves on behind the block. False: some of it is still to be
    /// sent.
    bool tell(Services& services, const std::string& id, Feed& feed, const SettlementBlock& block);
    bool is_there(const FeedPtr& feed) const;
    /// Too much waits for the client already.
    static bool is_slow(const Feed& feed);

    mutable std::mutex mutex_;
    std::map<std::pair<std::uint64_t, std::string>, FeedPtr> feeds_;  ///< by socket and id
    std::uint64_t next_id_;
    std::atomic<std::size_t> count_ = 0;
};

}  // namespace sluice::node::rpc
