/// One block's changes: new rows, overwritten values, new tries and their root.
#include <algorithm>

#include "core/check.hpp"
#include "core/state_root.hpp"
#include "ledger/schema.hpp"
#include "ledger/state_contents.hpp"

namespace sluice::ledger {

namespace {

using core::merkle::Trie;

/// More old reverse diffs than this are not removed in one block, after `history_blocks` was lowered.
constexpr core::Height pruned_per_block_max = 8;

/// A slot of one account on its way from old to new value.
struct SlotStep {
    const core::Word* key = nullptr;  ///< null for a slot that only clearing touches
    core::Hash slot_hash{};
    core::Word before{};
    core::Word after{};
    SlotLeaf leaf;
    core::merkle::Change trie_change() const {
        return {slot_hash, after == core::Word{} ? core::ByteView() : leaf.view()};
    }
};

class Preparation {
  public:
    Preparation(const StateContents& parent, const core::StateDiff& diff) : parent_(parent), diff_(diff) {
        result_.tries = parent.tries;
        result_.cleared = parent.cleared;
        result_.head = parent.head;
        result_.head.height = parent.before_genesis ? 0 : parent.head.height + 1;
        result_.parent_root = parent.before_genesis ? core::empty_trie_root : parent.head.root;
    }

    PreparedContents run() {
        const auto out_of_order = [](const core::AccountChange& a, const core::AccountChange& b) {
            return a.address >= b.address;
        };
        CHECK(std::ranges::adjacent_find(diff_.accounts, out_of_order) == diff_.accounts.end());
        for (const core::AccountChange& change : diff_.accounts)
            apply(change);
        update_accounts();
        result_.unstored_changes = parent_.unstored_changes + result_.changes;
        settle_archive();
        write_history();
        prune_history();
        store_nodes_if_due();
        result_.rows.put(schema::state_head_key(), encode(result_.head));
        return std::move(result_);
    }

  private:
    struct AccountStep {
        core::Hash address_hash{};
        core::Bytes leaf;  ///< empty: the account goes
    };

    void apply(const core::AccountChange& change);
    std::vector<SlotStep> steps_of(const core::AccountChange& change, bool cleared) const;
    void add_old_storage(const core::Address& address, std::vector<SlotStep>& steps) const;
    AccountRecord count_slots(const CachedAccount& before, const std::vector<SlotStep>& steps,
                              bool cleared) const;
    void update_storage(AccountRecord& record, const std::vector<SlotStep>& steps, bool cleared);
    void write_slots(const core::Address& address, const std::vector<SlotStep>& steps);
    void remember_slots(const core::Address& address, const std::vector<SlotStep>& steps);
    void write_account(const core::AccountChange& change, const CachedAccount& before, AccountRecord record);
    void update_accounts();
    void settle_archive();
    void write_history();
    void write_archive_rows();
    void prune_history();
    void store_nodes_if_due();

    const StateContents& parent_;
    const core::StateDiff& diff_;
    PreparedContents result_;
    std::vector<AccountStep> account_steps_;
    ReverseDiff overwritten_;
};

void Preparation::apply(const core::AccountChange& change) {
    const CachedAccount before = parent_.flat.account_entry(change.address);
    const bool had_storage = before.exists && before.record.storage_root != core::empty_trie_root;
    const bool cleared = had_storage && (change.storage_cleared || !change.account);
    const std::vector<SlotStep> steps = steps_of(change, cleared);

    OverwrittenAccount overwritten;
    overwritten.address = change.address;
    if (before.exists) overwritten.before = before.record;
    overwritten.storage_cleared = cleared;
    for (const SlotStep& step : steps)
        overwritten.slots.push_back({step.slot_hash, step.before});
    overwritten_.push_back(std::move(overwritten));

    if (cleared) {
        result_.cleared.insert(change.address);
        result_.updates.cleared.push_back(change.address);
    }
    AccountRecord record = count_slots(before, steps, cleared);
    record.address = change.address;
    update_storage(record, steps, cleared);
    write_slots(change.address, steps);
    remember_slots(change.address, steps);
    write_account(change, before, std::move(record));
    result_.changes += 1 + steps.size();
}

/// Sorted by hash, only real changes.
std::vector<SlotStep> Preparation::steps_of(const core::AccountChange& change, bool cleared) const {
    std::vector<SlotStep> steps;
    steps.reserve(change.slots.size());
    for (const core::SlotChange& slot : change.slots) {
        const CachedSlot before = parent_.flat.slot_entry(change.address, slot.key);
        if (!cleared && before.value == slot.value) continue;
        steps.push_back({&slot.key, before.slot_hash, before.value, slot.value, {}});
    }
    if (cleared) add_old_storage(change.address, steps);
    std::sort(steps.begin(), steps.end(),
              [](const SlotStep& a, const SlotStep& b) { return a.slot_hash < b.slot_hash; });
    const auto same = [](const SlotStep& a, const SlotStep& b) { return a.slot_hash == b.slot_hash; };
    CHECK(std::ranges::adjacent_find(steps, same) == steps.end());
    for (SlotStep& step : steps)
        if (step.after != core::Word{}) step.leaf = slot_leaf(step.after);
    return steps;
}

/// Everything stored that `steps` does not set anew goes to zero.
void Preparation::add_old_storage(const core::Address& address, std::vector<SlotStep>& steps) const {
    std::set<core::Hash> named;
    for (const SlotStep& step : steps)
        named.insert(step.slot_hash);
    const schema::Key prefix = schema::slots_of(address);
    for (auto cursor = parent_.flat.rows().cursor(prefix); cursor->valid(); cursor->next()) {
        SlotStep step;
        const core::ByteView hash = cursor->key().subspan(core::ByteView(prefix).size());
        const auto before = word_from_trimmed(cursor->value());
        if (hash.size() != step.slot_hash.size() || !before)
            throw StorageFailure("slot row cannot be decoded");
        std::copy(hash.begin(), hash.end(), step.slot_hash.begin());
        step.before = *before;
        if (!named.contains(step.slot_hash)) steps.push_back(step);
    }
}

/// The old record with the new numbers of slots.
AccountRecord Preparation::count_slots(const CachedAccount& before, const std::vector<SlotStep>& steps,
                                       bool cleared) const {
    AccountRecord record = before.exists ? before.record : AccountRecord{};
    if (cleared) record.slots_high = 0;
    for (const SlotStep& step : steps) {
        if (step.before != core::Word{}) --record.slots;
        if (step.after != core::Word{}) ++record.slots;
    }
    record.slots_high = std::max(record.slots_high, record.slots);
    return record;
}

void Preparation::update_storage(AccountRecord& record, const std::vector<SlotStep>& steps, bool cleared) {
    if (steps.empty() && !cleared) return;
    const Trie old_trie = cleared ? Trie() : result_.tries.storage_of(record.address, record.storage_root);
    std::vector<core::merkle::Change> changes;
    changes.reserve(steps.size());
    for (const SlotStep& step : steps)
        if (!cleared || step.after != core::Word{}) changes.push_back(step.trie_change());
    const auto nodes = TrieNodes::of_storage(parent_.flat.rows(), record.address,
                                             parent_.head.stored_levels(record.slots_high));
    Trie trie = reading_trie("storage", [&] { return old_trie.with(changes, nodes); });
    record.storage_root = trie.root();
    CHECK((record.slots == 0) == (record.storage_root == core::empty_trie_root));
    result_.tries.storage.set(record.address, {std::move(trie), record.slots_high, true});
}

void Preparation::write_slots(const core::Address& address, const std::vector<SlotStep>& steps) {
    for (const SlotStep& step : steps) {
        const schema::Key key = schema::slot_key(address, step.slot_hash);
        if (step.after == core::Word{}) {
            result_.rows.remove(key);
        } else {
            result_.rows.put(key, trimmed(step.after));
        }
    }
}

void Preparation::remember_slots(const core::Address& address, const std::vector<SlotStep>& steps) {
    for (const SlotStep& step : steps)
        if (step.key != nullptr)
            result_.updates.slots.push_back({{address, *step.key}, {step.slot_hash, step.after}});
}

void Preparation::write_account(const core::AccountChange& change, const CachedAccount& before,
                                AccountRecord record) {
    CachedAccount after;
    after.address_hash = before.address_hash;
    AccountStep step{before.address_hash, {}};
    if (before.exists) --result_.head.accounts;
    if (change.account) {
        ++result_.head.accounts;
        record.account = *change.account;
        after.exists = true;
        after.record = std::move(record);
        step.leaf = core::encode_account(after.record.account, after.record.storage_root);
        result_.rows.put(schema::account_key(before.address_hash), encode(after.record));
    } else {
        CHECK(record.slots == 0);
        result_.rows.remove(schema::account_key(before.address_hash));
    }
    if (change.account && change.code) {
        result_.rows.put(schema::code_key(change.account->code_hash), *change.code);
        result_.updates.code.emplace_back(change.account->code_hash, change.code);
    }
    result_.updates.accounts.push_back({{change.address}, std::move(after)});
    account_steps_.push_back(std::move(step));
}

void Preparation::update_accounts() {
    std::sort(account_steps_.begin(), account_steps_.end(),
              [](const AccountStep& a, const AccountStep& b) { return a.address_hash < b.address_hash; });
    std::vector<core::merkle::Change> changes;
    changes.reserve(account_steps_.size());
    for (const AccountStep& step : account_steps_)
        changes.push_back({step.address_hash, step.leaf});
    StateHead& head = result_.head;
    head.accounts_high = std::max(head.accounts_high, head.accounts);
    const auto nodes = TrieNodes::of_accounts(parent_.flat.rows(), head.stored_levels(head.accounts_high));
    result_.tries.accounts =
        reading_trie("accounts", [&] { return parent_.tries.accounts.with(changes, nodes); });
    head.root = result_.tries.accounts.root();
}

/// An archive has no gap: it begins where it was switched on, and ends for good where it was switched off.
void Preparation::settle_archive() {
    core::Height& from = result_.head.archive_from;
    if (!parent_.options.archive) {
        from = no_archive;
    } else if (from == no_archive) {
        from = parent_.before_genesis ? 0 : parent_.head.height;
    }
}

void Preparation::write_history() {
    if (parent_.before_genesis) return;  // nothing comes before it
    const core::Height height = result_.head.height;
    result_.rows.put(schema::reverse_diff_key(height), encode(overwritten_));
    result_.rows.put(schema::diff_keys_key(height), encode(fingerprints_of(overwritten_)));
    if (parent_.options.archive) write_archive_rows();
}

void Preparation::write_archive_rows() {
    const core::Height height = result_.head.height;
    for (const OverwrittenAccount& account : overwritten_) {
        const core::Bytes before = account.before ? encode(*account.before) : core::Bytes{};
        result_.rows.put(schema::account_history_key(core::keccak256(account.address), height), before);
        for (const OverwrittenSlot& slot : account.slots)
            result_.rows.put(schema::slot_history_key(account.address, slot.slot_hash, height),
                             trimmed(slot.before));
    }
}

void Preparation::prune_history() {
    StateHead& head = result_.head;
    const core::Height kept = parent_.options.history_blocks;
    // Start-up needs the diffs above the stored tries, whatever the options say.
    const core::Height wanted =
        std::min(head.height > kept ? head.height - kept + 1 : 1, head.stored_height + 1);
    for (core::Height count = 0; head.first_diff < wanted && count < pruned_per_block_max; ++count) {
        result_.rows.remove(schema::reverse_diff_key(head.first_diff));
        result_.rows.remove(schema::diff_keys_key(head.first_diff));
        ++head.first_diff;
    }
}

void Preparation::store_nodes_if_due() {
    const StateOptions& options = parent_.options;
    const bool is_snapshot =
        options.snapshot_interval != 0 && result_.head.height % options.snapshot_interval == 0;
    const bool due = parent_.before_genesis || is_snapshot ||
                     result_.head.height - result_.head.stored_height >= options.flush_blocks ||
                     result_.unstored_changes >= options.flush_changes;
    if (!due) return;
    store_nodes(result_.tries, result_.head, parent_.flat.rows(), result_.cleared, result_.rows);
    result_.tries = stored_and_trimmed(result_.tries, options.trie_bytes);
    result_.head.stored_height = result_.head.height;
    result_.head.stored_root = result_.head.root;
    result_.unstored_changes = 0;
    result_.cleared.clear();
}

}  // namespace

PreparedContents prepare_state(const StateContents& parent, const core::StateDiff& diff) {
    return Preparation(parent, diff).run();
}

}  // namespace sluice::ledger
