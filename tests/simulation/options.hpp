/// What one run of whole nodes is made of. A seed draws all of it (swarm.hpp); tests set what they need.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "tests/simulation/disk.hpp"
#include "tests/simulation/faults.hpp"
#include "tests/simulation/impostor.hpp"

namespace sluice::simulation {

/// One process ends at one exact place: for the enumeration of crash points.
struct CrashPoint {
    std::size_t node = 0;
    std::uint64_t effect = 0;     ///< counted from 1 from the first start on; 0: none
    std::uint64_t disk_call = 0;  ///< counted from 1 after the first start; 0: none
    CallFailure failure = CallFailure::killed_before;
};

struct Options {
    std::uint64_t seed = 1;
    std::size_t validators = 4;
    /// Nodes that follow and are no validators at genesis. Their keys are key_of("validator", validators +
    /// i).
    std::size_t observers = 0;
    Strengths faults;
    std::uint64_t chaos_ms = 10'000;    ///< then everything heals
    core::Height heights = 30;          ///< clients go on until the chain is this long
    std::uint64_t rotation_period = 4;  ///< heights per primary: short, so that all take their turn
    /// Mean time between two transactions of all clients together.
    std::uint64_t client_interval_ms = 150;
    /// Clients hand in nothing but payments, and keep so many of them under way; 0: a mixture, at their pace.
    std::size_t payments_under_way = 0;
    /// What one transaction takes to be executed, when a block is built and when it is checked.
    core::Duration transaction_time;
    /// Hears of no transaction but those of bank 0, which speaks to it alone: as primary it looks like one
    /// that censors all other banks.
    std::optional<std::size_t> deaf_validator;
    std::optional<CrashPoint> crash_point;
    /// This node is stopped before the first block and comes back when it has something to catch up on.
    std::optional<std::size_t> latecomer;
    /// Proposals about validators that are carried in mid-run; the set never becomes smaller than at genesis.
    std::uint64_t membership_changes = 0;
    core::Height flush_blocks = 64;  ///< trie nodes are stored so often; between, a start replays
    /// Validators that misbehave all the time: at most f, or the chain is expected to break.
    std::vector<Casting> impostors;
    bool timeline = false;           ///< keep what every node logs and sends
    bool full_verification = false;  ///< read one ledger back to front at the end
};

}  // namespace sluice::simulation
