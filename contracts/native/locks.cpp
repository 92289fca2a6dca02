#include "contracts/native/locks.hpp"

#include "contracts/native/currency_table.hpp"
#include "contracts/native/day_gate.hpp"
#include "contracts/native/instruction.hpp"
#include "contracts/native/mandates.hpp"
#include "contracts/native/outflow.hpp"
#include "contracts/native/participant_directory.hpp"
#include "contracts/native/payment_lifecycle.hpp"
#include "contracts/native/payment_limits.hpp"
#include "contracts/native/settlement_events.hpp"

namespace sluice::contracts::native {

namespace {

/// The two parties of a lock and its currency, by name.
struct LockNames {
    BicText payer{};
    BicText beneficiary{};
    CurrencyText currency{};
};

LockNames names_of(const Books& books, const Lock& lock) {
    return {bic_at(books.participants, lock.payer), bic_at(books.participants, lock.beneficiary),
            currency_code(books.governance, lock.currency)};
}

std::optional<ReasonCode> find_form_fault(const LockOrder& order) {
    if (order.amount == 0) return reason::zero_amount;
    if (order.amount > amount_max) return reason::amount_too_large;
    if (order.payer == order.beneficiary) return reason::bad_creditor;
    if (order.expiry_ms >= time_limit_ms) return reason::bad_date;
    return std::nullopt;
}

std::optional<ReasonCode> find_time_fault(const LockOrder& order, core::UnixMs now_ms) {
    if (order.expiry_ms <= now_ms) return reason::too_late;
    if (order.expiry_ms - now_ms > lock_lifetime_max_ms) return reason::bad_date;
    return std::nullopt;
}

bool is_maker_of(const Books& books, ParticipantIndex participant, const core::Address& who) {
    return acts_for(books.participants, participant, core::KeyDuty::maker, who, books.block.height);
}

bool has_same_content(const Lock& lock, const Lock& other) {
    return lock.currency == other.currency && lock.payer == other.payer &&
           lock.beneficiary == other.beneficiary && lock.amount == other.amount &&
           lock.expiry_ms == other.expiry_ms;
}

/// Why the one who locks may not: an amount that a screening key would have to look at first, a maker of the
/// payer where four eyes are asked for, an agent without a mandate for so much. A mandate is an admin's act
/// and bounds the day, so it needs no second signature. Counts the amount against it.
std::optional<ReasonCode> find_power_fault(const Books& books, const Lock& lock) {
    if (needs_screening(books, lock.payer_account(), lock.amount)) return reason::regulatory;
    if (lock.agent != core::Address{})
        return use_mandate(books, {lock.payer, lock.agent, MandateAct::lock, lock.currency, lock.amount});
    if (needs_two_signatures(books, lock.payer_account(), lock.amount)) return reason::forbidden;
    return std::nullopt;
}

/// Why business state forbids the lock now.
std::optional<ReasonCode> find_state_obstacle(const Books& books, const Lock& lock, const Account& payer,
                                              const Party& paying, const Party& receiving) {
    if (const auto obstacle = find_obstacle(paying.status, receiving.status)) return obstacle;
    return find_outflow_obstacle(books, payer, lock.beneficiary, lock.amount);
}

/// Moves the money out of the payer's balance and counts it against its limits.
void set_aside(const Books& books, Account& payer, const LockOrder& order, const LockId& id,
               const Lock& lock) {
    book_entry(books, payer, {order.payer, order.currency}, -static_cast<core::SignedMinor>(order.amount),
               id);
    payer.lock(order.amount);
    payer.store();
    count_net(books, payer, lock.beneficiary, static_cast<core::SignedMinor>(order.amount));
    open_lock(books.accounts, id, lock);
    books.emit(accounts_address, locked_topic, {id, word_of(order.payer), word_of(order.beneficiary)},
               abi::encode(order.currency, order.amount, order.expiry_ms, lock.agent, order.operation));
}

/// The beneficiary has been paid only now. What goes back has not been paid, but limits of another day have
/// forgotten it already.
void count_end(const Books& books, const Lock& lock, bool is_released) {
    const auto back = -static_cast<core::SignedMinor>(lock.amount);
    if (is_released)
        count_net(books, Account(books.accounts, lock.beneficiary_account()), lock.payer, back);
    else if (lock.value_date == value_date_now(books, lock.currency))
        count_net(books, Account(books.accounts, lock.payer_account()), lock.beneficiary, back);
}

/// Ends an open lock: the money goes to the beneficiary or back to the payer.
void finish(const Books& books, const LockId& id, const Lock& lock, LockStatus end) {
    const LockNames names = names_of(books, lock);
    const bool is_released = end == LockStatus::released;
    close_lock(books.accounts, id, end);
    Account payer(books.accounts, lock.payer_account());
    payer.unlock(lock.amount);
    payer.store();
    count_end(books, lock, is_released);
    book_inflow(books, is_released ? lock.beneficiary_account() : lock.payer_account(),
                {is_released ? names.beneficiary : names.payer, names.currency}, lock.amount, id);
    books.emit(accounts_address, lock_closed_topic, {id, word_of(names.payer), word_of(names.beneficiary)},
               abi::encode(names.currency, core::Minor{lock.amount}, is_released));
}

ParticipantStatus status_of(const Books& books, ParticipantIndex participant) {
    const auto party = find_party(books.participants, bic_at(books.participants, participant));
    CHECK(party.has_value());
    return party->status;
}

/// A frozen bank pays nobody, but what an agent locked is promised to the beneficiary under the agent's rule.
bool is_kept_by_freeze(const Books& books, const Lock& lock) {
    return lock.agent == core::Address{} &&
           Account(books.accounts, lock.payer_account()).has(AccountRule::frozen);
}

bool has_locked(const Books& books, const Lock& lock, const core::Address& who) {
    if (lock.agent != core::Address{}) return lock.agent == who;
    return is_maker_of(books, lock.payer, who);
}

}  // namespace

core::Result<PlacedLock, ReasonCode> place_lock(const Books& books, const LockOrder& order,
                                                const core::Address& caller) {
    if (const auto fault = find_form_fault(order)) return core::fail(*fault);
    const auto payer = find_party(books.participants, order.payer);
    const auto beneficiary = find_party(books.participants, order.beneficiary);
    if (!payer || !beneficiary) return core::fail(reason::bad_bank);
    const auto currency = find_currency(books.governance, order.currency);
    if (!currency) return core::fail(reason::unknown_currency);

    const bool is_own = is_maker_of(books, payer->index, caller);
    const Lock lock{.currency = currency->index,
                    .payer = payer->index,
                    .beneficiary = beneficiary->index,
                    .amount = static_cast<std::uint64_t>(order.amount),
                    .expiry_ms = order.expiry_ms,
                    .value_date = value_date_now(books, currency->index),
                    .agent = is_own ? core::Address{} : caller,
                    .operation = order.operation};
    const LockId id = is_own ? lock_id(order.payer, order.operation) : lock_id(caller, order.operation);
    const Lock earlier = read_lock(books.accounts, id);
    if (earlier.status != LockStatus::none) {
        if (!has_same_content(earlier, lock)) return core::fail(reason::duplicate);
        return PlacedLock{id, false};
    }
    if (const auto fault = find_time_fault(order, books.block.time_ms)) return core::fail(*fault);
    if (!is_settlement_open(books, lock.currency)) return core::fail(reason::too_late);
    if (const auto fault = find_power_fault(books, lock)) return core::fail(*fault);
    Account account(books.accounts, lock.payer_account());
    if (const auto obstacle = find_state_obstacle(books, lock, account, *payer, *beneficiary))
        return core::fail(*obstacle);
    set_aside(books, account, order, id, lock);
    return PlacedLock{id, true};
}

core::Result<bool, ReasonCode> release_lock(const Books& books, const LockId& id,
                                            const core::Address& caller) {
    const Lock lock = read_lock(books.accounts, id);
    if (lock.status == LockStatus::none) return core::fail(reason::unknown_reference);
    if (!has_locked(books, lock, caller)) return core::fail(reason::forbidden);
    if (lock.status == LockStatus::released) return false;
    if (lock.status == LockStatus::refunded || lock.is_past(books.block.time_ms))
        return core::fail(reason::too_late);
    const auto obstacle = find_obstacle(status_of(books, lock.payer), status_of(books, lock.beneficiary));
    if (obstacle) return core::fail(*obstacle);
    if (is_kept_by_freeze(books, lock)) return core::fail(reason::blocked_account);
    if (!is_settlement_open(books, lock.currency)) return core::fail(reason::too_late);
    finish(books, id, lock, LockStatus::released);
    return true;
}

core::Result<bool, ReasonCode> refund_lock(const Books& books, const LockId& id,
                                           const core::Address& caller) {
    const Lock lock = read_lock(books.accounts, id);
    if (lock.status == LockStatus::none) return core::fail(reason::unknown_reference);
    if (lock.status == LockStatus::refunded) return false;
    if (lock.status == LockStatus::released) return core::fail(reason::too_late);
    const bool is_agent = lock.agent != core::Address{} && lock.agent == caller;
    if (!is_agent && !lock.is_past(books.block.time_ms) && !is_maker_of(books, lock.beneficiary, caller))
        return core::fail(reason::forbidden);
    finish(books, id, lock, LockStatus::refunded);
    return true;
}

bool refund_first_expired(const Books& books) {
    const auto id = lock_due_by(books.accounts, books.block.time_ms);
    if (!id) return false;
    finish(books, *id, read_lock(books.accounts, *id), LockStatus::refunded);
    return true;
}

}  // namespace sluice::contracts::native
