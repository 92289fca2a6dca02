#include "tests/simulation/crash_points.hpp"

#include <array>

#include "core/check.hpp"
#include "tests/simulation/simulation.hpp"

namespace sluice::simulation {
namespace {

constexpr std::array ends{CallFailure::killed_before, CallFailure::killed_after, CallFailure::power_cut};

struct Role {
    std::size_t validators;
    std::size_t node;
    std::uint64_t rotation_period;
    bool catches_up;
};
constexpr std::array roles{
    Role{4, 0, 256, false},  // always the primary
    Role{4, 1, 256, false},  // never, while all goes well
    Role{4, 2, 1, false},    // every fourth height
    Role{1, 0, 4, false},    // alone
    Role{4, 3, 4, true},     // behind from the start
};

Options options_of(const Role& role) {
    Options options;
    options.seed = 1;
    options.validators = role.validators;
    options.rotation_period = role.rotation_period;
    options.heights = 20;
    options.chaos_ms = 4'000;
    options.client_interval_ms = 90;
    if (role.catches_up) options.latecomer = role.node;
    return options;
}

/// Counted once per process: the same everywhere, because the run is.
const std::array<CallCounts, roles.size()>& counts() {
    static const auto all = [] {
        std::array<CallCounts, roles.size()> counted;
        for (std::size_t i = 0; i < roles.size(); ++i)
            counted[i] = count_calls(options_of(roles[i]), roles[i].node);
        return counted;
    }();
    return all;
}

}  // namespace

std::uint64_t count_crash_points() {
    std::uint64_t sum = 0;
    for (const auto& [effects, disk_calls] : counts())
        sum += effects + disk_calls * ends.size();
    return sum;
}

Verdict run_crash_point(const Scenario& scenario) {
    CHECK(scenario.number >= 1);
    auto left = scenario.number - 1;
    for (std::size_t i = 0; i < roles.size(); ++i) {
        const auto& [effects, disk_calls] = counts()[i];
        auto options = options_of(roles[i]);
        options.timeline = scenario.timeline;
        CrashPoint point{.node = roles[i].node};
        if (left < effects) {
            point.effect = left + 1;
        } else if (left - effects < disk_calls * ends.size()) {
            point.disk_call = (left - effects) / ends.size() + 1;
            point.failure = ends[(left - effects) % ends.size()];
            // Of a torn write any sector may be there.
            options.faults.set(Fault::torn_write, 100);
            options.seed = scenario.number;
        } else {
            left -= effects + disk_calls * ends.size();
            continue;
        }
        options.crash_point = point;
        return run(options);
    }
    Verdict verdict;
    verdict.failure = "there are fewer crash points than that";
    return verdict;
}

}  // namespace sluice::simulation
