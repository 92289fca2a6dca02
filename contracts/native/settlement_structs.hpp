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
    core::UnixMs next_at_ms = 0;  ///< when the value date changes
    bool operator==(const BusinessDayInfo&) const = default;
    static constexpr auto abi_members() {
        return std::make_tuple(&BusinessDayInfo::value_date, &BusinessDayInfo::phase,
                               &BusinessDayInfo::next_at_ms);
    }
};

/// Rows of one page of a list at most.
inline constexpr std::uint64_t page_rows_max = 1'000;

}  // namespace sluice::contracts::native
