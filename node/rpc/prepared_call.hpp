/// A call object with the state and the block that it is made in.
#pragma once

#include <memory>

#include "node/rpc/block_reference.hpp"
#include "node/rpc/call_request.hpp"
#include "node/rpc/method_table.hpp"

namespace sluice::node::rpc {

struct PreparedCall {
    contracts::CallRequest request;
    CallableState state;
    std::unique_ptr<core::StateView> overridden;     ///< null without overrides
    std::unique_ptr<contracts::BlockHashes> hashes;  ///< of `block`, if its height is pretended
    contracts::BlockContext block;
    const core::StateView& view() const { return overridden ? *overridden : *state.view; }
};

/// Where overrides of state and block stand.
enum class OverridePlace : std::uint8_t {
    arguments,  ///< arguments 2 and 3 (eth_call, eth_estimateGas)
    options,    ///< members of the object that is argument 2 (debug_traceCall)
};

/// Argument 0 is the call, argument 1 the block, `by_default` without one.
core::Result<PreparedCall, Error> prepare_call(const ReadCall& call, const BlockReference& by_default,
                                               OverridePlace place = OverridePlace::arguments);

}  // namespace sluice::node::rpc
