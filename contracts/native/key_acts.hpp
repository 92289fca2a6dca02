/// Who signs for a participant: its admins name keys, each key agrees by itself, and admins end them.
///
/// A key that is named counts for nothing until it has agreed (`acceptKey`): nobody can take a foreign
/// address, or block its owner by naming it first. What has been never changes: acts reach from the present
/// block on.
#pragma once

#include "contracts/native/native_contract.hpp"
#include "contracts/native/participant_directory.hpp"

namespace sluice::contracts::native {

/// setKey(bytes11, uint8, address, bool, uint64): by an admin of the participant.
MethodResult set_key(Invocation& call);
core::Gas set_key_gas(const Invocation& call);
/// acceptKey(bytes11, uint8): by the key that was named.
MethodResult accept_key(Invocation& call);
core::Gas accept_key_gas(const Invocation& call);

/// Names a key, as `offer` says; emits KeyOffered.
void offer_key(const Invocation& call, const BicText& bic, ParticipantIndex participant, core::KeyDuty duty,
               const core::Address& key, const KeyOffer& offer);
/// Begins the period of a key that has agreed; emits KeyChanged.
void admit_key(const Invocation& call, const BicText& bic, ParticipantIndex participant, core::KeyDuty duty,
               const core::Address& key, core::Height from);

}  // namespace sluice::contracts::native
