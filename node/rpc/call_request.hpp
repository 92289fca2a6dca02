/// Call objects of eth_call and eth_estimateGas, and the overrides that a caller may put over state and
/// block.
#pragma once

#include <map>
#include <memory>

#include "contracts/simulation.hpp"
#include "node/rpc/arguments.hpp"

namespace sluice::node::rpc {

/// Reads the call object that is argument `index`: from, to, gas, gasPrice or maxFeePerGas, value, input or
/// data (or both, if equal), accessList. Other members are ignored, as wallets send many.
contracts::CallRequest read_call(Arguments& arguments, std::size_t index);

/// What one account is pretended to be.
struct AccountOverride {
    std::optional<core::Uint256> balance;
    std::optional<std::uint64_t> nonce;
    std::optional<core::Bytes> code;
    bool replaces_storage = false;  ///< `storage` is all there is
    std::map<core::Word, core::Word> storage;
};
using StateOverrides = std::map<core::Address, AccountOverride>;

/// The state override set that is argument `index`: {address: {balance, nonce, code, state | stateDiff}}.
StateOverrides read_state_overrides(Arguments& arguments, std::size_t index);
/// `base` with the overrides over it. `base` must outlive the result.
std::unique_ptr<core::StateView> over(const core::StateView& base, StateOverrides overrides);

/// Applies the block overrides that are argument `index`: number, time, gasLimit, feeRecipient, prevRandao,
/// baseFeePerGas.
void apply_block_overrides(Arguments& arguments, std::size_t index, contracts::BlockContext& block);

}  // namespace sluice::node::rpc
