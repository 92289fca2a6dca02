/// Settlement accounts: one per participant and currency, their money and their entries. Storage of 0x…5e02.
#pragma once

#include "contracts/native/books.hpp"
#include "contracts/native/reason_codes.hpp"

namespace sluice::contracts::native {

/// The first slot of an account. Locked money has left the balance.
struct Money {
    core::SignedMinor balance = 0;
    core::Minor locked = 0;
    bool operator==(const Money&) const = default;
    static constexpr auto storage_members() { return std::make_tuple(&Money::balance, &Money::locked); }
};

/// What applies to an account beyond its floor: bits of `AccountTerms::rules`. An account without any costs a
/// payment no further slot; `spending_rules.hpp` keeps what they stand for.
enum class AccountRule : std::uint8_t {
    frozen = 0x01,              ///< the whole account: nothing leaves it
    partly_frozen = 0x02,       ///< an amount of it
    reservations = 0x04,        ///< money that less urgent classes may not use
    bilateral_limits = 0x08,    ///< towards at least one participant
    multilateral_limit = 0x10,  ///< towards all others together
    bypass = 0x20,              ///< its queue may be passed by where that saves liquidity
    lsm_sub_limit = 0x40,       ///< liquidity saving may use no more than a part of its money
};

/// The second slot of an account.
struct AccountTerms {
    core::Minor credit_line = 0;      ///< the balance may go down to minus this
    std::uint64_t entries = 0;        ///< number of the last account entry; entries count from 1 without gaps
    std::uint8_t queued_classes = 0;  ///< bit n: priority n has queued payments
    std::uint8_t rules = 0;           ///< bits of AccountRule
    static constexpr auto storage_members() {
        return std::make_tuple(&AccountTerms::credit_line, &AccountTerms::entries,
                               &AccountTerms::queued_classes, &AccountTerms::rules);
    }
    bool has(AccountRule rule) const { return (rules & static_cast<unsigned>(rule)) != 0; }
};

/// The third slot: sums of queued payments, held ones left out.
struct QueuedSums {
    core::Minor outgoing = 0;
    core::Minor incoming = 0;
    static constexpr auto storage_members() {
        return std::make_tuple(&QueuedSums::outgoing, &QueuedSums::incoming);
    }
};

/// Money that came from and went back to the central bank's own books, per currency.
struct IssuedTotals {
    core::Minor issued = 0;
    core::Minor redeemed = 0;
    static constexpr auto storage_members() {
        return std::make_tuple(&IssuedTotals::issued, &IssuedTotals::redeemed);
    }
};

/// An account, read once and written once. Never keep one across a call that may touch the same account.
class Account {
  public:
    Account(const Storage& accounts, const AccountId& id);

    const AccountId& id() const { return id_; }
    const Money& money() const { return money_; }
    const AccountTerms& terms() const { return terms_; }
    /// Balance + credit line: what lies above the floor. What of it may be spent is `spendable`.
    core::SignedMinor above_floor() const;
    bool has(AccountRule rule) const { return terms_.has(rule); }
    /// The account has queued payments.
    bool has_queue() const { return terms_.queued_classes != 0; }
    /// It has queued payments that a new one of class `priority` waits behind.
    bool is_blocked_for(Priority priority) const;

    /// Counts an entry of `delta` and changes the balance by it. Returns the entry's number.
    std::uint64_t book(core::SignedMinor delta);
    void lock(core::Minor amount) { money_.locked += amount; }
    /// Precondition (CHECKed): as much is locked.
    void unlock(core::Minor amount);
    void set_queued(Priority priority, bool any);
    void set_credit_line(core::Minor line) { terms_.credit_line = line; }
    void set_rule(AccountRule rule, bool on);
    void store() const;

  private:
    Storage accounts_;
    AccountId id_;
    Money money_;
    AccountTerms terms_;
};

/// Who an account belongs to, as events name it.
struct AccountName {
    BicText bic{};
    CurrencyText currency{};
};

/// Books `delta` on an account and logs AccountEntry. `reference` is the payment id, or that of an issue or
/// redemption.
void book_entry(const Books& books, Account& account, const AccountName& name, core::SignedMinor delta,
                const core::Word& reference);

QueuedSums queued_sums(const Storage& accounts, const AccountId& id);
void set_queued_sums(const Storage& accounts, const AccountId& id, const QueuedSums& sums);
IssuedTotals issued_totals(const Storage& accounts, CurrencyIndex currency);
void set_issued_totals(const Storage& accounts, CurrencyIndex currency, const IssuedTotals& totals);

/// What a slot of the accounts contract holds, told by its key: for the money check and for offline audits.
enum class AccountSlot : std::uint8_t { other, money, terms, totals };
struct AccountSlotName {
    AccountSlot kind = AccountSlot::other;
    AccountId id;  ///< participant 0 for totals
};
AccountSlotName account_slot_of(const core::Word& key);
core::Word account_slot_key(AccountSlot kind, const AccountId& id);
/// Key of slot number `slot` of an account.
core::Word account_row_key(const AccountId& id, std::uint8_t slot);
Money money_in(const core::Word& value);
AccountTerms terms_in(const core::Word& value);
IssuedTotals totals_in(const core::Word& value);

}  // namespace sluice::contracts::native
