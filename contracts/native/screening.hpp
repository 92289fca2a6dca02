/// Screening: payments of a bank from an amount on wait until a screening key (duty 5) of the bank has looked
/// at them. The bank sets an amount for itself, operators may require one; the lower counts. Storage of
/// 0x…5e01.
#pragma once

#include "contracts/native/books.hpp"

namespace sluice::contracts::native {

/// Amounts from which payments of an account are screened; 0 for off.
struct ScreeningThresholds {
    core::Minor own = 0;       ///< set by the bank
    core::Minor required = 0;  ///< set by operators
    static constexpr auto storage_members() {
        return std::make_tuple(&ScreeningThresholds::own, &ScreeningThresholds::required);
    }
    bool cover(core::Minor amount) const {
        return (own != 0 && amount >= own) || (required != 0 && amount >= required);
    }
};
ScreeningThresholds screening_thresholds(const Storage& participants, const AccountId& account);

/// setScreening(bytes3, uint128): by an admin, for its own bank.
MethodResult set_screening(Invocation& call);
/// requireScreening(bytes11, bytes3, uint128): operators.
MethodResult require_screening(Invocation& call);
core::Gas screening_gas(const Invocation& call);

namespace views {

/// screeningThreshold(bytes11, bytes3) returns (uint128 own, uint128 required).
MethodResult screening_threshold(Invocation& call);

}  // namespace views

}  // namespace sluice::contracts::native
