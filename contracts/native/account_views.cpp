#include "contracts/native/account_views.hpp"

#include "contracts/native/account_book.hpp"
#include "contracts/native/currency_table.hpp"
#include "contracts/native/method_gas.hpp"
#include "contracts/native/page.hpp"
#include "contracts/native/redemptions.hpp"
#include "contracts/native/spending_rules.hpp"

namespace sluice::contracts::native::views {

namespace {

/// What a freeze keeps in the account: `no_limit` where it is the whole account.
core::Minor frozen_in(const Storage& accounts, const Account& account) {
    if (account.has(AccountRule::frozen)) return no_limit;
    return account.has(AccountRule::partly_frozen) ? held_back(accounts, account.id()).frozen : 0;
}

RedemptionInfo info_of(const Books& books, const RedemptionKey& key) {
    const Redemption redemption = read_redemption(books.accounts, key);
    if (redemption.status == RedemptionStatus::none) return {};
    return {.bic = bic_at(books.participants, key.participant),
            .reference = key.reference,
            .currency = currency_code(books.governance, redemption.currency),
            .amount = redemption.amount,
            .status = redemption.status,
            .requested_at_ms = redemption.requested_at_ms};
}

}  // namespace

std::optional<AccountId> find_account(const Books& books, const BicText& bic, const CurrencyText& code) {
    const auto party = find_party(books.participants, bic);
    const auto currency = find_currency(books.governance, code);
    if (!party || !currency) return std::nullopt;
    return AccountId{party->index, currency->index};
}

MethodResult position(Invocation& call) {
    const auto arguments = abi::decode<BicText, CurrencyText>(call.arguments);
    if (!arguments) return malformed();
    const Books books(call.state, call.block);
    const auto id = find_account(books, std::get<0>(*arguments), std::get<1>(*arguments));
    if (!id) return abi::encode(PositionInfo{});
    const Account account(books.accounts, *id);
    const QueuedSums queued = queued_sums(books.accounts, *id);
    const core::SignedMinor available = account.has(AccountRule::frozen)
                                            ? core::SignedMinor{0}
                                            : spendable(books.accounts, account, Priority::normal);
    return abi::encode(PositionInfo{.balance = account.money().balance,
                                    .locked = account.money().locked,
                                    .frozen = frozen_in(books.accounts, account),
                                    .credit_line = account.terms().credit_line,
                                    .available = available,
                                    .net_queued = static_cast<core::SignedMinor>(queued.incoming) -
                                                  static_cast<core::SignedMinor>(queued.outgoing)});
}

MethodResult totals(Invocation& call) {
    const auto arguments = abi::decode<CurrencyText>(call.arguments);
    if (!arguments) return malformed();
    const Books books(call.state, call.block);
    const auto currency = find_currency(books.governance, std::get<0>(*arguments));
    const IssuedTotals sums = currency ? issued_totals(books.accounts, currency->index) : IssuedTotals{};
    return abi::encode(sums.issued, sums.redeemed);
}

MethodResult entry_count(Invocation& call) {
    const auto arguments = abi::decode<BicText, CurrencyText>(call.arguments);
    if (!arguments) return malformed();
    const Books books(call.state, call.block);
    const auto id = find_account(books, std::get<0>(*arguments), std::get<1>(*arguments));
    return abi::encode(id ? Account(books.accounts, *id).terms().entries : std::uint64_t{0});
}

MethodResult redemption(Invocation& call) {
    const auto arguments = abi::decode<BicText, UetrBytes>(call.arguments);
    if (!arguments) return malformed();
    const Books books(call.state, call.block);
    const auto party = find_party(books.participants, std::get<0>(*arguments));
    if (!party) return abi::encode(RedemptionInfo{});
    return abi::encode(info_of(books, {party->index, std::get<1>(*arguments)}));
}

core::Gas open_redemptions_gas(const Invocation& call) {
    const auto arguments = abi::decode<core::Uint256, core::Uint256>(call.arguments);
    return gas_of({.reads = 1 + (arguments ? 4 * page_rows(std::get<1>(*arguments)) : 0)});
}

MethodResult open_redemptions(Invocation& call) {
    const auto arguments = abi::decode<core::Uint256, core::Uint256>(call.arguments);
    if (!arguments) return malformed();
    const Books books(call.state, call.block);
    const auto& [from, max] = *arguments;
    const Page page = page_of(from, max, open_redemption_count(books.accounts));
    std::vector<RedemptionInfo> rows;
    for (std::uint64_t i = page.begin; i < page.end; ++i)
        rows.push_back(info_of(books, open_redemption_at(books.accounts, static_cast<std::uint32_t>(i))));
    return abi::encode(rows);
}

}  // namespace sluice::contracts::native::views
