/// The tries over the state: which of them are in memory, what is stored of them, how they shrink.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <set>

#include "core/merkle.hpp"
#include "ledger/kv_store.hpp"
#include "ledger/state_records.hpp"
#include "ledger/trie_nodes.hpp"

namespace sluice::ledger {

/// Storage tries in memory, by account. A copy is cheap and shares everything; setting one leaves copies as
/// they were. Every trie that differs from the stored nodes is here; others may be here, and can be opened at
/// their root.
class StorageTries {
  public:
    struct Entry {
        core::merkle::Trie trie;
        std::uint64_t slots_high = 0;  ///< as the account's record says
        bool unstored = false;         ///< changed since the nodes were last stored
    };

    const Entry* find(const core::Address& address) const;
    void set(const core::Address& address, Entry entry);
    /// By bucket, within it by address.
    void for_each(const std::function<void(const core::Address&, const Entry&)>& visit) const;
    std::size_t size() const;
    std::size_t memory_bytes() const;

  private:
    using Bucket = std::map<core::Address, Entry>;
    /// The last byte tells native contracts apart as well as others.
    static std::size_t bucket_of(const core::Address& address) { return address.back() % 64; }
    std::array<std::shared_ptr<const Bucket>, 64> buckets_;
};

/// The tries of one height.
struct StateTries {
    core::merkle::Trie accounts;
    StorageTries storage;

    /// The storage trie of an account whose record names `storage_root`.
    core::merkle::Trie storage_of(const core::Address& address, const core::Hash& storage_root) const;
    std::size_t memory_bytes() const { return accounts.memory_bytes() + storage.memory_bytes(); }
};

/// Adds the rows that store what has changed of the upper levels since the last time. `cleared` are the
/// accounts whose whole storage was dropped since: nodes of their old tries go.
void store_nodes(const StateTries& tries, const StateHead& head, const KvReader& rows,
                 const std::set<core::Address>& cleared, WriteBatch& to);

/// The tries after `store_nodes`, with lower nodes dropped until they fit into about `bytes_max`.
StateTries stored_and_trimmed(const StateTries& tries, std::size_t bytes_max);

/// Runs `work`; a damaged trie becomes a StorageFailure that names `what`.
template <typename Work>
auto reading_trie(const char* what, Work work) {
    try {
        return work();
    } catch (const core::merkle::DamagedTrie& damage) {
        throw StorageFailure(std::string("damaged trie node: ") + what + " at path of " +
                             std::to_string(damage.path.size()) + " nibbles 0x" + core::to_hex(damage.path));
    }
}

}  // namespace sluice::ledger
