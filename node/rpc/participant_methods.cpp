/// settle_ methods about the banks: who they are, whose keys act for them, what they let others do.
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

std::string_view name_of(native::MandateAct act) {
    switch (act) {
        case native::MandateAct::submit:
            return "submit";
        case native::MandateAct::lock:
            return "lock";
        case native::MandateAct::transfer:
            return "transfer";
        case native::MandateAct::debit:
            return "debit";
    }
    return "";
}

/// A number, or null for zero.
void write_optional(JsonWriter& json, std::uint64_t value) {
    if (value == 0)
        json.null();
    else
        json.number(value);
}

core::Result<void, Error> write_entry(JsonWriter& json, const SettlementReader& settlement,
                                      const core::Bic& bic) {
    const auto info = settlement.participant(bic);
    if (!info) return core::fail(info.error());
    const auto keys = settlement.keys(bic);
    if (!keys) return core::fail(keys.error());
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
        write_optional(json, key.until);
        json.end_object();
    }
    json.end_array();
    return {};
}

void write_mandate(JsonWriter& json, const SettlementReader& settlement, const native::MandateInfo& mandate) {
    const Unit unit{mandate.currency, settlement.exponent(mandate.currency)};
    json.begin_object();
    json.key("agent").data(mandate.agent);
    json.key("creditor");
    if (const auto creditor = native::creditor_of(mandate.agent))
        json.text(native::bic_of(*creditor).to_string());
    else
        json.null();
    json.key("acts").begin_array();
    for (const auto act : {native::MandateAct::submit, native::MandateAct::lock, native::MandateAct::transfer,
                           native::MandateAct::debit})
        if ((mandate.acts[3] & native::mandate_bit(act)[3]) != 0) json.text(name_of(act));
    json.end_array();
    json.key("perDay");
    write_amount(json, mandate.per_day, unit);
    json.key("usedToday");
    write_amount(json, mandate.used_today, unit);
    json.key("until");
    write_optional(json, mandate.until_ms);
    json.end_object();
}

core::Result<void, Error> write_mandates(JsonWriter& json, const SettlementReader& settlement,
                                         const core::Bic& bic) {
    const auto mandates = settlement.mandates(bic);
    if (!mandates) return core::fail(mandates.error());
    json.key("mandates").begin_array();
    for (const auto& mandate : *mandates)
        write_mandate(json, settlement, mandate);
    json.end_array();
    return {};
}

/// From which amounts on two pairs of eyes and screening are asked for; currencies without either are left
/// out.
core::Result<void, Error> write_thresholds(JsonWriter& json, const SettlementReader& settlement,
                                           const core::Bic& bic) {
    json.key("thresholds").begin_array();
    for (const auto& currency : settlement.currencies()) {
        const auto code = native::currency_of(currency.code);
        const auto approval = settlement.approval_threshold(bic, code);
        if (!approval) return core::fail(approval.error());
        const auto screening = settlement.screening_thresholds(bic, code);
        if (!screening) return core::fail(screening.error());
        if (*approval == 0 && screening->own == 0 && screening->required == 0) continue;
        const Unit unit{currency.code, currency.exponent};
        json.begin_object().key("ccy").text(code.to_string()).key("approval");
        write_amount(json, *approval, unit);
        json.key("screening");
        write_amount(json, screening->own, unit);
        json.key("requiredScreening");
        write_amount(json, screening->required, unit);
        json.end_object();
    }
    json.end_array();
    return {};
}

core::Result<void, Error> write_recovery(JsonWriter& json, const SettlementReader& settlement,
                                         const core::Bic& bic) {
    const auto recovery = settlement.recovery(bic);
    if (!recovery) return core::fail(recovery.error());
    json.key("recovery");
    if (recovery->new_admin == core::Address{}) {
        json.null();
        return {};
    }
    json.begin_object().key("newAdmin").data(recovery->new_admin);
    json.key("from").number(recovery->due_ms).end_object();
    return {};
}

core::Result<void, Error> write_insolvency(JsonWriter& json, const SettlementReader& settlement,
                                           const core::Bic& bic) {
    const auto insolvency = settlement.insolvency(bic);
    if (!insolvency) return core::fail(insolvency.error());
    json.key("insolvency");
    if (insolvency->height == 0) {
        json.null();
        return {};
    }
    json.begin_object().key("height").number(insolvency->height).key("time").number(insolvency->time_ms);
    json.key("lastArrival").number(insolvency->last_arrival);
    json.key("cancelled").number(insolvency->removed);
    json.key("cleared").boolean(insolvency->is_cleared).end_object();
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
    for (const auto& bic : *bics) {
        json.begin_object();
        if (const auto written = write_entry(json, *settlement, native::bic_of(bic)); !written)
            return core::fail(written.error());
        json.end_object();
    }
    json.end_array();
    json.key("height").number(settlement->height());
    json.end_object();
    return json.take();
}

Answer participant(const ReadCall& call) {
    const auto bic = call.arguments.member(0, "bic", read_bic);
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    const auto settlement = SettlementReader::open(*call.snapshot, call.node());
    if (!settlement) return core::fail(settlement.error());
    const auto info = settlement->participant(bic);
    if (!info) return core::fail(info.error());
    if (info->status == native::ParticipantStatus::none) return core::fail(unknown_participant(bic));
    JsonWriter json;
    json.begin_object();
    for (const auto write : {write_entry, write_mandates, write_thresholds, write_recovery, write_insolvency})
        if (const auto written = write(json, *settlement, bic); !written) return core::fail(written.error());
    json.key("height").number(settlement->height());
    json.end_object();
    return json.take();
}

}  // namespace

// clang-format off
std::vector<Method> participant_methods() {
    constexpr auto anyone = Role::anyone;
    return {
        {"settle_getParticipants", "The banks, with every period of their keys", {{"page", "Page", false}},
         "ParticipantList", Access::heavy, anyone, participants},
        {"settle_getParticipant", "One bank: keys, mandates, thresholds, recovery and insolvency",
         {{"query", "BankQuery", true}}, "Participant", Access::heavy, anyone, participant},
    };
}
// clang-format on

}  // namespace sluice::node::rpc
