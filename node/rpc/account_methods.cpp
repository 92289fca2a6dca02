/// settle_ methods about a bank's account: its position and its queue.
#include <algorithm>

#include "contracts/native/payment_limits.hpp"
#include "node/rpc/account_query.hpp"
#include "node/rpc/limits.hpp"

namespace sluice::node::rpc {
namespace {

/// A limit and how much of it the day has used; null for none.
void write_multilateral(JsonWriter& json, const native::LimitsInfo& info, const Unit& unit) {
    json.key("multilateralLimit");
    if (info.multilateral_limit == native::no_limit) {
        json.null();
        return;
    }
    json.begin_object().key("limit");
    write_amount(json, info.multilateral_limit, unit);
    json.key("used");
    write_signed_amount(json, info.multilateral_used, unit);
    json.end_object();
}

Answer position(const ReadCall& call) {
    const auto settlement = SettlementReader::open(*call.snapshot, call.node());
    if (!settlement) return core::fail(settlement.error());
    const auto account = read_account_name(call, *settlement);
    if (!account) return core::fail(account.error());
    const auto position = settlement->position(account->bic, account->currency);
    if (!position) return core::fail(position.error());
    const auto limits = settlement->limits(account->bic, account->currency);
    if (!limits) return core::fail(limits.error());
    JsonWriter json(2'048);
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
    write_plain("frozen", limits->frozen);
    json.key("accountFrozen").boolean(limits->is_frozen);
    write_plain("creditLine", position->credit_line);
    write_plain("creditUsed", limits->credit_used);
    write_signed("available", position->available);
    json.key("availableFor").begin_object();
    write_signed("Urgent", limits->available_urgent);
    write_signed("High", limits->available_high);
    write_signed("Normal", limits->available_normal);
    json.end_object();
    json.key("reserved").begin_object();
    write_plain("Urgent", limits->urgent_reservation);
    write_plain("High", limits->high_reservation);
    json.end_object();
    write_signed("netQueued", position->net_queued);
    write_multilateral(json, *limits, account->unit);
    json.key("bilateralLimits").number(limits->bilateral_limits);
    json.key("allowsBypass").boolean(limits->allows_bypass);
    json.key("lsmSubLimit");
    write_limit(json, limits->lsm_sub_limit, account->unit);
    json.key("height").number(settlement->height());
    json.end_object();
    return json.take();
}

Answer account_limits(const ReadCall& call) {
    const auto settlement = SettlementReader::open(*call.snapshot, call.node());
    if (!settlement) return core::fail(settlement.error());
    const auto from = call.arguments.member_if(0, "from", read_number).value_or(0);
    const auto max = call.arguments.member_if(0, "max", read_number).value_or(limits::list_rows_max);
    const auto account = read_account_name(call, *settlement);
    if (!account) return core::fail(account.error());
    const auto info = settlement->limits(account->bic, account->currency);
    if (!info) return core::fail(info.error());
    const auto rows = settlement->bilateral_limits(account->bic, account->currency, from,
                                                   std::min(max, limits::list_rows_max));
    if (!rows) return core::fail(rows.error());
    JsonWriter json(256 * rows->size() + 512);
    json.begin_object();
    write_account_name(json, *account);
    write_multilateral(json, *info, account->unit);
    json.key("bilateralLimits").begin_array();
    for (const auto& row : *rows) {
        json.begin_object().key("to").text(bic_text(row.to)).key("limit");
        write_amount(json, row.limit, account->unit);
        json.key("used");
        write_signed_amount(json, row.used, account->unit);
        json.end_object();
    }
    json.end_array();
    json.key("height").number(settlement->height());
    json.end_object();
    return json.take();
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
    json.key("height").number(settlement->height());
    json.end_object();
    return json.take();
}

}  // namespace

// clang-format off
std::vector<Method> account_methods() {
    constexpr auto anyone = Role::anyone;
    return {
        {"settle_getPosition", "What a bank has in a currency", {{"query", "PositionQuery"}}, "Position",
         Access::read, anyone, position},
        {"settle_getLimits", "A bank's limits in a currency, and how much of each the day has used",
         {{"query", "LimitsQuery"}}, "Limits", Access::heavy, anyone, account_limits},
        {"settle_getQueue", "Payments that wait, in the order in which they settle", {{"query", "QueueQuery"}},
         "Queue", Access::heavy, anyone, queue},
    };
}
// clang-format on

}  // namespace sluice::node::rpc
