#include "tests/simulation/simulation.hpp"

#include <gtest/gtest.h>

namespace sluice::simulation {
namespace {

void expect_passes(const Options& options) {
    const auto outcome = run(options);
    EXPECT_TRUE(outcome.passed) << "seed " << options.seed << ": " << outcome.failure
                                << "\nreplay: sluice-sim --seeds " << options.seed << ".." << options.seed;
}

TEST(Simulation, a_quiet_network_of_four_settles_everything) {
    Options options;
    options.validators = 4;
    options.faults = {.loss_percent_max = 0,
                      .duplication_percent_max = 0,
                      .delay_ms_max = 2,
                      .crashes_max = 0,
                      .partitions_max = 0,
                      .disk_errors_percent = 0,
                      .lost_logs_percent = 0};
    const auto outcome = run(options);
    EXPECT_TRUE(outcome.passed) << outcome.failure;
    EXPECT_GT(outcome.transactions, 12u);
    EXPECT_EQ(outcome.situations.count("log: view_change"), 0u);
}

TEST(Simulation, the_same_seed_gives_the_same_history) {
    Options options;
    options.seed = 7;
    const auto first = run(options);
    const auto second = run(options);
    EXPECT_EQ(first.trace, second.trace);
    EXPECT_EQ(first.events, second.events);
}

TEST(Simulation, nodes_survive_loss_reordering_duplication_crashes_and_partitions) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        Options options;
        options.seed = seed;
        expect_passes(options);
    }
}

TEST(Simulation, a_primary_that_passes_over_what_others_submit_is_replaced) {
    Options options;
    options.validators = 4;
    options.chaos_ms = 1'000;
    options.faults = {.loss_percent_max = 0,
                      .duplication_percent_max = 0,
                      .delay_ms_max = 1,
                      .crashes_max = 0,
                      .partitions_max = 0,
                      .disk_errors_percent = 0,
                      .lost_logs_percent = 0};
    options.deaf_validator = 0;
    options.transactions = 400;
    options.rotation_period = 256;
    const auto outcome = run(options);
    EXPECT_TRUE(outcome.passed) << outcome.failure;
    EXPECT_GT(outcome.situations.count("log: passed_over"), 0u);
    EXPECT_GT(outcome.situations.count("log: view_change"), 0u);
}

TEST(Simulation, a_validator_that_lost_its_vote_log_votes_again) {
    std::uint64_t agreed = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        Options options;
        options.seed = seed;
        options.validators = 4;
        options.faults.lost_logs_percent = 100;
        const auto outcome = run(options);
        EXPECT_TRUE(outcome.passed) << "seed " << seed << ": " << outcome.failure;
        if (const auto found = outcome.situations.find("log: rejoin_agreed");
            found != outcome.situations.end())
            agreed += found->second;
    }
    EXPECT_GT(agreed, 0u);
}

TEST(Simulation, one_validator_alone_survives_crashes) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        Options options;
        options.seed = seed;
        options.validators = 1;
        expect_passes(options);
    }
}

}  // namespace
}  // namespace sluice::simulation
