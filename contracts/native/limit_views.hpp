/// Reading methods of the accounts contract about limits and their use.
#pragma once

#include "contracts/native/native_contract.hpp"

namespace sluice::contracts::native::views {

/// limits(bytes11 bic, bytes3 ccy) returns (Limits): zeros for an unknown party or currency.
MethodResult limits(Invocation& call);
/// bilateralLimits(bytes11 bic, bytes3 ccy, uint256 from, uint256 max) returns (BilateralLimit[]).
MethodResult bilateral_limits(Invocation& call);
core::Gas bilateral_limits_gas(const Invocation& call);

}  // namespace sluice::contracts::native::views
