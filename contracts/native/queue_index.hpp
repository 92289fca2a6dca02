/// All queues in memory: what liquidity saving decides on. A value that the block pipeline carries from block
/// to block; state has the same content, and an index read from it is equal.
#pragma once

#include <memory>
#include <vector>

#include "contracts/native/liquidity_resolution.hpp"
#include "contracts/native/payment_queue.hpp"
#include "contracts/native/standstill.hpp"

namespace sluice::contracts::native {

/// One account's queue in order of settlement, in pieces that versions of the index share.
class AccountQueue {
  public:
    using Piece = std::vector<QueuedPayment>;

    explicit AccountQueue(ParticipantIndex participant) : participant_(participant) {}
    ParticipantIndex participant() const { return participant_; }
    std::size_t size() const { return size_; }
    /// The whole queue in one piece.
    std::vector<QueuedPayment> payments() const;
    /// The first `count` payments, or all if there are fewer.
    std::vector<QueuedPayment> first(std::size_t count) const;
    /// This queue without `gone` and with `came`; both in order of settlement. Precondition (CHECKed): what
    /// goes was there, what comes was not.
    /// Sum of the amounts of payments in the queue (CHECKed); in order of settlement.
    core::Minor sum_of(std::span<const QueuePlace> places) const;
    AccountQueue with(std::span<const QueuePlace> gone, std::span<const QueuedPayment> came) const;

  private:
    void append(Piece piece);

    ParticipantIndex participant_;
    std::size_t size_ = 0;
    std::vector<std::shared_ptr<const Piece>> pieces_;
};

/// The queues of one currency: accounts that have one, by participant.
struct CurrencyQueues {
    std::size_t payments = 0;
    std::vector<std::shared_ptr<const AccountQueue>> accounts;
    /// Why nothing of them can settle in order, where that is known; no part of the content.
    std::shared_ptr<const Standstill> standstill;
    /// Null if the participant has no queue.
    const AccountQueue* find(ParticipantIndex participant) const;
};

/// Immutable; any thread may read it.
class QueueIndex {
  public:
    /// As the state has it: reads every queued payment.
    static std::shared_ptr<const QueueIndex> read(JournaledState& state);
    /// As the state has it, from the index of before the block: costs what the block changed. Null: reads it.
    static std::shared_ptr<const QueueIndex> after(const std::shared_ptr<const QueueIndex>& before,
                                                   JournaledState& state);

    /// This index with another word about why nothing of a currency settles; null: nothing is known.
    std::shared_ptr<const QueueIndex> with_standstill(CurrencyIndex currency,
                                                      std::shared_ptr<const Standstill> standstill) const;
    /// This index with what `other` knows about standstills; what it knows of other queues is forgotten.
    std::shared_ptr<const QueueIndex> with_standstills_of(const QueueIndex& other) const;

    /// Empty where nothing of the currency is queued.
    const CurrencyQueues& of(CurrencyIndex currency) const;
    /// By content.
    bool operator==(const QueueIndex& other) const;

  private:
    std::vector<std::shared_ptr<const CurrencyQueues>> currencies_;  ///< by index; null for none
};

}  // namespace sluice::contracts::native
