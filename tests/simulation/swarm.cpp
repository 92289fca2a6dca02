#include "tests/simulation/swarm.hpp"

#include <array>

#include "tests/simulation/simulation.hpp"

namespace sluice::simulation {
namespace {

/// Weighted to 4, which is the least that tolerates a fault, and to 7; every remainder of n mod 3 occurs.
struct Size {
    std::size_t validators;
    std::uint64_t weight;
};
constexpr std::array sizes{Size{1, 3}, Size{2, 4},  Size{3, 8}, Size{4, 60}, Size{5, 6},
                           Size{6, 4}, Size{7, 10}, Size{8, 2}, Size{9, 1},  Size{10, 2}};
constexpr std::uint64_t weights = 100;

std::size_t draw_size(Random& random) {
    auto drawn = random.below(weights);
    for (const auto& [validators, weight] : sizes) {
        if (drawn < weight) return validators;
        drawn -= weight;
    }
    return sizes.back().validators;
}

}  // namespace

Options draw_options(const Scenario& scenario) {
    auto random = Random::of(scenario.number, "swarm");
    Options options;
    options.seed = scenario.number;
    const auto size = draw_size(random);
    options.validators = scenario.validators != 0 ? scenario.validators : size;
    options.rotation_period = std::array<std::uint64_t, 3>{1, 4, 16}[random.below(3)];
    options.chaos_ms = random.between(2'000, 12'000);
    options.client_interval_ms = random.between(100, 600);
    if (random.percent(3) && options.validators >= 4) {
        options.deaf_validator = random.below(options.validators);
        options.rotation_period = 64;
    }
    options.flush_blocks = random.percent(25) ? 8 : 64;
    options.full_verification = random.percent(5);
    options.timeline = scenario.timeline;
    // How many kinds of faults come together is drawn as well: few at full strength find what many hide.
    const auto chance = random.between(8, 60);
    for (std::size_t i = 0; i < fault_kinds; ++i) {
        const bool present = random.percent(chance);
        const auto strength = static_cast<std::uint32_t>(random.between(1, 100));
        options.faults.set(static_cast<Fault>(i), present ? strength : 0);
    }
    for (const auto& name : scenario.without)
        options.faults.drop(name);
    return options;
}

Verdict run_swarm(const Scenario& scenario) {
    return run(draw_options(scenario));
}

Verdict run_membership_swarm(const Scenario& scenario) {
    Options options = draw_options(scenario);
    auto random = Random::of(scenario.number, "membership swarm");
    options.observers = random.between(1, 3);
    options.membership_changes = random.between(1, 3);
    options.deaf_validator.reset();
    return run(options);
}

}  // namespace sluice::simulation
