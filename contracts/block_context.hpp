/// What a block's execution knows of its surroundings: header fields that are fixed before the first
/// transaction.
#pragma once

#include <memory>

#include "contracts/evm/revision.hpp"
#include "contracts/fee_rules.hpp"
#include "core/block.hpp"
#include "core/validator_set.hpp"

namespace sluice::contracts {

namespace native {
class QueueIndex;
}

/// The hashes of earlier blocks, for a caller that has them from elsewhere than the state.
class BlockHashes {
  public:
    virtual ~BlockHashes() = default;
    /// `height` is one of the last 256 before the block that executes. Zero where it is not known.
    virtual core::Hash hash_of(core::Height height) const = 0;
};

/// Fixed before the first transaction runs. A value; the same context and candidates give the same bytes
/// everywhere.
struct BlockContext {
    core::Height height = 0;
    core::UnixMs time_ms = 0;  ///< of this block; native contracts know no other time
    core::Hash parent_hash{};
    core::Address miner{};  ///< the validator that first built the block
    core::Gas gas_limit = 0;
    core::Gas transaction_gas_limit = 0;  ///< of one transaction
    std::uint64_t chain_id = 0;
    core::Uint256 base_fee{core::base_fee_wei};
    core::Hash mix_hash{};           ///< PREVRANDAO: `core::mix_hash_after(parent_hash)`
    core::Uint256 difficulty{};      ///< DIFFICULTY before Paris, which had no PREVRANDAO
    core::Uint256 blob_base_fee{1};  ///< BLOBBASEFEE (EIP-7516); 1 is the least there is
    evm::Revision revision = evm::Revision::osaka;
    FeeMode fee_mode = FeeMode::none;
    BlobLimits blobs{};                ///< none: blob transactions are refused
    bool accepts_unprotected = false;  ///< legacy transactions without a chain id (EIP-155)
    /// Answers BLOCKHASH; null: the storage of the history contract (EIP-2935) does. Outlives the execution.
    const BlockHashes* block_hashes = nullptr;
    /// Who votes at this height. Never null when a block is executed or its header assembled.
    std::shared_ptr<const core::ValidatorSet> validators;
    /// The queues as they are after the parent, if the caller keeps them; null lets execution derive them
    /// from state.
    std::shared_ptr<const native::QueueIndex> queues;

    /// Spreads the tables that execution keeps; a number that nobody outside can know makes colliding keys
    /// impossible to find. Never reaches a result; each node has its own.
    std::uint64_t table_seed = 0;

    /// Block time in whole seconds, as TIMESTAMP gives it.
    std::uint64_t timestamp() const { return time_ms / 1000; }
};

}  // namespace sluice::contracts
