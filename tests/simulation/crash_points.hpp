/// The mode "crash-points": nothing goes wrong but one process, which ends at one place, and every place has
/// its turn: before each effect, and before, in the middle of and after each call of its disk, over twenty
/// heights.
#pragma once

#include "tests/simulation/mode.hpp"

namespace sluice::simulation {

/// Over all roles that a node can have: always the primary, never, by turns, alone, and catching up.
std::uint64_t count_crash_points();
Verdict run_crash_point(const Scenario& scenario);

}  // namespace sluice::simulation
