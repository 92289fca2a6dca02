#include "node/mempool.hpp"

#include <algorithm>
#include <cstring>

#include "core/check.hpp"
#include "core/limits.hpp"

namespace sluice::node {

PoolLimits PoolLimits::standard() {
    return {.transactions = core::limits::pool_transactions_max,
            .bytes = core::limits::pool_bytes_max,
            .sender_transactions = core::limits::pool_sender_transactions_max,
            .nonce_gap = core::limits::pool_nonce_gap_max,
            .lifetime_ms = core::limits::pool_lifetime_ms};
}

std::size_t Mempool::HashOfHash::operator()(const core::Hash& hash) const {
    // A transaction hash is keccak output: any eight bytes of it are spread evenly.
    std::size_t value = 0;
    std::memcpy(&value, hash.data(), sizeof value);
    return value;
}

Mempool::Mempool(PoolLimits limits) : limits_(limits) {}

std::optional<PoolVerdict> Mempool::find_no_room(const Sender* sender, std::size_t bytes, bool waits) const {
    if (sender != nullptr && (sender->by_nonce.size() >= limits_.sender_transactions ||
                              sender->bytes + bytes > limits_.sender_bytes ||
                              (waits && sender->waiting >= limits_.sender_waiting)))
        return PoolVerdict::sender_full;
    if (size() >= limits_.transactions || bytes_ + bytes > limits_.bytes) return PoolVerdict::pool_full;
    if (waits && (waiting_ >= limits_.waiting_transactions || waiting_bytes_ + bytes > limits_.waiting_bytes))
        return PoolVerdict::pool_full;
    return std::nullopt;
}

PoolVerdict Mempool::add(core::TransactionPtr transaction, std::uint64_t account_nonce, core::UnixMs now_ms) {
    if (by_hash_.contains(transaction->hash)) return PoolVerdict::already_known;
    const std::uint64_t nonce = transaction->transaction.nonce;
    const std::size_t size_bytes = transaction->encoded->size();
    const auto known = senders_.find(transaction->sender);
    const Sender* const present = known == senders_.end() ? nullptr : &known->second;
    std::uint64_t next_ready = account_nonce;
    if (present != nullptr) {
        account_nonce = std::max(account_nonce, present->account_nonce);
        next_ready = std::max(account_nonce, present->next_ready_nonce);
        if (present->by_nonce.contains(nonce) && nonce >= account_nonce)
            return PoolVerdict::replacement_underpriced;
    }
    if (nonce < account_nonce) return PoolVerdict::nonce_too_low;
    if (nonce - account_nonce > limits_.nonce_gap) return PoolVerdict::nonce_gap_too_large;
    if (const auto verdict = find_no_room(present, size_bytes, nonce > next_ready)) return *verdict;

    auto& sender =
        senders_.try_emplace(transaction->sender, Sender{account_nonce, account_nonce, {}}).first->second;
    advance_account(sender, account_nonce);
    const std::uint64_t arrival = next_arrival_++;
    by_arrival_.emplace(arrival, std::pair{now_ms, transaction});
    by_hash_.emplace(transaction->hash, transaction);
    bytes_ += size_bytes;
    sender.bytes += size_bytes;
    count_waiting(sender, *transaction, true);
    sender.by_nonce.emplace(nonce, Entry{std::move(transaction), arrival, 0, now_ms});
    promote(sender);
    return PoolVerdict::added;
}

void Mempool::count_waiting(Sender& sender, const core::RecoveredTransaction& transaction, bool begins) {
    const std::size_t size_bytes = transaction.encoded->size();
    sender.waiting += begins ? 1 : -1;
    waiting_ += begins ? 1 : -1;
    waiting_bytes_ += begins ? size_bytes : -size_bytes;
}

void Mempool::promote(Sender& sender) {
    for (auto entry = sender.by_nonce.find(sender.next_ready_nonce);
         entry != sender.by_nonce.end() && entry->first == sender.next_ready_nonce; ++entry) {
        count_waiting(sender, *entry->second.transaction, false);
        entry->second.ready = next_ready_++;
        ready_.emplace_hint(ready_.end(), entry->second.ready, entry->second.transaction);
        ++sender.next_ready_nonce;
    }
}

void Mempool::erase(Sender& sender, std::map<std::uint64_t, Entry>::iterator entry) {
    const std::size_t size_bytes = entry->second.transaction->encoded->size();
    if (entry->second.ready != 0)
        ready_.erase(entry->second.ready);
    else
        count_waiting(sender, *entry->second.transaction, false);
    by_arrival_.erase(entry->second.arrival);
    bytes_ -= size_bytes;
    sender.bytes -= size_bytes;
    by_hash_.erase(entry->second.transaction->hash);
    sender.by_nonce.erase(entry);
}

void Mempool::advance_account(Sender& sender, std::uint64_t account_nonce) {
    if (account_nonce <= sender.account_nonce) return;
    sender.account_nonce = account_nonce;
    while (!sender.by_nonce.empty() && sender.by_nonce.begin()->first < account_nonce)
        erase(sender, sender.by_nonce.begin());
    sender.next_ready_nonce = std::max(sender.next_ready_nonce, account_nonce);
    promote(sender);
}

void Mempool::demote_from(Sender& sender, std::uint64_t nonce) {
    for (auto entry = sender.by_nonce.lower_bound(nonce); entry != sender.by_nonce.end(); ++entry) {
        if (entry->second.ready == 0) break;
        ready_.erase(entry->second.ready);
        entry->second.ready = 0;
        count_waiting(sender, *entry->second.transaction, true);
    }
    sender.next_ready_nonce = std::min(sender.next_ready_nonce, nonce);
}

std::vector<core::TransactionPtr> Mempool::executable(std::size_t count_max, std::size_t bytes_max) const {
    std::vector<core::TransactionPtr> chosen;
    std::size_t bytes = 0;
    for (const auto& [place, transaction] : ready_) {
        bytes += transaction->encoded->size();
        if (chosen.size() == count_max || bytes > bytes_max) break;
        chosen.push_back(transaction);
    }
    return chosen;
}

void Mempool::remove_mined(std::span<const core::TransactionPtr> transactions) {
    for (const auto& mined : transactions) {
        const auto sender = senders_.find(mined->sender);
        if (sender == senders_.end()) continue;
        advance_account(sender->second, mined->transaction.nonce + 1);
        if (sender->second.by_nonce.empty()) senders_.erase(sender);
    }
}

void Mempool::retest_funds(const core::Address& sender, const core::Uint256& balance) {
    const auto found = senders_.find(sender);
    if (found == senders_.end()) return;
    const Entry& next = found->second.by_nonce.begin()->second;
    if (next.ready != 0 && next.transaction->transaction.value > balance)
        drop(core::Hash(next.transaction->hash));
}

void Mempool::drop(const core::Hash& hash) {
    const auto found = by_hash_.find(hash);
    if (found == by_hash_.end()) return;
    const core::TransactionPtr transaction = found->second;
    const auto sender = senders_.find(transaction->sender);
    CHECK(sender != senders_.end());
    const std::uint64_t nonce = transaction->transaction.nonce;
    demote_from(sender->second, nonce);
    erase(sender->second, sender->second.by_nonce.find(nonce));
    if (sender->second.by_nonce.empty()) senders_.erase(sender);
}

std::size_t Mempool::expire(core::UnixMs now_ms) {
    std::size_t dropped = 0;
    while (!by_arrival_.empty()) {
        const auto& [added_ms, transaction] = by_arrival_.begin()->second;
        if (added_ms + limits_.lifetime_ms > now_ms) break;
        drop(core::Hash(transaction->hash));
        ++dropped;
    }
    return dropped;
}

core::TransactionPtr Mempool::find(const core::Hash& hash) const {
    const auto found = by_hash_.find(hash);
    return found == by_hash_.end() ? nullptr : found->second;
}

std::optional<std::uint64_t> Mempool::next_nonce(const core::Address& sender) const {
    const auto found = senders_.find(sender);
    if (found == senders_.end()) return std::nullopt;
    return found->second.next_ready_nonce;
}

std::vector<core::TransactionPtr> Mempool::executable_older_than(core::UnixMs before_ms,
                                                                 std::size_t count_max,
                                                                 std::size_t bytes_max) const {
    std::vector<core::TransactionPtr> old;
    std::size_t bytes = 0;
    for (const auto& [arrival, entry] : by_arrival_) {
        const auto& [added_ms, transaction] = entry;
        if (added_ms >= before_ms || old.size() == count_max) break;
        if (transaction->transaction.nonce >= senders_.at(transaction->sender).next_ready_nonce) continue;
        bytes += transaction->encoded->size();
        if (bytes > bytes_max) break;
        old.push_back(transaction);
    }
    return old;
}

}  // namespace sluice::node
