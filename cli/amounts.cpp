#include "cli/amounts.hpp"

#include <fmt/format.h>

#include "cli/wallet.hpp"
#include "contracts/native/settlement_results.hpp"

namespace sluice::cli {
namespace {

namespace native = contracts::native;

core::Result<std::vector<native::CurrencyInfo>, std::string> currencies(RpcClient& rpc) {
    const auto data = read_call(rpc, native::calls::currencies());
    if (!data) return core::fail(data.error().message);
    auto rows = native::results::currencies(*data);
    if (!rows) return core::fail(std::string("the node's list of currencies cannot be read"));
    return std::move(*rows);
}

}  // namespace

core::Result<Money, std::string> money_among(const std::vector<native::CurrencyInfo>& rows,
                                             const std::string& amount, const std::string& currency,
                                             bool may_be_zero) {
    const auto code = core::CurrencyCode::parse(currency);
    if (!code)
        return core::fail(
            fmt::format("--currency {}: allowed are three capital letters, like EUR", currency));
    std::string known;
    for (const auto& row : rows) {
        const auto name = native::currency_of(row.code);
        known += (known.empty() ? "" : ", ") + name.to_string();
        if (name != *code) continue;
        const auto minor = core::parse_amount(amount, row.exponent);
        if (!minor)
            return core::fail(fmt::format("--amount {}: {} ({} has {} decimals)", amount,
                                          core::describe(minor.error()), currency, row.exponent));
        if (*minor == 0 && !may_be_zero) return core::fail(std::string("--amount 0 moves no money"));
        return Money{*code, row.exponent, *minor};
    }
    return core::fail(fmt::format("--currency {}: this network settles {}", currency, known));
}

core::Result<Money, std::string> read_money(RpcClient& rpc, const std::string& amount,
                                            const std::string& currency, bool may_be_zero) {
    const auto rows = currencies(rpc);
    if (!rows) return core::fail(rows.error());
    return money_among(*rows, amount, currency, may_be_zero);
}

std::string amount_text(const Json& amount) {
    return amount.is_object() ? amount.value("value", std::string("?")) : std::string("?");
}

}  // namespace sluice::cli
