#include "node/rpc/waiters.hpp"

#include <algorithm>
#include <cstring>

#include "node/rpc/limits.hpp"

namespace sluice::node::rpc {

std::size_t Waiters::HashOfHash::operator()(const core::Hash& hash) const {
    // Keccak output: any eight bytes of it are spread evenly.
    std::size_t value = 0;
    std::memcpy(&value, hash.data(), sizeof value);
    return value;
}

std::optional<Waiters::Ticket> Waiters::add(const core::Hash& transaction, std::chrono::milliseconds timeout,
                                            Callback callback) {
    Ticket ticket{transaction, 0};
    {
        const std::lock_guard lock(mutex_);
        if (is_shut_down_ || count_ >= limits::waiters_max) return std::nullopt;
        ticket.number = next_number_++;
        waiting_[transaction].push_back({ticket.number, std::move(callback)});
        ++count_;
    }
    node_.post_after(timeout, [weak = weak_from_this(), ticket] {
        const auto self = weak.lock();
        if (!self) return;
        if (const auto expired = self->take(ticket)) expired({WaitResult::End::expired, {}, 0});
    });
    return ticket;
}

Waiters::Callback Waiters::take(const Ticket& ticket) {
    const std::lock_guard lock(mutex_);
    const auto found = waiting_.find(ticket.transaction);
    if (found == waiting_.end()) return nullptr;
    auto& list = found->second;
    const auto waiter = std::find_if(list.begin(), list.end(),
                                     [&](const Waiter& each) { return each.number == ticket.number; });
    if (waiter == list.end()) return nullptr;
    auto callback = std::move(waiter->callback);
    list.erase(waiter);
    if (list.empty()) waiting_.erase(found);
    --count_;
    return callback;
}

std::vector<Waiters::Callback> Waiters::take_all(const core::Hash& transaction) {
    const std::lock_guard lock(mutex_);
    std::vector<Callback> callbacks;
    const auto found = waiting_.find(transaction);
    if (found == waiting_.end()) return callbacks;
    for (auto& waiter : found->second)
        callbacks.push_back(std::move(waiter.callback));
    count_ -= callbacks.size();
    waiting_.erase(found);
    return callbacks;
}

bool Waiters::cancel(const Ticket& ticket) {
    return take(ticket) != nullptr;
}

void Waiters::resolve(const Ticket& ticket, ledger::LedgerSnapshotPtr snapshot) {
    if (const auto callback = take(ticket))
        callback({WaitResult::End::final, {std::move(snapshot), nullptr}, 0});
}

void Waiters::on_final_block(const FinalBlock& block) {
    if (count_ == 0) return;
    const auto& transactions = block.block->block.transactions;
    for (std::uint32_t i = 0; i < transactions.size(); ++i)
        for (const auto& callback : take_all(transactions[i]->hash))
            callback({WaitResult::End::final, block, i});
}

void Waiters::shut_down() {
    decltype(waiting_) all;
    {
        const std::lock_guard lock(mutex_);
        is_shut_down_ = true;
        all.swap(waiting_);
        count_ = 0;
    }
    for (const auto& [hash, list] : all)
        for (const auto& waiter : list)
            waiter.callback({WaitResult::End::shutting_down, {}, 0});
}

}  // namespace sluice::node::rpc
