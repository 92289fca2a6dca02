/// Start-up: the stored nodes are those of an older height, the reverse diffs name what has changed since.
#include <algorithm>
#include <map>

#include "core/check.hpp"
#include "core/state_root.hpp"
#include "ledger/schema.hpp"
#include "ledger/state_contents.hpp"

namespace sluice::ledger {

namespace {

using core::merkle::Trie;

/// What the blocks above the stored tries did to one account.
struct TouchedAccount {
    core::Hash stored_storage_root = core::empty_trie_root;
    bool storage_cleared = false;
    std::set<core::Hash> slots;
};
using Touched = std::map<core::Address, TouchedAccount>;

class Rebuild {
  public:
    Rebuild(const KvStore& store, const StateHead& head, const StateOptions& options)
        : state_(std::make_unique<StateContents>(store, options)) {
        state_->head = head;
    }

    core::Result<std::unique_ptr<StateContents>, std::string> run() {
        const StateHead& head = state_->head;
        state_->tries.accounts = Trie::at_root(head.stored_root);
        for (core::Height height = head.stored_height + 1; height <= head.height; ++height)
            if (!collect(height))
                return core::fail("the reverse diff of block " + std::to_string(height) +
                                  " is missing or damaged");
        for (const auto& [address, account] : touched_)
            if (!rebuild_storage(address, account))
                return core::fail("storage of " + core::checksum_hex(address) + " does not fit its root");
        rebuild_accounts();
        if (state_->tries.accounts.root() != head.root)
            return core::fail(std::string("the state root rebuilt from accounts and slots is ") +
                              core::to_hex_0x(state_->tries.accounts.root()) + ", not " +
                              core::to_hex_0x(head.root));
        return std::move(state_);
    }

  private:
    bool collect(core::Height height);
    bool rebuild_storage(const core::Address& address, const TouchedAccount& account);
    void rebuild_accounts();
    std::vector<std::pair<core::Hash, core::Word>> slots_now(const core::Address& address,
                                                             const TouchedAccount& account) const;
    const KvReader& rows() const { return state_->flat.rows(); }

    std::unique_ptr<StateContents> state_;
    Touched touched_;
};

/// Goes upwards, so the first mention of an account tells what it was when the nodes were stored.
bool Rebuild::collect(core::Height height) {
    const auto row = rows().get(schema::reverse_diff_key(height));
    const auto diff = row ? decode_reverse_diff(*row) : std::nullopt;
    if (!diff) return false;
    for (const OverwrittenAccount& account : *diff) {
        const auto [touched, first] = touched_.try_emplace(account.address);
        if (first && account.before) touched->second.stored_storage_root = account.before->storage_root;
        touched->second.storage_cleared |= account.storage_cleared;
        for (const OverwrittenSlot& slot : account.slots)
            touched->second.slots.insert(slot.slot_hash);
        state_->unstored_changes += 1 + account.slots.size();
    }
    return true;
}

std::vector<std::pair<core::Hash, core::Word>> Rebuild::slots_now(const core::Address& address,
                                                                  const TouchedAccount& account) const {
    std::vector<std::pair<core::Hash, core::Word>> slots;
    if (!account.storage_cleared) {
        for (const core::Hash& hash : account.slots)
            slots.emplace_back(hash, read_slot(rows(), address, hash));
        return slots;
    }
    // The trie begins anew, so every slot counts, also those that no later block touched again.
    const schema::Key prefix = schema::slots_of(address);
    for (auto cursor = rows().cursor(prefix); cursor->valid(); cursor->next()) {
        const core::ByteView bytes = cursor->key().subspan(core::ByteView(prefix).size());
        core::Hash hash{};
        if (bytes.size() != hash.size()) throw StorageFailure("slot row cannot be decoded");
        std::copy(bytes.begin(), bytes.end(), hash.begin());
        slots.emplace_back(hash, read_slot(rows(), address, hash));
    }
    return slots;
}

bool Rebuild::rebuild_storage(const core::Address& address, const TouchedAccount& account) {
    if (account.slots.empty() && !account.storage_cleared) return true;
    const auto slots = slots_now(address, account);
    std::vector<SlotLeaf> leaves(slots.size());
    std::vector<core::merkle::Change> changes;
    changes.reserve(slots.size());
    for (std::size_t i = 0; i < slots.size(); ++i) {
        const bool gone = slots[i].second == core::Word{};
        if (!gone) leaves[i] = slot_leaf(slots[i].second);
        changes.push_back({slots[i].first, gone ? core::ByteView() : leaves[i].view()});
    }
    const bool fresh = account.storage_cleared || account.stored_storage_root == core::empty_trie_root;
    const Trie stored = fresh ? Trie() : Trie::at_root(account.stored_storage_root);
    const StorageNodes nodes(rows(), address);
    Trie trie = reading_trie("storage", [&] { return stored.with(changes, nodes); });
    if (account.storage_cleared) state_->cleared.insert(address);

    const CachedAccount now = state_->flat.account_entry(address);
    const core::Hash expected = now.exists ? now.record.storage_root : core::empty_trie_root;
    if (trie.root() != expected) return false;
    state_->tries.storage.set(address, {std::move(trie), true});
    return true;
}

void Rebuild::rebuild_accounts() {
    std::map<core::Hash, core::Bytes> leaves;
    for (const auto& [address, account] : touched_) {
        const CachedAccount now = state_->flat.account_entry(address);
        leaves[now.address_hash] =
            now.exists ? core::encode_account(now.record.account, now.record.storage_root) : core::Bytes{};
    }
    std::vector<core::merkle::Change> changes;
    changes.reserve(leaves.size());
    for (const auto& [hash, leaf] : leaves)
        changes.push_back({hash, leaf});
    const AccountNodes nodes(rows());
    state_->tries.accounts =
        reading_trie("accounts", [&] { return state_->tries.accounts.with(changes, nodes); });
}

}  // namespace

std::unique_ptr<StateContents> state_before_genesis(const KvStore& store, const StateOptions& options) {
    auto state = std::make_unique<StateContents>(store, options);
    state->before_genesis = true;
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

}  // namespace sluice::ledger
