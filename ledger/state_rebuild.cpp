/// Start-up: the stored nodes are those of an older height, the reverse diffs name what has changed since.
#include <algorithm>
#include <map>

#include "core/check.hpp"
#include "core/state_root.hpp"
#include "ledger/schema.hpp"
#include "ledger/state_contents.hpp"
#include "ledger/state_history.hpp"

namespace sluice::ledger {

namespace {

using core::merkle::Trie;

/// What the blocks above the stored tries did to one account.
struct TouchedAccount {
    core::Hash address_hash{};
    std::optional<AccountRecord> before;  ///< when the nodes were stored
    std::optional<AccountRecord> now;
    bool storage_cleared = false;
    LeafOverlay slots;  ///< those touched, with the leaves of when the nodes were stored
};
using Touched = std::map<core::Address, TouchedAccount>;

core::Bytes leaf_of(const core::Word& value) {
    return value == core::Word{} ? core::Bytes{} : core::to_bytes(slot_leaf(value).view());
}

core::Bytes leaf_of(const std::optional<AccountRecord>& record) {
    return record ? core::encode_account(record->account, record->storage_root) : core::Bytes{};
}

core::Hash storage_root_of(const std::optional<AccountRecord>& record) {
    return record ? record->storage_root : core::empty_trie_root;
}

Trie with_leaves(const Trie& trie, const LeafOverlay& leaves, const TrieNodes& nodes) {
    std::vector<core::merkle::Change> changes;
    changes.reserve(leaves.size());
    for (const auto& [key, leaf] : leaves)
        changes.push_back({key, leaf});
    return reading_trie("start-up", [&] { return trie.with(changes, nodes); });
}

class Rebuild {
  public:
    Rebuild(const KvStore& store, const StateHead& head, const StateOptions& options)
        : state_(std::make_unique<StateContents>(store, options)),
          head_(state_->head),
          rows_(state_->flat.rows()) {
        head_ = head;
    }

    core::Result<std::unique_ptr<StateContents>, std::string> run() {
        for (core::Height height = head_.stored_height + 1; height <= head_.height; ++height)
            collect(height);
        for (auto& [address, account] : touched_) {
            account.now = read_account(rows_, account.address_hash);
            if (!rebuild_storage(address, account))
                return core::fail("storage of " + core::checksum_hex(address) + " does not fit its root");
        }
        rebuild_accounts();
        const core::Hash root = state_->tries.accounts.root();
        if (root != head_.root)
            return core::fail("the state root rebuilt from accounts and slots is " + core::to_hex_0x(root) +
                              ", not " + core::to_hex_0x(head_.root));
        return std::move(state_);
    }

  private:
    void collect(core::Height height);
    bool rebuild_storage(const core::Address& address, const TouchedAccount& account);
    LeafOverlay slots_now(const core::Address& address, const TouchedAccount& account) const;
    void rebuild_accounts();

    std::unique_ptr<StateContents> state_;
    StateHead& head_;
    const KvReader& rows_;
    Touched touched_;
};

/// Goes upwards, so the first mention of a key tells what it was when the nodes were stored.
void Rebuild::collect(core::Height height) {
    for (const OverwrittenAccount& account : read_reverse_diff(rows_, height)) {
        const auto [found, first] = touched_.try_emplace(account.address);
        TouchedAccount& touched = found->second;
        if (first) {
            touched.address_hash = core::keccak256(account.address);
            touched.before = account.before;
        }
        touched.storage_cleared |= account.storage_cleared;
        for (const OverwrittenSlot& slot : account.slots)
            touched.slots.try_emplace(slot.slot_hash, leaf_of(slot.before));
        state_->unstored_changes += 1 + account.slots.size();
    }
}

/// The leaves that the trie of the head has where that of the stored nodes has others.
LeafOverlay Rebuild::slots_now(const core::Address& address, const TouchedAccount& account) const {
    LeafOverlay leaves;
    for (const auto& [hash, before] : account.slots)
        leaves[hash] = leaf_of(read_slot(rows_, address, hash));
    if (!account.storage_cleared) return leaves;
    // That trie begins anew, so every slot counts.
    const schema::Key prefix = schema::slots_of(address);
    for (auto cursor = rows_.cursor(prefix); cursor->valid(); cursor->next()) {
        const core::ByteView bytes = cursor->key().subspan(core::ByteView(prefix).size());
        core::Hash hash{};
        if (bytes.size() != hash.size()) throw StorageFailure("slot row cannot be decoded");
        std::copy(bytes.begin(), bytes.end(), hash.begin());
        leaves[hash] = leaf_of(read_slot(rows_, address, hash));
    }
    return leaves;
}

bool Rebuild::rebuild_storage(const core::Address& address, const TouchedAccount& account) {
    if (account.storage_cleared) state_->cleared.insert(address);
    if (account.slots.empty()) return storage_root_of(account.before) == storage_root_of(account.now);
    const std::uint64_t slots_high = account.now ? account.now->slots_high : 0;
    const auto nodes = TrieNodes::of_storage(rows_, address, head_.stored_levels(slots_high), &account.slots);
    const core::Hash root_before = storage_root_of(account.before);
    const bool fresh = account.storage_cleared || root_before == core::empty_trie_root;
    Trie trie = with_leaves(fresh ? Trie() : Trie::at_root(root_before), slots_now(address, account), nodes);
    if (trie.root() != storage_root_of(account.now)) return false;
    state_->tries.storage.set(address, {std::move(trie), slots_high, true});
    return true;
}

void Rebuild::rebuild_accounts() {
    LeafOverlay before;
    LeafOverlay now;
    for (const auto& [address, account] : touched_) {
        before[account.address_hash] = leaf_of(account.before);
        now[account.address_hash] = leaf_of(account.now);
    }
    const auto nodes = TrieNodes::of_accounts(rows_, head_.stored_levels(head_.accounts_high), &before);
    state_->tries.accounts = with_leaves(Trie::at_root(head_.stored_root), now, nodes);
}

}  // namespace

std::unique_ptr<StateContents> state_before_genesis(const KvStore& store, const StateOptions& options) {
    auto state = std::make_unique<StateContents>(store, options);
    state->before_genesis = true;
    state->head.derived_leaves = options.derived_leaves;
    return state;
}

core::Result<std::unique_ptr<StateContents>, std::string> rebuild_state(const KvStore& store,
                                                                        const StateHead& head,
                                                                        const StateOptions& options) {
    CHECK(options.history_blocks >= options.flush_blocks);
    try {
        return Rebuild(store, head, options).run();
    } catch (const StorageFailure& failure) {
        return core::fail(std::string(failure.what()));
    }
}

void store_all_nodes(KvStore& store, StateContents& contents) {
    StateHead& head = contents.head;
    if (head.stored_height == head.height) return;
    WriteBatch batch;
    store_nodes(contents.tries, head, contents.flat.rows(), contents.cleared, batch);
    head.stored_height = head.height;
    head.stored_root = head.root;
    batch.put(schema::state_head_key(), encode(head));
    store.write(batch, true);
    contents.tries = stored_and_trimmed(contents.tries, contents.options.trie_bytes);
    contents.unstored_changes = 0;
    contents.cleared.clear();
    contents.flat.advance(store.snapshot(), {});
}

}  // namespace sluice::ledger
