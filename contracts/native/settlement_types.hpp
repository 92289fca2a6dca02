/// The nouns of settlement: states and classes of a payment, parties, currencies, accounts, reason codes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "contracts/native/abi.hpp"
#include "contracts/native/native_contract.hpp"
#include "core/chain_spec.hpp"

namespace sluice::contracts::native {

// Addresses of the settlement contracts.
inline constexpr core::Address system_contract_address = native_address(0x00);
inline constexpr core::Address participants_address = native_address(0x01);
inline constexpr core::Address accounts_address = native_address(0x02);
inline constexpr core::Address payments_address = native_address(0x03);
inline constexpr core::Address liquidity_saving_address = native_address(0x04);
inline constexpr core::Address business_day_address = native_address(0x05);
inline constexpr core::Address governance_address = native_address(0x06);

/// Where a payment stands. `none` is a payment without record.
enum class Status : std::uint8_t {
    none,
    received,  ///< named by the standard's life cycle; no payment rests here between transactions
    awaiting_approval,
    warehoused,
    queued,
    held,
    settled,
    rejected,
    cancelled,
    expired,
};
template <>
inline constexpr Status last_enumerator<Status> = Status::expired;
/// "AwaitingApproval", as documents and JSON write it.
std::string_view name_of(Status status);

/// A status in four words. `final` and `never` do not change.
enum class Outcome : std::uint8_t { unknown, pending, final, never };
constexpr Outcome outcome_of(Status status) {
    if (status == Status::none) return Outcome::unknown;
    if (status < Status::settled) return Outcome::pending;
    return status == Status::settled ? Outcome::final : Outcome::never;
}

/// Classes of a queue, the most urgent first. A payment waits behind its payer's queued payments of the same
/// or a more urgent class.
enum class Priority : std::uint8_t { urgent, high, normal, low };
template <>
inline constexpr Priority last_enumerator<Priority> = Priority::low;
inline constexpr std::size_t priority_count = 4;
std::string_view name_of(Priority priority);

/// The ISO 20022 message that a payment came from; part of its identity.
enum class MessageType : std::uint8_t {
    none,
    customer_credit,     ///< pacs.008, "P008"
    bank_credit,         ///< pacs.009, "P009"
    bank_credit_cover,   ///< pacs.009 COV, "COV9"
    bank_credit_advice,  ///< pacs.009 ADV, "ADV9": moves no money and is refused
    payment_return,      ///< pacs.004, "P004": of `returnPayment` only
    bank_direct_debit,   ///< pacs.010, "P010": submitted by the payee, agreed to by the payer
};
template <>
inline constexpr MessageType last_enumerator<MessageType> = MessageType::bank_direct_debit;
/// The four letters that stand for a message type in calls, events and payment ids.
using MessageTag = std::array<char, 4>;
MessageTag tag_of(MessageType type);
std::optional<MessageType> message_type_of(const MessageTag& tag);
/// True for the types that `submit` takes.
constexpr bool moves_money(MessageType type) {
    return type == MessageType::customer_credit || type == MessageType::bank_credit ||
           type == MessageType::bank_credit_cover || type == MessageType::bank_direct_debit;
}

/// Stages of a participant: Pending → Active ↔ Suspended → Withdrawn; Insolvent from any but the last.
enum class ParticipantStatus : std::uint8_t { none, pending, active, suspended, withdrawn, insolvent };
template <>
inline constexpr ParticipantStatus last_enumerator<ParticipantStatus> = ParticipantStatus::insolvent;
std::string_view name_of(ParticipantStatus status);

/// Zero is no duty: it never passes `is_duty`.
template <>
inline constexpr core::KeyDuty last_enumerator<core::KeyDuty> = core::KeyDuty::screening;
constexpr bool is_duty(core::KeyDuty duty) {
    return duty >= core::KeyDuty::admin && duty <= core::KeyDuty::screening;
}

/// Phases of a currency's business day.
enum class Phase : std::uint8_t { closed, pre_open, open, cutoff_customer, cutoff_bank, closing };
template <>
inline constexpr Phase last_enumerator<Phase> = Phase::closing;
std::string_view name_of(Phase phase);
template <>
inline constexpr core::PhaseMode last_enumerator<core::PhaseMode> = core::PhaseMode::business_day;

/// BICs and currencies as calls, events and storage hold them: `core::Bic::chars()`.
using BicText = std::array<char, 11>;
using CurrencyText = std::array<char, 3>;
using UetrBytes = std::array<std::uint8_t, 16>;
/// From storage or events of this chain, where only valid ones are: anything else is a CHECK failure.
core::Bic bic_of(const BicText& text);
core::CurrencyCode currency_of(const CurrencyText& text);

/// Participants and currencies are numbered from 1 in the order in which they came; 0 is none.
using ParticipantIndex = std::uint32_t;
using CurrencyIndex = std::uint16_t;
struct AccountId {
    ParticipantIndex participant = 0;
    CurrencyIndex currency = 0;
    bool operator==(const AccountId&) const = default;
    static constexpr auto storage_members() {
        return std::make_tuple(&AccountId::participant, &AccountId::currency);
    }
};

/// keccak256(payer BIC ‖ UETR ‖ message tag).
using PaymentId = core::Hash;

/// Largest amount of one payment, issue or redemption: 18 digits (ISO 20022 ActiveCurrencyAndAmount).
inline constexpr core::Minor amount_max = 999'999'999'999'999'999;

}  // namespace sluice::contracts::native
