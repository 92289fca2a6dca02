#include "contracts/journaled_state.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/check.hpp"

namespace sluice::contracts {

namespace {

constexpr core::Word zero_word{};

/// The precompiled contract RIPEMD-160 stays touched where a message is undone: Ethereum's history has it so
/// (Yellow Paper, K.1). It matters only where that account exists and is empty.
constexpr core::Address never_untouched{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3};

std::uint64_t limb_at(const std::uint8_t* at) {
    std::uint64_t limb = 0;
    std::memcpy(&limb, at, sizeof limb);
    return limb;
}

std::uint64_t hash_of(std::uint64_t seed, const core::Address& address) {
    std::uint32_t tail = 0;
    std::memcpy(&tail, address.data() + 16, sizeof tail);
    return mix_limb(mix_limb(mix_limb(seed, limb_at(address.data())), limb_at(address.data() + 8)), tail);
}

std::uint64_t hash_of(std::uint64_t seed, std::uint32_t account, const core::Word& key) {
    std::uint64_t hash = mix_limb(seed, account);
    for (std::size_t at = 0; at < key.size(); at += 8)
        hash = mix_limb(hash, limb_at(key.data() + at));
    return hash;
}

// The library's comparison of arrays is a call; every access of bytecode to the state makes one of these.

bool are_equal(const core::Address& a, const core::Address& b) {
    std::uint32_t tail_a = 0;
    std::uint32_t tail_b = 0;
    std::memcpy(&tail_a, a.data() + 16, sizeof tail_a);
    std::memcpy(&tail_b, b.data() + 16, sizeof tail_b);
    return ((limb_at(a.data()) ^ limb_at(b.data())) | (limb_at(a.data() + 8) ^ limb_at(b.data() + 8)) |
            (tail_a ^ tail_b)) == 0;
}

bool are_equal(const core::Word& a, const core::Word& b) {
    return ((limb_at(a.data()) ^ limb_at(b.data())) | (limb_at(a.data() + 8) ^ limb_at(b.data() + 8)) |
            (limb_at(a.data() + 16) ^ limb_at(b.data() + 16)) |
            (limb_at(a.data() + 24) ^ limb_at(b.data() + 24))) == 0;
}

/// The limbs as they lie in memory: journal entries never leave the process.
core::Word raw_word(const core::Uint256& value) {
    core::Word word;
    std::memcpy(word.data(), value.limbs.data(), word.size());
    return word;
}

core::Uint256 from_raw(const core::Word& word) {
    core::Uint256 value;
    std::memcpy(value.limbs.data(), word.data(), word.size());
    return value;
}

const core::SharedBytes& no_code() {
    static const core::SharedBytes empty = core::share({});
    return empty;
}

}  // namespace

JournaledState::JournaledState(const core::StateView& view, std::uint64_t table_seed)
    : view_(view), seed_(table_seed ^ 0x9e3779b97f4a7c15ull) {}

// ---- transactions

void JournaledState::begin_transaction() {
    ++epoch_;
    journal_.clear();
    replaced_codes_.clear();
    touched_.clear();
    logs_.clear();
    refund_ = 0;
    transient_table_.clear();
    transients_.clear();
}

void JournaledState::finish_transaction() {
    for (const std::uint32_t position : touched_) {
        AccountEntry& account = accounts_[position];
        const bool is_touched = account.touched_epoch == epoch_;
        if (account.destroyed || (is_touched && account.exists && account.now.is_empty()))
            remove_account(account);
    }
    touched_.clear();
    journal_.clear();
    replaced_codes_.clear();
}

void JournaledState::remove_account(AccountEntry& account) {
    account.exists = false;
    account.destroyed = false;
    account.storage_cleared = true;
    account.now = core::Account{};
    account.code = nullptr;
    for (std::uint32_t slot = account.first_slot; slot != PositionTable::none; slot = slots_[slot].next)
        slots_[slot].now = zero_word;
}

// ---- checkpoints

void JournaledState::revert_to(const Checkpoint& to) {
    CHECK(to.changes <= journal_.size() && to.logs <= logs_.size());
    while (journal_.size() > to.changes) {
        undo(journal_.back());
        journal_.pop_back();
    }
    logs_.erase(logs_.begin() + static_cast<std::ptrdiff_t>(to.logs), logs_.end());
}

void JournaledState::undo(const JournalEntry& entry) {
    const std::uint64_t old = limb_at(entry.old.data());
    switch (entry.change) {
        case Change::existence:
            accounts_[entry.position].exists = old != 0;
            return;
        case Change::nonce:
            accounts_[entry.position].now.nonce = old;
            return;
        case Change::balance:
            accounts_[entry.position].now.balance = from_raw(entry.old);
            return;
        case Change::code:
            accounts_[entry.position].now.code_hash = entry.old;
            accounts_[entry.position].code = std::move(replaced_codes_.back());
            replaced_codes_.pop_back();
            return;
        case Change::touched:
            if (accounts_[entry.position].address == never_untouched) return;
            accounts_[entry.position].touched_epoch = 0;
            return;
        case Change::created:
            accounts_[entry.position].created_epoch = 0;
            return;
        case Change::destroyed:
            accounts_[entry.position].destroyed = false;
            return;
        case Change::storage:
            slots_[entry.position].now = entry.old;
            return;
        case Change::transient:
            transients_[entry.position].value = entry.old;
            return;
        case Change::refund:
            refund_ = static_cast<std::int64_t>(old);
            return;
        case Change::account_warmed:
            accounts_[entry.position].warm_epoch = 0;
            return;
        case Change::slot_warmed:
            slots_[entry.position].warm_epoch = 0;
            return;
    }
}

void JournaledState::record_u64(Change change, std::uint32_t position, std::uint64_t old) {
    core::Word word{};
    std::memcpy(word.data(), &old, sizeof old);
    record(change, position, word);
}

// ---- accounts

AccountRef JournaledState::account_at(const core::Address& address) {
    const std::uint64_t hash = hash_of(seed_, address);
    const std::uint32_t known = account_table_.find(
        hash, [&](std::uint32_t position) { return are_equal(accounts_[position].address, address); });
    if (known != PositionTable::none) return {known};

    AccountEntry loaded;
    loaded.address = address;
    if (const std::optional<core::Account> account = view_.account(address)) {
        loaded.existed = loaded.exists = true;
        loaded.before = loaded.now = *account;
    }
    const auto position = static_cast<std::uint32_t>(accounts_.size());
    accounts_.push_back(std::move(loaded));
    account_table_.insert(hash, position);
    return {position};
}

void JournaledState::bring_to_life(std::uint32_t position) {
    AccountEntry& account = accounts_[position];
    if (account.exists) return;
    record(Change::existence, position, zero_word);
    account.exists = true;
    touch(AccountRef{position});
}

const core::SharedBytes& JournaledState::code(AccountRef ref) {
    AccountEntry& account = accounts_[ref.position];
    if (!account.exists || account.now.code_hash == core::empty_code_hash) return no_code();
    if (account.code == nullptr) account.code = view_.code(account.now.code_hash);
    CHECK(account.code != nullptr);
    return account.code;
}

void JournaledState::set_nonce(AccountRef account, std::uint64_t nonce) {
    AccountEntry& entry = accounts_[account.position];
    if (entry.now.nonce == nonce) return;
    bring_to_life(account.position);
    record_u64(Change::nonce, account.position, entry.now.nonce);
    entry.now.nonce = nonce;
}

void JournaledState::set_balance(AccountRef account, const core::Uint256& balance) {
    AccountEntry& entry = accounts_[account.position];
    touch(account);
    if (entry.now.balance == balance) return;
    bring_to_life(account.position);
    record(Change::balance, account.position, raw_word(entry.now.balance));
    entry.now.balance = balance;
}

bool JournaledState::transfer(AccountRef from, AccountRef to, const core::Uint256& value) {
    const auto left = core::checked_sub(balance(from), value);
    if (!left) return false;
    if (value.is_zero() || from == to) {
        touch(to);
        return true;
    }
    const auto sum = core::checked_add(balance(to), value);
    if (!sum) return false;
    set_balance(from, *left);
    set_balance(to, *sum);
    return true;
}

void JournaledState::set_code(const core::Address& address, core::SharedBytes code) {
    CHECK(code != nullptr);
    const std::uint32_t position = account_at(address).position;
    const core::Hash hash = core::keccak256(*code);
    AccountEntry& account = accounts_[position];
    if (account.now.code_hash == hash) return;
    bring_to_life(position);
    record(Change::code, position, account.now.code_hash);
    replaced_codes_.push_back(std::move(account.code));
    account.now.code_hash = hash;
    account.code = std::move(code);
}

void JournaledState::touch(AccountRef ref) {
    AccountEntry& account = accounts_[ref.position];
    if (account.touched_epoch == epoch_) return;
    record(Change::touched, ref.position, zero_word);
    account.touched_epoch = epoch_;
    touched_.push_back(ref.position);
}

void JournaledState::create_account(const core::Address& address) {
    const std::uint32_t position = account_at(address).position;
    bring_to_life(position);
    if (accounts_[position].created_epoch == epoch_) return;
    record(Change::created, position, zero_word);
    accounts_[position].created_epoch = epoch_;
}

void JournaledState::destroy(const core::Address& address) {
    const std::uint32_t position = account_at(address).position;
    if (accounts_[position].destroyed) return;
    record(Change::destroyed, position, zero_word);
    accounts_[position].destroyed = true;
    touched_.push_back(position);
}

bool JournaledState::has_storage(const core::Address& address) {
    const AccountEntry& account = entry(address);
    for (std::uint32_t slot = account.first_slot; slot != PositionTable::none; slot = slots_[slot].next)
        if (slots_[slot].now != zero_word) return true;
    return !account.storage_cleared && view_.has_storage(address);
}

// ---- storage

SlotRef JournaledState::slot_at(AccountRef account, const core::Word& key) {
    const std::uint64_t hash = hash_of(seed_, account.position, key);
    const std::uint32_t known = slot_table_.find(hash, [&](std::uint32_t position) {
        return slots_[position].account == account.position && are_equal(slots_[position].key, key);
    });
    if (known != PositionTable::none) return {known};

    AccountEntry& owner = accounts_[account.position];
    const auto position = static_cast<std::uint32_t>(slots_.size());
    SlotEntry& slot = slots_.emplace_back();
    slot.key = key;
    slot.account = account.position;
    if (owner.existed) slot.before = view_.storage(owner.address, key);
    if (!owner.storage_cleared) slot.now = slot.before;
    (owner.last_slot == PositionTable::none ? owner.first_slot : slots_[owner.last_slot].next) = position;
    owner.last_slot = position;
    slot_table_.insert(hash, position);
    return {position};
}

void JournaledState::set_storage(SlotRef ref, const core::Word& value) {
    SlotEntry& slot = slots_[ref.position];
    if (are_equal(slot.now, value)) return;
    CHECK(accounts_[slot.account].exists);
    if (slot.original_epoch != epoch_) {
        slot.original = slot.now;
        slot.original_epoch = epoch_;
    }
    record(Change::storage, ref.position, slot.now);
    slot.now = value;
}

bool JournaledState::has_storage_changes(const core::Address& address) {
    const AccountEntry& account = entry(address);
    for (std::uint32_t slot = account.first_slot; slot != PositionTable::none; slot = slots_[slot].next)
        if (slots_[slot].now != slots_[slot].before) return true;
    return false;
}

void JournaledState::for_each_storage_change(
    const core::Address& address,
    const std::function<void(const core::Word&, const core::Word&, const core::Word&)>& visit) {
    std::uint32_t slot = entry(address).first_slot;
    while (slot != PositionTable::none) {
        // A copy: the visitor may read storage, which may move the slots.
        const SlotEntry seen = slots_[slot];
        if (seen.now != seen.before) visit(seen.key, seen.before, seen.now);
        slot = seen.next;
    }
}

// ---- transient storage, refund, warm sets

std::uint32_t JournaledState::find_transient(std::uint64_t hash, AccountRef account,
                                             const core::Word& key) const {
    return transient_table_.find(hash, [&](std::uint32_t position) {
        return transients_[position].account == account.position && are_equal(transients_[position].key, key);
    });
}

core::Word JournaledState::transient(AccountRef account, const core::Word& key) {
    const std::uint32_t position = find_transient(hash_of(seed_, account.position, key), account, key);
    return position == PositionTable::none ? zero_word : transients_[position].value;
}

void JournaledState::set_transient(AccountRef account, const core::Word& key, const core::Word& value) {
    const std::uint64_t hash = hash_of(seed_, account.position, key);
    std::uint32_t position = find_transient(hash, account, key);
    if (position == PositionTable::none) {
        position = static_cast<std::uint32_t>(transients_.size());
        transients_.push_back({account.position, key, zero_word});
        transient_table_.insert(hash, position);
    }
    record(Change::transient, position, transients_[position].value);
    transients_[position].value = value;
}

void JournaledState::add_refund(std::int64_t gas) {
    record_u64(Change::refund, 0, static_cast<std::uint64_t>(refund_));
    refund_ += gas;
}

// ---- the diff

std::optional<core::AccountChange> JournaledState::change_of(AccountEntry& account) {
    if (!account.exists) {
        if (!account.existed) return std::nullopt;
        return core::AccountChange{.address = account.address,
                                   .account = {},
                                   .storage_cleared = false,
                                   .slots = {},
                                   .code = nullptr};
    }
    core::AccountChange change{.address = account.address,
                               .account = account.now,
                               .storage_cleared = false,
                               .slots = {},
                               .code = nullptr};
    change.storage_cleared = account.storage_cleared && account.existed && view_.has_storage(account.address);
    for (std::uint32_t at = account.first_slot; at != PositionTable::none; at = slots_[at].next) {
        const SlotEntry& slot = slots_[at];
        const core::Word& base = change.storage_cleared ? zero_word : slot.before;
        if (slot.now != base) change.slots.push_back({slot.key, slot.now});
    }
    std::sort(change.slots.begin(), change.slots.end(),
              [](const core::SlotChange& a, const core::SlotChange& b) { return a.key < b.key; });
    const bool has_code = account.now.code_hash != core::empty_code_hash;
    if (has_code && account.now.code_hash != account.before.code_hash) change.code = code(account.address);
    const bool is_same = account.existed && account.now == account.before;
    if (is_same && change.slots.empty() && !change.storage_cleared) return std::nullopt;
    return change;
}

core::StateDiff JournaledState::take_diff() {
    std::vector<std::uint32_t> order(accounts_.size());
    for (std::uint32_t position = 0; position < order.size(); ++position)
        order[position] = position;
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return accounts_[a].address < accounts_[b].address; });
    core::StateDiff diff;
    for (const std::uint32_t position : order)
        if (auto change = change_of(accounts_[position])) diff.accounts.push_back(std::move(*change));
    return diff;
}

}  // namespace sluice::contracts
