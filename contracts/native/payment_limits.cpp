#include "contracts/native/payment_limits.hpp"

#include "contracts/native/day_calendar.hpp"
#include "contracts/native/row_key.hpp"
#include "core/calendar.hpp"

namespace sluice::contracts::native {

namespace {

// Slot 5 of an account, and tables 0x07 and 0x08 of the accounts contract.
// 0x07 ‖ uint32 payer ‖ uint16 ccy ‖ uint32 payee       struct BilateralLimit
// 0x08 ‖ uint32 payer ‖ uint16 ccy ‖ uint32 position    uint32 payee, positions from 1
constexpr std::uint8_t multilateral_slot = 5;
constexpr std::uint8_t bilateral_table = 0x07;
constexpr std::uint8_t list_table = 0x08;

static_assert(Place<BilateralLimit>::slots == 1 && Place<MultilateralLimit>::slots == 1);
static_assert(amount_max <= ~std::uint64_t{0});

Place<BilateralLimit> bilateral_place(const Storage& accounts, const AccountId& payer,
                                      ParticipantIndex payee) {
    return {accounts, row_key(bilateral_table, payer.participant, payer.currency, payee)};
}
Place<MultilateralLimit> multilateral_place(const Storage& accounts, const AccountId& payer) {
    return {accounts, account_row_key(payer, multilateral_slot)};
}
Place<ParticipantIndex> list_place(const Storage& accounts, const AccountId& payer, std::uint32_t position) {
    return {accounts, row_key(list_table, payer.participant, payer.currency, position)};
}

void add_limit(const Storage& accounts, Account& account, ParticipantIndex payee, std::uint64_t limit) {
    MultilateralLimit list = multilateral_limit(accounts, account.id());
    ++list.bilateral_limits;
    multilateral_place(accounts, account.id()).write(list);
    list_place(accounts, account.id(), list.bilateral_limits).write(payee);
    bilateral_place(accounts, account.id(), payee).write({.limit = limit, .position = list.bilateral_limits});
    account.set_rule(AccountRule::bilateral_limits, true);
}

void remove_limit(const Storage& accounts, Account& account, ParticipantIndex payee,
                  const BilateralLimit& removed) {
    const AccountId& id = account.id();
    MultilateralLimit list = multilateral_limit(accounts, id);
    const std::uint32_t last = list.bilateral_limits;
    if (removed.position != last) {
        const ParticipantIndex moved = limited_payee(accounts, id, last);
        list_place(accounts, id, removed.position).write(moved);
        BilateralLimit other = bilateral_limit(accounts, id, moved);
        other.position = removed.position;
        bilateral_place(accounts, id, moved).write(other);
    }
    list_place(accounts, id, last).clear();
    bilateral_place(accounts, id, payee).clear();
    list.bilateral_limits = last - 1;
    multilateral_place(accounts, id).write(list);
    account.set_rule(AccountRule::bilateral_limits, list.bilateral_limits != 0);
}

/// Adds to the net outflow of `from` towards `to`, in whichever limit bounds it.
void add_to_net(const Books& books, const Account& from, ParticipantIndex to, core::SignedMinor delta) {
    if (!has_limits(from.terms())) return;
    const core::DateYmd today = value_date_now(books, from.id().currency);
    if (from.has(AccountRule::bilateral_limits)) {
        BilateralLimit bilateral = bilateral_limit(books.accounts, from.id(), to);
        if (bilateral.exists()) {
            bilateral.net = bilateral.used().on(today) + delta;
            bilateral.value_date = today;
            bilateral_place(books.accounts, from.id(), to).write(bilateral);
            return;
        }
    }
    if (!from.has(AccountRule::multilateral_limit)) return;
    MultilateralLimit multilateral = multilateral_limit(books.accounts, from.id());
    multilateral.net = multilateral.used().on(today) + delta;
    multilateral.value_date = today;
    multilateral_place(books.accounts, from.id()).write(multilateral);
}

Currency currency_at(const Books& books, CurrencyIndex index) {
    const auto currency = find_currency(books.governance, currency_code(books.governance, index));
    CHECK(currency.has_value());
    return *currency;
}

bool exceeds(const DayNet& used, core::DateYmd today, core::Minor amount, std::uint64_t limit) {
    return used.on(today) + static_cast<core::SignedMinor>(amount) > static_cast<core::SignedMinor>(limit);
}

}  // namespace

BilateralLimit bilateral_limit(const Storage& accounts, const AccountId& payer, ParticipantIndex payee) {
    return bilateral_place(accounts, payer, payee).read();
}

MultilateralLimit multilateral_limit(const Storage& accounts, const AccountId& payer) {
    return multilateral_place(accounts, payer).read();
}

void set_bilateral_limit(const Storage& accounts, Account& account, ParticipantIndex payee,
                         std::optional<std::uint64_t> limit) {
    BilateralLimit present = bilateral_limit(accounts, account.id(), payee);
    if (!limit) {
        if (present.exists()) remove_limit(accounts, account, payee, present);
        return;
    }
    if (!present.exists()) {
        add_limit(accounts, account, payee, *limit);
        return;
    }
    present.limit = *limit;
    bilateral_place(accounts, account.id(), payee).write(present);
}

void set_multilateral_limit(const Storage& accounts, Account& account, std::optional<std::uint64_t> limit) {
    MultilateralLimit multilateral = multilateral_limit(accounts, account.id());
    const bool is_new = !account.has(AccountRule::multilateral_limit);
    if (is_new || !limit) {
        multilateral.net = 0;
        multilateral.value_date = 0;
    }
    multilateral.limit = limit.value_or(0);
    multilateral_place(accounts, account.id()).write(multilateral);
    account.set_rule(AccountRule::multilateral_limit, limit.has_value());
}

ParticipantIndex limited_payee(const Storage& accounts, const AccountId& payer, std::uint32_t position) {
    const ParticipantIndex payee = list_place(accounts, payer, position).read();
    CHECK(payee != 0);
    return payee;
}

core::DateYmd value_date_now(const Books& books, CurrencyIndex currency) {
    return core::date_from_days(value_day_today(books, currency_at(books, currency)));
}

core::UnixMs next_value_date_at(const Books& books, CurrencyIndex index) {
    const Currency currency = currency_at(books, index);
    return start_of_value_day(currency, value_day_at(currency, books.block.time_ms) + 1);
}

std::optional<ReasonCode> find_limit_obstacle(const Books& books, const Account& payer,
                                              ParticipantIndex payee, core::Minor amount) {
    if (!has_limits(payer.terms())) return std::nullopt;
    const core::DateYmd today = value_date_now(books, payer.id().currency);
    if (payer.has(AccountRule::bilateral_limits)) {
        const BilateralLimit bilateral = bilateral_limit(books.accounts, payer.id(), payee);
        if (bilateral.exists()) {
            if (exceeds(bilateral.used(), today, amount, bilateral.limit))
                return reason::bilateral_limit_reached;
            return std::nullopt;
        }
    }
    if (!payer.has(AccountRule::multilateral_limit)) return std::nullopt;
    const MultilateralLimit multilateral = multilateral_limit(books.accounts, payer.id());
    if (exceeds(multilateral.used(), today, amount, multilateral.limit))
        return reason::multilateral_limit_reached;
    return std::nullopt;
}

void count_net(const Books& books, const Account& account, ParticipantIndex other, core::SignedMinor delta) {
    add_to_net(books, account, other, delta);
}

void count_against_limits(const Books& books, const Account& payer, const Account& payee,
                          const SettledAmount& settled) {
    if (!is_limited(settled.priority)) return;
    const auto amount = static_cast<core::SignedMinor>(settled.amount);
    add_to_net(books, payer, payee.id().participant, amount);
    add_to_net(books, payee, payer.id().participant, -amount);
}

}  // namespace sluice::contracts::native
