/// Pending transactions: bounded, ordered by arrival, executable ones apart from those that wait for a nonce.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

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
    sender_full,              ///< the sender has limits::pool_sender_transactions_max here
    pool_full,                ///< limits::pool_transactions_max or limits::pool_bytes_max reached
};

/// Bounds; the defaults are core::limits.
struct PoolLimits {
    std::size_t transactions;
    std::size_t bytes;
    std::size_t sender_transactions;
    std::uint64_t nonce_gap;
    std::uint64_t lifetime_ms;
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
    /// Drops one transaction that execution found invalid for good.
    void drop(const core::Hash& hash);
    /// Drops what has been here for longer than the lifetime; returns how many went.
    std::size_t expire(core::UnixMs now_ms);

    core::TransactionPtr find(const core::Hash& hash) const;
    /// The nonce after the sender's last executable transaction here; nothing if none is here.
    std::optional<std::uint64_t> next_nonce(const core::Address& sender) const;
    /// Transactions that entered before `before_ms`, oldest first, at most `count_max`: gossip them again.
    std::vector<core::TransactionPtr> older_than(core::UnixMs before_ms, std::size_t count_max) const;

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
    };
    struct HashOfHash {
        std::size_t operator()(const core::Hash& hash) const;
    };
    using Senders = std::map<core::Address, Sender>;

    void promote(Sender& sender);
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
    std::uint64_t next_arrival_ = 1;
    std::uint64_t next_ready_ = 1;
};

}  // namespace sluice::node
