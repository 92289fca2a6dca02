/// What a block of Ethereum does beside its transactions: calls of system contracts, requests, withdrawals,
/// rewards (EIP-2935, 4788, 4895, 6110, 7002, 7251, 7685).
#pragma once

#include "contracts/call.hpp"
#include "tests/conformance/chain_rules.hpp"

namespace sluice::conformance {

/// What the calls of one block share.
struct BlockState {
    contracts::JournaledState& state;
    const contracts::BlockContext& block;
    contracts::evm::Machine& machine;
};

/// Before the first transaction: the parent's beacon root and hash go into their contracts, where these are.
void open_block(const BlockState& state, const EthereumHeader& header);

/// After the last transaction: withdrawals, and before Paris the miner's reward.
void pay_out(const BlockState& state, const EthereumBlock& block);

/// The hash of all requests: deposits from the logs of the deposit contract, withdrawals and consolidations
/// from their contracts' queues. Fails where a contract is missing or fails, or a deposit is malformed.
core::Result<core::Hash, BlockFault> collect_requests(const BlockState& state,
                                                      std::span<const core::Log> logs);

/// An execution of Ethereum has no native contracts.
const contracts::native::Registry& no_natives();

}  // namespace sluice::conformance
