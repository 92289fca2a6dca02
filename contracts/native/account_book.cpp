#include "contracts/native/account_book.hpp"

#include <algorithm>

#include "contracts/native/row_key.hpp"
#include "contracts/native/settlement_events.hpp"

namespace sluice::contracts::native {

namespace {

// Tables 0x01 and 0x02 of the accounts contract.
// 0x01 ‖ uint32 participant ‖ uint16 ccy    slot 0: struct Money, 1: struct AccountTerms, 2: struct
// QueuedSums;
//                                           3 to 5: see spending_rules.cpp and payment_limits.cpp
// 0x02 ‖ uint16 ccy                         struct IssuedTotals
constexpr std::uint8_t account_table = 0x01;
constexpr std::uint8_t totals_table = 0x02;
constexpr std::uint8_t money_slot = 0;
constexpr std::uint8_t terms_slot = 1;
constexpr std::uint8_t sums_slot = 2;

static_assert(Place<Money>::slots == 1 && Place<AccountTerms>::slots == 1 && Place<QueuedSums>::slots == 1);

/// Sums of money stay far from the ends of 128 bits: every one is bounded by what was issued.
constexpr core::SignedMinor balance_bound = core::SignedMinor{1} << 120;

template <typename T>
Place<T> account_place(const Storage& accounts, const AccountId& id, std::uint8_t slot) {
    return {accounts, account_row_key(id, slot)};
}
Place<IssuedTotals> totals_place(const Storage& accounts, CurrencyIndex currency) {
    return {accounts, row_key(totals_table, currency)};
}

/// Decodes one slot outside of any state.
template <typename T>
T decoded(const core::Word& word) {
    constexpr auto members = T::storage_members();
    constexpr auto positions = detail::StructLayout<decltype(T::storage_members())>::positions;
    T value{};
    std::size_t index = 0;
    std::apply(
        [&](auto... member) { (detail::take_packed(word, positions[index++].offset, value.*member), ...); },
        members);
    return value;
}

}  // namespace

Account::Account(const Storage& accounts, const AccountId& id)
    : accounts_(accounts),
      id_(id),
      money_(account_place<Money>(accounts, id, money_slot).read()),
      terms_(account_place<AccountTerms>(accounts, id, terms_slot).read()) {}

core::SignedMinor Account::above_floor() const {
    return money_.balance + static_cast<core::SignedMinor>(terms_.credit_line);
}

bool Account::is_blocked_for(Priority priority) const {
    const unsigned same_or_more_urgent = (2u << static_cast<unsigned>(priority)) - 1;
    return (terms_.queued_classes & same_or_more_urgent) != 0;
}

std::uint64_t Account::book(core::SignedMinor delta) {
    money_.balance += delta;
    CHECK(money_.balance < balance_bound && money_.balance > -balance_bound);
    return ++terms_.entries;
}

void Account::unlock(core::Minor amount) {
    CHECK(money_.locked >= amount);
    money_.locked -= amount;
}

void Account::set_queued(Priority priority, bool any) {
    const unsigned bit = 1u << static_cast<unsigned>(priority);
    const unsigned others = terms_.queued_classes & ~bit;
    terms_.queued_classes = static_cast<std::uint8_t>(any ? others | bit : others);
}

void Account::set_rule(AccountRule rule, bool on) {
    const unsigned bit = static_cast<unsigned>(rule);
    const unsigned others = terms_.rules & ~bit;
    terms_.rules = static_cast<std::uint8_t>(on ? others | bit : others);
}

void Account::store() const {
    account_place<Money>(accounts_, id_, money_slot).write(money_);
    account_place<AccountTerms>(accounts_, id_, terms_slot).write(terms_);
}

void book_entry(const Books& books, Account& account, const AccountName& name, core::SignedMinor delta,
                const core::Word& reference) {
    const std::uint64_t entry = account.book(delta);
    books.emit(accounts_address, account_entry_topic,
               {word_of(name.bic), word_of(name.currency), word_of(entry)},
               abi::encode(delta, account.money().balance, reference));
}

QueuedSums queued_sums(const Storage& accounts, const AccountId& id) {
    return account_place<QueuedSums>(accounts, id, sums_slot).read();
}

void set_queued_sums(const Storage& accounts, const AccountId& id, const QueuedSums& sums) {
    account_place<QueuedSums>(accounts, id, sums_slot).write(sums);
}

IssuedTotals issued_totals(const Storage& accounts, CurrencyIndex currency) {
    return totals_place(accounts, currency).read();
}

void set_issued_totals(const Storage& accounts, CurrencyIndex currency, const IssuedTotals& totals) {
    totals_place(accounts, currency).write(totals);
}

AccountSlotName account_slot_of(const core::Word& key) {
    const bool is_account = key[0] == account_table;
    if (!is_account && key[0] != totals_table) return {};
    const std::size_t fields_end = is_account ? 7 : 3;
    const bool padded = std::all_of(key.begin() + static_cast<std::ptrdiff_t>(fields_end), key.end() - 1,
                                    [](std::uint8_t byte) { return byte == 0; });
    if (!padded) return {};
    if (!is_account)
        return {key[31] == 0 ? AccountSlot::totals : AccountSlot::other,
                {0, core::read_be16(key.data() + 1)}};
    const AccountId id{core::read_be32(key.data() + 1), core::read_be16(key.data() + 5)};
    if (key[31] == money_slot) return {AccountSlot::money, id};
    if (key[31] == terms_slot) return {AccountSlot::terms, id};
    return {AccountSlot::other, id};
}

core::Word account_row_key(const AccountId& id, std::uint8_t slot) {
    return row_slot(row_key(account_table, id.participant, id.currency), slot);
}

core::Word account_slot_key(AccountSlot kind, const AccountId& id) {
    CHECK(kind != AccountSlot::other);
    if (kind == AccountSlot::totals) return row_key(totals_table, id.currency);
    return account_row_key(id, kind == AccountSlot::money ? money_slot : terms_slot);
}

Money money_in(const core::Word& value) {
    return decoded<Money>(value);
}

AccountTerms terms_in(const core::Word& value) {
    return decoded<AccountTerms>(value);
}

IssuedTotals totals_in(const core::Word& value) {
    return decoded<IssuedTotals>(value);
}

}  // namespace sluice::contracts::native
