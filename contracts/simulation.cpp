#include "contracts/simulation.hpp"

#include <algorithm>

#include "contracts/replay.hpp"

namespace sluice::contracts {

namespace {

core::Gas most_gas(const CallRequest& request, const CallLimits& limits) {
    return std::min(request.gas.value_or(limits.gas), limits.gas);
}

}  // namespace

CallOutcome simulate_call(const core::StateView& view, const BlockContext& block, const CallRequest& request,
                          const CallLimits& limits, const native::Registry& registry) {
    evm::Machine machine;
    return Replay(view, block, machine, limits.stop, registry).call(request, most_gas(request, limits));
}

core::Result<core::Gas, CallOutcome> estimate_gas(const core::StateView& view, const BlockContext& block,
                                                  const CallRequest& request, const CallLimits& limits,
                                                  const native::Registry& registry) {
    evm::Machine machine;
    const auto call_with = [&](core::Gas gas) {
        return Replay(view, block, machine, limits.stop, registry).call(request, gas);
    };
    const auto succeeds_with = [&](core::Gas gas) { return call_with(gas).succeeded(); };
    core::Gas enough = most_gas(request, limits);
    CallOutcome largest = call_with(enough);
    if (!largest.succeeded()) return core::fail(std::move(largest));

    // What the call was seen to use suffices unless it looks at the gas it is given; then bisection finds the
    // bound.
    const core::Gas seen = std::max(largest.gas_peak, largest.gas_used);
    if (seen >= enough) return enough;
    core::Gas too_little = seen - 1;
    if (succeeds_with(seen))
        enough = seen;
    else
        too_little = seen;
    while (too_little + 1 < enough) {
        const core::Gas middle = too_little + (enough - too_little) / 2;
        (succeeds_with(middle) ? enough : too_little) = middle;
    }
    return enough;
}

}  // namespace sluice::contracts
