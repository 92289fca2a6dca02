#include "contracts/native/limit_views.hpp"

#include "contracts/native/account_views.hpp"
#include "contracts/native/method_gas.hpp"
#include "contracts/native/page.hpp"
#include "contracts/native/participant_directory.hpp"
#include "contracts/native/spending_rules.hpp"

namespace sluice::contracts::native::views {

namespace {

LimitsInfo info_of(const Books& books, const AccountId& id) {
    const Account account(books.accounts, id);
    const HeldBack held = held_back(books.accounts, id);
    const Reservations reserved = reservations(books.accounts, id);
    const MultilateralLimit multilateral = multilateral_limit(books.accounts, id);
    const core::SignedMinor balance = account.money().balance;
    const bool has_multilateral = account.has(AccountRule::multilateral_limit);
    const auto available = [&](Priority priority) {
        return account.has(AccountRule::frozen) ? 0 : spendable(books.accounts, account, priority);
    };
    return {.credit_line = account.terms().credit_line,
            .credit_used = balance < 0 ? static_cast<core::Minor>(-balance) : 0,
            .frozen = held.frozen,
            .is_frozen = account.has(AccountRule::frozen),
            .urgent_reservation = reserved.urgent,
            .high_reservation = reserved.high,
            .multilateral_limit = has_multilateral ? multilateral.limit : no_limit,
            .multilateral_used = multilateral.used().on(value_date_now(books, id.currency)),
            .bilateral_limits = multilateral.bilateral_limits,
            .allows_bypass = account.has(AccountRule::bypass),
            .lsm_sub_limit = account.has(AccountRule::lsm_sub_limit) ? held.lsm_sub_limit : no_limit,
            .available_urgent = available(Priority::urgent),
            .available_high = available(Priority::high),
            .available_normal = available(Priority::normal)};
}

}  // namespace

MethodResult limits(Invocation& call) {
    const auto arguments = abi::decode<BicText, CurrencyText>(call.arguments);
    if (!arguments) return malformed();
    const Books books(call.state, call.block);
    const auto id = find_account(books, std::get<0>(*arguments), std::get<1>(*arguments));
    return abi::encode(id ? info_of(books, *id) : LimitsInfo{});
}

core::Gas bilateral_limits_gas(const Invocation& call) {
    const auto arguments = abi::decode<BicText, CurrencyText, core::Uint256, core::Uint256>(call.arguments);
    return gas_of({.reads = 5 + (arguments ? 3 * page_rows(std::get<3>(*arguments)) : 0)});
}

MethodResult bilateral_limits(Invocation& call) {
    const auto arguments = abi::decode<BicText, CurrencyText, core::Uint256, core::Uint256>(call.arguments);
    if (!arguments) return malformed();
    const auto& [bic, code, from, max] = *arguments;
    const Books books(call.state, call.block);
    std::vector<BilateralLimitInfo> rows;
    const auto id = find_account(books, bic, code);
    if (!id) return abi::encode(rows);
    const core::DateYmd today = value_date_now(books, id->currency);
    const Page page = page_of(from, max, multilateral_limit(books.accounts, *id).bilateral_limits);
    for (std::uint64_t i = page.begin; i < page.end; ++i) {
        const ParticipantIndex payee = limited_payee(books.accounts, *id, static_cast<std::uint32_t>(i + 1));
        const BilateralLimit limit = bilateral_limit(books.accounts, *id, payee);
        rows.push_back(
            {.to = bic_at(books.participants, payee), .limit = limit.limit, .used = limit.used().on(today)});
    }
    return abi::encode(rows);
}

}  // namespace sluice::contracts::native::views
