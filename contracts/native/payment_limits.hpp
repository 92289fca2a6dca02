/// Limits of a participant on what it pays: bilateral towards one other, multilateral towards all to whom it
/// has no bilateral one. Storage of 0x…5e02.
///
/// A limit bounds the day's net outflow of payments of class Normal and Low: what went out less what came
/// back in these classes. Urgent and High are outside the limits in both directions (T2). A limit counts from
/// the moment at which it is set, and starts anew with each value date.
#pragma once

#include "contracts/native/account_book.hpp"

namespace sluice::contracts::native {

/// A net outflow and the value date it belongs to: on any other date it is zero. So nothing has to be reset.
struct DayNet {
    core::SignedMinor net = 0;
    std::uint32_t value_date = 0;
    core::SignedMinor on(core::DateYmd today) const { return value_date == today ? net : 0; }
};

/// Towards one payee, in one currency.
struct BilateralLimit {
    std::uint64_t limit = 0;     ///< `amount_max` fits
    std::uint32_t position = 0;  ///< in the list of the account's limits, from 1; 0: no limit
    core::SignedMinor net = 0;
    std::uint32_t value_date = 0;
    static constexpr auto storage_members() {
        using L = BilateralLimit;
        return std::make_tuple(&L::limit, &L::position, &L::net, &L::value_date);
    }
    bool exists() const { return position != 0; }
    DayNet used() const { return {net, value_date}; }
};

/// Towards all payees without a bilateral limit. Slot 5 of the account.
struct MultilateralLimit {
    std::uint64_t limit = 0;  ///< in force where the account has AccountRule::multilateral_limit
    core::SignedMinor net = 0;
    std::uint32_t value_date = 0;
    std::uint32_t bilateral_limits = 0;  ///< length of the list of bilateral limits
    static constexpr auto storage_members() {
        using L = MultilateralLimit;
        return std::make_tuple(&L::limit, &L::net, &L::value_date, &L::bilateral_limits);
    }
    DayNet used() const { return {net, value_date}; }
};

/// A limit is at most `amount_max`; this value stands for none in acts, events and views.
inline constexpr core::Minor no_limit = ~core::Minor{0};

BilateralLimit bilateral_limit(const Storage& accounts, const AccountId& payer, ParticipantIndex payee);
MultilateralLimit multilateral_limit(const Storage& accounts, const AccountId& payer);
/// Sets, changes or (by nothing) removes a limit. The caller stores `account` afterwards.
void set_bilateral_limit(const Storage& accounts, Account& account, ParticipantIndex payee,
                         std::optional<std::uint64_t> limit);
void set_multilateral_limit(const Storage& accounts, Account& account, std::optional<std::uint64_t> limit);
/// Payee of bilateral limit number `position`, from 1. Removing one moves the last one to its position.
ParticipantIndex limited_payee(const Storage& accounts, const AccountId& payer, std::uint32_t position);

/// True for the classes that limits bound.
constexpr bool is_limited(Priority priority) {
    return priority >= Priority::normal;
}
/// True if any limit applies to what the account pays.
inline bool has_limits(const AccountTerms& terms) {
    return terms.has(AccountRule::bilateral_limits) || terms.has(AccountRule::multilateral_limit);
}

/// The value date on which a currency's limits count now.
core::DateYmd value_date_now(const Books& books, CurrencyIndex currency);
/// When the next local day begins: the next value date of a currency that settles around the clock. One with
/// a business day has no queue when its value date changes.
core::UnixMs next_value_date_at(const Books& books, CurrencyIndex currency);

/// Why a payment of a limited class would break a limit, if it would: `bilateral_limit_reached` or
/// `multilateral_limit_reached`.
std::optional<ReasonCode> find_limit_obstacle(const Books& books, const Account& payer,
                                              ParticipantIndex payee, core::Minor amount);

/// Counts a settled payment against the limits of both parties. Costs nothing where neither has any.
struct SettledAmount {
    Priority priority{};
    core::Minor amount = 0;
};
void count_against_limits(const Books& books, const Account& payer, const Account& payee,
                          const SettledAmount& settled);
/// Counts one side of an amount of a limited class: adds to what `account` has paid to `other` today, less
/// what it got from it.
void count_net(const Books& books, const Account& account, ParticipantIndex other, core::SignedMinor delta);

}  // namespace sluice::contracts::native
