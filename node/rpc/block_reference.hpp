/// Which block a caller means: a tag, a height, a hash (EIP-1898), and the state after it.
#pragma once

#include <memory>

#include "contracts/block_context.hpp"
#include "core/state.hpp"
#include "ledger/ledger_snapshot.hpp"
#include "node/rpc/errors.hpp"
#include "node/rpc/node_access.hpp"
#include "node/rpc/values.hpp"

namespace sluice::node::rpc {

/// A block is final when it exists: latest, safe and finalized are the same.
struct BlockReference {
    enum class Kind : std::uint8_t { latest, pending, height, hash };
    Kind kind = Kind::latest;
    core::Height height = 0;  ///< of Kind::height
    core::Hash hash{};        ///< of Kind::hash
    bool operator==(const BlockReference&) const = default;
};

/// A tag, a quantity, a block hash, or {blockNumber} or {blockHash} (EIP-1898).
Reading<BlockReference> read_block_reference(const Json& value);
/// A tag or a quantity: what ranges are made of.
Reading<BlockReference> read_block_number(const Json& value);

/// Nothing for blocks that do not exist here.
std::optional<core::Height> find_height(const BlockReference& block, const ledger::LedgerSnapshot& snapshot);

/// A state that calls can be made on, and the block they believe to be in.
struct CallableState {
    core::Height height = 0;  ///< of the block after which the state is as seen
    std::unique_ptr<core::StateView> view;
};

/// The state after that block, or -32000: unknown block, or a state that is not kept any more (naming the
/// oldest).
core::Result<CallableState, Error> open_state(const BlockReference& block,
                                              const ledger::LedgerSnapshot& snapshot);
Error state_unavailable(core::Height height, const ledger::StateUnavailable& unavailable);

/// What NUMBER, TIMESTAMP and native contracts see: the block itself, or for `pending` the one that would
/// follow the head now.
contracts::BlockContext context_for(const BlockReference& block, const CallableState& state,
                                    const ledger::LedgerSnapshot& snapshot, const NodeAccess& node);

}  // namespace sluice::node::rpc
