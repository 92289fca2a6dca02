/// The mode "swarm": each seed draws its own network size, workload and mixture of faults.
#pragma once

#include "tests/simulation/mode.hpp"
#include "tests/simulation/options.hpp"

namespace sluice::simulation {

/// What the scenario's number stands for.
Options draw_options(const Scenario& scenario);
Verdict run_swarm(const Scenario& scenario);
/// The same, while one to three changes of the validators are carried and observers become validators.
Verdict run_membership_swarm(const Scenario& scenario);

}  // namespace sluice::simulation
