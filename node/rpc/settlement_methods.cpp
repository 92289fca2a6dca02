/// settle_ methods about the system: the business day, totals.
#include <algorithm>

#include "core/calendar.hpp"
#include "node/rpc/limits.hpp"
#include "node/rpc/services.hpp"
#include "node/rpc/settlement_errors.hpp"
#include "node/rpc/settlement_json.hpp"
#include "node/rpc/settlement_reading.hpp"

namespace sluice::node::rpc {
namespace {

/// Currencies of {ccy}, or all.
core::Result<std::vector<native::CurrencyInfo>, Error> wanted_currencies(const ReadCall& call,
                                                                         const SettlementReader& settlement) {
    const auto wanted = call.arguments.member_if(0, "ccy", read_currency);
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    if (!wanted) return settlement.currencies();
    const auto* row = settlement.find_currency(*wanted);
    if (row == nullptr) return core::fail(unknown_currency(*wanted));
    return std::vector{*row};
}

/// A JSON list with one object per currency, whose further members `write` adds.
template <typename Write>
Answer list_currencies(const ReadCall& call, Write write) {
    const auto settlement = SettlementReader::open(*call.snapshot, call.node());
    if (!settlement) return core::fail(settlement.error());
    const auto currencies = wanted_currencies(call, *settlement);
    if (!currencies) return core::fail(currencies.error());
    JsonWriter json;
    json.begin_array();
    for (const auto& currency : *currencies) {
        json.begin_object();
        json.key("ccy").text(trimmed(currency.code.data(), currency.code.size()));
        if (const auto fault = write(json, *settlement, currency)) return core::fail(*fault);
        json.key("height").number(settlement->height());
        json.end_object();
    }
    json.end_array();
    return json.take();
}

/// A date as YYYYMMDD or "YYYY-MM-DD".
Reading<core::DateYmd> read_date(const Json& value) {
    std::optional<core::DateYmd> date;
    if (const auto* text = value.get_ptr<const std::string*>()) {
        date = core::parse_date(*text);
    } else if (value.is_number_unsigned()) {
        const auto number = value.get<std::uint64_t>();
        if (number <= 99'991'231 && core::is_valid_date(static_cast<core::DateYmd>(number)))
            date = static_cast<core::DateYmd>(number);
    }
    if (!date) return core::fail(std::string("expected a date: YYYYMMDD or \"YYYY-MM-DD\""));
    return *date;
}

/// {preOpen, …, closing}, or null for what is no value date.
void write_times(JsonWriter& json, const std::array<core::UnixMs, 5>& times) {
    constexpr std::array<std::string_view, 5> names{"preOpen", "open", "cutoffCustomer", "cutoffBank",
                                                    "closing"};
    if (times == std::array<core::UnixMs, 5>{}) {
        json.null();
        return;
    }
    json.begin_object();
    for (std::size_t i = 0; i < names.size(); ++i)
        json.key(names[i]).number(times[i]);
    json.end_object();
}

/// A day of the calendar, its planned times, and whether it has closed.
std::optional<Error> write_date(JsonWriter& json, const SettlementReader& settlement,
                                const core::CurrencyCode& currency, core::DateYmd date) {
    const auto times = settlement.phase_times(currency, date);
    if (!times) return times.error();
    const auto closed = settlement.closed_day(currency, date);
    if (!closed) return closed.error();
    json.begin_object().key("date").number(date).key("times");
    write_times(json, *times);
    json.key("closedAt");
    if (closed->height == 0)
        json.null();
    else
        json.number(closed->time_ms);
    json.key("closedHeight");
    if (closed->height == 0)
        json.null();
    else
        json.number(closed->height);
    json.key("expired").number(closed->expired);
    json.end_object();
    return std::nullopt;
}

std::optional<Error> write_business_day(JsonWriter& json, const SettlementReader& settlement,
                                        const native::CurrencyInfo& row, core::DateYmd asked) {
    const auto currency = native::currency_of(row.code);
    const auto day = settlement.business_day(currency);
    if (!day) return day.error();
    const auto next = settlement.next_value_date(currency);
    if (!next) return next.error();
    const bool closes = row.phase_mode == core::PhaseMode::business_day;
    json.key("mode").text(closes ? "business_day" : "continuous");
    json.key("valueDate").number(day->value_date);
    json.key("phase").text(native::name_of(day->phase));
    json.key("nextAt").number(day->next_at_ms);
    json.key("nextPhase");
    if (closes && day->next_at_ms != 0)
        json.text(native::name_of(native::phase_after(day->phase)));
    else
        json.null();
    json.key("nextValueDate").number(*next);
    for (const auto& [name, date] : {std::pair{"today", day->value_date}, std::pair{"asked", asked}}) {
        if (!closes || date == 0) continue;
        json.key(name);
        if (const auto fault = write_date(json, settlement, currency, date)) return fault;
    }
    json.key("timeZone").text(row.time_zone);
    json.key("exponent").number(row.exponent);
    json.key("now").number(settlement.now_ms());
    return std::nullopt;
}

Answer business_day(const ReadCall& call) {
    const auto date = call.arguments.member_if(0, "date", read_date).value_or(0);
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    return list_currencies(call, [date](JsonWriter& json, const SettlementReader& settlement,
                                        const native::CurrencyInfo& currency) {
        return write_business_day(json, settlement, currency, date);
    });
}

Answer network_totals(const ReadCall& call) {
    return list_currencies(call,
                           [](JsonWriter& json, const SettlementReader& settlement,
                              const native::CurrencyInfo& currency) -> std::optional<Error> {
                               const auto totals = settlement.totals(native::currency_of(currency.code));
                               if (!totals) return totals.error();
                               const Unit unit{currency.code, currency.exponent};
                               json.key("issued");
                               write_amount(json, totals->issued, unit);
                               json.key("redeemed");
                               write_amount(json, totals->redeemed, unit);
                               json.key("outstanding");
                               write_signed_amount(json,
                                                   static_cast<core::SignedMinor>(totals->issued) -
                                                       static_cast<core::SignedMinor>(totals->redeemed),
                                                   unit);
                               return std::nullopt;
                           });
}

}  // namespace

// clang-format off
std::vector<Method> settlement_methods() {
    constexpr auto anyone = Role::anyone;
    return {
        {"settle_getBusinessDay", "Value date, phase and planned times of each currency",
         {{"query", "BusinessDayQuery", false}}, "[BusinessDay]", Access::read, anyone, business_day},
        {"settle_getNetworkTotals", "Money issued and redeemed in each currency",
         {{"query", "CurrencyQuery", false}}, "[NetworkTotals]", Access::read, anyone, network_totals},
    };
}
// clang-format on

}  // namespace sluice::node::rpc
