#include "node/rpc/log_search.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/check.hpp"
#include "node/rpc/chain_json.hpp"
#include "node/rpc/limits.hpp"

namespace sluice::node::rpc {
namespace {

Reading<std::vector<core::Address>> read_addresses(const Json& value) {
    if (value.is_array()) return read_list(value, limits::log_addresses_max, read_address);
    const auto address = read_address(value);
    if (!address) return core::fail(address.error());
    return std::vector{*address};
}

/// One position: null takes everything, one topic itself, a list any of its entries (null in it: everything).
Reading<std::vector<core::Word>> read_alternatives(const Json& value) {
    std::vector<core::Word> alternatives;
    if (value.is_null()) return alternatives;
    if (!value.is_array()) {
        const auto topic = read_hash(value);
        if (!topic) return core::fail(topic.error());
        return std::vector<core::Word>{*topic};
    }
    if (std::any_of(value.begin(), value.end(), [](const Json& entry) { return entry.is_null(); }))
        return alternatives;
    return read_list(value, limits::log_topic_alternatives_max, read_hash);
}

Reading<std::vector<std::vector<core::Word>>> read_topics(const Json& value) {
    return read_list(value, core::limits::log_topics_max, read_alternatives);
}

bool is_above(core::Height height, const ledger::LedgerSnapshot& snapshot) {
    return height > snapshot.height();
}

core::Height height_in(const BlockReference& block, const ledger::LedgerSnapshot& snapshot) {
    return block.kind == BlockReference::Kind::height ? block.height : snapshot.height();
}

}  // namespace

bool LogCriteria::matches(const core::Log& log) const {
    if (!addresses.empty() && std::find(addresses.begin(), addresses.end(), log.address) == addresses.end())
        return false;
    if (topics.size() > log.topics.size()) return false;
    for (std::size_t i = 0; i < topics.size(); ++i) {
        const auto& wanted = topics[i];
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), log.topics[i]) == wanted.end())
            return false;
    }
    return true;
}

bool LogCriteria::may_match(const core::Bloom& bloom) const {
    const auto may_hold = [&](const auto& value) { return core::may_contain(bloom, value); };
    if (!addresses.empty() && std::none_of(addresses.begin(), addresses.end(), may_hold)) return false;
    return std::all_of(topics.begin(), topics.end(), [&](const std::vector<core::Word>& wanted) {
        return wanted.empty() || std::any_of(wanted.begin(), wanted.end(), may_hold);
    });
}

LogQuery read_log_query(Arguments& arguments, std::size_t index) {
    arguments.get(index, read_object);
    LogQuery query;
    query.from = arguments.member_if(index, "fromBlock", read_block_number).value_or(BlockReference{});
    query.to = arguments.member_if(index, "toBlock", read_block_number).value_or(BlockReference{});
    query.block_hash = arguments.member_if(index, "blockHash", read_hash);
    query.criteria.addresses =
        arguments.member_if(index, "address", read_addresses).value_or(std::vector<core::Address>{});
    query.criteria.topics =
        arguments.member_if(index, "topics", read_topics).value_or(std::vector<std::vector<core::Word>>{});
    const bool has_range =
        arguments.find(index, "fromBlock") != nullptr || arguments.find(index, "toBlock") != nullptr;
    if (query.block_hash && has_range)
        arguments.fail(invalid_argument(
            index, "cannot specify both BlockHash and FromBlock/ToBlock, choose one or the other"));
    return query;
}

core::Result<std::optional<HeightRange>, Error> range_of(const LogQuery& query,
                                                         const ledger::LedgerSnapshot& snapshot) {
    if (query.block_hash) {
        const auto height = find_block(snapshot, *query.block_hash);
        if (!height) return core::fail(server_error("unknown block"));
        return HeightRange{*height, *height};
    }
    const core::Height first = height_in(query.from, snapshot);
    core::Height last = height_in(query.to, snapshot);
    if (first > last && !is_above(first, snapshot))
        return core::fail(
            invalid_params(fmt::format("invalid block range params: {} lies above {}", first, last)));
    if (is_above(first, snapshot)) return std::optional<HeightRange>{};
    last = std::min(last, snapshot.height());
    if (last - first >= limits::log_range_blocks_max)
        return core::fail(limit_exceeded(fmt::format("block range too large: {} blocks, at most {}",
                                                     last - first + 1, limits::log_range_blocks_max)));
    return HeightRange{first, last};
}

void LogSearch::add_block(core::Height height) {
    const auto& snapshot = reader_.snapshot();
    const auto header = snapshot.header(height);
    CHECK(header.has_value());
    if (!criteria_.may_match(header->bloom)) return;
    const auto receipts = snapshot.receipts(height);
    CHECK(receipts.has_value());
    std::optional<FoundBlock> block;
    std::uint64_t log_index = 0;
    for (std::uint32_t i = 0; i < receipts->size(); ++i) {
        for (const auto& log : (*receipts)[i].logs) {
            const auto index = log_index++;
            if (!criteria_.matches(log)) continue;
            if (!block) block = reader_.block(height, false);
            write_log(json_, log, {block->place(), i}, block->transaction_hashes.at(i), index);
            ++results_;
        }
    }
}

Answer find_logs(const ChainReader& reader, const LogCriteria& criteria, const HeightRange& range) {
    const auto give_up = std::chrono::steady_clock::now() + limits::query_time_max;
    JsonWriter json;
    LogSearch search(reader, criteria, json);
    json.begin_array();
    for (core::Height height = range.first; height <= range.last; ++height) {
        search.add_block(height);
        if (search.results() > limits::log_results_max)
            return core::fail(limit_exceeded(fmt::format(
                "query returned more than {} results: narrow the block range", limits::log_results_max)));
        if (json.size() > network::json_rpc_response_bytes_max)
            return core::fail(limit_exceeded("query returned more than 25 MiB: narrow the block range"));
        if (std::chrono::steady_clock::now() > give_up)
            return core::fail(limit_exceeded("query took longer than 5 s: narrow the block range"));
    }
    json.end_array();
    return json.take();
}

}  // namespace sluice::node::rpc
