/// What a node says of itself: for `sluice_status`, health checks, metrics and the doctor.
#pragma once

#include <vector>

#include "consensus/replica.hpp"
#include "core/time.hpp"

namespace sluice::node {

struct ValidatorStatus {
    core::Address address{};
    bool is_self = false;
    std::optional<core::UnixMs> last_seen_ms;  ///< wall time of the last signed message heard
    std::optional<core::Height>
        last_sealed_height;            ///< highest height whose certificate here carries its signature
    std::optional<core::Height> head;  ///< as its last heartbeat said
    std::optional<std::int64_t> clock_ahead_ms;  ///< its clock less ours, when the last heartbeat came
};

struct NodeStatus {
    core::Height height = 0;
    core::Hash block_hash{};
    core::Hash state_root{};
    consensus::ReplicaStatus consensus;
    std::vector<ValidatorStatus> validators;  ///< of the next height, in order
    std::size_t quorum = 0;
    std::size_t peers = 0;
    std::size_t pool_transactions = 0;
    std::size_t pool_executable = 0;  ///< of these, those that do not wait for a nonce
    std::size_t pool_bytes = 0;
    std::uint64_t vote_log_sequence = 0;
    std::uint64_t last_block_age_ms = 0;  ///< since this node appended its head, or started
    std::uint64_t signatures_verified = 0;
    std::size_t evidence = 0;
    core::Height best_known_height = 0;  ///< the highest head that a peer has claimed
    core::Height first_block = 0;        ///< bodies and receipts are kept from this height on; 0: all
    /// The vote log knows this height, and the ledger has not reached it: the node has no voice.
    std::optional<core::Height> silent_until;
    bool syncing = false;  ///< blocks are known that are not here yet
    bool ready = false;    ///< synced, and heard from a quorum within the last seconds
};

}  // namespace sluice::node
