/// Many scenarios of one mode, spread over processes, answered in order of their numbers.
#pragma once

#include <functional>

#include "tests/simulation/mode.hpp"

namespace sluice::simulation {

struct CampaignSetup {
    const Mode* mode = nullptr;
    Scenario pattern;  ///< every scenario is this one with its own number
    std::uint64_t from = 1;
    std::uint64_t to = 1;
    std::size_t jobs = 1;  ///< processes side by side
};

/// Runs one scenario in a process of its own: a CHECK that fails there is a verdict here.
Verdict run_apart(const Mode& mode, const Scenario& scenario);

/// Calls `take` for every scenario, in order, as soon as it and all before it have ended. Stops early when
/// `take` answers false.
void run_campaign(const CampaignSetup& setup,
                  const std::function<bool(std::uint64_t number, const Verdict& verdict)>& take);

/// The kinds of faults that a failing scenario can do without, tried one by one: what is left makes it fail.
Scenario shrink(const Mode& mode, const Scenario& failing, const Verdict& verdict);

/// Highest memory of all ended children, in kilobytes.
std::uint64_t peak_memory_kb();

}  // namespace sluice::simulation
