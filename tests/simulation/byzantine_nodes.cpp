#include "tests/simulation/byzantine_nodes.hpp"

#include <algorithm>

#include "core/validator_set.hpp"
#include "tests/simulation/simulation.hpp"
#include "tests/simulation/swarm.hpp"

namespace sluice::simulation {
namespace {

constexpr std::size_t least_that_tolerates_one = 4;
/// Ten messages to each of the others every so often, as fast as they can be checked.
constexpr core::Duration flood_interval = core::milliseconds(2);

template <typename Row>
std::string_view any_name(std::span<const Row> rows, Random& random, const Scenario& scenario) {
    const auto name = rows[random.below(rows.size())].name;
    return scenario.without.contains(name) ? std::string_view() : name;
}

Casting draw_casting(std::size_t validator, Random& random, const Scenario& scenario) {
    Casting casting{.validator = validator};
    const auto kind = random.below(100);
    const auto script = any_name(twins::scripts(), random, scenario);
    const auto lie = any_name(sync_lies(), random, scenario);
    if (kind < 75) casting.script = script;
    if (kind >= 45) casting.sync_lie = lie;
    casting.interjects_every = core::milliseconds(static_cast<std::int64_t>(random.between(20, 400)));
    if (random.percent(10) && casting.script == "far speaker") casting.interjects_every = flood_interval;
    casting.silent_after_healing = random.percent(25);
    return casting;
}

}  // namespace

Options draw_byzantine_options(const Scenario& scenario) {
    auto options = draw_options(scenario);
    auto random = Random::of(scenario.number, "byzantine nodes");
    options.validators = std::max(options.validators, least_that_tolerates_one);
    options.deaf_validator.reset();
    // Every second network is sound: there the lies are all that goes wrong.
    if (random.percent(50)) options.faults = Strengths();
    // Somebody has to ask for blocks for lies about them to matter.
    if (random.percent(60)) {
        options.observers = 1;
        options.latecomer = options.validators;
        options.client_interval_ms = random.between(20, 200);
    }
    const auto most = core::faults_tolerated(options.validators);
    const auto first = random.below(options.validators);
    const auto count = random.between(1, most);
    for (std::size_t i = 0; i < count; ++i)
        options.impostors.push_back(draw_casting((first + i) % options.validators, random, scenario));
    return options;
}

Verdict run_flood(const Scenario& scenario) {
    Options options;
    options.seed = scenario.number;
    options.chaos_ms = 20'000;
    options.timeline = scenario.timeline;
    options.impostors = {
        {.validator = scenario.number % 4, .script = "far speaker", .interjects_every = flood_interval}};
    return run(options);
}

Verdict run_byzantine_nodes(const Scenario& scenario) {
    return run(draw_byzantine_options(scenario));
}

}  // namespace sluice::simulation
