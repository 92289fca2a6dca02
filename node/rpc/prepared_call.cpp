#include "node/rpc/prepared_call.hpp"

#include "node/rpc/services.hpp"

namespace sluice::node::rpc {

core::Result<PreparedCall, Error> prepare_call(const ReadCall& call, const BlockReference& by_default,
                                               OverridePlace place) {
    auto& arguments = call.arguments;
    PreparedCall prepared;
    prepared.request = read_call(arguments, 0);
    const auto reference = arguments.get_or(1, read_block_reference, by_default);
    StateOverrides state_overrides;
    BlockOverrides block_overrides;
    if (place == OverridePlace::arguments) {
        state_overrides = arguments.get_or(2, read_state_overrides, StateOverrides{});
        block_overrides = arguments.get_or(3, read_block_overrides, BlockOverrides{});
    } else if (arguments.find(2) != nullptr) {
        state_overrides =
            arguments.member_if(2, "stateOverrides", read_state_overrides).value_or(StateOverrides{});
        block_overrides =
            arguments.member_if(2, "blockOverrides", read_block_overrides).value_or(BlockOverrides{});
    }
    if (arguments.fault()) return core::fail(*arguments.fault());
    auto state = open_state(reference, *call.snapshot);
    if (!state) return core::fail(state.error());
    prepared.state = std::move(*state);
    prepared.block = context_for(reference, prepared.state, *call.snapshot, call.node());
    apply(block_overrides, prepared.block);
    if (!state_overrides.empty())
        prepared.overridden = over(*prepared.state.view, std::move(state_overrides));
    return prepared;
}

}  // namespace sluice::node::rpc
