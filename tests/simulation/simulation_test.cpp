#include "tests/simulation/simulation.hpp"

#include <gtest/gtest.h>

#include "tests/simulation/swarm.hpp"

namespace sluice::simulation {
namespace {

std::uint64_t count_of(const Verdict& verdict, std::string_view situation) {
    const auto found = verdict.coverage.find(situation);
    return found == verdict.coverage.end() ? 0 : found->second;
}

Options with(std::uint64_t seed, std::initializer_list<Fault> faults) {
    Options options;
    options.seed = seed;
    options.chaos_ms = 6'000;
    for (const auto fault : faults)
        options.faults.set(fault, 100);
    return options;
}

void expect_passes(const Options& options) {
    const auto verdict = run(options);
    EXPECT_TRUE(verdict.passed()) << "seed " << options.seed << ": " << verdict.failure;
}

TEST(Simulation, a_quiet_network_of_four_settles_everything_in_its_first_view) {
    const auto verdict = run(with(1, {}));
    EXPECT_TRUE(verdict.passed()) << verdict.failure;
    EXPECT_GE(verdict.height, 30u);
    EXPECT_EQ(count_of(verdict, "VIEW-CHANGE without a lock"), 0u);
    EXPECT_EQ(count_of(verdict, "VIEW-CHANGE with a lock"), 0u);
}

TEST(Simulation, the_same_seed_gives_the_same_history) {
    const auto first = run_swarm({.number = 7});
    const auto second = run_swarm({.number = 7});
    EXPECT_EQ(first.trace, second.trace);
    EXPECT_EQ(first.events, second.events);
    EXPECT_NE(first.trace, run_swarm({.number = 8}).trace);
}

TEST(Simulation, the_trace_covers_the_order_of_events_and_not_only_the_chain) {
    auto options = with(3, {});
    const auto plain = run(options);
    options.faults.set(Fault::reorder, 100);
    options.faults.set(Fault::delay, 1);
    EXPECT_NE(run(options).trace, plain.trace);
}

TEST(Simulation, nodes_survive_mixtures_of_faults) {
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        const auto verdict = run_swarm({.number = seed});
        EXPECT_TRUE(verdict.passed()) << "seed " << seed << ": " << verdict.failure;
    }
}

TEST(Simulation, a_primary_that_passes_over_what_others_submit_is_replaced) {
    auto options = with(1, {});
    options.chaos_ms = 1'000;
    options.deaf_validator = 0;
    options.rotation_period = 256;
    options.client_interval_ms = 5;
    options.heights = 20;
    const auto verdict = run(options);
    EXPECT_TRUE(verdict.passed()) << verdict.failure;
    EXPECT_GT(count_of(verdict, "transaction passed over by the primary"), 0u);
    EXPECT_GT(count_of(verdict, "view entered"), 0u);
}

TEST(Simulation, a_validator_that_lost_its_disk_votes_again) {
    std::uint64_t agreed = 0;
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        const auto verdict = run(with(seed, {Fault::crash, Fault::disk_loss}));
        EXPECT_TRUE(verdict.passed()) << "seed " << seed << ": " << verdict.failure;
        agreed += count_of(verdict, "rejoin agreed: votes again");
    }
    EXPECT_GT(agreed, 0u);
}

TEST(Simulation, a_damaged_vote_log_stops_its_node_until_an_operator_comes) {
    std::uint64_t refused = 0;
    for (std::uint64_t seed = 1; seed <= 14; ++seed) {
        auto options = with(seed, {Fault::crash, Fault::vote_log_flip});
        options.heights = 10;
        const auto verdict = run(options);
        EXPECT_TRUE(verdict.passed()) << "seed " << seed << ": " << verdict.failure;
        refused += count_of(verdict, "damaged disk refused at start");
    }
    EXPECT_GT(refused, 0u);
}

TEST(Simulation, a_validator_whose_clock_is_far_behind_follows_the_chain) {
    std::uint64_t refused = 0;
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        auto options = with(seed, {Fault::skew});
        options.client_interval_ms = 20;
        const auto verdict = run(options);
        EXPECT_TRUE(verdict.passed()) << "seed " << seed << ": " << verdict.failure;
        refused += count_of(verdict, "proposal refused for its time");
    }
    EXPECT_GT(refused, 0u);
}

TEST(Simulation, all_validators_restarted_at_once_make_a_block_within_ten_seconds) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        const auto verdict =
            run(with(seed, {Fault::all_killed, Fault::crash, Fault::partition, Fault::pause}));
        EXPECT_TRUE(verdict.passed()) << "seed " << seed << ": " << verdict.failure;
        ASSERT_TRUE(verdict.heal_ms.has_value());
        EXPECT_LE(*verdict.heal_ms, 10'000u) << "seed " << seed;
        EXPECT_EQ(count_of(verdict, "healed by restarting all validators at once"), 1u);
    }
}

TEST(Simulation, one_validator_alone_survives_crashes) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        auto options = with(seed, {Fault::crash, Fault::unsynced_loss, Fault::torn_write});
        options.validators = 1;
        expect_passes(options);
    }
}

TEST(Simulation, leaving_out_a_kind_of_fault_leaves_the_others_as_they_were) {
    const Scenario all{.number = 12};
    const auto drawn = draw_options(all).faults;
    for (const auto& name : drawn.names()) {
        auto scenario = all;
        scenario.without.insert(name);
        auto expected = drawn;
        expected.drop(name);
        EXPECT_EQ(draw_options(scenario).faults.names(), expected.names());
    }
}

}  // namespace
}  // namespace sluice::simulation
