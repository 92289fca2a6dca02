#include "node/rpc/account_query.hpp"

#include "node/rpc/settlement_errors.hpp"

namespace sluice::node::rpc {

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

Reading<bool> read_is_incoming(const Json& value) {
    if (value == "incoming") return true;
    if (value == "outgoing") return false;
    return core::fail(std::string("expected \"outgoing\" or \"incoming\""));
}

}  // namespace sluice::node::rpc
