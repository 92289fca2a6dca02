/// All that the outcome of a run depends on, as values, and its hash: what lets anybody compute a run again.
#pragma once

#include "contracts/native/books.hpp"
#include "contracts/native/liquidity_resolution.hpp"
#include "contracts/native/queue_index.hpp"

namespace sluice::contracts::native {

/// The queues of one currency when a run began, and the terms of those who pay.
class RunInputs {
  public:
    /// Reads terms from state; the queues are those of `queues`, which is the state's.
    RunInputs(const Books& books, CurrencyIndex currency, const CurrencyQueues& queues,
              const ResolutionBounds& bounds);
    RunInputs(RunInputs&&) = default;
    RunInputs(const RunInputs&) = delete;

    core::Height height() const { return height_; }
    CurrencyIndex currency() const { return currency_; }
    const CurrencyText& code() const { return code_; }
    const ResolutionBounds& bounds() const { return bounds_; }
    const ResolutionProblem& problem() const { return problem_; }
    std::size_t payments() const { return payments_; }
    /// Some bank with a queue has limits, which start anew with the value date.
    bool has_limits() const;

    /// keccak256 of their canonical bytes (docs/liquidity-saving.md).
    core::Hash hash() const;

  private:
    void add_bank(const Books& books, const AccountQueue& queue);
    void find_closed_payees(const Books& books);

    core::Height height_;
    CurrencyIndex currency_;
    CurrencyText code_;
    ResolutionBounds bounds_;
    std::size_t payments_ = 0;
    std::vector<std::vector<QueuedPayment>>
        queues_;  ///< parallel to the problem's banks, which refer to them
    ResolutionProblem problem_;
};

/// What a payment of each class has to leave on the account: minus the credit line, and what is frozen or
/// reserved. With `in_run`, Normal and Low leave the account's LSM sub-limit as well.
core::SignedMinor floor_of(const Books& books, const Account& account, Priority priority, bool in_run);

}  // namespace sluice::contracts::native
