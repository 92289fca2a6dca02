/// How transactions reach the pool: from peers, from clients, and on to other peers.
#include "core/check.hpp"
#include "node/node.hpp"
#include "node/transactions_message.hpp"

namespace sluice::node {

namespace {

/// Frames of one neighbour that may be under work at a time; a faster one loses some, which are gossiped
/// again.
constexpr std::size_t admitting_max = 64;

}  // namespace

void Node::on_transactions_frame(const core::Address& from, core::ByteView bytes, bool is_relayed) {
    auto& under_way = admitting_[from];
    if (under_way >= admitting_max) return;
    auto encoded = decode_transactions(bytes);
    if (!encoded) {
        if (!is_relayed) outbox_.punish(from, "malformed transactions message");
        return;
    }
    ++under_way;
    workers_.start(Lane::bulk, AdmitTransactions{from, is_relayed, std::move(*encoded), snapshot_, rules_});
}

std::vector<PoolVerdict> Node::submit(Now now, const std::vector<AdmittedToPool>& transactions) {
    std::vector<core::TransactionPtr> added;
    const auto verdicts = add_to_pool(now, transactions);
    for (std::size_t i = 0; i < transactions.size(); ++i)
        if (verdicts[i] == PoolVerdict::added) added.push_back(transactions[i].transaction);
    signatures_verified_ += transactions.size();
    gossip(added);
    for (const auto& transaction : added)
        observer_.on_pending(transaction);
    settle(now);
    return verdicts;
}

/// What was checked against an older head is asked again: a transaction that nobody can propose any more
/// would move views.
std::vector<PoolVerdict> Node::add_to_pool(Now now, const std::vector<AdmittedToPool>& transactions) {
    const auto head = snapshot_->state_at(snapshot_->height());
    CHECK(head.has_value());
    std::vector<PoolVerdict> verdicts;
    for (const auto& [transaction, nonce_then, checked_at] : transactions) {
        std::uint64_t account_nonce = nonce_then;
        if (checked_at != snapshot_->height()) {
            const auto account = (*head)->account(transaction->sender).value_or(core::Account{});
            account_nonce = account.nonce;
            if (transaction->transaction.value > account.balance) {
                verdicts.push_back(PoolVerdict::insufficient_funds);
                continue;
            }
        }
        verdicts.push_back(pool_.add(transaction, account_nonce, now.wall_ms));
    }
    return verdicts;
}

void Node::gossip(const std::vector<core::TransactionPtr>& transactions) {
    for (auto& frame : encode_transactions(transactions))
        outbox_.broadcast(network::Channel::transactions, core::share(std::move(frame)));
}

void Node::take(Now now, TransactionsAdmitted result) {
    --admitting_[result.from];
    signatures_verified_ += result.admitted.size();
    if (result.malformed > 0 && !result.is_relayed)
        outbox_.punish(result.from, "gossiped a transaction that nobody signed");
    const auto verdicts = add_to_pool(now, result.admitted);
    for (std::size_t i = 0; i < verdicts.size(); ++i)
        if (verdicts[i] == PoolVerdict::added) observer_.on_pending(result.admitted[i].transaction);
}

}  // namespace sluice::node
