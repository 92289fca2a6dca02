/// Currencies and amounts as typed and as shown.
#pragma once

#include <string>

#include "cli/rpc_client.hpp"
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

/// An amount in a currency that the network has; the error says what is allowed.
core::Result<Money, std::string> read_money(RpcClient& rpc, const std::string& amount,
                                            const std::string& currency);

/// {ccy, value, minor} of an RPC answer as "250.00".
std::string amount_text(const Json& amount);

}  // namespace sluice::cli
