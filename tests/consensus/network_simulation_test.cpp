/// Seeded histories of whole networks of replicas. SLUICE_SEEDS and SLUICE_FIRST_SEED widen the run:
///   SLUICE_SEEDS=100000 test_consensus --gtest_filter='NetworkSimulation.*'
/// A single seed is traced.
#include "support/network_simulation.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <utility>

namespace sluice::consensus::testing {
namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(NetworkSimulation, every_history_is_safe_and_moves_again_once_healed) {
    const std::uint64_t first = from_environment("SLUICE_FIRST_SEED", 1);
    const std::uint64_t seeds = from_environment("SLUICE_SEEDS", 1000);
    Outcome sum;
    for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
        Dice dice(seed);
        const Weather weather = Weather::drawn(dice);
        NetworkSimulation simulation(seed, weather);
        if (seeds == 1) simulation.trace();
        const Outcome outcome = simulation.run();
        ASSERT_FALSE(outcome.failure.has_value())
            << "seed " << seed << ", n = " << weather.validators << ", twins " << weather.twins << ", liars "
            << weather.liars << ": " << *outcome.failure;
        sum.events += outcome.events;
        sum.crashes += outcome.crashes;
        sum.locks_carried += outcome.locks_carried;
        sum.rejoins += outcome.rejoins;
        sum.evidence += outcome.evidence;
        sum.view = std::max(sum.view, outcome.view);
    }
    RecordProperty("events", std::to_string(sum.events));
    RecordProperty("crashes", std::to_string(sum.crashes));
    RecordProperty("locks_carried", std::to_string(sum.locks_carried));
    RecordProperty("rejoins", std::to_string(sum.rejoins));
    RecordProperty("evidence", std::to_string(sum.evidence));
    RecordProperty("view", std::to_string(sum.view));
    if (seeds >= 1000) {
        EXPECT_GT(sum.crashes, 100u);
        EXPECT_GT(sum.locks_carried, 100u);
        EXPECT_GT(sum.evidence, 10u);
    }
}

/// A directed cut per phase finds what symmetric partitions cannot: a commit that only one validator knows
/// of.
TEST(NetworkSimulation, directed_cuts_per_phase_never_fork) {
    const std::uint64_t first = from_environment("SLUICE_FIRST_SEED", 1);
    const std::uint64_t seeds = from_environment("SLUICE_SEEDS", 1000);
    static constexpr std::pair<std::size_t, std::size_t> networks[] = {{4, 0}, {4, 1}, {4, 1},
                                                                       {5, 1}, {6, 1}, {7, 2}};
    for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
        Dice dice(seed);
        const auto [validators, twins] = networks[seed % std::size(networks)];
        NetworkSimulation simulation(seed, Weather::phases(validators, twins, dice));
        if (seeds == 1) simulation.trace();
        const Outcome outcome = simulation.run();
        ASSERT_FALSE(outcome.failure.has_value())
            << "seed " << seed << ", n = " << validators << ", twins " << twins << ": " << *outcome.failure;
    }
}

/// The harness can see a fork: with two of four validators faulty each half has a quorum of its own.
TEST(NetworkSimulation, two_twins_of_four_fork) {
    std::size_t forks = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        Weather weather;
        weather.twins = 2;
        weather.split = true;
        weather.cut_permille = 1000;
        const Outcome outcome = NetworkSimulation(seed, weather).run();
        if (outcome.failure && outcome.failure->find("forked") != std::string::npos) ++forks;
    }
    EXPECT_GT(forks, 0u);
}

}  // namespace
}  // namespace sluice::consensus::testing
