/// Events of the settlement contracts: topics, and their decoding by whoever reads logs.
#pragma once

#include <string>
#include <variant>

#include "contracts/native/holder_book.hpp"
#include "contracts/native/lock_book.hpp"
#include "contracts/native/reason_codes.hpp"
#include "contracts/native/settlement_structs.hpp"
#include "core/log.hpp"

namespace sluice::contracts::native {

// Payments.
inline constexpr core::Word payment_status_topic =
    topic_of("PaymentStatus(bytes32,bytes11,bytes11,bytes16,bytes4,uint8,bytes4,uint128,bytes3)");
inline constexpr core::Word priority_changed_topic = topic_of("PriorityChanged(bytes32,uint8)");
inline constexpr core::Word payment_frozen_topic = topic_of("PaymentFrozen(bytes32,bool,bytes4)");
inline constexpr core::Word return_requested_topic =
    topic_of("ReturnRequested(bytes32,bytes11,bytes11,uint128,bytes4,bytes32)");
inline constexpr core::Word return_answered_topic =
    topic_of("ReturnAnswered(bytes32,bytes11,bytes11,bytes4,bytes4)");
inline constexpr core::Word payment_return_topic = topic_of("PaymentReturn(bytes32,bytes32,uint128,bytes4)");
// Accounts.
inline constexpr core::Word account_entry_topic =
    topic_of("AccountEntry(bytes11,bytes3,uint64,int256,int256,bytes32)");
inline constexpr core::Word issued_topic = topic_of("Issued(bytes11,bytes3,uint128,bytes32)");
inline constexpr core::Word redeem_requested_topic =
    topic_of("RedeemRequested(bytes11,bytes3,uint128,bytes16)");
inline constexpr core::Word redeem_awaiting_topic =
    topic_of("RedeemAwaiting(bytes11,bytes3,uint128,bytes16)");
inline constexpr core::Word redeemed_topic = topic_of("Redeemed(bytes11,bytes3,uint128,bytes16)");
inline constexpr core::Word redeem_refused_topic = topic_of("RedeemRefused(bytes11,bytes3,uint128,bytes16)");
inline constexpr core::Word limit_changed_topic =
    topic_of("LimitChanged(bytes11,bytes3,uint8,bytes11,uint128)");
inline constexpr core::Word frozen_topic = topic_of("Frozen(bytes11,bytes3,uint128,bool,string)");
inline constexpr core::Word forced_transfer_topic =
    topic_of("ForcedTransfer(bytes32,bytes11,bytes11,bytes3,uint128,string)");
// Liquidity saving.
inline constexpr core::Word lsm_run_topic =
    topic_of("LsmRun(uint64,bytes3,uint32,uint32,uint128,uint128,uint128,bytes32)");
inline constexpr core::Word deadlock_topic = topic_of("Deadlock(uint64,bytes3,uint32)");
inline constexpr core::Word lsm_enabled_topic = topic_of("LsmEnabled(bytes3,bool)");
inline constexpr core::Word lsm_options_topic = topic_of("LsmOptions(bytes11,bytes3,bool,uint128)");
inline constexpr core::Word locked_topic =
    topic_of("Locked(bytes32,bytes11,bytes11,bytes3,uint128,uint64,address,bytes32)");
inline constexpr core::Word lock_closed_topic =
    topic_of("LockClosed(bytes32,bytes11,bytes11,bytes3,uint128,bool)");
inline constexpr core::Word address_bound_topic = topic_of("AddressBound(bytes11,address)");
inline constexpr core::Word holder_changed_topic = topic_of("HolderChanged(address,bytes11,uint8)");
inline constexpr core::Word holder_entry_topic =
    topic_of("HolderEntry(address,bytes3,uint64,int256,int256,bytes32)");
// Currency façades (ERC-20).
inline constexpr core::Word transfer_topic = topic_of("Transfer(address,address,uint256)");
inline constexpr core::Word approval_topic = topic_of("Approval(address,address,uint256)");
// Participants.
inline constexpr core::Word participant_registered_topic = topic_of("ParticipantRegistered(bytes11,bytes20)");
inline constexpr core::Word participant_status_topic = topic_of("ParticipantStatus(bytes11,uint8,string)");
inline constexpr core::Word key_changed_topic = topic_of("KeyChanged(bytes11,uint8,address,bool,uint64)");
inline constexpr core::Word key_offered_topic = topic_of("KeyOffered(bytes11,uint8,address,bool,uint64)");
inline constexpr core::Word mandate_changed_topic =
    topic_of("MandateChanged(bytes11,address,bytes3,bytes4,uint128,uint64)");
inline constexpr core::Word screening_topic = topic_of("ScreeningThreshold(bytes11,bytes3,uint128,uint128)");
inline constexpr core::Word recovery_proposed_topic = topic_of("RecoveryProposed(bytes11,address,uint64)");
inline constexpr core::Word recovery_ended_topic = topic_of("RecoveryEnded(bytes11,address,bool)");
inline constexpr core::Word recovery_delay_topic = topic_of("RecoveryDelay(uint64)");
inline constexpr core::Word insolvent_topic = topic_of("Insolvent(bytes11,uint64,uint64,uint64,string)");
inline constexpr core::Word queues_removed_topic = topic_of("QueuesRemoved(bytes11,uint32)");
inline constexpr core::Word role_changed_topic = topic_of("RoleChanged(bytes32,address,bool)");
inline constexpr core::Word approval_threshold_topic = topic_of("ApprovalThreshold(bytes11,bytes3,uint128)");
inline constexpr core::Word operator_threshold_topic = topic_of("OperatorThreshold(uint32)");
inline constexpr core::Word act_proposed_topic = topic_of("ActProposed(uint256,address,bytes)");
inline constexpr core::Word act_confirmed_topic = topic_of("ActConfirmed(uint256,address,uint32)");
inline constexpr core::Word act_performed_topic = topic_of("ActPerformed(uint256)");

// Business day.
inline constexpr core::Word phase_changed_topic = topic_of("PhaseChanged(bytes3,uint32,uint8)");
inline constexpr core::Word advance_ordered_topic = topic_of("AdvanceOrdered(bytes3,uint32,uint8)");
inline constexpr core::Word phase_extended_topic = topic_of("PhaseExtended(bytes3,uint32,uint8,uint64)");
inline constexpr core::Word schedule_changed_topic = topic_of("ScheduleChanged(bytes3,uint32[5],uint8)");
inline constexpr core::Word calendar_changed_topic =
    topic_of("CalendarChanged(bytes3,uint32,bool,uint64[5])");
inline constexpr core::Word closing_balance_topic =
    topic_of("ClosingBalance(bytes11,bytes3,uint32,uint64,int256)");
inline constexpr core::Word overnight_credit_topic =
    topic_of("OvernightCredit(bytes11,bytes3,uint32,uint128)");
inline constexpr core::Word day_closed_topic =
    topic_of("DayClosed(bytes3,uint32,uint64,uint64,uint32,uint32)");

/// A payment reached a status.
struct PaymentStatusEvent {
    PaymentId id{};
    BicText payer{};
    BicText payee{};
    UetrBytes uetr{};
    MessageTag message_type{};
    Status status{};
    ReasonCode reason{};
    core::Minor amount = 0;
    CurrencyText currency{};
    bool operator==(const PaymentStatusEvent&) const = default;
};

/// A queued or waiting payment got another priority.
struct PriorityChangedEvent {
    PaymentId id{};
    Priority priority{};
    bool operator==(const PriorityChangedEvent&) const = default;
};

/// An authority took hold of a pending payment, or let go of it.
struct PaymentFrozenEvent {
    PaymentId id{};
    bool on = false;
    ReasonCode reason{};
    bool operator==(const PaymentFrozenEvent&) const = default;
};

/// A payer asked for a settled payment back (camt.056).
struct ReturnRequestedEvent {
    PaymentId id{};
    BicText payer{};
    BicText payee{};
    core::Minor amount = 0;
    ReasonCode reason{};
    core::Hash message_hash{};
    bool operator==(const ReturnRequestedEvent&) const = default;
};
/// Its payee answered (camt.029).
struct ReturnAnsweredEvent {
    PaymentId id{};
    BicText payer{};
    BicText payee{};
    ReasonCode answer{};  ///< CNCL, RJCR, PDCR
    ReasonCode reason{};
    bool operator==(const ReturnAnsweredEvent&) const = default;
};
/// A return of a payment was recorded; the return's own PaymentStatus events say what becomes of it.
struct PaymentReturnEvent {
    PaymentId original{};
    PaymentId id{};  ///< of the return
    core::Minor amount = 0;
    ReasonCode reason{};
    bool operator==(const PaymentReturnEvent&) const = default;
};

/// One line of an account's statement. Numbers of an account count from 1 without gaps.
struct AccountEntryEvent {
    BicText bic{};
    CurrencyText currency{};
    std::uint64_t entry = 0;
    core::SignedMinor delta = 0;
    core::SignedMinor balance = 0;  ///< after this entry
    core::Word reference{};         ///< payment id, RTGS reference of an issue, or reference of a redemption
    bool operator==(const AccountEntryEvent&) const = default;
};

/// Money came from the central bank's own books.
struct IssuedEvent {
    BicText bic{};
    CurrencyText currency{};
    core::Minor amount = 0;
    core::Word rtgs_reference{};
    bool operator==(const IssuedEvent&) const = default;
};

/// Liquidity saving settled something at once.
struct LsmRunEvent {
    std::uint64_t run = 0;
    CurrencyText currency{};
    std::uint32_t queued = 0;
    std::uint32_t settled = 0;
    core::Minor gross = 0;
    core::Minor net_moved = 0;
    core::Minor liquidity_saved = 0;
    core::Hash inputs_hash{};
    bool operator==(const LsmRunEvent&) const = default;
};

/// Nothing of what is queued in a currency can settle any more.
struct DeadlockEvent {
    std::uint64_t run = 0;
    CurrencyText currency{};
    std::uint32_t queued = 0;
    bool operator==(const DeadlockEvent&) const = default;
};

/// Liquidity saving of a currency was switched on or off.
struct LsmEnabledEvent {
    CurrencyText currency{};
    bool on = false;
    bool operator==(const LsmEnabledEvent&) const = default;
};

/// A bank changed what liquidity saving may do with its queue and its money.
struct LsmOptionsEvent {
    BicText bic{};
    CurrencyText currency{};
    bool allow_bypass = false;
    core::Minor sub_limit = 0;
    bool operator==(const LsmOptionsEvent&) const = default;
};

enum class RedemptionStage : std::uint8_t { requested, redeemed, refused, awaiting };
/// A redemption waits for an approver of the bank or was requested (in both its money is locked), approved
/// (gone) or refused (back in the balance).
struct RedemptionEvent {
    RedemptionStage stage{};
    BicText bic{};
    CurrencyText currency{};
    core::Minor amount = 0;
    UetrBytes reference{};
    bool operator==(const RedemptionEvent&) const = default;
};

/// A credit line, limit, reservation or option of liquidity saving changed.
struct LimitChangedEvent {
    BicText bic{};
    CurrencyText currency{};
    LimitKind kind{};
    BicText to{};           ///< payee of a bilateral limit
    core::Minor value = 0;  ///< the highest uint128: no limit any more
    bool operator==(const LimitChangedEvent&) const = default;
};
/// An authority froze money of an account, or ended that.
struct FrozenEvent {
    BicText bic{};
    CurrencyText currency{};
    core::Minor amount = 0;  ///< the highest uint128: the whole account
    bool on = false;
    std::string reason;
    bool operator==(const FrozenEvent&) const = default;
};

/// Money of the payer was set aside for the beneficiary.
struct LockedEvent {
    LockId id{};
    BicText payer{};
    BicText beneficiary{};
    CurrencyText currency{};
    core::Minor amount = 0;
    core::UnixMs expiry_ms = 0;
    core::Address agent{};  ///< zeros: the payer itself locked
    core::Word operation{};
    bool operator==(const LockedEvent&) const = default;
};
/// It went to the beneficiary, or back to the payer.
struct LockClosedEvent {
    LockId id{};
    BicText payer{};
    BicText beneficiary{};
    CurrencyText currency{};
    core::Minor amount = 0;
    bool released = false;
    bool operator==(const LockClosedEvent&) const = default;
};
/// A bank has another settlement address; zeros for none.
struct AddressBoundEvent {
    BicText bic{};
    core::Address address{};
    bool operator==(const AddressBoundEvent&) const = default;
};
struct HolderChangedEvent {
    core::Address holder{};
    BicText sponsor{};
    HolderStatus status{};
    bool operator==(const HolderChangedEvent&) const = default;
};
/// One line of a holder's account, numbered like those of banks.
struct HolderEntryEvent {
    core::Address holder{};
    CurrencyText currency{};
    std::uint64_t entry = 0;
    core::SignedMinor delta = 0;
    core::SignedMinor balance = 0;  ///< after this entry
    core::Word reference{};         ///< the other side's address
    bool operator==(const HolderEntryEvent&) const = default;
};

struct ParticipantRegisteredEvent {
    BicText bic{};
    std::array<char, 20> lei{};
    bool operator==(const ParticipantRegisteredEvent&) const = default;
};
struct ParticipantStatusEvent {
    BicText bic{};
    ParticipantStatus status{};
    std::string reason;
    bool operator==(const ParticipantStatusEvent&) const = default;
};
struct KeyChangedEvent {
    BicText bic{};
    core::KeyDuty duty{};
    core::Address key{};
    bool on = false;
    std::uint64_t from_height = 0;
    bool operator==(const KeyChangedEvent&) const = default;
};
/// A key was named, to count once it agrees, or the offer was withdrawn.
struct KeyOfferedEvent {
    BicText bic{};
    core::KeyDuty duty{};
    core::Address key{};
    bool on = false;
    std::uint64_t from_height = 0;
    bool operator==(const KeyOfferedEvent&) const = default;
};
/// A mandate was given, changed, or taken back (`per_day` 0).
struct MandateChangedEvent {
    BicText bic{};
    core::Address agent{};
    CurrencyText currency{};
    std::array<std::uint8_t, 4> acts{};
    core::Minor per_day = 0;
    core::UnixMs until_ms = 0;
    bool operator==(const MandateChangedEvent&) const = default;
};
struct ScreeningThresholdEvent {
    BicText bic{};
    CurrencyText currency{};
    core::Minor own = 0;
    core::Minor required = 0;
    bool operator==(const ScreeningThresholdEvent&) const = default;
};
struct RecoveryEvent {
    enum class Stage : std::uint8_t { proposed, ended };
    Stage stage{};
    BicText bic{};
    core::Address new_admin{};
    core::UnixMs due_ms = 0;  ///< of `proposed`
    bool done = false;        ///< of `ended`: claimed, not vetoed
    bool operator==(const RecoveryEvent&) const = default;
};
struct RecoveryDelayEvent {
    core::UnixMs delay_ms = 0;
    bool operator==(const RecoveryDelayEvent&) const = default;
};
/// The moment from which on nothing of a participant settles.
struct InsolventEvent {
    BicText bic{};
    core::Height height = 0;
    core::UnixMs time_ms = 0;
    std::uint64_t last_arrival = 0;
    std::string reason;
    bool operator==(const InsolventEvent&) const = default;
};
/// No queue of an insolvent participant is left.
struct QueuesRemovedEvent {
    BicText bic{};
    std::uint32_t payments = 0;
    bool operator==(const QueuesRemovedEvent&) const = default;
};
struct ForcedTransferEvent {
    core::Word order_reference{};
    BicText from{};
    BicText to{};
    CurrencyText currency{};
    core::Minor amount = 0;
    std::string reason;
    bool operator==(const ForcedTransferEvent&) const = default;
};
struct RoleChangedEvent {
    std::array<char, 32> role{};
    core::Address who{};
    bool on = false;
    bool operator==(const RoleChangedEvent&) const = default;
};
struct ApprovalThresholdEvent {
    BicText bic{};
    CurrencyText currency{};
    core::Minor amount = 0;
    bool operator==(const ApprovalThresholdEvent&) const = default;
};
struct OperatorThresholdEvent {
    std::uint32_t threshold = 0;
    bool operator==(const OperatorThresholdEvent&) const = default;
};
struct ActEvent {
    enum class Stage : std::uint8_t { proposed, confirmed, performed };
    Stage stage{};
    core::Uint256 act{};
    core::Address by{};               ///< not of `performed`
    core::Bytes call{};               ///< of `proposed`
    std::uint32_t confirmations = 0;  ///< of `confirmed`
    bool operator==(const ActEvent&) const = default;
};

struct PhaseChangedEvent {
    CurrencyText currency{};
    std::uint32_t value_date = 0;
    Phase phase{};
    bool operator==(const PhaseChangedEvent&) const = default;
};
/// The operator told the day to go on to a phase; PhaseChanged follows in the same block.
struct AdvanceOrderedEvent {
    CurrencyText currency{};
    std::uint32_t value_date = 0;
    Phase phase{};
    bool operator==(const AdvanceOrderedEvent&) const = default;
};
struct PhaseExtendedEvent {
    CurrencyText currency{};
    std::uint32_t value_date = 0;
    Phase phase{};
    core::UnixMs time_ms = 0;
    bool operator==(const PhaseExtendedEvent&) const = default;
};
/// Local minutes of PreOpen, Open, CutoffCustomer, CutoffBank and Closing; weekdays: bit 0 Monday.
struct ScheduleChangedEvent {
    CurrencyText currency{};
    std::array<std::uint32_t, 5> minutes{};
    std::uint8_t weekdays = 0;
    bool operator==(const ScheduleChangedEvent&) const = default;
};
struct CalendarChangedEvent {
    CurrencyText currency{};
    std::uint32_t date = 0;
    bool is_holiday = false;
    std::array<std::uint64_t, 5> times{};  ///< all zero: those of the schedule
    bool operator==(const CalendarChangedEvent&) const = default;
};
/// What an account held when its currency closed, and the number of its last entry.
struct ClosingBalanceEvent {
    BicText bic{};
    CurrencyText currency{};
    std::uint32_t value_date = 0;
    std::uint64_t entries = 0;
    core::SignedMinor balance = 0;
    bool operator==(const ClosingBalanceEvent&) const = default;
};
/// Credit that was used when the currency closed.
struct OvernightCreditEvent {
    BicText bic{};
    CurrencyText currency{};
    std::uint32_t value_date = 0;
    core::Minor amount = 0;
    bool operator==(const OvernightCreditEvent&) const = default;
};
struct DayClosedEvent {
    CurrencyText currency{};
    std::uint32_t value_date = 0;
    core::Height height = 0;
    core::UnixMs time_ms = 0;
    std::uint32_t expired = 0;   ///< payments
    std::uint32_t accounts = 0;  ///< closing balances
    bool operator==(const DayClosedEvent&) const = default;
};

using SettlementEvent =
    std::variant<PaymentStatusEvent, PriorityChangedEvent, AccountEntryEvent, IssuedEvent, RedemptionEvent,
                 ParticipantRegisteredEvent, ParticipantStatusEvent, KeyChangedEvent, RoleChangedEvent,
                 ApprovalThresholdEvent, OperatorThresholdEvent, ActEvent, LsmRunEvent, DeadlockEvent,
                 LsmEnabledEvent, LsmOptionsEvent, LockedEvent, LockClosedEvent, AddressBoundEvent,
                 HolderChangedEvent, HolderEntryEvent, KeyOfferedEvent, PhaseChangedEvent,
                 AdvanceOrderedEvent, PhaseExtendedEvent, ScheduleChangedEvent, CalendarChangedEvent,
                 ClosingBalanceEvent, OvernightCreditEvent, DayClosedEvent, LimitChangedEvent, FrozenEvent,
                 PaymentFrozenEvent, ReturnRequestedEvent, ReturnAnsweredEvent, PaymentReturnEvent,
                 MandateChangedEvent, ScreeningThresholdEvent, RecoveryEvent, RecoveryDelayEvent,
                 InsolventEvent, QueuesRemovedEvent, ForcedTransferEvent>;

/// The event that a log is; nothing for logs of other contracts, other events, and logs that no settlement
/// contract can have written.
std::optional<SettlementEvent> decode_event(const core::Log& log);

/// The log of a payment's status, as the payments contract writes it.
core::Log log_of(const PaymentStatusEvent& event);

}  // namespace sluice::contracts::native
