/// Call objects of eth_call and eth_estimateGas, and the overrides that a caller may put over state and
/// block.
#pragma once

#include <map>
#include <memory>

#include "contracts/simulation.hpp"
#include "node/rpc/arguments.hpp"

namespace sluice::node::rpc {

/// Reads the call object that is argument `index`: from, to, gas, gasPrice or maxFeePerGas, value, input or
/// data (or both, if equal), accessList, authorizationList. Prices are read and mean nothing: gas costs the
/// base fee. Other members are ignored, as wallets send many.
contracts::CallRequest read_call(Arguments& arguments, std::size_t index);

/// What one account is pretended to be.
struct AccountOverride {
    std::optional<core::Uint256> balance;
    std::optional<std::uint64_t> nonce;
    std::optional<core::Bytes> code;
    bool replaces_storage = false;   ///< `storage` is all there is
    bool replaces_contract = false;  ///< code or storage is given, even an empty one
    std::map<core::Word, core::Word> storage;
};
using StateOverrides = std::map<core::Address, AccountOverride>;

/// A state override set: {address: {balance, nonce, code, state | stateDiff}}. Of native and of precompiled
/// contracts only balance and nonce can be given. Other members are refused.
Reading<StateOverrides> read_state_overrides(const Json& value);
/// `base` with the overrides over it. `base` must outlive the result.
std::unique_ptr<core::StateView> over(const core::StateView& base, StateOverrides overrides);

/// What the block is pretended to be.
struct BlockOverrides {
    std::optional<core::Height> number;
    std::optional<std::uint64_t> time;  ///< seconds
    std::optional<core::Gas> gas_limit;
    std::optional<core::Address> fee_recipient;
    std::optional<core::Hash> prev_randao;
    std::optional<core::Uint256> base_fee;
};
/// {number, time, gasLimit, feeRecipient, prevRandao, baseFeePerGas}; others are refused.
Reading<BlockOverrides> read_block_overrides(const Json& value);
void apply(const BlockOverrides& overrides, contracts::BlockContext& block);

}  // namespace sluice::node::rpc
