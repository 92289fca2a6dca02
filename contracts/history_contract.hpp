/// EIP-2935: the hashes of the last 8,191 blocks, in the storage of a contract at a well-known address.
#pragma once

#include "contracts/block_context.hpp"
#include "contracts/journaled_state.hpp"

namespace sluice::contracts {

/// 0x0000F90827F1C53a10cb7A02335B175320002935.
extern const core::Address history_address;
/// Slots of the ring.
inline constexpr std::uint64_t history_window = 8'191;

/// Puts the contract in place, with the code of the EIP and nonce 1.
void install_history(JournaledState& state);

/// The system call at the start of a block: stores the parent's hash under (height - 1) mod 8191. Does
/// nothing where the contract is not installed.
void record_parent_hash(JournaledState& state, const BlockContext& block);

}  // namespace sluice::contracts
