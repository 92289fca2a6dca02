#include "node/rpc/settlement_feed.hpp"

#include <fmt/format.h>

#include "node/rpc/limits.hpp"
#include "node/rpc/services.hpp"
#include "node/rpc/settlement_reading.hpp"

namespace sluice::node::rpc {
namespace {

std::string message(std::string_view id, std::string_view topic, std::string_view event) {
    return fmt::format(
        R"({{"jsonrpc":"2.0","method":"settle_subscription","params":{{"subscription":"{}","topic":"{}","result":{}}}}})",
        id, topic, event);
}

}  // namespace

bool FeedWish::takes(const SettlementLog& log) const {
    if (const auto* event = std::get_if<native::PaymentStatusEvent>(&log.event))
        return payments && (!currency || event->currency == currency->chars()) &&
               (!bic || event->payer == bic->chars() || event->payee == bic->chars());
    const auto& entry = std::get<native::AccountEntryEvent>(log.event);
    return entries && (!currency || entry.currency == currency->chars()) &&
           (!bic || entry.bic == bic->chars()) && entry.entry >= first_entry;
}

core::Result<std::string, Error> SettlementFeed::reserve(const network::WebSocketPtr& socket) {
    const std::lock_guard lock(mutex_);
    std::size_t held = 0;
    for (auto feed = feeds_.lower_bound({socket->id(), ""});
         feed != feeds_.end() && feed->first.first == socket->id(); ++feed)
        ++held;
    if (held >= limits::feeds_per_socket_max)
        return core::fail(limit_exceeded(
            fmt::format("too many subscriptions: at most {} per connection", limits::feeds_per_socket_max)));
    std::string id = fmt::format("0x{:x}", ++next_id_);
    auto feed = std::make_shared<Feed>();
    feed->socket = socket;
    feeds_[{socket->id(), id}] = std::move(feed);
    ++count_;
    return id;
}

void SettlementFeed::begin(const std::shared_ptr<Services>& services, const network::WebSocketPtr& socket,
                           const std::string& id, FeedWish wish, EventCursor cursor) {
    FeedPtr feed;
    {
        const std::lock_guard lock(mutex_);
        const auto found = feeds_.find({socket->id(), id});
        if (found == feeds_.end() || found->second->is_running) return;
        feed = found->second;
        feed->wish = std::move(wish);
        feed->cursor = cursor;
        feed->is_running = true;
        feed->is_behind = true;
    }
    post_step(services, id, feed, false);
}

bool SettlementFeed::end(const network::WebSocketPtr& socket, const std::string& id) {
    const std::lock_guard lock(mutex_);
    const bool was_there = feeds_.erase({socket->id(), id}) > 0;
    if (was_there) --count_;
    return was_there;
}

void SettlementFeed::closed(const network::WebSocketPtr& socket) {
    const std::lock_guard lock(mutex_);
    count_ -= std::erase_if(feeds_, [&](const auto& row) { return row.first.first == socket->id(); });
}

bool SettlementFeed::is_there(const FeedPtr& feed) const {
    const std::lock_guard lock(mutex_);
    for (auto row = feeds_.lower_bound({feed->socket->id(), ""});
         row != feeds_.end() && row->first.first == feed->socket->id(); ++row)
        if (row->second == feed) return true;
    return false;
}

bool SettlementFeed::is_slow(const Feed& feed) {
    return feed.socket->queued_bytes() > limits::feed_queue_bytes_max;
}

std::vector<std::pair<std::string, SettlementFeed::FeedPtr>> SettlementFeed::running() const {
    std::vector<std::pair<std::string, FeedPtr>> feeds;
    const std::lock_guard lock(mutex_);
    for (const auto& [key, feed] : feeds_)
        if (feed->is_running) feeds.emplace_back(key.second, feed);
    return feeds;
}

bool SettlementFeed::tell(Services& services, const std::string& id, Feed& feed,
                          const SettlementBlock& block) {
    core::Result<SettlementReader, Error> settlement = core::fail(Error{});
    for (const auto& log : block.logs()) {
        if (log.index < feed.cursor.index || !feed.wish.takes(log)) continue;
        if (is_slow(feed)) return false;
        if (!settlement) settlement = SettlementReader::open(*services.node.snapshot(), services.node);
        if (!settlement) return false;
        JsonWriter json(700);
        const auto* event = std::get_if<native::PaymentStatusEvent>(&log.event);
        const auto& currency =
            event ? event->currency : std::get<native::AccountEntryEvent>(log.event).currency;
        const auto exponent = settlement->exponent(currency);
        event ? write_payment_event(json, block, log, exponent) : write_entry(json, block, log, exponent);
        feed.socket->send_text(message(id, event ? "payments" : "entries", json.take()));
        feed.cursor.index = log.index + 1;
    }
    feed.cursor = {block.place().height + 1, 0};
    return true;
}

void SettlementFeed::on_final_block(const std::shared_ptr<Services>& services, const FinalBlock& final) {
    if (count_ == 0) return;
    const auto height = final.block->block.header.height;
    std::optional<SettlementBlock> block;
    for (const auto& [id, feed] : running()) {
        // Behind: the step that waits will come by this block. Ahead: it was read from the ledger already.
        if (feed->is_behind || feed->cursor.height > height) continue;
        if (feed->cursor.height == height && !is_slow(*feed)) {
            if (!block) block.emplace(*final.block);
            if (tell(*services, id, *feed, *block)) continue;
        }
        feed->is_behind = true;
        post_step(services, id, feed, true);
    }
}

void SettlementFeed::post_step(const std::shared_ptr<Services>& services, const std::string& id,
                               const FeedPtr& feed, bool later) {
    auto step = [services, id, feed] {
        // A lane that is full is tried again: a subscription must not stop silently.
        const bool is_posted =
            services->feeds->post([services, id, feed] { services->feed.catch_up(services, id, feed); });
        if (!is_posted) services->feed.post_step(services, id, feed, true);
    };
    if (later)
        services->node.post_after(limits::feed_pause, std::move(step));
    else
        step();
}

void SettlementFeed::catch_up(const std::shared_ptr<Services>& services, const std::string& id,
                              const FeedPtr& feed) {
    if (services->is_shut_down || !is_there(feed)) return;
    const auto give_up = std::chrono::steady_clock::now() + limits::slice;
    const auto snapshot = services->node.snapshot();
    const ChainReader reader(*snapshot, services->recent);
    try {
        while (feed->cursor.height <= snapshot->height()) {
            if (is_slow(*feed)) return post_step(services, id, feed, true);
            const auto header = snapshot->header(feed->cursor.height);
            if (!header || !SettlementBlock::may_hold_events(*header, feed->wish.bic))
                feed->cursor = {feed->cursor.height + 1, 0};
            else if (!tell(*services, id, *feed, SettlementBlock::read(reader, feed->cursor.height)))
                return post_step(services, id, feed, true);
            if (std::chrono::steady_clock::now() >= give_up) return post_step(services, id, feed, false);
        }
    } catch (const ledger::BlockNotKept&) {
        // The node dropped blocks faster than the client read them: going on would leave a gap.
        feed->socket->close();
        return;
    }
    // Blocks that become final from now on come by on_final_block, on this lane. The one whose snapshot is
    // newer than the one just read may have come by before.
    if (services->node.snapshot()->height() > snapshot->height()) return post_step(services, id, feed, false);
    feed->is_behind = false;
}

}  // namespace sluice::node::rpc
