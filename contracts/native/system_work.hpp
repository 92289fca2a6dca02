/// The work of the system transaction: what fell due by time, and queues that may have become feasible.
#pragma once

#include "contracts/native/liquidity_run.hpp"

namespace sluice::contracts::native {

/// Payments and locks that one system transaction moves at most; the rest follows in the next block, in the
/// same order. Nobody pays gas for them, so they have to fit beside the block's worth of gas.
inline constexpr std::uint32_t system_steps_max = 2'000;

/// True if the block has due work.
bool is_work_due(const Books& books);
/// Does it: first closings under way, then what time brought (phases and payments, then locks), then queues
/// of insolvent participants, then a sweep that was asked for, then queues in the order in which they became
/// worth trying, each by itself, and once all were tried, the queues of a currency together; last what days
/// that close leave to be ended. Returns the queues with what was learnt of them, or null; `observer`, which
/// may be null, sees the inputs of each run of liquidity saving.
std::shared_ptr<const QueueIndex> run_due_work(const Books& books, std::uint32_t steps_max = system_steps_max,
                                               RunObserver* observer = nullptr);
/// When work will be due by this state: 0 if it is already, nothing if only a transaction can make it due.
std::optional<core::UnixMs> next_due_work(JournaledState& state);

}  // namespace sluice::contracts::native
