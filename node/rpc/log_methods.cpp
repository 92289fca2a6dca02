/// eth_ methods about logs, and filters that are polled.
#include <fmt/format.h>

#include "node/rpc/json_writer.hpp"
#include "node/rpc/log_search.hpp"
#include "node/rpc/services.hpp"

namespace sluice::node::rpc {
namespace {

Answer answer_query(const ReadCall& call, const LogQuery& query) {
    const auto range = range_of(query, *call.snapshot);
    if (!range) return core::fail(range.error());
    if (!*range) return std::string("[]");
    return find_logs(call.reader(), query.criteria, **range);
}

Answer logs(const ReadCall& call) {
    const auto query = read_log_query(call.arguments, 0);
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    return answer_query(call, query);
}

Answer filter_text(const core::Result<std::uint64_t, Error>& id) {
    if (!id) return core::fail(id.error());
    return JsonWriter().quantity(*id).take();
}

Answer new_filter(const ReadCall& call) {
    auto query = read_log_query(call.arguments, 0);
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    return filter_text(
        call.services.filters.add_logs(std::move(query), call.snapshot->height(), call.node().wall_ms()));
}

Answer new_block_filter(const ReadCall& call) {
    return filter_text(call.services.filters.add_blocks(call.snapshot->height(), call.node().wall_ms()));
}

Answer new_pending_filter(const ReadCall& call) {
    return filter_text(call.services.filters.add_pending(call.node().wall_ms()));
}

Answer filter_changes(const ReadCall& call) {
    const auto id = call.arguments.get(0, read_u64);
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    return call.services.filters.changes(id, call.reader(), call.node().wall_ms());
}

Answer filter_logs(const ReadCall& call) {
    const auto id = call.arguments.get(0, read_u64);
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    const auto query = call.services.filters.query(id, call.node().wall_ms());
    if (!query) return core::fail(query.error());
    return answer_query(call, *query);
}

Answer uninstall_filter(const ReadCall& call) {
    const auto id = call.arguments.get(0, read_u64);
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    return std::string(call.services.filters.remove(id) ? "true" : "false");
}

}  // namespace

// clang-format off
std::vector<Method> log_methods() {
    const Parameter query{"query", "LogQuery"};
    const Parameter id{"filterId", "Quantity"};
    constexpr auto anyone = Role::anyone;
    return {
        {"eth_getLogs", "Logs of a range of blocks", {query}, "[Log]", Access::heavy, anyone, logs},
        {"eth_newFilter", "A filter for logs of coming blocks", {query}, "Quantity", Access::read, anyone, new_filter},
        {"eth_newBlockFilter", "A filter for coming blocks", {}, "Quantity", Access::read, anyone, new_block_filter},
        {"eth_newPendingTransactionFilter", "A filter for transactions that enter the pool", {}, "Quantity",
         Access::read, anyone, new_pending_filter},
        {"eth_getFilterChanges", "What is new since a filter was asked last", {id}, "FilterChanges", Access::heavy,
         anyone, filter_changes},
        {"eth_getFilterLogs", "Everything that a filter for logs matches", {id}, "[Log]", Access::heavy, anyone,
         filter_logs},
        {"eth_uninstallFilter", "Forgets a filter", {id}, "Boolean", Access::read, anyone, uninstall_filter},
    };
}
// clang-format on

}  // namespace sluice::node::rpc
