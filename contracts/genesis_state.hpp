/// The first state and the first header of a chain, from its parameters.
#pragma once

#include "contracts/native/registry.hpp"
#include "core/block.hpp"
#include "core/state.hpp"

namespace sluice::contracts {

struct GenesisBlock {
    core::StateDiff diff;           ///< over the empty state
    core::Header header;            ///< all but `state_root`, which the ledger computes from the diff
    core::ValidatorSet validators;  ///< of height 1
};

/// Precondition (CHECKed): `core::find_fault(spec)` finds nothing.
/// State: the accounts of `alloc`, every native contract with its code, the block hash contract of EIP-2935,
/// and every parameter in governance storage, so that the hash of header 0 covers them all.
GenesisBlock make_genesis(const core::ChainSpec& spec,
                          const native::Registry& registry = native::settlement_registry());

/// A state with nothing in it.
const core::StateView& empty_state();

}  // namespace sluice::contracts
