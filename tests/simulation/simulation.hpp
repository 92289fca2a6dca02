/// Whole nodes in one thread: the production node, consensus, execution and ledger over a played network,
/// played disks and played clocks. One seed gives one history.
#pragma once

#include "tests/simulation/mode.hpp"
#include "tests/simulation/options.hpp"

namespace sluice::simulation {

/// Chaos, then healing: afterwards the validators that are left must make a block within the bound of the
/// protocol, reach one head, and mine everything that was submitted.
Verdict run(const Options& options);

/// How many places a crash point can name in one undisturbed run.
struct CallCounts {
    std::uint64_t effects = 0;
    std::uint64_t disk_calls = 0;
};
CallCounts count_calls(const Options& options, std::size_t node);

}  // namespace sluice::simulation
