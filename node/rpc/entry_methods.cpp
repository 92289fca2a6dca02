/// settle_exportEntries: the entries of accounts as rows for a bank's or auditor's own books.
#include <algorithm>

#include <fmt/format.h>

#include "node/rpc/entry_reading.hpp"
#include "node/rpc/limits.hpp"
#include "node/rpc/services.hpp"
#include "node/rpc/settlement_block.hpp"
#include "node/rpc/settlement_errors.hpp"

namespace sluice::node::rpc {
namespace {

struct ExportWish {
    std::optional<core::Bic> bic;
    std::optional<core::CurrencyCode> currency;
    std::uint64_t max = limits::list_rows_max;

    bool takes(const native::AccountEntryEvent& entry) const {
        return (!bic || bic->chars() == entry.bic) && (!currency || currency->chars() == entry.currency);
    }
};

/// The entries of one account from its number `from` on.
Answer export_account(const ReadCall& call, const ExportWish& wish, std::uint64_t from,
                      const SettlementReader& settlement) {
    const AccountKey account{wish.bic->chars(), wish.currency->chars()};
    const auto found = entries_from(*call.snapshot, settlement, account, from, wish.max);
    if (!found) return core::fail(found.error());
    const auto& places = *found;
    const auto give_up = std::chrono::steady_clock::now() + limits::walk_time_max;
    const auto exponent = settlement.exponent(account.currency);
    const auto reader = call.reader();
    std::size_t rows = 0;
    JsonWriter json(512 * places.size() + 256);
    json.begin_object().key("entries").begin_array();
    std::optional<SettlementBlock> block;
    for (const auto& place : places) {
        // One row at least, so that who asks again gets on.
        if (rows > 0 && std::chrono::steady_clock::now() >= give_up) break;
        ++rows;
        if (!block || block->place().height != place.height)
            block = SettlementBlock::read(reader, place.height);
        const auto log =
            std::find_if(block->logs().begin(), block->logs().end(), [&](const SettlementLog& one) {
                return one.transaction_index == place.transaction_index && one.log_index == place.log_index;
            });
        if (log != block->logs().end()) write_entry(json, *block, *log, exponent);
    }
    json.end_array();
    json.key("nextSeq").number(rows == 0 ? from : places[rows - 1].entry + 1);
    json.key("isComplete").boolean(rows == places.size() && rows < wish.max);
    json.key("height").number(settlement.height());
    json.end_object();
    return json.take();
}

/// The entries of many accounts in the order of the chain, from a place on.
Answer export_all(const ReadCall& call, const ExportWish& wish, EventCursor cursor,
                  const SettlementReader& settlement) {
    const auto give_up = std::chrono::steady_clock::now() + limits::walk_time_max;
    const auto reader = call.reader();
    const auto head = call.snapshot->height();
    std::uint64_t rows = 0;
    JsonWriter json(512 * wish.max + 256);
    json.begin_object().key("entries").begin_array();
    while (cursor.height <= head && rows < wish.max && std::chrono::steady_clock::now() < give_up) {
        const auto header = call.snapshot->header(cursor.height);
        if (header && SettlementBlock::may_hold_events(*header, wish.bic)) {
            const auto block = SettlementBlock::read(reader, cursor.height);
            for (const auto& log : block.logs()) {
                const auto* entry = std::get_if<native::AccountEntryEvent>(&log.event);
                if (entry == nullptr || log.index < cursor.index || !wish.takes(*entry)) continue;
                if (rows == wish.max) break;
                write_entry(json, block, log, settlement.exponent(entry->currency));
                cursor.index = log.index + 1;
                ++rows;
            }
            if (rows == wish.max) break;
        }
        cursor = {cursor.height + 1, 0};
    }
    json.end_array();
    json.key("nextSeq").text(cursor.to_string());
    json.key("isComplete").boolean(cursor.height > head);
    json.key("height").number(settlement.height());
    json.end_object();
    return json.take();
}

/// A place of the chain, or 0 for its beginning.
Reading<EventCursor> read_place_of_all(const Json& value) {
    if (value == 0) return EventCursor{};
    return read_event_cursor(value);
}

Answer export_entries(const ReadCall& call) {
    ExportWish wish;
    wish.bic = call.arguments.member_if(0, "bic", read_bic);
    wish.currency = call.arguments.member_if(0, "ccy", read_currency);
    wish.max = std::clamp<std::uint64_t>(
        call.arguments.member_if(0, "max", read_number).value_or(limits::list_rows_max), 1,
        limits::export_rows_max);
    const bool is_account = wish.bic && wish.currency;
    std::uint64_t from = 1;
    EventCursor cursor;
    if (is_account)
        from = std::max<std::uint64_t>(call.arguments.member_if(0, "fromSeq", read_number).value_or(1), 1);
    else
        cursor = call.arguments.member_if(0, "fromSeq", read_place_of_all).value_or(EventCursor{});
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    const auto settlement = SettlementReader::open(*call.snapshot, call.node());
    if (!settlement) return core::fail(settlement.error());
    if (wish.currency && settlement->find_currency(*wish.currency) == nullptr)
        return core::fail(unknown_currency(*wish.currency));
    if (wish.bic) {
        const auto party = settlement->participant(*wish.bic);
        if (!party) return core::fail(party.error());
        if (party->status == native::ParticipantStatus::none)
            return core::fail(unknown_participant(*wish.bic));
    }
    return is_account ? export_account(call, wish, from, *settlement)
                      : export_all(call, wish, cursor, *settlement);
}

}  // namespace

// clang-format off
std::vector<Method> entry_methods() {
    return {
        {"settle_exportEntries", "Entries of one account by its own numbers, or of all in the order of the chain",
         {{"query", "EntryQuery", false}}, "EntryList", Access::heavy, Role::anyone, export_entries},
    };
}
// clang-format on

}  // namespace sluice::node::rpc
