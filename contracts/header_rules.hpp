/// Headers: made from a context and a result, and checked field by field.
#pragma once

#include "contracts/transition.hpp"
#include "core/block.hpp"

namespace sluice::contracts {

/// Which field of a header is wrong. One reason per rule, in the order in which they are asked.
enum class HeaderFault : std::uint8_t {
    // What parent and parameters decide.
    height,       ///< not the parent's plus one
    parent_hash,  ///< not the parent's hash
    ommers_hash,  ///< not that of the empty list
    miner,        ///< no validator of this height
    difficulty,   ///< not 0
    gas_limit,    ///< not the chain's
    gas_used_above_limit,
    extra_data,          ///< not the canonical encoding of version 1
    time_ms,             ///< not later than the parent's
    timestamp,           ///< not the milliseconds in whole seconds
    validators_hash,     ///< not the set that the parent named for this height
    mix_hash,            ///< not keccak("sluice" ‖ parent hash)
    nonce,               ///< not 0
    base_fee,            ///< not 7 wei
    withdrawals_root,    ///< not that of the empty list
    blob_gas_used,       ///< not 0
    excess_blob_gas,     ///< not 0
    parent_beacon_root,  ///< not 0
    requests_hash,       ///< not that of no requests
    // What execution decides.
    transactions_root,
    receipts_root,
    bloom,
    gas_used,
    next_validators_hash,
    state_root,
};
std::string_view describe(HeaderFault fault);

/// A block after `parent`. `parent_hash` must be its hash.
struct NextBlock {
    core::Address miner{};
    core::UnixMs time_ms = 0;
    std::uint64_t chain_id = 0;
    native::ChainParameters parameters;  ///< of the state after `parent`
    std::shared_ptr<const core::ValidatorSet> validators;
    std::shared_ptr<const native::QueueIndex> queues;
};
BlockContext context_after(const core::Header& parent, const core::Hash& parent_hash, const NextBlock& next);

/// The context in which the block of a header executes; miner and time are the header's.
BlockContext context_of(const core::Header& header, std::uint64_t chain_id, core::Gas transaction_gas_limit,
                        std::shared_ptr<const core::ValidatorSet> validators,
                        std::shared_ptr<const native::QueueIndex> queues = nullptr);

/// The header of an executed block; the ledger computes the state root from the result's diff.
core::Header assemble_header(const BlockContext& block, const ExecutionResult& result,
                             const core::Hash& state_root);

/// Every rule that needs no execution. `validators` are those of the header's height.
std::optional<HeaderFault> check_header_form(const core::Header& header, const core::Header& parent,
                                             const core::Hash& parent_hash, core::Gas gas_limit,
                                             const core::ValidatorSet& validators);

/// Every field that execution decides. The header has passed `check_header_form`.
std::optional<HeaderFault> check_header_result(const core::Header& header, const ExecutionResult& result,
                                               const core::Hash& state_root);

}  // namespace sluice::contracts
