#include "node/pinned_states.hpp"

#include <algorithm>

namespace sluice::node {
namespace {

constexpr std::size_t newest_kept = 2;
/// The store cannot forget rows that an older state still shows, so there are never more than this.
constexpr std::size_t pins_max = 4;
/// Who has not asked for this long has gone.
constexpr core::Duration use_time = core::seconds(30);

}  // namespace

void PinnedStates::add(core::Instant now, ledger::StateExportPtr state) {
    if (!pins_.empty() && pins_.back().state->height() >= state->height()) return;
    pins_.push_back({std::move(state), now});
    const auto is_idle = [&](const Pin& pin) { return pin.used_at + use_time <= now; };
    while (pins_.size() > newest_kept) {
        const auto older_end = pins_.end() - newest_kept;
        auto victim = std::find_if(pins_.begin(), older_end, is_idle);
        if (victim == older_end && pins_.size() <= pins_max) return;
        if (victim == older_end) victim = pins_.begin();
        pins_.erase(victim);
    }
}

ledger::StateExportPtr PinnedStates::newest() const {
    return pins_.empty() ? nullptr : pins_.back().state;
}

ledger::StateExportPtr PinnedStates::find(core::Instant now, const core::Hash& block_hash) {
    for (Pin& pin : pins_) {
        if (pin.state->block_hash() != block_hash) continue;
        pin.used_at = now;
        return pin.state;
    }
    return nullptr;
}

}  // namespace sluice::node
