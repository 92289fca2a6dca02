/// Currencies and amounts as typed and as shown.
#pragma once

#include <string>
#include <vector>

#include "cli/rpc_client.hpp"
#include "contracts/native/settlement_structs.hpp"
#include "core/identifiers.hpp"

namespace sluice::cli {

struct Money {
    core::CurrencyCode currency;
    unsigned exponent = 2;
    core::Minor minor = 0;
    std::string to_string() const {
        return core::format_amount(minor, exponent) + " " + currency.to_string();
    }
};

/// An amount in one of these currencies; the error says what is allowed. Zero only where it means something:
/// no threshold, no credit, nothing reserved.
core::Result<Money, std::string> money_among(const std::vector<contracts::native::CurrencyInfo>& rows,
                                             const std::string& amount, const std::string& currency,
                                             bool may_be_zero);
/// The same in a currency that the network has.
core::Result<Money, std::string> read_money(RpcClient& rpc, const std::string& amount,
                                            const std::string& currency, bool may_be_zero = false);

/// {ccy, value, minor} of an RPC answer as "250.00".
std::string amount_text(const Json& amount);

}  // namespace sluice::cli
