#include "tests/simulation/twins/twins.hpp"

#include <utility>

#include "tests/simulation/twins/network.hpp"

namespace sluice::simulation::twins {

Verdict run_plan(Plan plan, const Scenario& scenario) {
    if (scenario.without.contains("partition")) plan.partition.clear();
    if (scenario.without.contains("drops")) plan.drops.reset();
    if (scenario.without.contains("reorder")) plan.shuffle.reset();
    if (scenario.without.contains("crash")) plan.crashes.clear();
    if (scenario.without.contains("twins")) plan.twinned.clear();
    Network network(std::move(plan));
    if (scenario.timeline) network.keep_timeline();
    return network.run();
}

std::uint64_t count_twins() {
    return four_with_one_twin.count();
}

Verdict run_twins(const Scenario& scenario) {
    return run_plan(four_with_one_twin.plan((scenario.number - 1) % four_with_one_twin.count()), scenario);
}

Verdict run_twins_drops(const Scenario& scenario) {
    return run_plan(drawn_plan(scenario.number, scenario.validators), scenario);
}

}  // namespace sluice::simulation::twins
