/// The first state of the settlement contracts, from the parameters of the chain.
#pragma once

#include "contracts/journaled_state.hpp"
#include "core/chain_spec.hpp"

namespace sluice::contracts::native {

/// Writes parameters, features, validators, currencies, participants with their keys, operators and their
/// threshold. Participants of genesis are active. Precondition (CHECKed where it matters):
/// `core::find_fault(spec)` finds nothing.
void write_genesis(JournaledState& state, const core::ChainSpec& spec);

}  // namespace sluice::contracts::native
