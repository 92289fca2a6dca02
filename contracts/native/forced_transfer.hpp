/// Money that k of n operators move by order of an authority, from one bank's account to another's.
#pragma once

#include "contracts/native/native_contract.hpp"

namespace sluice::contracts::native {

/// forceTransfer(bytes11 from, bytes11 to, bytes3 ccy, uint128 amount, bytes32 orderRef, string reason)
/// returns (bool booked): takes from the balance only, never locked money or credit, whatever the parties'
/// status, limits and freezes. The same order again changes nothing; another one under its reference is
/// refused.
MethodResult force_transfer(Invocation& call);
core::Gas force_transfer_gas(const Invocation& call);

}  // namespace sluice::contracts::native
