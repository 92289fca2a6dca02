/// Closing a business day: a final run of the queues, the end of what is still queued or held, and a closing
/// balance for every account, in portions over as many blocks as it takes.
#pragma once

#include "contracts/native/day_book.hpp"

namespace sluice::contracts::native {

/// Blocks that the final run of the queues lasts at most: work for other currencies cannot put off a close
/// for ever.
inline constexpr core::Height final_run_blocks_max = 8;

/// The day has come to Closing: the rest follows by the two functions below.
void begin_closing(const Books& books, CurrencyIndex currency);
/// Ends the final run of every closing currency for whose queues nothing is left to try.
void end_final_runs(const Books& books);
/// Carries on with closings whose final run has ended: each payment and each account takes one step.
void continue_closings(const Books& books, std::uint32_t& steps_left);

}  // namespace sluice::contracts::native
