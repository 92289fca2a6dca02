/// The structs that settlement contracts give back, member by member as in docs/settlement-contracts.md.
#pragma once

#include <string>
#include <vector>

#include "contracts/native/operator_acts.hpp"
#include "contracts/native/participant_directory.hpp"
#include "contracts/native/reason_codes.hpp"

namespace sluice::contracts::native {

/// IParticipants.get
struct ParticipantInfo {
    BicText bic{};
    LeiText lei{};
    std::string name;
    ParticipantStatus status{};
    core::Bytes read_key;
    core::Height registered_at = 0;
    std::uint32_t keys = 0;
    bool operator==(const ParticipantInfo&) const = default;
    static constexpr auto abi_members() {
        using P = ParticipantInfo;
        return std::make_tuple(&P::bic, &P::lei, &P::name, &P::status, &P::read_key, &P::registered_at,
                               &P::keys);
    }
};

/// IParticipants.keysOf
struct KeyInfo {
    core::Address key{};
    core::KeyDuty duty{};
    core::Height from = 0;
    core::Height until = 0;  ///< first height at which it is no more; 0: open
    bool operator==(const KeyInfo&) const = default;
    static constexpr auto abi_members() {
        return std::make_tuple(&KeyInfo::key, &KeyInfo::duty, &KeyInfo::from, &KeyInfo::until);
    }
};

/// IAccounts.position. Amounts in minor units.
struct PositionInfo {
    core::SignedMinor balance = 0;
    core::Minor locked = 0;
    core::Minor frozen = 0;
    core::Minor credit_line = 0;
    core::SignedMinor available = 0;
    core::SignedMinor net_queued = 0;  ///< queued incoming less queued outgoing; held payments left out
    bool operator==(const PositionInfo&) const = default;
    static constexpr auto abi_members() {
        using P = PositionInfo;
        return std::make_tuple(&P::balance, &P::locked, &P::frozen, &P::credit_line, &P::available,
                               &P::net_queued);
    }
};

/// What a LimitChanged event is about.
enum class LimitKind : std::uint8_t {
    credit_line,
    bilateral,
    multilateral,
    urgent_reservation,
    high_reservation,
};
template <>
inline constexpr LimitKind last_enumerator<LimitKind> = LimitKind::high_reservation;

/// IAccounts.limits. Amounts in minor units; the highest uint128 for a limit that is not set.
struct LimitsInfo {
    core::Minor credit_line = 0;
    core::Minor credit_used = 0;
    core::Minor frozen = 0;
    bool is_frozen = false;  ///< the whole account
    core::Minor urgent_reservation = 0;
    core::Minor high_reservation = 0;
    core::Minor multilateral_limit = 0;
    core::SignedMinor multilateral_used = 0;  ///< the day's net outflow; below zero for a net inflow
    std::uint32_t bilateral_limits = 0;
    bool allows_bypass = false;
    core::Minor lsm_sub_limit = 0;
    core::SignedMinor available_urgent = 0;  ///< what a payment of the class may use
    core::SignedMinor available_high = 0;
    core::SignedMinor available_normal = 0;
    bool operator==(const LimitsInfo&) const = default;
    static constexpr auto abi_members() {
        using L = LimitsInfo;
        return std::make_tuple(&L::credit_line, &L::credit_used, &L::frozen, &L::is_frozen,
                               &L::urgent_reservation, &L::high_reservation, &L::multilateral_limit,
                               &L::multilateral_used, &L::bilateral_limits, &L::allows_bypass,
                               &L::lsm_sub_limit, &L::available_urgent, &L::available_high,
                               &L::available_normal);
    }
};

/// IAccounts.bilateralLimits
struct BilateralLimitInfo {
    BicText to{};
    core::Minor limit = 0;
    core::SignedMinor used = 0;  ///< the day's net outflow; below zero for a net inflow
    bool operator==(const BilateralLimitInfo&) const = default;
    static constexpr auto abi_members() {
        using L = BilateralLimitInfo;
        return std::make_tuple(&L::to, &L::limit, &L::used);
    }
};

/// `awaiting_approval`: locked, and not yet asked of the central bank until an approver of the bank agrees.
enum class RedemptionStatus : std::uint8_t { none, open, redeemed, refused, awaiting_approval };
template <>
inline constexpr RedemptionStatus last_enumerator<RedemptionStatus> = RedemptionStatus::awaiting_approval;

/// IAccounts.redemption and openRedemptions
struct RedemptionInfo {
    BicText bic{};
    UetrBytes reference{};
    CurrencyText currency{};
    core::Minor amount = 0;
    RedemptionStatus status{};
    core::UnixMs requested_at_ms = 0;
    bool operator==(const RedemptionInfo&) const = default;
    static constexpr auto abi_members() {
        using R = RedemptionInfo;
        return std::make_tuple(&R::bic, &R::reference, &R::currency, &R::amount, &R::status,
                               &R::requested_at_ms);
    }
};

/// IPayments.get. The last five members are zero once the payment is no longer pending.
struct PaymentInfo {
    Status status{};
    ReasonCode reason{};
    Priority priority{};
    MessageTag message_type{};
    BicText payer{};
    BicText payee{};
    CurrencyText currency{};
    core::Minor amount = 0;
    std::uint32_t value_date = 0;
    core::Hash content_hash{};
    UetrBytes uetr{};
    std::uint64_t arrival = 0;
    std::uint64_t latest = 0;
    std::uint64_t release = 0;
    core::Address maker{};
    bool operator==(const PaymentInfo&) const = default;
    static constexpr auto abi_members() {
        using P = PaymentInfo;
        return std::make_tuple(&P::status, &P::reason, &P::priority, &P::message_type, &P::payer, &P::payee,
                               &P::currency, &P::amount, &P::value_date, &P::content_hash, &P::uetr,
                               &P::arrival, &P::latest, &P::release, &P::maker);
    }
};

/// Where the last recall of a payment stands.
enum class RecallStatus : std::uint8_t {
    none,
    open,      ///< asked (camt.056), not answered
    accepted,  ///< answered CNCL: a return follows
    refused,   ///< answered RJCR
    pending,   ///< answered PDCR: another answer follows
};
template <>
inline constexpr RecallStatus last_enumerator<RecallStatus> = RecallStatus::pending;

/// IPayments.returnsOf
struct ReturnsInfo {
    core::Minor returned = 0;   ///< by returns that are settled or may still settle
    std::uint32_t returns = 0;  ///< how many
    RecallStatus recall{};
    core::Minor requested = 0;  ///< by the last recall
    ReasonCode reason{};        ///< of the last recall
    ReasonCode answer_reason{};
    core::Hash message_hash{};  ///< of the last recall
    PaymentId original{};       ///< of a return: what it returns
    bool operator==(const ReturnsInfo&) const = default;
    static constexpr auto abi_members() {
        using R = ReturnsInfo;
        return std::make_tuple(&R::returned, &R::returns, &R::recall, &R::requested, &R::reason,
                               &R::answer_reason, &R::message_hash, &R::original);
    }
};

/// IGovernance.validators
struct ValidatorInfo {
    core::Address validator{};
    BicText bic{};
    std::string name;
    bool operator==(const ValidatorInfo&) const = default;
    static constexpr auto abi_members() {
        return std::make_tuple(&ValidatorInfo::validator, &ValidatorInfo::bic, &ValidatorInfo::name);
    }
};

/// IGovernance.currencies
struct CurrencyInfo {
    CurrencyText code{};
    std::uint8_t exponent = 0;
    core::PhaseMode phase_mode{};
    std::string time_zone;
    bool operator==(const CurrencyInfo&) const = default;
    static constexpr auto abi_members() {
        return std::make_tuple(&CurrencyInfo::code, &CurrencyInfo::exponent, &CurrencyInfo::phase_mode,
                               &CurrencyInfo::time_zone);
    }
};

/// IBusinessDay.now_
struct BusinessDayInfo {
    std::uint32_t value_date = 0;
    Phase phase{};
    core::UnixMs next_at_ms =
        0;  ///< when the next phase begins by plan; around the clock: the next value date
    bool operator==(const BusinessDayInfo&) const = default;
    static constexpr auto abi_members() {
        return std::make_tuple(&BusinessDayInfo::value_date, &BusinessDayInfo::phase,
                               &BusinessDayInfo::next_at_ms);
    }
};

/// IBusinessDay.schedule
struct ScheduleInfo {
    std::array<std::uint32_t, 5> minutes{};  ///< local, of PreOpen, Open, CutoffCustomer, CutoffBank, Closing
    std::uint8_t weekdays = 0;               ///< bit 0: Monday; 0: the currency settles around the clock
    bool operator==(const ScheduleInfo&) const = default;
    static constexpr auto abi_members() {
        return std::make_tuple(&ScheduleInfo::minutes, &ScheduleInfo::weekdays);
    }
};

/// IBusinessDay.closingBalance
struct ClosingBalanceInfo {
    std::uint32_t value_date = 0;  ///< 0: the currency has not closed yet
    std::uint64_t entries = 0;     ///< number of the account's last entry
    core::SignedMinor balance = 0;
    core::Minor overnight_credit = 0;  ///< what of a balance below zero has not been repaid
    bool operator==(const ClosingBalanceInfo&) const = default;
    static constexpr auto abi_members() {
        using C = ClosingBalanceInfo;
        return std::make_tuple(&C::value_date, &C::entries, &C::balance, &C::overnight_credit);
    }
};

/// Rows of one page of a list at most.
inline constexpr std::uint64_t page_rows_max = 1'000;

}  // namespace sluice::contracts::native
