#include "node/rpc/subscriptions.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "node/rpc/chain_json.hpp"
#include "node/rpc/limits.hpp"

namespace sluice::node::rpc {
namespace {

std::string event_text(std::string_view id, std::string_view result) {
    return fmt::format(
        R"({{"jsonrpc":"2.0","method":"eth_subscription","params":{{"subscription":"{}","result":{}}}}})", id,
        result);
}

bool is_pending(Topic topic) {
    return topic == Topic::pending || topic == Topic::pending_with_content;
}

std::string head_text(const FinalBlock& final) {
    JsonWriter json(1'800);
    json.begin_object();
    write_header_fields(json, final.block->block.header, final.block->hash);
    json.end_object();
    return json.take();
}

/// A log of the block with its place, written once for all who want it.
struct BlockLog {
    const core::Log* log = nullptr;
    std::uint32_t transaction = 0;
    std::uint64_t index = 0;
    std::string text;
};

std::vector<BlockLog> logs_of(const ExecutedBlock& block) {
    std::vector<BlockLog> logs;
    for (std::uint32_t i = 0; i < block.receipts.size(); ++i)
        for (const auto& log : block.receipts[i].logs)
            logs.push_back({&log, i, logs.size(), {}});
    return logs;
}

const std::string& text_of(BlockLog& log, const ExecutedBlock& block) {
    if (log.text.empty()) {
        JsonWriter json(700);
        write_log(json, *log.log, {place_of(block.block.header, block.hash), log.transaction},
                  block.block.transactions[log.transaction]->hash, log.index);
        log.text = json.take();
    }
    return log.text;
}

}  // namespace

void Subscriptions::opened(const network::WebSocketPtr& socket) {
    const std::lock_guard lock(mutex_);
    clients_.try_emplace(socket->id(), Client{socket, {}});
}

void Subscriptions::closed(const network::WebSocketPtr& socket) {
    const std::lock_guard lock(mutex_);
    const auto client = clients_.find(socket->id());
    if (client == clients_.end()) return;
    for (const auto& [id, subscription] : client->second.subscriptions)
        forget(subscription);
    clients_.erase(client);
}

core::Result<std::string, Error> Subscriptions::reserve(const network::WebSocketPtr& socket) {
    const std::lock_guard lock(mutex_);
    const auto client = clients_.find(socket->id());
    if (client == clients_.end()) return core::fail(shutting_down());
    auto& subscriptions = client->second.subscriptions;
    if (subscriptions.size() >= limits::subscriptions_per_socket_max)
        return core::fail(limit_exceeded(fmt::format("too many subscriptions: at most {} per connection",
                                                     limits::subscriptions_per_socket_max)));
    // Ids mean something on their own connection only, so they need not be hard to guess.
    std::string id = fmt::format("0x{:x}", ++next_id_);
    subscriptions.try_emplace(id);
    return id;
}

void Subscriptions::begin(const network::WebSocketPtr& socket, const std::string& id, Topic topic,
                          LogCriteria criteria) {
    const std::lock_guard lock(mutex_);
    const auto client = clients_.find(socket->id());
    if (client == clients_.end()) return;
    const auto found = client->second.subscriptions.find(id);
    if (found == client->second.subscriptions.end() || found->second.is_running) return;
    found->second = {topic, std::move(criteria), true};
    ++running_count_;
    if (is_pending(topic)) ++pending_count_;
}

bool Subscriptions::end(const network::WebSocketPtr& socket, const std::string& id) {
    const std::lock_guard lock(mutex_);
    const auto client = clients_.find(socket->id());
    if (client == clients_.end()) return false;
    const auto found = client->second.subscriptions.find(id);
    if (found == client->second.subscriptions.end()) return false;
    forget(found->second);
    client->second.subscriptions.erase(found);
    return true;
}

void Subscriptions::forget(const Subscription& subscription) {
    if (!subscription.is_running) return;
    --running_count_;
    if (is_pending(subscription.topic)) --pending_count_;
}

std::vector<Subscriptions::Target> Subscriptions::targets(std::initializer_list<Topic> topics) const {
    std::vector<Target> targets;
    const std::lock_guard lock(mutex_);
    for (const auto& [number, client] : clients_)
        for (const auto& [id, subscription] : client.subscriptions) {
            const bool is_wanted =
                std::find(topics.begin(), topics.end(), subscription.topic) != topics.end();
            if (subscription.is_running && is_wanted)
                targets.push_back({client.socket, id, subscription.topic, subscription.criteria});
        }
    return targets;
}

void Subscriptions::on_final_block(const FinalBlock& final) {
    if (running_count_ == 0) return;
    std::string head;
    std::optional<std::vector<BlockLog>> logs;
    for (const auto& target : targets({Topic::heads, Topic::logs})) {
        if (target.topic == Topic::heads) {
            if (head.empty()) head = head_text(final);
            target.socket->send_text(event_text(target.id, head));
            continue;
        }
        if (!target.criteria.may_match(final.block->block.header.bloom)) continue;
        if (!logs) logs = logs_of(*final.block);
        for (auto& log : *logs)
            if (target.criteria.matches(*log.log))
                target.socket->send_text(event_text(target.id, text_of(log, *final.block)));
    }
}

void Subscriptions::on_pending(const core::RecoveredTransaction& transaction) {
    if (pending_count_ == 0) return;
    JsonWriter hash(80), content;
    hash.data(transaction.hash);
    write_transaction(content, transaction, std::nullopt, chain_id_);
    const std::string hash_text = hash.take(), content_text = content.take();
    for (const auto& target : targets({Topic::pending, Topic::pending_with_content}))
        target.socket->send_text(
            event_text(target.id, target.topic == Topic::pending ? hash_text : content_text));
}

std::size_t Subscriptions::size() const {
    const std::lock_guard lock(mutex_);
    std::size_t count = 0;
    for (const auto& [number, client] : clients_)
        count += client.subscriptions.size();
    return count;
}

}  // namespace sluice::node::rpc
