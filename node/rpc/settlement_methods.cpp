/// settle_ methods about the system: participants, the business day, totals.
#include <algorithm>

#include "node/rpc/limits.hpp"
#include "node/rpc/services.hpp"
#include "node/rpc/settlement_errors.hpp"
#include "node/rpc/settlement_json.hpp"
#include "node/rpc/settlement_reading.hpp"

namespace sluice::node::rpc {
namespace {

std::string_view name_of(core::KeyDuty duty) {
    switch (duty) {
        case core::KeyDuty::admin:
            return "admin";
        case core::KeyDuty::maker:
            return "maker";
        case core::KeyDuty::approver:
            return "approver";
        case core::KeyDuty::read:
            return "read";
        case core::KeyDuty::screening:
            return "screening";
    }
    return "";
}

core::Result<void, Error> write_participant(JsonWriter& json, const SettlementReader& settlement,
                                            const core::Bic& bic) {
    const auto info = settlement.participant(bic);
    if (!info) return core::fail(info.error());
    const auto keys = settlement.keys(bic);
    if (!keys) return core::fail(keys.error());
    json.begin_object();
    json.key("bic").text(bic.to_string());
    const auto lei = trimmed(info->lei.data(), info->lei.size());
    json.key("lei");
    if (lei.empty())
        json.null();
    else
        json.text(lei);
    json.key("name").text(info->name);
    json.key("status").text(native::name_of(info->status));
    json.key("registeredAt").number(info->registered_at);
    json.key("keys").begin_array();
    for (const auto& key : *keys) {
        json.begin_object().key("address").data(key.key).key("duty").text(name_of(key.duty));
        json.key("from").number(key.from).key("until");
        if (key.until == 0)
            json.null();
        else
            json.number(key.until);
        json.end_object();
    }
    json.end_array().end_object();
    return {};
}

Answer participants(const ReadCall& call) {
    const auto from = call.arguments.member_if(0, "from", read_number).value_or(0);
    const auto max = call.arguments.member_if(0, "max", read_number).value_or(limits::list_rows_max);
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    const auto settlement = SettlementReader::open(*call.snapshot, call.node());
    if (!settlement) return core::fail(settlement.error());
    const auto bics = settlement->participants(from, std::min(max, limits::list_rows_max));
    if (!bics) return core::fail(bics.error());
    JsonWriter json(600 * bics->size() + 128);
    json.begin_object();
    json.key("participants").begin_array();
    for (const auto& bic : *bics)
        if (const auto written = write_participant(json, *settlement, native::bic_of(bic)); !written)
            return core::fail(written.error());
    json.end_array();
    json.key("height").number(settlement->height());
    json.end_object();
    return json.take();
}

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
        {"settle_getParticipants", "The banks, with their keys", {{"page", "Page", false}}, "ParticipantList",
         Access::heavy, anyone, participants},
        {"settle_getBusinessDay", "Value date and phase of each currency", {{"query", "CurrencyQuery", false}},
         "[BusinessDay]", Access::read, anyone, business_day},
        {"settle_getNetworkTotals", "Money issued and redeemed in each currency",
         {{"query", "CurrencyQuery", false}}, "[NetworkTotals]", Access::read, anyone, network_totals},
    };
}
// clang-format on

}  // namespace sluice::node::rpc
