/// The state while one block executes: reads of a StateView, remembered, and changes that can be taken back.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "contracts/position_table.hpp"
#include "core/log.hpp"
#include "core/state.hpp"

namespace sluice::contracts {

/// An account that a JournaledState has met: saves the look-up by address. Valid as long as that state.
struct AccountRef {
    std::uint32_t position = 0;
    bool operator==(const AccountRef&) const = default;
};

/// A storage slot that a JournaledState has met: saves the look-up by key. Valid as long as that state.
struct SlotRef {
    std::uint32_t position = 0;
    bool operator==(const SlotRef&) const = default;
};

/// Where a JournaledState was, to go back to. Checkpoints nest; they end with the transaction.
struct Checkpoint {
    std::size_t changes = 0;
    std::size_t logs = 0;
};

/// Accounts, storage, transient storage, logs, refund and warm sets over a `core::StateView`, for one block.
/// Every read of the view is made once per block. Undoing costs as much as the changes undone.
/// Order of use: {begin_transaction, changes, finish_transaction}*, take_diff. One thread. Reads are not
/// const because they remember; they never change what the state says.
class JournaledState {
  public:
    /// `view` must outlive this object. `table_seed` spreads the internal tables and never reaches a result.
    explicit JournaledState(const core::StateView& view, std::uint64_t table_seed = 0);

    // ---- transactions
    /// Starts a transaction: empty warm sets, transient storage, logs, refund; original values are the
    /// present ones.
    void begin_transaction();
    /// Makes the transaction's changes permanent for the block: destroyed accounts go with their storage,
    /// touched accounts that are empty go (EIP-161). Checkpoints end here.
    void finish_transaction();

    // ---- checkpoints
    Checkpoint checkpoint() const { return {journal_.size(), logs_.size()}; }
    /// Undoes everything since `to`, logs and warm sets included.
    void revert_to(const Checkpoint& to);

    // ---- accounts: by address, or by an AccountRef where one is at hand. References returned stay valid
    // until the next call that is not const.
    AccountRef account_at(const core::Address& address);
    const core::Address& address_of(AccountRef account) const { return at(account).address; }
    bool exists(AccountRef account) const { return at(account).exists; }
    bool exists(const core::Address& address) { return exists(account_at(address)); }
    /// Absent, or nothing worth keeping (EIP-161).
    bool is_empty(AccountRef account) const { return !at(account).exists || at(account).now.is_empty(); }
    bool is_empty(const core::Address& address) { return is_empty(account_at(address)); }
    std::uint64_t nonce(AccountRef account) const { return at(account).now.nonce; }
    std::uint64_t nonce(const core::Address& address) { return nonce(account_at(address)); }
    const core::Uint256& balance(AccountRef account) const { return at(account).now.balance; }
    core::Uint256 balance(const core::Address& address) { return balance(account_at(address)); }
    /// Zero hash for an absent account; `core::empty_code_hash` for one without code (EIP-1052).
    core::Hash code_hash(AccountRef account) const {
        return at(account).exists ? at(account).now.code_hash : core::Hash{};
    }
    core::Hash code_hash(const core::Address& address) { return code_hash(account_at(address)); }
    /// Never null; empty where there is no code.
    const core::SharedBytes& code(AccountRef account);
    core::SharedBytes code(const core::Address& address) { return code(account_at(address)); }
    void set_nonce(AccountRef account, std::uint64_t nonce);
    void set_nonce(const core::Address& address, std::uint64_t nonce) {
        set_nonce(account_at(address), nonce);
    }
    void set_balance(AccountRef account, const core::Uint256& balance);
    void set_balance(const core::Address& address, const core::Uint256& balance) {
        set_balance(account_at(address), balance);
    }
    /// Moves native coin. False, and nothing changed, if `from` has less or `to` would overflow.
    [[nodiscard]] bool transfer(AccountRef from, AccountRef to, const core::Uint256& value);
    [[nodiscard]] bool transfer(const core::Address& from, const core::Address& to,
                                const core::Uint256& value) {
        const AccountRef source = account_at(from);
        return transfer(source, account_at(to), value);
    }
    void set_code(const core::Address& address, core::SharedBytes code);
    /// Marks as touched, so that it goes at the end of the transaction if it is empty (EIP-161).
    void touch(AccountRef account);
    void touch(const core::Address& address) { touch(account_at(address)); }
    /// An account at `address` that counts as created in this transaction (EIP-6780); its balance stays.
    void create_account(const core::Address& address);
    bool was_created_in_transaction(AccountRef account) const { return at(account).created_epoch == epoch_; }
    bool was_created_in_transaction(const core::Address& address) {
        return was_created_in_transaction(account_at(address));
    }
    /// The account and its storage go at the end of the transaction.
    void destroy(const core::Address& address);
    /// Some storage key is not zero (EIP-7610).
    bool has_storage(const core::Address& address);

    // ---- storage: by account and key, or by a SlotRef where one is at hand
    SlotRef slot_at(AccountRef account, const core::Word& key);
    const core::Word& storage(SlotRef slot) const { return slots_[slot.position].now; }
    core::Word storage(AccountRef account, const core::Word& key) { return storage(slot_at(account, key)); }
    core::Word storage(const core::Address& address, const core::Word& key) {
        return storage(account_at(address), key);
    }
    /// The value at the start of the transaction (EIP-2200).
    const core::Word& original_storage(SlotRef slot) const {
        const SlotEntry& entry = slots_[slot.position];
        return entry.original_epoch == epoch_ ? entry.original : entry.now;
    }
    core::Word original_storage(const core::Address& address, const core::Word& key) {
        return original_storage(slot_at(account_at(address), key));
    }
    void set_storage(SlotRef slot, const core::Word& value);
    void set_storage(AccountRef account, const core::Word& key, const core::Word& value) {
        set_storage(slot_at(account, key), value);
    }
    void set_storage(const core::Address& address, const core::Word& key, const core::Word& value) {
        set_storage(account_at(address), key, value);
    }
    /// True if some storage of the account differs from what it was before the block.
    bool has_storage_changes(const core::Address& address);
    /// Every key of the account whose value differs from that before the block, in the order of first use.
    void for_each_storage_change(const core::Address& address,
                                 const std::function<void(const core::Word& key, const core::Word& before,
                                                          const core::Word& now)>& visit);

    // ---- transient storage (EIP-1153)
    core::Word transient(AccountRef account, const core::Word& key);
    core::Word transient(const core::Address& address, const core::Word& key) {
        return transient(account_at(address), key);
    }
    void set_transient(AccountRef account, const core::Word& key, const core::Word& value);
    void set_transient(const core::Address& address, const core::Word& key, const core::Word& value) {
        set_transient(account_at(address), key, value);
    }

    // ---- logs and refund of the transaction
    void add_log(core::Log log) { logs_.push_back(std::move(log)); }
    const std::vector<core::Log>& logs() const { return logs_; }
    std::vector<core::Log> take_logs() { return std::exchange(logs_, {}); }
    std::int64_t refund() const { return refund_; }
    void add_refund(std::int64_t gas);

    // ---- warm sets (EIP-2929): true if it was cold until now
    bool warm(AccountRef account) {
        if (at(account).warm_epoch == epoch_) return false;
        record(Change::account_warmed, account.position, core::Word{});
        accounts_[account.position].warm_epoch = epoch_;
        return true;
    }
    bool warm(const core::Address& address) { return warm(account_at(address)); }
    bool warm(SlotRef slot) {
        if (slots_[slot.position].warm_epoch == epoch_) return false;
        record(Change::slot_warmed, slot.position, core::Word{});
        slots_[slot.position].warm_epoch = epoch_;
        return true;
    }
    bool warm(const core::Address& address, const core::Word& key) {
        return warm(slot_at(account_at(address), key));
    }
    bool is_warm(AccountRef account) const { return at(account).warm_epoch == epoch_; }
    bool is_warm(const core::Address& address) { return is_warm(account_at(address)); }

    /// What the block changed, canonical: sorted by address and key, only real changes. Ends the state's
    /// life.
    core::StateDiff take_diff();

  private:
    struct AccountEntry {
        core::Address address{};
        bool existed = false;  ///< before the block
        bool exists = false;
        bool destroyed = false;        ///< marked in this transaction
        bool storage_cleared = false;  ///< what the view holds is gone
        core::Account before;
        core::Account now;
        core::SharedBytes code;  ///< null until asked for or set
        std::uint32_t touched_epoch = 0;
        std::uint32_t created_epoch = 0;
        std::uint32_t warm_epoch = 0;
        std::uint32_t first_slot = PositionTable::none;
        std::uint32_t last_slot = PositionTable::none;
    };
    struct SlotEntry {
        core::Word key{};
        core::Word before{};    ///< before the block
        core::Word original{};  ///< before the transaction `original_epoch`
        core::Word now{};
        std::uint32_t account = 0;
        std::uint32_t next = PositionTable::none;  ///< next slot of the same account
        std::uint32_t original_epoch = 0;
        std::uint32_t warm_epoch = 0;
    };
    struct TransientEntry {
        std::uint32_t account = 0;
        core::Word key{};
        core::Word value{};
    };
    enum class Change : std::uint8_t {
        existence,
        nonce,
        balance,
        code,
        touched,
        created,
        destroyed,
        storage,
        transient,
        refund,
        account_warmed,
        slot_warmed,
    };
    struct JournalEntry {
        Change change{};
        std::uint32_t position = 0;
        core::Word old{};  ///< the old value, in the form that `change` needs
    };

    const AccountEntry& at(AccountRef account) const { return accounts_[account.position]; }
    AccountEntry& entry(const core::Address& address) { return accounts_[account_at(address).position]; }
    /// The position of a transient value, or `PositionTable::none`.
    std::uint32_t find_transient(std::uint64_t hash, AccountRef account, const core::Word& key) const;
    void record(Change change, std::uint32_t position, const core::Word& old) {
        journal_.push_back({change, position, old});
    }
    void record_u64(Change change, std::uint32_t position, std::uint64_t old);
    void bring_to_life(std::uint32_t position);
    void undo(const JournalEntry& entry);
    void remove_account(AccountEntry& account);
    std::optional<core::AccountChange> change_of(AccountEntry& account);

    const core::StateView& view_;
    std::uint64_t seed_;
    std::uint32_t epoch_ = 1;
    PositionTable account_table_;
    PositionTable slot_table_;
    PositionTable transient_table_;
    std::vector<AccountEntry> accounts_;
    std::vector<SlotEntry> slots_;
    std::vector<TransientEntry> transients_;
    std::vector<JournalEntry> journal_;
    std::vector<core::SharedBytes> replaced_codes_;  ///< parallel to the `code` entries of the journal
    std::vector<std::uint32_t> touched_;             ///< accounts touched or destroyed in this transaction
    std::vector<core::Log> logs_;
    std::int64_t refund_ = 0;
};

}  // namespace sluice::contracts
