/// Reads of the head's state for execution: the flat rows behind caches of accounts, slots and code.
#pragma once

#include <map>
#include <vector>

#include "ledger/fixed_cache.hpp"
#include "ledger/kv_store.hpp"
#include "ledger/state_records.hpp"
#include "ledger/state_trie.hpp"

namespace sluice::ledger {

struct AccountId {
    core::Address address{};
    bool operator==(const AccountId&) const = default;
    std::uint64_t spread() const { return ledger::spread(address); }
};

struct SlotId {
    core::Address address{};
    core::Word key{};
    bool operator==(const SlotId&) const = default;
    std::uint64_t spread() const { return ledger::spread(address) ^ (ledger::spread(key) * 3); }
};

/// An account or its absence, with its key in the trie.
struct CachedAccount {
    core::Hash address_hash{};
    bool exists = false;
    AccountRecord record;
};

/// A slot's value (zero included), with its key in the trie.
struct CachedSlot {
    core::Hash slot_hash{};
    core::Word value{};
};

/// What `advance` puts into the caches.
struct StateUpdates {
    std::vector<std::pair<AccountId, CachedAccount>> accounts;
    std::vector<std::pair<SlotId, CachedSlot>> slots;
    std::vector<core::Address> cleared;  ///< accounts whose earlier slots are all gone
    std::vector<std::pair<core::Hash, core::SharedBytes>> code;
};

/// Const reads fill the caches, so one thread at a time. What the tries in memory decide, absence above all,
/// is not looked up in the rows.
class CachedState final : public core::StateView {
  public:
    /// `tries` are those of the same height as `rows`, at every moment, and outlive this.
    CachedState(KvSnapshot rows, const StateTries& tries, std::size_t cache_bytes);

    std::optional<core::Account> account(const core::Address& address) const override;
    core::Word storage(const core::Address& address, const core::Word& key) const override;
    core::SharedBytes code(const core::Hash& code_hash) const override;
    bool has_storage(const core::Address& address) const override;

    CachedAccount account_entry(const core::Address& address) const;
    CachedSlot slot_entry(const core::Address& address, const core::Word& key) const;
    const KvReader& rows() const { return *rows_; }

    /// Goes to a later state: its rows, and what has changed on the way.
    void advance(KvSnapshot rows, const StateUpdates& updates);
    std::size_t memory_bytes() const;

  private:
    core::Word read_value(const core::Address& address, const core::Hash& slot_hash) const;
    void keep_code(const core::Hash& code_hash, const core::SharedBytes& code) const;

    KvSnapshot rows_;
    const StateTries* tries_;
    mutable FixedCache<AccountId, CachedAccount> accounts_;
    mutable FixedCache<SlotId, CachedSlot> slots_;
    /// Two generations: when the newer is full it becomes the older, and the older is forgotten.
    mutable std::map<core::Hash, core::SharedBytes> newer_code_;
    mutable std::map<core::Hash, core::SharedBytes> older_code_;
    mutable std::size_t newer_code_bytes_ = 0;
};

/// The row of an account as it is stored, or its absence. Throws StorageFailure when it cannot be decoded.
std::optional<AccountRecord> read_account(const KvReader& rows, const core::Hash& address_hash);
core::Word read_slot(const KvReader& rows, const core::Address& address, const core::Hash& slot_hash);
core::SharedBytes read_code(const KvReader& rows, const core::Hash& code_hash);

}  // namespace sluice::ledger
