#include "node/rpc/filters.hpp"

#include <algorithm>

#include "node/rpc/limits.hpp"

namespace sluice::node::rpc {
namespace {

Error not_found() {
    return server_error("filter not found");
}

/// The next number of a sequence without visible order (splitmix64).
std::uint64_t scatter(std::uint64_t value) {
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ull;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebull;
    return value ^ (value >> 31);
}

}  // namespace

core::Result<std::uint64_t, Error> Filters::add_logs(LogQuery query, core::Height head, core::UnixMs now_ms) {
    // Polling starts with the next block, unless the query names a later one.
    core::Height first = head + 1;
    if (query.from.kind == BlockReference::Kind::height) first = std::max(first, query.from.height);
    return add({Kind::logs, std::move(query), first, 0, now_ms});
}

core::Result<std::uint64_t, Error> Filters::add_blocks(core::Height head, core::UnixMs now_ms) {
    return add({Kind::blocks, {}, head + 1, 0, now_ms});
}

core::Result<std::uint64_t, Error> Filters::add_pending(core::UnixMs now_ms) {
    return add({Kind::pending, {}, 0, 0, now_ms});
}

core::Result<std::uint64_t, Error> Filters::add(Filter filter) {
    const std::lock_guard lock(mutex_);
    expire(filter.asked_ms);
    if (filters_.size() >= limits::filters_max) return core::fail(limit_exceeded("too many filters"));
    if (filter.kind == Kind::pending) {
        ++pending_filters_;
        filter.next_sequence = first_pending_ + pending_.size();
    }
    std::uint64_t id = 0;
    do
        id = scatter(next_id_ += 0x9e3779b97f4a7c15ull);
    while (id == 0 || filters_.contains(id));
    filters_.emplace(id, std::move(filter));
    return id;
}

bool Filters::remove(std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    const auto found = filters_.find(id);
    if (found == filters_.end()) return false;
    if (found->second.kind == Kind::pending) --pending_filters_;
    filters_.erase(found);
    return true;
}

void Filters::expire(core::UnixMs now_ms) {
    for (auto at = filters_.begin(); at != filters_.end();) {
        if (now_ms < at->second.asked_ms + limits::filter_idle_ms) {
            ++at;
            continue;
        }
        if (at->second.kind == Kind::pending) --pending_filters_;
        at = filters_.erase(at);
    }
}

std::optional<Filters::Filter> Filters::touch(std::uint64_t id, core::UnixMs now_ms) {
    const std::lock_guard lock(mutex_);
    expire(now_ms);
    const auto found = filters_.find(id);
    if (found == filters_.end()) return std::nullopt;
    found->second.asked_ms = now_ms;
    return found->second;
}

void Filters::advance(std::uint64_t id, core::Height next_height, std::uint64_t next_sequence) {
    const std::lock_guard lock(mutex_);
    const auto found = filters_.find(id);
    if (found == filters_.end()) return;
    found->second.next_height = next_height;
    found->second.next_sequence = next_sequence;
}

Answer Filters::changes(std::uint64_t id, const ChainReader& reader, core::UnixMs now_ms) {
    const auto filter = touch(id, now_ms);
    if (!filter) return core::fail(not_found());
    switch (filter->kind) {
        case Kind::blocks:
            return new_blocks(id, *filter, reader);
        case Kind::logs:
            return new_logs(id, *filter, reader);
        case Kind::pending:
            return new_pending(id, *filter);
    }
    return core::fail(not_found());
}

core::Result<LogQuery, Error> Filters::query(std::uint64_t id, core::UnixMs now_ms) {
    auto filter = touch(id, now_ms);
    if (!filter || filter->kind != Kind::logs) return core::fail(not_found());
    return std::move(filter->query);
}

Answer Filters::new_blocks(std::uint64_t id, const Filter& filter, const ChainReader& reader) {
    JsonWriter json;
    json.begin_array();
    core::Height height = filter.next_height;
    const auto& snapshot = reader.snapshot();
    for (std::size_t count = 0; height <= snapshot.height() && count < limits::log_results_max;
         ++height, ++count)
        json.data(*snapshot.hash_at(height));
    json.end_array();
    advance(id, height, 0);
    return json.take();
}

Answer Filters::new_logs(std::uint64_t id, const Filter& filter, const ChainReader& reader) {
    JsonWriter json;
    LogSearch search(reader, filter.query.criteria, json);
    const auto give_up = std::chrono::steady_clock::now() + limits::query_time_max;
    core::Height last = reader.snapshot().height();
    if (filter.query.to.kind == BlockReference::Kind::height) last = std::min(last, filter.query.to.height);
    json.begin_array();
    core::Height height = filter.next_height;
    // What does not fit comes with the next poll: a poller that fell behind loses nothing.
    for (; height <= last; ++height) {
        const bool is_full = height - filter.next_height >= limits::log_range_blocks_max ||
                             search.results() >= limits::log_results_max ||
                             std::chrono::steady_clock::now() > give_up;
        if (is_full) break;
        search.add_block(height);
    }
    json.end_array();
    advance(id, height, 0);
    return json.take();
}

Answer Filters::new_pending(std::uint64_t id, const Filter& filter) {
    std::vector<core::Hash> hashes;
    std::uint64_t next = 0;
    {
        const std::lock_guard lock(mutex_);
        const std::uint64_t end = first_pending_ + pending_.size();
        next = std::clamp(filter.next_sequence, first_pending_, end);
        const auto count =
            static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(end - next, limits::log_results_max));
        const auto from = pending_.begin() + static_cast<std::ptrdiff_t>(next - first_pending_);
        hashes.assign(from, from + count);
    }
    advance(id, filter.next_height, next + hashes.size());
    JsonWriter json(80 * hashes.size() + 2);
    json.begin_array();
    for (const auto& hash : hashes)
        json.data(hash);
    json.end_array();
    return json.take();
}

void Filters::on_pending(const core::Hash& transaction) {
    const std::lock_guard lock(mutex_);
    if (pending_filters_ == 0) return;
    pending_.push_back(transaction);
    if (pending_.size() <= limits::pending_hashes_max) return;
    pending_.pop_front();
    ++first_pending_;
}

bool Filters::wants_pending() const {
    const std::lock_guard lock(mutex_);
    return pending_filters_ > 0;
}

}  // namespace sluice::node::rpc
