/// What is due at a time: release of warehoused payments, expiry, approvals that ran out. Storage of 0x…5e03.
#pragma once

#include "contracts/native/payment_book.hpp"

namespace sluice::contracts::native {

/// Makes a payment due at `time_ms`. It has one due time at most (CHECKed). Precondition: it has an arrival
/// number.
void schedule(const Storage& payments, std::uint64_t arrival, core::UnixMs time_ms);
/// Takes back its due time, if it has one.
void unschedule(const Storage& payments, std::uint64_t arrival);
/// When something is due for this payment; 0 for never.
core::UnixMs due_time(const Storage& payments, std::uint64_t arrival);
/// The earliest due time.
std::optional<core::UnixMs> first_due(const Storage& payments);
/// Arrival number of the payment that is due first, if its time has come by `now_ms`. Equal times: in the
/// order in which they were scheduled.
std::optional<std::uint64_t> due_by(const Storage& payments, core::UnixMs now_ms);

}  // namespace sluice::contracts::native
