#include "node/rpc/final_transaction.hpp"

#include "core/check.hpp"

namespace sluice::node::rpc {
namespace {

using End = Outcome::End;

/// The gas and logs of the block before a transaction.
FinalTransaction from_block(const FinalBlock& final, std::uint32_t index) {
    const auto& block = *final.block;
    const auto& receipt = block.receipts[index];
    const core::Gas before = index == 0 ? 0 : block.receipts[index - 1].cumulative_gas_used;
    std::uint64_t logs = 0;
    for (std::uint32_t i = 0; i < index; ++i)
        logs += block.receipts[i].logs.size();
    return {.snapshot = final.snapshot,
            .found = {block.block.transactions[index], place_of(block.block.header, block.hash), index},
            .receipt = receipt,
            .gas_used = receipt.cumulative_gas_used - before,
            .first_log_index = logs};
}

/// One transaction from here to its end.
struct Journey : std::enable_shared_from_this<Journey> {
    std::shared_ptr<Services> services;
    Handover handover;
    std::function<void(Outcome)> done;

    void submitted(Submitted result) {
        Outcome outcome{.end = End::refused,
                        .error = std::move(result.error),
                        .transaction = std::move(result.transaction),
                        .missing_from = result.missing_from,
                        .final = std::nullopt};
        if (outcome.error && !result.is_known) return done(std::move(outcome));
        outcome.error.reset();
        outcome.end = End::accepted;
        if (!handover.waits) return done(std::move(outcome));
        if (handover.refuses_gaps && outcome.missing_from) return look_for_gap(std::move(outcome));
        wait(std::move(outcome));
    }

    /// At the head its nonce lies in the future; the pool may hold what comes before it.
    void look_for_gap(Outcome outcome) {
        const auto& transaction = *outcome.transaction;
        services->node.next_pending_nonce(
            transaction.sender, [self = shared_from_this(), outcome](std::optional<std::uint64_t> next) {
                self->services->node.post([self, outcome, next]() mutable {
                    if (next && *next <= outcome.transaction->transaction.nonce) {
                        outcome.missing_from = next;
                        return self->done(std::move(outcome));
                    }
                    if (!next && outcome.missing_from) return self->done(std::move(outcome));
                    self->wait(std::move(outcome));
                });
            });
    }

    void wait(Outcome outcome) {
        const auto hash = outcome.transaction->hash;
        const auto ticket = services->waiters->add(
            hash, handover.timeout, [self = shared_from_this(), outcome](const WaitResult& result) mutable {
                self->arrived(std::move(outcome), result);
            });
        if (!ticket) {
            outcome.end = End::refused;
            outcome.error = services->is_shut_down ? shutting_down() : busy();
            return done(std::move(outcome));
        }
        // It may have become final before the waiter stood there.
        const auto snapshot = services->node.snapshot();
        if (snapshot->find_transaction(hash)) services->waiters->resolve(*ticket, snapshot);
    }

    /// A transaction that became final long ago may lie in a body that is not kept.
    void find_end(Outcome& outcome, const WaitResult& result) {
        try {
            if (result.block.block)
                outcome.final = from_block(result.block, result.index);
            else
                outcome.final =
                    find_final(result.block.snapshot, services->recent, outcome.transaction->hash);
            CHECK(outcome.final.has_value());
        } catch (const ledger::BlockNotKept& block) {
            outcome.end = End::refused;
            outcome.error = not_kept(block);
        }
    }

    void arrived(Outcome outcome, const WaitResult& result) {
        switch (result.end) {
            case WaitResult::End::expired:
                outcome.end = End::expired;
                break;
            case WaitResult::End::shutting_down:
                outcome.end = End::refused;
                outcome.error = shutting_down();
                break;
            case WaitResult::End::final:
                outcome.end = End::final;
                find_end(outcome, result);
                if (outcome.error) return done(std::move(outcome));
                outcome.missing_from.reset();
                break;
        }
        done(std::move(outcome));
    }
};

}  // namespace

std::optional<FinalTransaction> find_final(const ledger::LedgerSnapshotPtr& snapshot,
                                           const RecentBlocks& recent, const core::Hash& transaction) {
    auto found = ChainReader(*snapshot, recent).transaction(transaction);
    if (!found) return std::nullopt;
    auto placed = snapshot->receipt(found->block.height, found->index);
    CHECK(placed.has_value());
    return FinalTransaction{snapshot, std::move(*found), std::move(placed->receipt), placed->gas_used,
                            placed->first_log_index};
}

void hand_in(const std::shared_ptr<Services>& services, Handover handover,
             std::function<void(Outcome)> done) {
    auto journey = std::make_shared<Journey>();
    journey->services = services;
    journey->handover = std::move(handover);
    journey->done = std::move(done);
    submit_transactions(
        services->node, {journey->handover.encoded},
        [journey](std::vector<Submitted> results) { journey->submitted(std::move(results.front())); });
}

}  // namespace sluice::node::rpc
