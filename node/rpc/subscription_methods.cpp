/// eth_subscribe and eth_unsubscribe, on WebSockets.
#include <array>

#include <fmt/format.h>

#include "node/rpc/services.hpp"

namespace sluice::node::rpc {
namespace {

struct TopicName {
    std::string_view name;
    Topic topic{};
};
constexpr std::array topic_names{
    TopicName{"newHeads", Topic::heads},
    TopicName{"logs", Topic::logs},
    TopicName{"newPendingTransactions", Topic::pending},
};

std::optional<Topic> topic_of(std::string_view name) {
    for (const auto& row : topic_names)
        if (row.name == name) return row.topic;
    return std::nullopt;
}

Error needs_socket() {
    return {network::json_rpc::method_not_found,
            "notifications not supported: subscriptions need a WebSocket", std::nullopt};
}

/// newPendingTransactions takes `true` for whole transactions instead of hashes.
Topic with_content(Topic topic, Arguments& arguments) {
    if (topic != Topic::pending) return topic;
    return arguments.get_or(1, read_boolean, false) ? Topic::pending_with_content : Topic::pending;
}

void subscribe(NodeCall call) {
    if (!call.caller.socket) return call.answer(core::fail(needs_socket()));
    const auto name = call.arguments.get(0, read_text);
    const auto topic = topic_of(name);
    if (!topic && !call.arguments.fault())
        call.arguments.fail(invalid_params(
            fmt::format("no \"{}\" subscription in eth namespace", std::string_view(name).substr(0, 60))));
    LogCriteria criteria;
    Topic wanted = topic.value_or(Topic::heads);
    if (wanted == Topic::logs && call.arguments.find(1) != nullptr)
        criteria = read_log_query(call.arguments, 1).criteria;
    wanted = with_content(wanted, call.arguments);
    if (call.arguments.fault()) return call.answer(core::fail(*call.arguments.fault()));
    auto& subscriptions = call.services->subscriptions;
    const auto id = subscriptions.reserve(call.caller.socket);
    if (!id) return call.answer(core::fail(id.error()));
    call.answer(fmt::format("\"{}\"", *id));
    subscriptions.begin(call.caller.socket, *id, wanted, std::move(criteria));
}

void unsubscribe(NodeCall call) {
    if (!call.caller.socket) return call.answer(core::fail(needs_socket()));
    const auto id = call.arguments.get(0, read_text);
    if (call.arguments.fault()) return call.answer(core::fail(*call.arguments.fault()));
    if (!call.services->subscriptions.end(call.caller.socket, id))
        return call.answer(core::fail(server_error("subscription not found")));
    call.answer(std::string("true"));
}

}  // namespace

// clang-format off
std::vector<Method> subscription_methods() {
    return {
        {"eth_subscribe", "Events as they come: newHeads, logs, newPendingTransactions (WebSocket only)",
         {{"topic", "Text"}, {"options", "Any", false}}, "Text", Access::node, Role::anyone, subscribe},
        {"eth_unsubscribe", "Ends a subscription (WebSocket only)", {{"id", "Text"}}, "Boolean", Access::node,
         Role::anyone, unsubscribe},
    };
}
// clang-format on

}  // namespace sluice::node::rpc
