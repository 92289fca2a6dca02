/// Accounts whose queue may have become feasible, in the order in which that happened. Storage of 0x…5e03.
#pragma once

#include "contracts/native/settlement_types.hpp"

namespace sluice::contracts::native {

/// Puts an account at the end of the list unless it is in it.
void add_to_retry(const Storage& payments, const AccountId& account);
/// The account that waits longest.
std::optional<AccountId> first_to_retry(const Storage& payments);
/// Takes the first account off. Precondition (CHECKed): there is one.
void drop_first_to_retry(const Storage& payments);

/// Asks for every account with a queue to be put on the list: after a participant was suspended or came back,
/// any queue may have changed. The walk through all accounts happens in the system transaction, in portions.
void request_sweep(const Storage& payments);
/// Asks for a sweep when `time_ms` has come, unless an earlier one is asked for: that one asks again.
void request_sweep_at(const Storage& payments, core::UnixMs time_ms);
/// The time for which a sweep is asked, if any.
std::optional<core::UnixMs> next_sweep_at(const Storage& payments);
/// Begins the sweep that is asked for by `now_ms`.
void begin_due_sweep(const Storage& payments, core::UnixMs now_ms);
/// The account that the sweep looks at next, if one is under way.
std::optional<AccountId> sweep_position(const Storage& payments);
/// Moves on to `next`; nothing ends the sweep.
void move_sweep(const Storage& payments, const std::optional<AccountId>& next);

}  // namespace sluice::contracts::native
