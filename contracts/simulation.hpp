/// Calls that leave no trace: eth_call and eth_estimateGas.
#pragma once

#include "contracts/call.hpp"
#include "contracts/transaction_rules.hpp"

namespace sluice::contracts {

/// A call as JSON-RPC describes it. Nobody signed it; the sender may be any address.
struct CallRequest {
    core::Address from{};
    std::optional<core::Address> to;  ///< nothing creates a contract
    std::optional<core::Gas> gas;     ///< the caller's own limit; the cap applies anyway
    core::Uint256 value;
    core::Bytes data;
    std::vector<core::AccessListEntry> access_list;
    /// Not empty only with `to`: the call is a set-code transaction (EIP-7702).
    std::vector<core::Authorization> authorizations;
};

struct CallOutcome {
    /// Why it did not even begin.
    std::optional<Refusal> refusal;
    CallStatus status = CallStatus::succeeded;
    core::Bytes output;      ///< results, or revert data
    core::Gas gas_used = 0;  ///< intrinsic gas included, as a receipt would say
    core::Gas gas_peak = 0;  ///< before refund and floor
    std::vector<core::Log> logs;
    bool succeeded() const { return !refusal && status == CallStatus::succeeded; }
};

/// What a simulation may cost, whatever was asked for.
struct CallLimits {
    /// Gas alone, too, is a limit.
    CallLimits(core::Gas most_gas, evm::StopRequest* stop_request = nullptr)
        : gas(most_gas), stop(stop_request) {}
    core::Gas gas;
    evm::StopRequest* stop;  ///< may be null; once it asks to stop, the outcome means nothing
};

/// Performs the call in a block of `block` over `view` and forgets it.
CallOutcome simulate_call(const core::StateView& view, const BlockContext& block, const CallRequest& request,
                          const CallLimits& limits,
                          const native::Registry& registry = native::settlement_registry());

/// The least gas limit with which the call succeeds, or the outcome that says why it does not with the
/// largest. `limits.stop` is for all its runs together.
core::Result<core::Gas, CallOutcome> estimate_gas(
    const core::StateView& view, const BlockContext& block, const CallRequest& request,
    const CallLimits& limits, const native::Registry& registry = native::settlement_registry());

}  // namespace sluice::contracts
