/// Methods of the accounts contract about locks.
#pragma once

#include "contracts/native/native_contract.hpp"

namespace sluice::contracts::native::locks {

/// lock(bytes32 opId, bytes11 payer, bytes11 beneficiary, bytes3 ccy, uint128 amount, uint64 expiry)
/// returns (bytes32 lockId, bool isNew).
MethodResult lock(Invocation& call);
core::Gas lock_gas(const Invocation& call);
/// release(bytes32 lockId) returns (bool closed).
MethodResult release(Invocation& call);
/// refund(bytes32 lockId) returns (bool closed).
MethodResult refund(Invocation& call);
core::Gas close_gas(const Invocation& call);
/// lockOf(bytes32 lockId) returns (Lock): status None for an unknown id.
MethodResult lock_of(Invocation& call);
core::Gas lock_of_gas(const Invocation& call);
/// locksOf(bytes11 bic, bytes3 ccy, bool incoming, uint256 from, uint256 max) returns (Lock[]): the open
/// ones.
MethodResult locks_of(Invocation& call);
core::Gas locks_of_gas(const Invocation& call);

}  // namespace sluice::contracts::native::locks
