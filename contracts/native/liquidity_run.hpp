/// The runs of liquidity saving in the system transaction: which currencies, with what budget, and booking.
#pragma once

#include "contracts/native/liquidity_book.hpp"
#include "contracts/native/liquidity_inputs.hpp"

namespace sluice::contracts::native {

/// A closed set of payments of which no older part can settle alone may be booked at once up to this size,
/// whatever is left of the block's budget.
inline constexpr std::size_t lsm_settled_max = 10'000;

/// Sees the inputs of every run as it begins: for whoever computes runs again.
class RunObserver {
  public:
    virtual ~RunObserver() = default;
    virtual void on_run(const RunInputs& inputs) = 0;
};

/// A limit that stands in the account's way starts anew with the next value date: then its queue is tried
/// again. To be called for every account that a block has looked at, whether or not a run follows.
void sweep_when_limits_renew(const Books& books, const Account& account);

/// Resolves the queues of every currency for which it may have become possible: where a run is requested, or
/// one of `touched` (accounts whose queue, money or terms changed and whose head does not settle alone) can
/// be at the head of a new set. Each settled payment takes one of `steps_left`; what has no room is requested
/// for the next block. `observer` may be null. Returns the queues with what was learnt about why they stand
/// still, for the next block; null if nothing was.
std::shared_ptr<const QueueIndex> save_liquidity(const Books& books, std::vector<AccountId> touched,
                                                 std::uint32_t& steps_left, RunObserver* observer = nullptr);

}  // namespace sluice::contracts::native
