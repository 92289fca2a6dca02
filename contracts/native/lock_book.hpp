/// Locks: money of a bank set aside for one beneficiary until a time. Storage of 0x…5e02.
#pragma once

#include "contracts/native/books.hpp"

namespace sluice::contracts::native {

/// Where a lock stands. A closed one stays, so that its id is used up.
enum class LockStatus : std::uint8_t {
    none,
    open,
    released,  ///< the beneficiary has the money
    refunded,  ///< the payer has it back
};
template <>
inline constexpr LockStatus last_enumerator<LockStatus> = LockStatus::refunded;
/// "Open", as documents and JSON write it.
std::string_view name_of(LockStatus status);

/// keccak256(locker ‖ opId): see `lock_id`.
using LockId = core::Hash;

/// Who locks: the payer itself (any of its makers), or an agent under the payer's mandate, by its address.
/// Operation ids are chosen freely, so each locker has ids of its own and nobody can take another's.
LockId lock_id(const BicText& payer, const core::Word& operation);
LockId lock_id(const core::Address& agent, const core::Word& operation);

/// A lock as stored.
struct Lock {
    LockStatus status{};
    CurrencyIndex currency = 0;
    ParticipantIndex payer = 0;
    ParticipantIndex beneficiary = 0;
    std::uint64_t amount = 0;
    core::UnixMs expiry_ms = 0;    ///< the last millisecond at which it can be released
    std::uint32_t value_date = 0;  ///< YYYYMMDD, on which it counts against the limits of its payer
    core::Address agent{};         ///< who locked under a mandate; zeros for the payer itself
    std::uint32_t outgoing_position = 0;
    std::uint32_t incoming_position = 0;
    std::uint32_t due_position = 0;
    core::Word operation{};
    static constexpr auto storage_members() {
        using L = Lock;
        return std::make_tuple(&L::status, &L::currency, &L::payer, &L::beneficiary, &L::amount,
                               &L::expiry_ms, &L::value_date, &L::agent, &L::outgoing_position,
                               &L::incoming_position, &L::due_position, &L::operation);
    }
    AccountId payer_account() const { return {payer, currency}; }
    AccountId beneficiary_account() const { return {beneficiary, currency}; }
    bool is_past(core::UnixMs now_ms) const { return now_ms > expiry_ms; }
};

/// Status `none` for an unknown id.
Lock read_lock(const Storage& accounts, const LockId& id);
/// Records a new lock as open, in the lists of its payer, its beneficiary and its time.
void open_lock(const Storage& accounts, const LockId& id, const Lock& lock);
/// Takes an open lock off those lists. Precondition (CHECKed): it is open, `status` is an end.
void close_lock(const Storage& accounts, const LockId& id, LockStatus status);

/// Open locks of an account: those it pays, or those it waits for.
enum class LockSide : std::uint8_t { outgoing, incoming };
std::uint32_t open_lock_count(const Storage& accounts, LockSide side, const AccountId& account);
/// Open lock number `position`; closing one moves the last one to its position.
LockId open_lock_at(const Storage& accounts, LockSide side, const AccountId& account, std::uint32_t position);

/// When the first open lock expires: the millisecond after its last.
std::optional<core::UnixMs> first_lock_due(const Storage& accounts);
/// An open lock that expires first, if it has by `now_ms`.
std::optional<LockId> lock_due_by(const Storage& accounts, core::UnixMs now_ms);

}  // namespace sluice::contracts::native
