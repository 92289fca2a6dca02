/// settle_ methods about banks: positions, queues, participants, the business day, totals.
#include <algorithm>

#include "node/rpc/limits.hpp"
#include "node/rpc/services.hpp"
#include "node/rpc/settlement_errors.hpp"
#include "node/rpc/settlement_json.hpp"
#include "node/rpc/settlement_reading.hpp"

namespace sluice::node::rpc {
namespace {

/// Adds when and of what state an answer is.
void write_as_of(JsonWriter& json, const SettlementReader& settlement) {
    json.key("height").number(settlement.height());
}

/// The account that {bic, ccy} names. An unknown bank or currency is an error of settle_.
struct AccountName {
    core::Bic bic;
    core::CurrencyCode currency;
    Unit unit;
};
core::Result<AccountName, Error> read_account_name(const ReadCall& call, const SettlementReader& settlement) {
    const auto bic = call.arguments.member(0, "bic", read_bic);
    const auto currency = call.arguments.member(0, "ccy", read_currency);
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    const auto* row = settlement.find_currency(currency);
    if (row == nullptr) return core::fail(unknown_currency(currency));
    const auto party = settlement.participant(bic);
    if (!party) return core::fail(party.error());
    if (party->status == native::ParticipantStatus::none) return core::fail(unknown_participant(bic));
    return AccountName{bic, currency, {currency.chars(), row->exponent}};
}

void write_account_name(JsonWriter& json, const AccountName& account) {
    json.key("bic").text(account.bic.to_string());
    json.key("ccy").text(account.currency.to_string());
}

Answer position(const ReadCall& call) {
    const auto settlement = SettlementReader::open(*call.snapshot, call.node());
    if (!settlement) return core::fail(settlement.error());
    const auto account = read_account_name(call, *settlement);
    if (!account) return core::fail(account.error());
    const auto position = settlement->position(account->bic, account->currency);
    if (!position) return core::fail(position.error());
    JsonWriter json(1'024);
    json.begin_object();
    write_account_name(json, *account);
    const auto write_signed = [&](const char* name, core::SignedMinor amount) {
        json.key(name);
        write_signed_amount(json, amount, account->unit);
    };
    const auto write_plain = [&](const char* name, core::Minor amount) {
        json.key(name);
        write_amount(json, amount, account->unit);
    };
    write_signed("balance", position->balance);
    write_plain("locked", position->locked);
    write_plain("frozen", position->frozen);
    write_plain("creditLine", position->credit_line);
    write_signed("available", position->available);
    write_signed("netQueued", position->net_queued);
    write_as_of(json, *settlement);
    json.end_object();
    return json.take();
}

Reading<bool> read_is_incoming(const Json& value) {
    if (value == "incoming") return true;
    if (value == "outgoing") return false;
    return core::fail(std::string("expected \"outgoing\" or \"incoming\""));
}

core::Result<void, Error> write_queued(JsonWriter& json, const SettlementReader& settlement,
                                       const native::PaymentId& id, std::uint64_t place) {
    const auto payment = settlement.payment(id);
    if (!payment) return core::fail(payment.error());
    json.begin_object();
    json.key("place").number(place);
    json.key("paymentId").data(id);
    json.key("uetr").text(core::Uetr{payment->uetr}.to_string());
    json.key("msgType").text({payment->message_type.data(), payment->message_type.size()});
    json.key("payer").text(bic_text(payment->payer));
    json.key("payee").text(bic_text(payment->payee));
    json.key("amount");
    write_amount(json, payment->amount, {payment->currency, settlement.exponent(payment->currency)});
    json.key("priority").text(native::name_of(payment->priority));
    json.key("arrival").number(payment->arrival);
    write_status(json, payment->status, payment->reason);
    json.end_object();
    return {};
}

Answer queue(const ReadCall& call) {
    const auto settlement = SettlementReader::open(*call.snapshot, call.node());
    if (!settlement) return core::fail(settlement.error());
    const bool is_incoming = call.arguments.member_if(0, "direction", read_is_incoming).value_or(false);
    const auto from = call.arguments.member_if(0, "from", read_number).value_or(0);
    const auto max = call.arguments.member_if(0, "max", read_number).value_or(limits::list_rows_max);
    const auto account = read_account_name(call, *settlement);
    if (!account) return core::fail(account.error());
    const auto ids = settlement->queue({account->bic.chars(), account->currency.chars(), is_incoming, from,
                                        std::min(max, limits::list_rows_max)});
    if (!ids) return core::fail(ids.error());
    JsonWriter json(512 * ids->size() + 256);
    json.begin_object();
    write_account_name(json, *account);
    json.key("direction").text(is_incoming ? "incoming" : "outgoing");
    json.key("payments").begin_array();
    for (std::size_t i = 0; i < ids->size(); ++i)
        if (const auto written = write_queued(json, *settlement, (*ids)[i], from + i); !written)
            return core::fail(written.error());
    json.end_array();
    write_as_of(json, *settlement);
    json.end_object();
    return json.take();
}

std::string_view name_of(core::KeyDuty duty) {
    switch (duty) {
        case core::KeyDuty::admin: return "admin";
        case core::KeyDuty::maker: return "maker";
        case core::KeyDuty::approver: return "approver";
        case core::KeyDuty::read: return "read";
        case core::KeyDuty::screening: return "screening";
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
    if (lei.empty()) json.null();
    else json.text(lei);
    json.key("name").text(info->name);
    json.key("status").text(native::name_of(info->status));
    json.key("registeredAt").number(info->registered_at);
    json.key("keys").begin_array();
    for (const auto& key : *keys) {
        json.begin_object().key("address").data(key.key).key("duty").text(name_of(key.duty));
        json.key("from").number(key.from).key("until");
        if (key.until == 0) json.null();
        else json.number(key.until);
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
    write_as_of(json, *settlement);
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
        write_as_of(json, *settlement);
        json.end_object();
    }
    json.end_array();
    return json.take();
}

Answer business_day(const ReadCall& call) {
    return list_currencies(call, [](JsonWriter& json, const SettlementReader& settlement,
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
    return list_currencies(call, [](JsonWriter& json, const SettlementReader& settlement,
                                    const native::CurrencyInfo& currency) -> std::optional<Error> {
        const auto totals = settlement.totals(native::currency_of(currency.code));
        if (!totals) return totals.error();
        const Unit unit{currency.code, currency.exponent};
        json.key("issued");
        write_amount(json, totals->issued, unit);
        json.key("redeemed");
        write_amount(json, totals->redeemed, unit);
        json.key("outstanding");
        write_signed_amount(json, static_cast<core::SignedMinor>(totals->issued) -
                                      static_cast<core::SignedMinor>(totals->redeemed), unit);
        return std::nullopt;
    });
}

}  // namespace

std::vector<Method> settlement_methods() {
    constexpr auto anyone = Role::anyone;
    return {
        {"settle_getPosition", "What a bank has in a currency", {{"query", "PositionQuery"}}, "Position",
         Access::read, anyone, position},
        {"settle_getQueue", "Payments that wait, in the order in which they settle", {{"query", "QueueQuery"}},
         "Queue", Access::heavy, anyone, queue},
        {"settle_getParticipants", "The banks, with their keys", {{"page", "Page", false}}, "ParticipantList",
         Access::heavy, anyone, participants},
        {"settle_getBusinessDay", "Value date and phase of each currency", {{"query", "CurrencyQuery", false}},
         "[BusinessDay]", Access::read, anyone, business_day},
        {"settle_getNetworkTotals", "Money issued and redeemed in each currency",
         {{"query", "CurrencyQuery", false}}, "[NetworkTotals]", Access::read, anyone, network_totals},
    };
}

}  // namespace sluice::node::rpc
