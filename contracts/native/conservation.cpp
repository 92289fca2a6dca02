#include "contracts/native/conservation.hpp"

#include <algorithm>

namespace sluice::contracts::native {

namespace {

/// Sums wrap instead of overflowing: values of a damaged state may be anything, and a wrapped sum is a fault
/// too.
core::SignedMinor wrapping_add(core::SignedMinor a, core::SignedMinor b) {
    return static_cast<core::SignedMinor>(static_cast<core::Minor>(a) + static_cast<core::Minor>(b));
}
core::SignedMinor wrapping_subtract(core::SignedMinor a, core::SignedMinor b) {
    return static_cast<core::SignedMinor>(static_cast<core::Minor>(a) - static_cast<core::Minor>(b));
}

/// Money in a slot, seen from the holders' side: holdings count, what was issued counts against them.
core::SignedMinor weight(AccountSlot kind, const core::Word& value) {
    if (kind == AccountSlot::money) {
        const Money money = money_in(value);
        return wrapping_add(money.balance, static_cast<core::SignedMinor>(money.locked));
    }
    const IssuedTotals totals = totals_in(value);
    return static_cast<core::SignedMinor>(totals.redeemed - totals.issued);
}

bool counts(AccountSlot kind) {
    return kind == AccountSlot::money || kind == AccountSlot::totals;
}

/// How far a balance lies below its floor; 0 or more is well.
core::SignedMinor room(core::SignedMinor balance, core::Minor credit_line) {
    return wrapping_add(balance, static_cast<core::SignedMinor>(credit_line));
}

const core::AccountChange* find_change(const core::StateDiff& diff, const core::Address& address) {
    const auto found = std::lower_bound(diff.accounts.begin(), diff.accounts.end(), address,
                                        [](const core::AccountChange& change, const core::Address& sought) {
                                            return change.address < sought;
                                        });
    return found != diff.accounts.end() && found->address == address ? &*found : nullptr;
}

void check_floors(const std::vector<AccountId>& touched, const auto& read_slot,
                  std::vector<MoneyFault>& faults) {
    for (const AccountId& id : touched) {
        const Money money = money_in(read_slot(account_slot_key(AccountSlot::money, id)));
        const AccountTerms terms = terms_in(read_slot(account_slot_key(AccountSlot::terms, id)));
        const core::SignedMinor left = room(money.balance, terms.credit_line);
        if (left < 0) faults.push_back({MoneyFault::Law::floor, id, left});
    }
}

}  // namespace

void MoneyChangeCheck::add(const core::Word& key, const core::Word& before, const core::Word& after) {
    const AccountSlotName slot = account_slot_of(key);
    if (!counts(slot.kind)) return;
    core::SignedMinor& sum = sums_[slot.id.currency];
    sum = wrapping_add(sum, wrapping_subtract(weight(slot.kind, after), weight(slot.kind, before)));
}

std::vector<MoneyFault> MoneyChangeCheck::faults() const {
    std::vector<MoneyFault> faults;
    for (const auto& [currency, sum] : sums_)
        if (sum != 0) faults.push_back({MoneyFault::Law::conservation, {0, currency}, sum});
    return faults;
}

std::vector<MoneyFault> find_money_faults(JournaledState& state) {
    MoneyChangeCheck check;
    std::vector<AccountId> touched;
    state.for_each_storage_change(
        accounts_address, [&](const core::Word& key, const core::Word& before, const core::Word& now) {
            check.add(key, before, now);
            const AccountSlotName slot = account_slot_of(key);
            if (slot.kind == AccountSlot::money) touched.push_back(slot.id);
        });
    std::vector<MoneyFault> faults = check.faults();
    check_floors(
        touched, [&](const core::Word& key) { return state.storage(accounts_address, key); }, faults);
    return faults;
}

std::vector<MoneyFault> find_money_faults(const core::StateDiff& diff, const core::StateView& before) {
    const core::AccountChange* change = find_change(diff, accounts_address);
    if (change == nullptr) return {};
    MoneyChangeCheck check;
    std::vector<AccountId> touched;
    for (const core::SlotChange& slot : change->slots) {
        check.add(slot.key, before.storage(accounts_address, slot.key), slot.value);
        const AccountSlotName name = account_slot_of(slot.key);
        if (name.kind == AccountSlot::money) touched.push_back(name.id);
    }
    std::vector<MoneyFault> faults = check.faults();
    const auto slot_after_block = [&](const core::Word& key) {
        const auto found = std::lower_bound(
            change->slots.begin(), change->slots.end(), key,
            [](const core::SlotChange& slot, const core::Word& sought) { return slot.key < sought; });
        if (found != change->slots.end() && found->key == key) return found->value;
        return before.storage(accounts_address, key);
    };
    check_floors(touched, slot_after_block, faults);
    return faults;
}

void MoneyAudit::add(const core::Word& key, const core::Word& value) {
    const AccountSlotName slot = account_slot_of(key);
    switch (slot.kind) {
        case AccountSlot::money: {
            Sums& sums = sums_[slot.id.currency];
            sums.held = wrapping_add(sums.held, weight(slot.kind, value));
            accounts_[{slot.id.participant, slot.id.currency}].balance = money_in(value).balance;
            break;
        }
        case AccountSlot::terms:
            accounts_[{slot.id.participant, slot.id.currency}].credit_line = terms_in(value).credit_line;
            break;
        case AccountSlot::totals:
            sums_[slot.id.currency].issued = wrapping_subtract(0, weight(slot.kind, value));
            break;
        case AccountSlot::other:
            break;
    }
}

std::vector<MoneyFault> MoneyAudit::faults() const {
    std::vector<MoneyFault> faults;
    for (const auto& [currency, sums] : sums_)
        if (sums.held != sums.issued)
            faults.push_back(
                {MoneyFault::Law::conservation, {0, currency}, wrapping_subtract(sums.held, sums.issued)});
    for (const auto& [id, seen] : accounts_) {
        const core::SignedMinor left = room(seen.balance, seen.credit_line);
        if (left < 0) faults.push_back({MoneyFault::Law::floor, {id.first, id.second}, left});
    }
    return faults;
}

core::SignedMinor MoneyAudit::held(CurrencyIndex currency) const {
    const auto found = sums_.find(currency);
    return found == sums_.end() ? 0 : found->second.held;
}

}  // namespace sluice::contracts::native
