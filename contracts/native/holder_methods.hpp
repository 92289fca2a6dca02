/// Methods of the accounts contract about settlement addresses and holders.
#pragma once

#include "contracts/native/native_contract.hpp"

namespace sluice::contracts::native::holders {

/// bindAddress(address who): by an admin, for its own bank; zero for none. `who` is a maker key in force.
MethodResult bind_address(Invocation& call);
core::Gas bind_address_gas(const Invocation& call);
/// setHolder(address who, uint8 status): registers a contract (Active) or changes what it may do. An admin
/// registers for its bank and switches its own holders between Active and Closing; operators and freezers may
/// do everything.
MethodResult set_holder(Invocation& call);
core::Gas set_holder_gas(const Invocation& call);

/// addressOf(bytes11 bic) returns (address): its settlement address, zero for none.
MethodResult address_of(Invocation& call);
core::Gas address_of_gas(const Invocation& call);
/// settlesFor(address who) returns (bytes11 bic): zeros for nobody's.
MethodResult settles_for_bank(Invocation& call);
core::Gas settles_for_gas(const Invocation& call);
/// holderOf(address who) returns (Holder).
MethodResult holder_of(Invocation& call);
core::Gas holder_of_gas(const Invocation& call);
/// holders(uint256 from, uint256 max) returns (Holder[]): in the order of registration.
MethodResult list_holders(Invocation& call);
core::Gas list_holders_gas(const Invocation& call);
/// holderEntryCount(address who, bytes3 ccy) returns (uint64): the number of its last entry.
MethodResult holder_entry_count(Invocation& call);
core::Gas holder_entry_count_gas(const Invocation& call);

}  // namespace sluice::contracts::native::holders
