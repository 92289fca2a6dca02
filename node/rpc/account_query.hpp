/// Which account a settle_ query is about: {bic, ccy}, and which direction.
#pragma once

#include "node/rpc/services.hpp"
#include "node/rpc/settlement_json.hpp"
#include "node/rpc/settlement_reading.hpp"

namespace sluice::node::rpc {

/// The account that {bic, ccy} names.
struct AccountName {
    core::Bic bic;
    core::CurrencyCode currency;
    Unit unit;
};
/// An unknown bank or currency is an error of settle_.
core::Result<AccountName, Error> read_account_name(const ReadCall& call, const SettlementReader& settlement);
/// Members `bic` and `ccy` of an open object.
void write_account_name(JsonWriter& json, const AccountName& account);

/// "incoming" or "outgoing".
Reading<bool> read_is_incoming(const Json& value);

}  // namespace sluice::node::rpc
