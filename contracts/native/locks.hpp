/// Locking money for one beneficiary, and what becomes of it: release, refund, expiry.
#pragma once

#include "contracts/native/lock_book.hpp"
#include "contracts/native/reason_codes.hpp"

namespace sluice::contracts::native {

/// What is to be locked. `lock(bytes32,bytes11,bytes11,bytes3,uint128,uint64)`.
struct LockOrder {
    core::Word operation{};  ///< chosen by whoever locks; each locker has ids of its own
    BicText payer{};
    BicText beneficiary{};
    CurrencyText currency{};
    core::Minor amount = 0;
    core::UnixMs expiry_ms = 0;  ///< the last millisecond at which the lock can be released
};

/// A lock lasts this long at most: money must not be out of reach for ever.
inline constexpr core::UnixMs lock_lifetime_max_ms = 400ull * 24 * 3600 * 1000;

struct PlacedLock {
    LockId id{};
    bool is_new = false;  ///< false: the same lock was there; nothing changed
};
/// Locks for `caller`: a maker of the payer, or an agent with its mandate to lock. The same operation with
/// the same content changes nothing; with other content it is a duplicate.
core::Result<PlacedLock, ReasonCode> place_lock(const Books& books, const LockOrder& order,
                                                const core::Address& caller);

/// Gives the money to the beneficiary, for whoever locked it, up to the expiry. False if that was done
/// before; refused once it was refunded.
core::Result<bool, ReasonCode> release_lock(const Books& books, const LockId& id,
                                            const core::Address& caller);

/// Gives the money back to the payer: for a maker of the beneficiary or the agent that locked it at any time,
/// for anybody after the expiry. False if that was done before; refused once it was released.
core::Result<bool, ReasonCode> refund_lock(const Books& books, const LockId& id, const core::Address& caller);

/// Refunds one lock that has expired by the block's time. False if there is none.
bool refund_first_expired(const Books& books);

}  // namespace sluice::contracts::native
