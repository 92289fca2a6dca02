#include "contracts/native/spending_rules.hpp"

namespace sluice::contracts::native {

namespace {

// Slots 3 and 4 of an account (table 0x01 of the accounts contract).
constexpr std::uint8_t reservations_slot = 3;
constexpr std::uint8_t held_back_slot = 4;

static_assert(Place<Reservations>::slots == 1 && Place<HeldBack>::slots == 1);

Place<Reservations> reservations_place(const Storage& accounts, const AccountId& id) {
    return {accounts, account_row_key(id, reservations_slot)};
}
Place<HeldBack> held_back_place(const Storage& accounts, const AccountId& id) {
    return {accounts, account_row_key(id, held_back_slot)};
}

}  // namespace

core::Minor Reservations::kept_from(Priority priority) const {
    if (priority == Priority::urgent) return 0;
    return priority == Priority::high ? urgent : urgent + high;
}

Reservations reservations(const Storage& accounts, const AccountId& id) {
    return reservations_place(accounts, id).read();
}

HeldBack held_back(const Storage& accounts, const AccountId& id) {
    return held_back_place(accounts, id).read();
}

void set_reservation(const Storage& accounts, Account& account, Priority priority, core::Minor amount) {
    CHECK(!is_limited(priority));
    Reservations all = reservations(accounts, account.id());
    (priority == Priority::urgent ? all.urgent : all.high) = amount;
    reservations_place(accounts, account.id()).write(all);
    account.set_rule(AccountRule::reservations, all.urgent != 0 || all.high != 0);
}

void set_frozen_amount(const Storage& accounts, Account& account, core::Minor amount) {
    HeldBack all = held_back(accounts, account.id());
    all.frozen = amount;
    held_back_place(accounts, account.id()).write(all);
    account.set_rule(AccountRule::partly_frozen, amount != 0);
}

void set_lsm_options(const Storage& accounts, Account& account, bool allow_bypass,
                     std::optional<core::Minor> sub_limit) {
    HeldBack all = held_back(accounts, account.id());
    all.lsm_sub_limit = sub_limit.value_or(0);
    held_back_place(accounts, account.id()).write(all);
    account.set_rule(AccountRule::lsm_sub_limit, sub_limit.has_value());
    account.set_rule(AccountRule::bypass, allow_bypass);
}

core::Minor kept_from(const Storage& accounts, const Account& account, Priority priority) {
    core::Minor kept = 0;
    if (account.has(AccountRule::partly_frozen)) kept += held_back(accounts, account.id()).frozen;
    if (account.has(AccountRule::reservations))
        kept += reservations(accounts, account.id()).kept_from(priority);
    return kept;
}

core::SignedMinor spendable(const Storage& accounts, const Account& account, Priority priority) {
    return account.above_floor() - static_cast<core::SignedMinor>(kept_from(accounts, account, priority));
}

std::optional<ReasonCode> find_spending_obstacle(const Books& books, const Account& payer,
                                                 const Spending& spending) {
    if (payer.has(AccountRule::frozen)) return reason::blocked_account;
    if (spendable(books.accounts, payer, spending.priority) < static_cast<core::SignedMinor>(spending.amount))
        return reason::insufficient_funds;
    if (spending.payee == 0 || !is_limited(spending.priority)) return std::nullopt;
    return find_limit_obstacle(books, payer, spending.payee, spending.amount);
}

bool ends_with_the_day(const ReasonCode& obstacle) {
    return obstacle == reason::bilateral_limit_reached || obstacle == reason::multilateral_limit_reached;
}

}  // namespace sluice::contracts::native
