/// What a node says of itself.
#include <algorithm>

#include "node/node.hpp"

namespace sluice::node {
namespace {

/// A validator heard from within this time counts as connected.
constexpr core::UnixMs heard_lately_ms = 5'000;

}  // namespace

NodeStatus Node::status(Now now) const {
    NodeStatus status;
    const auto& head = pipeline_.head();
    status.height = head.header.height;
    status.block_hash = head.hash;
    status.state_root = head.header.state_root;
    status.consensus = driver_.replica().status();
    status.quorum = head.validators->quorum();
    status.peers = peers_.size();
    std::size_t heard = 0;
    for (const auto& address : head.validators->members()) {
        ValidatorStatus validator{.address = address,
                                  .is_self = address == self_,
                                  .last_seen_ms = {},
                                  .last_sealed_height = {},
                                  .head = {},
                                  .clock_ahead_ms = {}};
        if (const auto seen = seen_.find(address); seen != seen_.end()) {
            validator.last_seen_ms = seen->second.last_seen_ms;
            validator.head = seen->second.head;
            validator.clock_ahead_ms = seen->second.clock_ahead_ms;
        }
        if (validator.is_self) {
            validator.last_seen_ms = now.wall_ms;
            validator.head = status.height;
            validator.clock_ahead_ms = 0;
        }
        if (const auto sealed = sealed_.find(address); sealed != sealed_.end())
            validator.last_sealed_height = sealed->second;
        if (validator.last_seen_ms && *validator.last_seen_ms + heard_lately_ms >= now.wall_ms) ++heard;
        status.validators.push_back(validator);
    }
    status.pool_transactions = pool_.size();
    status.pool_executable = pool_.executable_size();
    status.pool_bytes = pool_.bytes();
    status.vote_log_sequence = driver_.vote_log_sequence();
    status.last_block_age_ms = static_cast<std::uint64_t>((now.instant - last_block_at_).us / 1000);
    status.signatures_verified = signatures_verified_;
    status.evidence = evidence().size();
    status.best_known_height = std::max(sync_.best_claim(), status.height);
    status.first_block = snapshot_->first_body();
    status.silent_until = silent_until_;
    status.syncing = std::max(sync_.certified_height(), status.best_known_height) > status.height + 1;
    status.ready = !status.syncing && heard >= status.quorum && !stopped_;
    return status;
}

}  // namespace sluice::node
