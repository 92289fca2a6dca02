/// settle_subscribe and settle_unsubscribe, on WebSockets.
#include <algorithm>

#include <fmt/format.h>

#include "node/rpc/entry_reading.hpp"
#include "node/rpc/services.hpp"
#include "node/rpc/settlement_errors.hpp"

namespace sluice::node::rpc {
namespace {

Error needs_socket() {
    return {network::json_rpc::method_not_found,
            "notifications not supported: subscriptions need a WebSocket", std::nullopt};
}

Reading<std::vector<std::string>> read_topics(const Json& value) {
    auto topics = read_list(value, 2, read_text);
    if (!topics) return core::fail(topics.error());
    for (const auto& topic : *topics)
        if (topic != "payments" && topic != "entries")
            return core::fail(std::string("known topics are \"payments\" and \"entries\""));
    if (topics->empty()) return core::fail(std::string("expected at least one topic"));
    return topics;
}

/// From where on: nothing, a place of the chain, or the number of an account's entry.
struct Start {
    std::optional<EventCursor> cursor;
    std::optional<std::uint64_t> entry;
};
Reading<Start> read_start(const Json& value) {
    if (value.is_number()) {
        const auto number = read_number(value);
        if (!number) return core::fail(number.error());
        return Start{std::nullopt, *number};
    }
    const auto cursor = read_event_cursor(value);
    if (!cursor) return core::fail(cursor.error());
    return Start{*cursor, std::nullopt};
}

/// A place before the entry of that number, or behind the head if there is none yet.
core::Result<EventCursor, Error> place_of_entry(const NodeCall& call, const FeedWish& wish) {
    const auto& snapshot = *call.snapshot;
    const auto settlement = SettlementReader::open(snapshot, call.services->node);
    if (!settlement) return core::fail(settlement.error());
    if (settlement->find_currency(*wish.currency) == nullptr)
        return core::fail(unknown_currency(*wish.currency));
    const auto party = settlement->participant(*wish.bic);
    if (!party) return core::fail(party.error());
    if (party->status == native::ParticipantStatus::none) return core::fail(unknown_participant(*wish.bic));
    const auto places =
        entries_from(snapshot, *settlement, {wish.bic->chars(), wish.currency->chars()}, wish.first_entry, 1);
    if (!places) return core::fail(places.error());
    // Earlier entries of that block are skipped by their numbers.
    return EventCursor{places->empty() ? snapshot.height() + 1 : places->front().height, 0};
}

core::Result<EventCursor, Error> find_start(const NodeCall& call, const Start& start, FeedWish& wish) {
    const auto& snapshot = *call.snapshot;
    if (!start.entry) {
        const auto cursor = start.cursor.value_or(EventCursor{snapshot.height() + 1, 0});
        // The genesis block holds no events: who starts there lacks nothing before block 1.
        if (std::max<core::Height>(cursor.height, 1) < snapshot.first_body())
            return core::fail(not_kept({cursor.height, snapshot.first_body()}));
        return cursor;
    }
    if (!wish.bic || !wish.currency || wish.payments)
        return core::fail(invalid_argument(
            0,
            "fromSeq: a number counts the entries of one account: name bic and ccy, and only the topic "
            "entries"));
    wish.first_entry = std::max<std::uint64_t>(*start.entry, 1);
    try {
        return place_of_entry(call, wish);
    } catch (const ledger::BlockNotKept& block) {
        return core::fail(not_kept(block));
    }
}

void subscribe(NodeCall call) {
    if (!call.caller.socket) return call.answer(core::fail(needs_socket()));
    FeedWish wish;
    for (const auto& topic : call.arguments.member(0, "topics", read_topics))
        (topic == "payments" ? wish.payments : wish.entries) = true;
    wish.bic = call.arguments.member_if(0, "bic", read_bic);
    wish.currency = call.arguments.member_if(0, "ccy", read_currency);
    const auto start = call.arguments.member_if(0, "fromSeq", read_start).value_or(Start{});
    if (call.arguments.fault()) return call.answer(core::fail(*call.arguments.fault()));
    const auto cursor = find_start(call, start, wish);
    if (!cursor) return call.answer(core::fail(cursor.error()));
    auto& feed = call.services->feed;
    const auto id = feed.reserve(call.caller.socket);
    if (!id) return call.answer(core::fail(id.error()));
    call.answer(fmt::format("\"{}\"", *id));
    feed.begin(call.services, call.caller.socket, *id, std::move(wish), *cursor);
}

void unsubscribe(NodeCall call) {
    if (!call.caller.socket) return call.answer(core::fail(needs_socket()));
    const auto id = call.arguments.get(0, read_text);
    if (call.arguments.fault()) return call.answer(core::fail(*call.arguments.fault()));
    if (!call.services->feed.end(call.caller.socket, id))
        return call.answer(core::fail(server_error("subscription not found")));
    call.answer(std::string("true"));
}

}  // namespace

// clang-format off
std::vector<Method> feed_methods() {
    return {
        {"settle_subscribe", "Payments and entries from a place of the chain on, without a gap (WebSocket only)",
         {{"query", "FeedQuery"}}, "Text", Access::node, Role::anyone, subscribe},
        {"settle_unsubscribe", "Ends such a subscription (WebSocket only)", {{"id", "Text"}}, "Boolean",
         Access::node, Role::anyone, unsubscribe},
    };
}
// clang-format on

}  // namespace sluice::node::rpc
