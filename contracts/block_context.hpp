/// What a block's execution knows of its surroundings: header fields that are fixed before the first
/// transaction.
#pragma once

#include <memory>

#include "core/block.hpp"
#include "core/validator_set.hpp"

namespace sluice::contracts {

namespace native {
class QueueIndex;
}

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
    core::Hash mix_hash{};  ///< `core::mix_hash_after(parent_hash)`
    /// Who votes at this height. Never null when a block is executed or its header assembled.
    std::shared_ptr<const core::ValidatorSet> validators;
    /// The queues as they are after the parent, if the caller keeps them; null lets execution derive them
    /// from state.
    std::shared_ptr<const native::QueueIndex> queues;

    /// Block time in whole seconds, as TIMESTAMP gives it.
    std::uint64_t timestamp() const { return time_ms / 1000; }
};

}  // namespace sluice::contracts
