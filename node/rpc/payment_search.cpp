#include "node/rpc/payment_search.hpp"

#include <algorithm>
#include <limits>

#include "node/rpc/limits.hpp"
#include "node/rpc/payment_history.hpp"
#include "node/rpc/settlement_block.hpp"
#include "node/rpc/settlement_errors.hpp"

namespace sluice::node::rpc {
namespace {

enum class Direction : std::uint8_t { any, outgoing, incoming };
Reading<Direction> read_direction(const Json& value) {
    if (value == "outgoing") return Direction::outgoing;
    if (value == "incoming") return Direction::incoming;
    return core::fail(std::string("expected \"outgoing\" or \"incoming\""));
}

/// True for the newest first.
Reading<bool> read_order(const Json& value) {
    if (value == "oldest") return false;
    if (value == "newest") return true;
    return core::fail(std::string("expected \"oldest\" or \"newest\""));
}

/// One of the four words, or the precise state.
Reading<std::string> read_status_word(const Json& value) {
    const auto text = read_text(value);
    if (text) {
        for (unsigned i = 0; i <= static_cast<unsigned>(native::last_enumerator<native::Status>); ++i) {
            const auto status = static_cast<native::Status>(i);
            if (*text == native::name_of(status) || *text == name_of(native::outcome_of(status))) return text;
        }
    }
    return core::fail(std::string("expected Pending, Final or Never, or a state such as Queued"));
}

struct SearchWish {
    std::optional<core::Bic> party;
    Direction direction = Direction::any;
    std::optional<core::CurrencyCode> currency;
    std::optional<native::MessageType> type;
    std::optional<native::PaymentId> id;
    std::optional<std::string> status;
    std::optional<std::uint64_t> value_date;
    core::Minor amount_from = 0;
    core::Minor amount_to = native::amount_max;
    bool newest_first = false;
    std::uint64_t max = limits::list_rows_max;

    /// What never changes about a payment.
    bool takes(const native::PaymentStatusEvent& event) const {
        const bool pays = !party || event.payer == party->chars();
        const bool is_paid = !party || event.payee == party->chars();
        const bool has_party = direction == Direction::outgoing   ? pays
                               : direction == Direction::incoming ? is_paid
                                                                  : pays || is_paid;
        return has_party && (!type || event.message_type == native::tag_of(*type)) &&
               (!id || event.id == *id) && (!currency || event.currency == currency->chars()) &&
               event.amount >= amount_from && event.amount <= amount_to;
    }
    bool takes_status(native::Status now) const {
        return !status || *status == native::name_of(now) || *status == name_of(native::outcome_of(now));
    }
};

/// "250.00" in the currency that the filter names.
core::Result<core::Minor, Error> read_bound(const ReadCall& call, const char* name, core::Minor otherwise,
                                            const native::CurrencyInfo* currency) {
    const auto text = call.arguments.member_if(0, name, read_text);
    if (!text) return otherwise;
    if (currency == nullptr)
        return core::fail(invalid_argument(0, std::string(name) + ": amounts need ccy beside them"));
    const auto minor = core::parse_amount(*text, currency->exponent);
    if (!minor)
        return core::fail(
            invalid_argument(0, std::string(name) + ": " + std::string(core::describe(minor.error()))));
    return *minor;
}

core::Result<SearchWish, Error> read_wish(const ReadCall& call, const SettlementReader& settlement) {
    SearchWish wish;
    auto& arguments = call.arguments;
    wish.party = arguments.member_if(0, "party", read_bic);
    wish.direction = arguments.member_if(0, "direction", read_direction).value_or(Direction::any);
    wish.currency = arguments.member_if(0, "ccy", read_currency);
    wish.type = arguments.member_if(0, "msgType", read_message_type);
    wish.id = arguments.member_if(0, "paymentId", read_hash);
    wish.status = arguments.member_if(0, "status", read_status_word);
    wish.value_date = arguments.member_if(0, "valueDate", read_number);
    wish.newest_first = arguments.member_if(0, "order", read_order).value_or(false);
    wish.max = std::clamp<std::uint64_t>(
        arguments.member_if(0, "max", read_number).value_or(limits::found_payments_max), 1,
        limits::found_payments_max);
    if (wish.direction != Direction::any && !wish.party)
        arguments.fail(invalid_argument(0, "direction needs a party"));
    if (arguments.fault()) return core::fail(*arguments.fault());
    const auto* row = wish.currency ? settlement.find_currency(*wish.currency) : nullptr;
    if (wish.currency && row == nullptr) return core::fail(unknown_currency(*wish.currency));
    const auto from = read_bound(call, "amountFrom", wish.amount_from, row);
    if (!from) return core::fail(from.error());
    const auto to = read_bound(call, "amountTo", wish.amount_to, row);
    if (!to) return core::fail(to.error());
    if (arguments.fault()) return core::fail(*arguments.fault());
    wish.amount_from = *from;
    wish.amount_to = *to;
    return wish;
}

/// A walk over the blocks, up or down, that writes the payments it finds.
class PaymentSearch {
  public:
    PaymentSearch(const ReadCall& call, const SearchWish& wish, const SettlementReader& settlement,
                  JsonWriter& json)
        : snapshot_(*call.snapshot),
          reader_(call.reader()),
          wish_(wish),
          settlement_(settlement),
          json_(json) {}

    /// Where the next answer goes on; nothing when everything was read that this node keeps. Downwards the
    /// cursor stands behind the events that are still to be read.
    core::Result<std::optional<EventCursor>, Error> run(EventCursor cursor) {
        if (wish_.newest_first && cursor.height < snapshot_.first_body()) return std::nullopt;
        for (;;) {
            const auto is_read = read_block(cursor);
            if (!is_read) return core::fail(is_read.error());
            if (!*is_read) return cursor;
            if (wish_.newest_first) {
                if (cursor.height <= snapshot_.first_body()) return std::nullopt;
                cursor = {cursor.height - 1, std::numeric_limits<std::uint64_t>::max()};
            } else {
                if (cursor.height >= snapshot_.height()) return std::nullopt;
                cursor = {cursor.height + 1, 0};
            }
            if (is_full()) return cursor;
        }
    }

  private:
    /// Nothing more goes into this answer.
    bool is_full() const {
        return rows_ >= wish_.max || json_.size() >= limits::found_bytes_max ||
               std::chrono::steady_clock::now() >= give_up_;
    }

    /// False: there is more in the block, behind the cursor. One event at least is read, so that who asks
    /// again gets on.
    core::Result<bool, Error> read_block(EventCursor& cursor) {
        const auto header = snapshot_.header(cursor.height);
        if (!header || !SettlementBlock::may_hold_events(*header, wish_.party)) return true;
        const auto block = SettlementBlock::read(reader_, cursor.height);
        std::vector<const SettlementLog*> logs;
        for (const auto& log : block.logs())
            if (wish_.newest_first ? log.index < cursor.index : log.index >= cursor.index)
                logs.push_back(&log);
        if (wish_.newest_first) std::reverse(logs.begin(), logs.end());
        for (const auto* log : logs) {
            if (log != logs.front() && is_full()) return false;
            cursor.index = wish_.newest_first ? log->index : log->index + 1;
            const auto* event = std::get_if<native::PaymentStatusEvent>(&log->event);
            if (event == nullptr || !wish_.takes(*event) || !is_first(*event, cursor.height, *log)) continue;
            if (auto written = write_if_wanted(*event); !written) return core::fail(written.error());
        }
        return true;
    }

    /// A payment stands where it came into the ledger, and nowhere else.
    bool is_first(const native::PaymentStatusEvent& event, core::Height height,
                  const SettlementLog& log) const {
        const auto first = find_payment_events(snapshot_, {{event.uetr}, event.id}, std::nullopt, 1);
        return !first.empty() && first.front().height == height &&
               first.front().transaction_index == log.transaction_index &&
               first.front().log_index == log.log_index;
    }

    core::Result<void, Error> write_if_wanted(const native::PaymentStatusEvent& event) {
        const auto lives = find_lives(reader_, {{event.uetr}, std::nullopt, event.id});
        if (lives.empty() || !wish_.takes_status(lives.front().last.event.status)) return {};
        if (wish_.value_date) {
            const auto record = settlement_.payment(event.id);
            if (!record) return core::fail(record.error());
            if (record->value_date != *wish_.value_date) return {};
        }
        const auto text = payment_text(lives.front(), lives, reader_, settlement_,
                                       {.after = std::nullopt, .steps_max = limits::found_history_steps_max});
        if (!text) return core::fail(text.error());
        json_.raw(*text);
        ++rows_;
        return {};
    }

    const ledger::LedgerSnapshot& snapshot_;
    const ChainReader reader_;
    const SearchWish& wish_;
    const SettlementReader& settlement_;
    JsonWriter& json_;
    const std::chrono::steady_clock::time_point give_up_ =
        std::chrono::steady_clock::now() + limits::walk_time_max;
    std::uint64_t rows_ = 0;
};

}  // namespace

Answer search_payments(const ReadCall& call) {
    const auto settlement = SettlementReader::open(*call.snapshot, call.node());
    if (!settlement) return core::fail(settlement.error());
    const auto wish = read_wish(call, *settlement);
    if (!wish) return core::fail(wish.error());
    // Without a cursor a search begins with what is kept; going on into what was dropped is an error.
    auto start = EventCursor{call.snapshot->first_body(), 0};
    if (wish->newest_first) start = {call.snapshot->height(), std::numeric_limits<std::uint64_t>::max()};
    auto cursor = call.arguments.member_if(0, "cursor", read_event_cursor).value_or(start);
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    if (wish->newest_first)
        cursor = std::min(cursor, start);
    else if (std::max<core::Height>(cursor.height, 1) < call.snapshot->first_body())
        return core::fail(not_kept({cursor.height, call.snapshot->first_body()}));
    JsonWriter json(4'096);
    json.begin_object().key("payments").begin_array();
    const auto next = PaymentSearch(call, *wish, *settlement, json).run(cursor);
    if (!next) return core::fail(next.error());
    json.end_array().key("next");
    if (*next)
        json.text((*next)->to_string());
    else
        json.null();
    json.key("height").number(settlement->height());
    json.key("oldestHeight").number(call.snapshot->first_body());
    json.end_object();
    return json.take();
}

}  // namespace sluice::node::rpc
