/// settle_ methods about the system: the business day, totals.
#include <algorithm>

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

Answer business_day(const ReadCall& call) {
    return list_currencies(call,
                           [](JsonWriter& json, const SettlementReader& settlement,
                              const native::CurrencyInfo& currency) -> std::optional<Error> {
                               const auto day = settlement.business_day(native::currency_of(currency.code));
                               if (!day) return day.error();
                               json.key("valueDate").number(day->value_date);
                               json.key("phase").text(native::name_of(day->phase));
                               json.key("nextAt").number(day->next_at_ms);
                               json.key("timeZone").text(currency.time_zone);
                               json.key("exponent").number(currency.exponent);
                               json.key("now").number(settlement.now_ms());
                               return std::nullopt;
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
        {"settle_getBusinessDay", "Value date and phase of each currency", {{"query", "CurrencyQuery", false}},
         "[BusinessDay]", Access::read, anyone, business_day},
        {"settle_getNetworkTotals", "Money issued and redeemed in each currency",
         {{"query", "CurrencyQuery", false}}, "[NetworkTotals]", Access::read, anyone, network_totals},
    };
}
// clang-format on

}  // namespace sluice::node::rpc
