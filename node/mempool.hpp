/// Pending transactions: bounded, ordered by arrival, executable ones apart from those that wait for a nonce.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "core/limits.hpp"
#include "core/time.hpp"
#include "core/transaction.hpp"

namespace sluice::node {

/// What became of a transaction that asked to enter the pool.
enum class PoolVerdict {
    added,
    already_known,            ///< this very transaction is in the pool
    replacement_underpriced,  ///< another one with the same sender and nonce is; nothing replaces it
    nonce_too_low,            ///< the account has used that nonce
    nonce_gap_too_large,      ///< more than limits::pool_nonce_gap_max ahead
    sender_full,              ///< the sender has as many here as one may, in all or waiting for a nonce
    pool_full,                ///< the pool is full, or its room for those that wait for a nonce
    insufficient_funds,       ///< the sender has not got what the transaction moves (asked by the node)
};

/// Bounds; the defaults are core::limits.
struct PoolLimits {
    std::size_t transactions;
    std::size_t bytes;
    std::size_t sender_transactions;
    std::uint64_t nonce_gap;
    std::uint64_t lifetime_ms;
    std::size_t sender_bytes = core::limits::pool_sender_bytes_max;
    std::size_t waiting_transactions = core::limits::pool_waiting_transactions_max;
    std::size_t waiting_bytes = core::limits::pool_waiting_bytes_max;
    std::size_t sender_waiting = core::limits::pool_sender_waiting_max;
    static PoolLimits standard();
};

/// Owned by the node thread. Sums and order never depend on hash order, so that one seed gives one history.
class Mempool {
  public:
    explicit Mempool(PoolLimits limits = PoolLimits::standard());

    /// Takes a transaction that passed validation against a state in which the sender's nonce was
    /// `account_nonce`.
    PoolVerdict add(core::TransactionPtr transaction, std::uint64_t account_nonce, core::UnixMs now_ms);

    /// Executable transactions in order of arrival (per sender in order of nonce): as many from the front as
    /// fit.
    std::vector<core::TransactionPtr> executable(std::size_t count_max, std::size_t bytes_max) const;
    bool has_executable() const { return !ready_.empty(); }

    /// A block was appended: its transactions leave, their senders' nonces move on.
    void remove_mined(std::span<const core::TransactionPtr> transactions);
    /// A block left the sender with this balance: its next transaction is dropped if it moves more, because
    /// work that no primary can propose would move views.
    void retest_funds(const core::Address& sender, const core::Uint256& balance);
    /// Drops one transaction that execution found invalid for good.
    void drop(const core::Hash& hash);
    /// Drops what has been here for longer than the lifetime; returns how many went.
    std::size_t expire(core::UnixMs now_ms);

    core::TransactionPtr find(const core::Hash& hash) const;
    /// The nonce after the sender's last executable transaction here; nothing if none is here.
    std::optional<std::uint64_t> next_nonce(const core::Address& sender) const;
    /// Executable transactions that entered before `before_ms`, oldest first, as many as fit: gossip them
    /// again.
    std::vector<core::TransactionPtr> executable_older_than(core::UnixMs before_ms, std::size_t count_max,
                                                            std::size_t bytes_max) const;

    std::size_t size() const { return by_hash_.size(); }
    /// Of these, how many could run now, one after the other.
    std::size_t executable_size() const { return ready_.size(); }
    std::size_t bytes() const { return bytes_; }

  private:
    struct Entry {
        core::TransactionPtr transaction;
        std::uint64_t arrival = 0;
        std::uint64_t ready = 0;  ///< place in ready_, 0 while waiting for a nonce
        core::UnixMs added_ms = 0;
    };
    struct Sender {
        std::uint64_t account_nonce = 0;
        std::uint64_t next_ready_nonce = 0;  ///< first nonce that is not in ready_
        std::map<std::uint64_t, Entry> by_nonce;
        std::size_t bytes = 0;
        std::size_t waiting = 0;  ///< of `by_nonce`, those that are not in ready_
    };
    struct HashOfHash {
        std::size_t operator()(const core::Hash& hash) const;
    };
    using Senders = std::map<core::Address, Sender>;

    /// Why there is no room for one more of the sender (null: it has none here), if there is not.
    std::optional<PoolVerdict> find_no_room(const Sender* sender, std::size_t bytes, bool waits) const;
    void promote(Sender& sender);
    void count_waiting(Sender& sender, const core::RecoveredTransaction& transaction, bool begins);
    void erase(Sender& sender, std::map<std::uint64_t, Entry>::iterator entry);
    void advance_account(Sender& sender, std::uint64_t account_nonce);
    /// Executable transactions behind a gap fall back to waiting.
    void demote_from(Sender& sender, std::uint64_t nonce);

    PoolLimits limits_;
    Senders senders_;
    std::unordered_map<core::Hash, core::TransactionPtr, HashOfHash> by_hash_;
    std::map<std::uint64_t, core::TransactionPtr> ready_;
    std::map<std::uint64_t, std::pair<core::UnixMs, core::TransactionPtr>> by_arrival_;
    std::size_t bytes_ = 0;
    std::size_t waiting_ = 0;
    std::size_t waiting_bytes_ = 0;
    std::uint64_t next_arrival_ = 1;
    std::uint64_t next_ready_ = 1;
};

}  // namespace sluice::node
