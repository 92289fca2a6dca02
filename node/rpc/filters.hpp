/// Filters that clients poll: what is new since they asked last (eth_newFilter and its kin).
#pragma once

#include <deque>
#include <map>
#include <mutex>

#include "node/rpc/log_search.hpp"

namespace sluice::node::rpc {

/// Bounded by limits::filters_max; one that nobody asks for limits::filter_idle_ms is gone. Blocks and logs
/// are read from the ledger when asked for, so a filter holds a height and no results. Any thread.
class Filters {
  public:
    /// Ids are random enough that clients do not meet each other's by counting.
    explicit Filters(std::uint64_t seed) : next_id_(seed) {}

    core::Result<std::uint64_t, Error> add_logs(LogQuery query, core::Height head, core::UnixMs now_ms);
    core::Result<std::uint64_t, Error> add_blocks(core::Height head, core::UnixMs now_ms);
    core::Result<std::uint64_t, Error> add_pending(core::UnixMs now_ms);
    /// False if there is no such filter.
    bool remove(std::uint64_t id);

    /// A JSON array of what is new: hashes or logs.
    Answer changes(std::uint64_t id, const ChainReader& reader, core::UnixMs now_ms);
    /// The query of a log filter, to be asked as a whole.
    core::Result<LogQuery, Error> query(std::uint64_t id, core::UnixMs now_ms);

    /// A transaction entered the pool.
    void on_pending(const core::Hash& transaction);
    /// False: on_pending need not be called.
    bool wants_pending() const;

  private:
    enum class Kind : std::uint8_t { logs, blocks, pending };
    struct Filter {
        Kind kind{};
        LogQuery query;
        core::Height next_height = 0;     ///< the first that was not reported
        std::uint64_t next_sequence = 0;  ///< of pending hashes, likewise
        core::UnixMs asked_ms = 0;
    };
    core::Result<std::uint64_t, Error> add(Filter filter);
    void expire(core::UnixMs now_ms);
    std::optional<Filter> touch(std::uint64_t id, core::UnixMs now_ms);
    void advance(std::uint64_t id, core::Height next_height, std::uint64_t next_sequence);
    Answer new_blocks(std::uint64_t id, const Filter& filter, const ChainReader& reader);
    Answer new_logs(std::uint64_t id, const Filter& filter, const ChainReader& reader);
    Answer new_pending(std::uint64_t id, const Filter& filter);

    mutable std::mutex mutex_;
    std::map<std::uint64_t, Filter> filters_;
    std::uint64_t next_id_;
    std::size_t pending_filters_ = 0;
    std::deque<core::Hash> pending_;   ///< the newest hashes
    std::uint64_t first_pending_ = 0;  ///< sequence number of pending_.front()
};

}  // namespace sluice::node::rpc
