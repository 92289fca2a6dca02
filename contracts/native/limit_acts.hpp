/// Acts of the accounts contract about what an account may spend: credit lines and freezes by the authority,
/// limits and reservations by the bank itself.
#pragma once

#include "contracts/native/native_contract.hpp"
#include "contracts/native/settlement_events.hpp"

namespace sluice::contracts::native::acts {

/// setCreditLine(bytes11 bic, bytes3 ccy, uint128 line) returns (uint128 inForce): by operators. A line below
/// what is in use is cut to what is in use.
MethodResult set_credit_line(Invocation& call);
core::Gas credit_line_gas(const Invocation& call);
/// setBilateralLimit(bytes11 to, bytes3 ccy, uint128 limit), setMultilateralLimit(bytes3 ccy, uint128 limit),
/// setReservation(uint8 cls, bytes3 ccy, uint128 amount): by an admin or approver, for its own bank.
MethodResult set_bilateral_limit(Invocation& call);
MethodResult set_multilateral_limit(Invocation& call);
MethodResult set_reservation(Invocation& call);
core::Gas bilateral_limit_gas(const Invocation& call);
core::Gas own_limit_gas(const Invocation& call);
/// freeze(bytes11 bic, bytes3 ccy, uint128 amount, bool on, string reason): by freezers.
MethodResult freeze(Invocation& call);
core::Gas freeze_gas(const Invocation& call);

}  // namespace sluice::contracts::native::acts

namespace sluice::contracts::native {

/// Bilateral limits of one account: a run of liquidity saving reads them all.
inline constexpr std::uint32_t bilateral_limits_max = 64;

/// Logs LimitChanged of the accounts contract.
void emit_limit_change(const Books& books, const LimitChangedEvent& event);

}  // namespace sluice::contracts::native
