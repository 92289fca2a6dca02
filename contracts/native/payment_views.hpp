/// Reading methods of the payments contract.
#pragma once

#include "contracts/native/native_contract.hpp"

namespace sluice::contracts::native::views {

/// get(bytes32) returns (Payment): all zero for a payment without record.
MethodResult payment(Invocation& call);
/// queueOf(bytes11, bytes3, bool incoming, uint256 from, uint256 max) returns (bytes32[]): queued payments by
/// priority, then arrival; held ones are not queued.
MethodResult queue_of(Invocation& call);
core::Gas queue_gas(const Invocation& call);

}  // namespace sluice::contracts::native::views
