#include "contracts/simulation.hpp"

#include <algorithm>

#include "contracts/replay.hpp"

namespace sluice::contracts {

namespace {

CallOutcome call_with_gas(const core::StateView& view, const BlockContext& block, const CallRequest& request,
                          core::Gas gas, const native::Registry& registry) {
    return Replay(view, block, registry).call(request, gas);
}

}  // namespace

CallOutcome simulate_call(const core::StateView& view, const BlockContext& block, const CallRequest& request,
                          core::Gas gas_cap, const native::Registry& registry) {
    return call_with_gas(view, block, request, std::min(request.gas.value_or(gas_cap), gas_cap), registry);
}

core::Result<core::Gas, CallOutcome> estimate_gas(const core::StateView& view, const BlockContext& block,
                                                  const CallRequest& request, core::Gas gas_cap,
                                                  const native::Registry& registry) {
    core::Gas enough = std::min(request.gas.value_or(gas_cap), gas_cap);
    CallOutcome largest = call_with_gas(view, block, request, enough, registry);
    if (!largest.succeeded()) return core::fail(std::move(largest));

    const auto succeeds_with = [&](core::Gas gas) {
        return call_with_gas(view, block, request, gas, registry).succeeded();
    };
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
