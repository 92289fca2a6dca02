/// Queries for logs: criteria, the blocks they cover, and the search.
#pragma once

#include <chrono>
#include <variant>
#include <vector>

#include "core/receipt.hpp"
#include "node/rpc/arguments.hpp"
#include "node/rpc/block_reference.hpp"
#include "node/rpc/chain_reading.hpp"
#include "node/rpc/json_writer.hpp"

namespace sluice::node::rpc {

/// Which logs: any of the addresses, and at each topic position any of the alternatives; an empty list takes
/// all.
struct LogCriteria {
    std::vector<core::Address> addresses;
    std::vector<std::vector<core::Word>> topics;

    bool matches(const core::Log& log) const;
    /// False means: certainly no log of a block with this bloom.
    bool may_match(const core::Bloom& bloom) const;
};

/// Which blocks: an inclusive range, or one by hash.
struct LogQuery {
    LogCriteria criteria;
    BlockReference from;
    BlockReference to;
    std::optional<core::Hash> block_hash;
};

/// {fromBlock, toBlock, address, topics} or {blockHash, address, topics}. Errors of form go to `arguments`.
LogQuery read_log_query(Arguments& arguments, std::size_t index);

/// An inclusive range of heights.
struct HeightRange {
    core::Height first = 0;
    core::Height last = 0;
};
/// The heights of a query; nothing if it lies above the head. Too long a range is -32005.
core::Result<std::optional<HeightRange>, Error> range_of(const LogQuery& query,
                                                         const ledger::LedgerSnapshot& snapshot);

/// A search that is under way: logs are written as they are found.
class LogSearch {
  public:
    LogSearch(const ChainReader& reader, const LogCriteria& criteria, JsonWriter& json)
        : reader_(reader), criteria_(criteria), json_(json) {}

    /// Adds the matching logs of one block, in order.
    void add_block(core::Height height);
    std::size_t results() const { return results_; }

  private:
    const ChainReader& reader_;
    const LogCriteria& criteria_;
    JsonWriter& json_;
    std::size_t results_ = 0;
};

/// All logs of a range as a JSON array; over limits::log_results_max or limits::query_time_max it is -32005.
Answer find_logs(const ChainReader& reader, const LogCriteria& criteria, const HeightRange& range);

}  // namespace sluice::node::rpc
