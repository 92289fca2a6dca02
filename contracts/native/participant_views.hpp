/// Reading methods of the participants contract.
#pragma once

#include "contracts/native/native_contract.hpp"

namespace sluice::contracts::native::views {

/// get(bytes11) returns (Participant): all zero for an unknown BIC.
MethodResult get(Invocation& call);
core::Gas get_gas(const Invocation& call);
/// list(uint256 from, uint256 max) returns (bytes11[]): in order of registration.
MethodResult list(Invocation& call);
core::Gas list_gas(const Invocation& call);
/// keysOf(bytes11, uint256 from, uint256 max) returns (Key[]): every period of every key, ended ones too, in
/// the order in which they were accepted: the history that old signatures are checked against.
MethodResult keys_of(Invocation& call);
core::Gas keys_gas(const Invocation& call);
/// keyOffer(bytes11, uint8 duty, address) returns (bool open, uint64 from): a key that was named and has not
/// agreed.
MethodResult offer_of(Invocation& call);
/// keyAt(address, uint64 height) returns (bytes11, uint8): whom the key served at a height, and its duties.
MethodResult served_by_key(Invocation& call);
core::Gas key_at_gas(const Invocation& call);
/// participantOf(address) returns (bytes11, uint8): the participant that the key acts for at this height, and
/// its duties, bit n for duty n.
MethodResult participant_of(Invocation& call);
/// hasRole(bytes32, address) returns (bool).
MethodResult holds_role(Invocation& call);
/// operatorThreshold() returns (uint32 operators, uint32 threshold).
MethodResult operator_threshold(Invocation& call);
/// approvalThreshold(bytes11, bytes3) returns (uint128).
MethodResult approval_threshold_of(Invocation& call);
/// act(uint256) returns (Act).
MethodResult act(Invocation& call);

}  // namespace sluice::contracts::native::views
