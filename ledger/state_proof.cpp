#include "ledger/state_proof.hpp"

#include <map>

#include "core/state_root.hpp"
#include "ledger/state_history.hpp"

namespace sluice::ledger {

namespace {

using core::merkle::Trie;
/// Keys of a trie with the leaf they had; empty where there was none.
using Leaves = std::map<core::Hash, core::Bytes>;

Trie with_leaves(const Trie& trie, const Leaves& leaves, const core::merkle::NodeSource& nodes) {
    std::vector<core::merkle::Change> changes;
    changes.reserve(leaves.size());
    for (const auto& [hash, leaf] : leaves)
        changes.push_back({hash, leaf});
    return trie.with(changes, nodes);
}

core::Bytes leaf_of(const core::Word& value) {
    return value == core::Word{} ? core::Bytes{} : core::to_bytes(slot_leaf(value).view());
}

core::Bytes leaf_of(const std::optional<AccountRecord>& record) {
    return record ? core::encode_account(record->account, record->storage_root) : core::Bytes{};
}

/// What accounts, and the slots of one account, were at a height.
struct Undone {
    Leaves accounts;
    Leaves slots;
};

/// Walks upwards: the first block that touched a key tells what it was.
Undone undo_to(const ProofQuery& query, const core::Address& address) {
    Undone undone;
    for (core::Height height = query.height + 1; height <= query.head.height; ++height) {
        for (const OverwrittenAccount& account : read_reverse_diff(*query.rows, height)) {
            undone.accounts.try_emplace(core::keccak256(account.address), leaf_of(account.before));
            if (account.address != address) continue;
            for (const OverwrittenSlot& slot : account.slots)
                undone.slots.try_emplace(slot.slot_hash, leaf_of(slot.before));
        }
    }
    return undone;
}

}  // namespace

AccountProof prove_account(const ProofQuery& query, const core::Address& address,
                           std::span<const core::Word> keys) {
    const HistoricalState then(query.rows, query.head, query.height);
    const auto record = then.account_record(address);
    const auto record_now =
        HistoricalState(query.rows, query.head, query.head.height).account_record(address);
    const std::uint64_t slots_high = record_now ? record_now->slots_high : 0;
    const auto account_nodes =
        TrieNodes::of_accounts(*query.rows, query.head.stored_levels(query.head.accounts_high));
    const auto storage_nodes =
        TrieNodes::of_storage(*query.rows, address, query.head.stored_levels(slots_high));
    const Trie storage_now =
        query.tries.storage_of(address, record_now ? record_now->storage_root : core::empty_trie_root);
    return reading_trie("proof", [&] {
        const Undone undone = undo_to(query, address);
        const Trie accounts = with_leaves(query.tries.accounts, undone.accounts, account_nodes);
        const Trie storage = with_leaves(storage_now, undone.slots, storage_nodes);
        AccountProof proof;
        proof.nodes = accounts.prove(core::keccak256(address), account_nodes);
        if (record) {
            proof.account = record->account;
            proof.storage_root = record->storage_root;
        }
        if (storage.root() != proof.storage_root)
            throw StorageFailure("storage of " + core::checksum_hex(address) + " does not fit its root");
        for (const core::Word& key : keys) {
            const core::Hash hash = core::keccak256(key);
            proof.storage.push_back({key, then.slot(address, hash), storage.prove(hash, storage_nodes)});
        }
        return proof;
    });
}

}  // namespace sluice::ledger
