/// settle_ methods about a bank's account: its position and its queue.
#include <algorithm>

#include "node/rpc/account_query.hpp"
#include "node/rpc/limits.hpp"

namespace sluice::node::rpc {
namespace {

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
        {"settle_getQueue", "Payments that wait, in the order in which they settle", {{"query", "QueueQuery"}},
         "Queue", Access::heavy, anyone, queue},
    };
}
// clang-format on

}  // namespace sluice::node::rpc
