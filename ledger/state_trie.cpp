#include "ledger/state_trie.hpp"

#include <vector>

#include "ledger/schema.hpp"

namespace sluice::ledger {

namespace {

using core::merkle::StoredNode;
using core::merkle::Trie;

/// Tries that have not changed since the last flush are kept up to this many; they open again at their root.
constexpr std::size_t tries_kept_max = 4096;
/// Deeper levels than this are never dropped first: 16^8 leaves are more than a ledger holds.
constexpr std::size_t first_depth_tried = 7;

void store_node(const StoredNode& node, core::ByteView key, WriteBatch& to) {
    if (node.encoded.empty()) {
        to.remove(key);
    } else {
        to.put(key, node.encoded);
    }
}

void drop_nodes_of(const core::Address& address, const KvReader& rows, WriteBatch& to) {
    for (auto cursor = rows.cursor(schema::storage_nodes_of(address)); cursor->valid(); cursor->next())
        to.remove(cursor->key());
}

/// Keeps as many upper levels as fit.
Trie trimmed_to(const Trie& trie, std::size_t bytes_max) {
    Trie smaller = trie;
    for (std::size_t depth = first_depth_tried; depth > 0 && smaller.memory_bytes() > bytes_max; --depth)
        smaller = smaller.marked_stored(depth);
    return smaller;
}

constexpr std::size_t keep_all = 64;

}  // namespace

const StorageTries::Entry* StorageTries::find(const core::Address& address) const {
    const auto& bucket = buckets_[bucket_of(address)];
    if (!bucket) return nullptr;
    const auto entry = bucket->find(address);
    return entry == bucket->end() ? nullptr : &entry->second;
}

void StorageTries::set(const core::Address& address, Entry entry) {
    auto& bucket = buckets_[bucket_of(address)];
    Bucket changed = bucket ? *bucket : Bucket{};
    changed.insert_or_assign(address, std::move(entry));
    bucket = std::make_shared<const Bucket>(std::move(changed));
}

void StorageTries::for_each(const std::function<void(const core::Address&, const Entry&)>& visit) const {
    for (const auto& bucket : buckets_) {
        if (!bucket) continue;
        for (const auto& [address, entry] : *bucket)
            visit(address, entry);
    }
}

std::size_t StorageTries::size() const {
    std::size_t count = 0;
    for (const auto& bucket : buckets_)
        count += bucket ? bucket->size() : 0;
    return count;
}

std::size_t StorageTries::memory_bytes() const {
    std::size_t bytes = 0;
    for_each([&](const core::Address&, const Entry& entry) { bytes += entry.trie.memory_bytes(); });
    return bytes;
}

Trie StateTries::storage_of(const core::Address& address, const core::Hash& storage_root) const {
    const StorageTries::Entry* held = storage.find(address);
    if (held != nullptr) return held->trie;
    return storage_root == core::empty_trie_root ? Trie() : Trie::at_root(storage_root);
}

void store_nodes(const StateTries& tries, const StateHead& head, const KvReader& rows,
                 const std::set<core::Address>& cleared, WriteBatch& to) {
    // Removals first: a batch applies in order, and a new trie may reuse the paths of the old one.
    for (const core::Address& address : cleared)
        drop_nodes_of(address, rows, to);
    tries.storage.for_each([&](const core::Address& address, const StorageTries::Entry& entry) {
        const std::size_t levels = head.stored_levels(entry.slots_high);
        if (!entry.unstored || levels == 0) return;
        entry.trie.for_each_unstored(
            [&](const StoredNode& node) {
                store_node(node, schema::storage_node_key(address, node.path), to);
            },
            levels - 1);
    });
    const std::size_t levels = head.stored_levels(head.accounts_high);
    if (levels == 0) return;
    tries.accounts.for_each_unstored(
        [&](const StoredNode& node) { store_node(node, schema::account_node_key(node.path), to); },
        levels - 1);
}

StateTries stored_and_trimmed(const StateTries& tries, std::size_t bytes_max) {
    StateTries kept;
    kept.accounts = tries.accounts.marked_stored(keep_all);
    const bool too_many = tries.storage.size() > tries_kept_max;
    tries.storage.for_each([&](const core::Address& address, const StorageTries::Entry& entry) {
        if (entry.unstored) {
            kept.storage.set(address, {entry.trie.marked_stored(keep_all), entry.slots_high, false});
        } else if (!too_many) {
            kept.storage.set(address, entry);
        }
    });
    const std::size_t total = kept.memory_bytes();
    if (total <= bytes_max) return kept;
    // Each trie shrinks in proportion, so that none is starved by another.
    const auto share = [&](const Trie& trie) {
        return trie.memory_bytes() / 1024 * bytes_max / (total / 1024);
    };
    kept.accounts = trimmed_to(kept.accounts, share(kept.accounts));
    StorageTries smaller;
    kept.storage.for_each([&](const core::Address& address, const StorageTries::Entry& entry) {
        smaller.set(address, {trimmed_to(entry.trie, share(entry.trie)), entry.slots_high, false});
    });
    kept.storage = smaller;
    return kept;
}

}  // namespace sluice::ledger
