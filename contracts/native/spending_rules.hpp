/// What an account may spend: its floor, money that is frozen or reserved for more urgent classes, limits.
/// Storage of 0x…5e02.
#pragma once

#include "contracts/native/payment_limits.hpp"

namespace sluice::contracts::native {

/// Money that only payments of the named or a more urgent class may use. Slot 3 of the account.
struct Reservations {
    core::Minor urgent = 0;
    core::Minor high = 0;
    static constexpr auto storage_members() {
        return std::make_tuple(&Reservations::urgent, &Reservations::high);
    }
    /// What a payment of `priority` may not use.
    core::Minor kept_from(Priority priority) const;
};

/// Slot 4 of the account.
struct HeldBack {
    core::Minor frozen = 0;         ///< by an authority, where the account has AccountRule::partly_frozen
    core::Minor lsm_sub_limit = 0;  ///< most that liquidity saving may use, AccountRule::lsm_sub_limit
    static constexpr auto storage_members() {
        return std::make_tuple(&HeldBack::frozen, &HeldBack::lsm_sub_limit);
    }
};

Reservations reservations(const Storage& accounts, const AccountId& id);
HeldBack held_back(const Storage& accounts, const AccountId& id);
/// Writers of the same. They keep the account's rules in step; the caller stores `account` afterwards.
void set_reservation(const Storage& accounts, Account& account, Priority priority, core::Minor amount);
void set_frozen_amount(const Storage& accounts, Account& account, core::Minor amount);
void set_lsm_options(const Storage& accounts, Account& account, bool allow_bypass,
                     std::optional<core::Minor> sub_limit);

/// Frozen and reserved money that a payment of class `priority` has to leave: its floor is this less the
/// credit line. A freeze of the whole account is not part of it.
core::Minor kept_from(const Storage& accounts, const Account& account, Priority priority);
/// balance + credit line − kept_from; below zero where more is held back than there is.
core::SignedMinor spendable(const Storage& accounts, const Account& account, Priority priority);

/// Money that is about to leave an account towards a participant.
struct Spending {
    ParticipantIndex payee = 0;  ///< 0: no payment (a redemption), which no limit bounds
    Priority priority = Priority::normal;
    core::Minor amount = 0;
};
/// Why `payer` may not spend this now, if it may not: `blocked_account` (the whole account is frozen),
/// `insufficient_funds` (with what is frozen and reserved), or a limit. An account without rules is judged by
/// what is in memory.
std::optional<ReasonCode> find_spending_obstacle(const Books& books, const Account& payer,
                                                 const Spending& spending);

/// True if time may remove an obstacle: a limit starts anew with the value date.
bool ends_with_the_day(const ReasonCode& obstacle);

}  // namespace sluice::contracts::native
