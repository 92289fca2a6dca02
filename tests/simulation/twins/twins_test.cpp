/// Known answers of the harness itself, and a small part of what the simulator runs by the hundred thousand.
#include "tests/simulation/twins/twins.hpp"

#include <gtest/gtest.h>

#include "core/validator_set.hpp"

namespace sluice::simulation::twins {
namespace {

Scenario numbered(std::uint64_t number) {
    Scenario scenario;
    scenario.number = number;
    return scenario;
}

TEST(Twins, two_twins_of_four_validators_fork) {
    std::uint64_t forks = 0;
    for (std::uint64_t index = 0; index < four_with_two_twins.per_position(); index += 7) {
        const Verdict verdict = run_plan(four_with_two_twins.plan(index), {});
        if (verdict.failure.find("agreement") != std::string::npos) ++forks;
    }
    EXPECT_GT(forks, 0u);
}

TEST(Twins, the_enumeration_has_every_partition_in_every_round_at_every_position) {
    EXPECT_EQ(four_with_one_twin.per_position(), 65'536u);
    EXPECT_EQ(four_with_one_twin.count(), 262'144u);
    EXPECT_EQ(four_with_two_twins.per_position(), 32'768u);
    const Plan last = four_with_one_twin.plan(four_with_one_twin.count() - 1);
    EXPECT_EQ(last.twinned, std::vector<std::size_t>{3});
    EXPECT_EQ(last.partition, (std::vector<std::uint32_t>{30, 30, 30, 30}));
}

TEST(Twins, one_twin_of_four_never_forks_and_the_chain_moves_after_healing) {
    for (std::uint64_t number = 1; number <= four_with_one_twin.count(); number += 401) {
        const Verdict verdict = run_twins(numbered(number));
        ASSERT_EQ(verdict.failure, "") << "scenario " << number;
        ASSERT_GE(verdict.height, 2u) << "scenario " << number;
    }
}

TEST(Twins, directed_cuts_per_phase_never_fork_and_carry_locks) {
    std::uint64_t locks = 0, crashes = 0;
    for (std::uint64_t number = 1; number <= 1000; ++number) {
        const Verdict verdict = run_twins_drops(numbered(number));
        ASSERT_EQ(verdict.failure, "") << "scenario " << number;
        ASSERT_GE(verdict.height, 1u) << "scenario " << number;
        const auto counted = [&verdict](const char* name) {
            const auto found = verdict.coverage.find(name);
            return found == verdict.coverage.end() ? 0 : found->second;
        };
        locks += counted("NEW-VIEW bound by a lock");
        crashes += counted("crash while locked");
    }
    EXPECT_GT(locks, 100u);
    EXPECT_GT(crashes, 10u);
}

TEST(Twins, a_scenario_is_the_same_each_time) {
    for (std::uint64_t number : {1u, 77u, 4242u}) {
        EXPECT_EQ(run_twins_drops(numbered(number)).trace, run_twins_drops(numbered(number)).trace);
        EXPECT_EQ(run_twins(numbered(number)).trace, run_twins(numbered(number)).trace);
    }
    EXPECT_NE(run_twins_drops(numbered(1)).trace, run_twins_drops(numbered(2)).trace);
}

}  // namespace
}  // namespace sluice::simulation::twins
