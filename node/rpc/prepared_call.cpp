#include "node/rpc/prepared_call.hpp"

#include "node/rpc/services.hpp"

namespace sluice::node::rpc {
namespace {

/// The hashes that a pretended height sees: zero for blocks that do not exist, where the ring of the history
/// contract still holds those of a round before.
class ExistingHashes final : public contracts::BlockHashes {
  public:
    ExistingHashes(ledger::LedgerSnapshotPtr snapshot, core::Height newest)
        : snapshot_(std::move(snapshot)), newest_(newest) {}
    core::Hash hash_of(core::Height height) const override {
        return height > newest_ ? core::Hash{} : snapshot_->hash_at(height).value_or(core::Hash{});
    }

  private:
    ledger::LedgerSnapshotPtr snapshot_;
    core::Height newest_;
};

void pretend_height(PreparedCall& prepared, const ledger::LedgerSnapshotPtr& snapshot) {
    prepared.hashes = std::make_unique<ExistingHashes>(snapshot, prepared.state.height);
    prepared.block.block_hashes = prepared.hashes.get();
    if (prepared.block.height > 0)
        prepared.block.parent_hash = prepared.hashes->hash_of(prepared.block.height - 1);
}

}  // namespace

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
    if (block_overrides.number) pretend_height(prepared, call.snapshot);
    if (!state_overrides.empty())
        prepared.overridden = over(*prepared.state.view, std::move(state_overrides));
    return prepared;
}

}  // namespace sluice::node::rpc
