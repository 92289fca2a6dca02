/// Whole nodes over a played network while validators come and go: small, for what changes of the set alone
/// can get wrong.
#pragma once

#include <cstdint>
#include <string>

#include "core/ids.hpp"

namespace sluice::simulation {

struct MembershipOptions {
    std::uint64_t seed = 1;
    std::size_t validators = 4;  ///< of genesis
    std::size_t outsiders = 3;   ///< nodes that follow and may be voted in
    std::uint64_t changes = 3;   ///< proposals to carry
    std::size_t least = 1;       ///< sizes of the set to stay within
    std::size_t most = 10;
    std::uint64_t loss_percent = 0;
    std::uint64_t crashes = 0;  ///< processes that are killed and start again
    /// The node that begins at the end joins from a snapshot, with one node lying to it, and then each
    /// validator of genesis loses its ledger once.
    bool healing = false;
};

struct MembershipOutcome {
    std::string failure;  ///< which invariant, where; empty when all hold
    std::uint64_t carried = 0;
    core::Height height = 0;
    std::size_t smallest = 0;  ///< sets that voted
    std::size_t largest = 0;
    std::uint64_t joined = 0;         ///< members that were added while the chain ran
    std::uint64_t voted_at_once = 0;  ///< of them, those that voted at their first height
    std::uint64_t view_changes = 0;
    std::uint64_t lies = 0;      ///< altered parts of a state that were sent
    core::Height joined_at = 0;  ///< the height whose state was taken over
    std::uint64_t healed = 0;    ///< ledgers that came back
    std::uint64_t simulated_ms = 0;
};

/// Carries the changes, then restarts every node, and has a node that begins from genesis follow through all
/// of them. Held throughout: one block per height; one word of a validator per height and view; a certificate
/// of the set of that height; votes only by members of the set of their height.
MembershipOutcome run_membership(const MembershipOptions& options);

}  // namespace sluice::simulation
