/// settle_ methods about money that is not in a bank's balance: locks, and holders of the currency façades.
#include <algorithm>

#include "node/rpc/account_query.hpp"
#include "node/rpc/limits.hpp"
#include "node/rpc/settlement_errors.hpp"

namespace sluice::node::rpc {
namespace {

void write_address_or_null(JsonWriter& json, const core::Address& address) {
    if (address == core::Address{})
        json.null();
    else
        json.data(address);
}

void write_lock(JsonWriter& json, const native::LockInfo& lock, const Unit& unit) {
    json.begin_object();
    json.key("lockId").data(lock.id);
    json.key("opId").data(lock.operation);
    json.key("payer").text(bic_text(lock.payer));
    json.key("beneficiary").text(bic_text(lock.beneficiary));
    json.key("amount");
    write_amount(json, lock.amount, unit);
    json.key("expiry").number(lock.expiry_ms);
    json.key("agent");
    write_address_or_null(json, lock.agent);
    json.key("status").text(native::name_of(lock.status));
    json.end_object();
}

/// One lock, or null where none has this id.
Answer lock(const ReadCall& call) {
    const auto id = call.arguments.member(0, "lockId", read_hash);
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    const auto settlement = SettlementReader::open(*call.snapshot, call.node());
    if (!settlement) return core::fail(settlement.error());
    const auto found = settlement->lock(id);
    if (!found) return core::fail(found.error());
    JsonWriter json(512);
    if (found->status == native::LockStatus::none)
        json.null();
    else
        write_lock(json, *found, {found->currency, settlement->exponent(found->currency)});
    return json.take();
}

Answer locks(const ReadCall& call) {
    const auto settlement = SettlementReader::open(*call.snapshot, call.node());
    if (!settlement) return core::fail(settlement.error());
    const bool is_incoming = call.arguments.member_if(0, "direction", read_is_incoming).value_or(false);
    const auto from = call.arguments.member_if(0, "from", read_number).value_or(0);
    const auto max = call.arguments.member_if(0, "max", read_number).value_or(limits::list_rows_max);
    const auto account = read_account_name(call, *settlement);
    if (!account) return core::fail(account.error());
    const auto found = settlement->locks({account->bic.chars(), account->currency.chars(), is_incoming, from,
                                          std::min(max, limits::list_rows_max)});
    if (!found) return core::fail(found.error());
    JsonWriter json(512 * found->size() + 256);
    json.begin_object();
    write_account_name(json, *account);
    json.key("direction").text(is_incoming ? "incoming" : "outgoing");
    json.key("locks").begin_array();
    for (const native::LockInfo& each : *found)
        write_lock(json, each, account->unit);
    json.end_array();
    json.key("height").number(settlement->height());
    json.end_object();
    return json.take();
}

core::Result<void, Error> write_holder(JsonWriter& json, const SettlementReader& settlement,
                                       const native::HolderInfo& holder) {
    json.begin_object();
    json.key("address").data(holder.holder);
    json.key("status").text(native::name_of(holder.status));
    json.key("sponsor");
    if (holder.sponsor == native::BicText{})
        json.null();
    else
        json.text(bic_text(holder.sponsor));
    json.key("balances").begin_array();
    for (const native::CurrencyInfo& currency : settlement.currencies()) {
        const auto balance = settlement.facade_balance(currency.code, holder.holder);
        if (!balance) return core::fail(balance.error());
        write_amount(json, *balance, {currency.code, currency.exponent});
    }
    json.end_array().end_object();
    return {};
}

Answer holders(const ReadCall& call) {
    const auto from = call.arguments.member_if(0, "from", read_number).value_or(0);
    const auto max = call.arguments.member_if(0, "max", read_number).value_or(limits::list_rows_max);
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    const auto settlement = SettlementReader::open(*call.snapshot, call.node());
    if (!settlement) return core::fail(settlement.error());
    const auto found = settlement->holders(from, std::min(max, limits::list_rows_max));
    if (!found) return core::fail(found.error());
    JsonWriter json(256 * found->size() + 64);
    json.begin_object();
    json.key("holders").begin_array();
    for (const native::HolderInfo& holder : *found)
        if (const auto written = write_holder(json, *settlement, holder); !written)
            return core::fail(written.error());
    json.end_array();
    json.key("height").number(settlement->height());
    json.end_object();
    return json.take();
}

Answer settlement_address(const ReadCall& call) {
    const auto bic = call.arguments.member(0, "bic", read_bic);
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    const auto settlement = SettlementReader::open(*call.snapshot, call.node());
    if (!settlement) return core::fail(settlement.error());
    const auto party = settlement->participant(bic);
    if (!party) return core::fail(party.error());
    if (party->status == native::ParticipantStatus::none) return core::fail(unknown_participant(bic));
    const auto address = settlement->settlement_address(bic);
    if (!address) return core::fail(address.error());
    JsonWriter json;
    json.begin_object();
    json.key("bic").text(bic.to_string());
    json.key("address");
    write_address_or_null(json, *address);
    json.key("height").number(settlement->height());
    json.end_object();
    return json.take();
}

}  // namespace

// clang-format off
std::vector<Method> money_methods() {
    constexpr auto anyone = Role::anyone;
    return {
        {"settle_getLock", "One lock of money, open or closed", {{"query", "LockQuery"}}, "Lock?", Access::read,
         anyone, lock},
        {"settle_getLocks", "Open locks that a bank pays, or waits for", {{"query", "QueueQuery"}}, "LockList",
         Access::heavy, anyone, locks},
        {"settle_getHolders", "Contracts that hold central-bank money, with what they have",
         {{"page", "Page", false}}, "HolderList", Access::heavy, anyone, holders},
        {"settle_getSettlementAddress", "The address that is a bank to the currency façades",
         {{"query", "BankQuery"}}, "SettlementAddress", Access::read, anyone, settlement_address},
    };
}
// clang-format on

}  // namespace sluice::node::rpc
