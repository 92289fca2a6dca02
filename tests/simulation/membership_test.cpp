/// Validators come and go in mid-run, over the production node.
#include <gtest/gtest.h>

#include "tests/simulation/membership_network.hpp"

namespace sluice::simulation {
namespace {

MembershipOutcome expect_passes(const MembershipOptions& options) {
    const auto outcome = run_membership(options);
    EXPECT_EQ(outcome.failure, "") << "seed " << options.seed << ", " << options.validators << " validators";
    EXPECT_GE(outcome.carried, options.changes) << "seed " << options.seed;
    return outcome;
}

TEST(MembershipSimulation, TC65_who_joins_votes_from_its_first_height_and_nobody_leaves_the_view_for_it) {
    std::uint64_t joined = 0, voted_at_once = 0;
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        const auto outcome = expect_passes({.seed = seed});
        EXPECT_EQ(outcome.view_changes, 0u) << "seed " << seed;
        EXPECT_LT(outcome.simulated_ms, 60'000u);
        joined += outcome.joined;
        voted_at_once += outcome.voted_at_once;
    }
    EXPECT_GE(joined, 6u);
    EXPECT_GE(2 * voted_at_once, joined) << "most are there at once, though no quorum needs them all";
}

TEST(MembershipSimulation, sets_from_one_to_ten_follow_each_other) {
    std::size_t smallest = 10, largest = 1;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const auto outcome =
            expect_passes({.seed = seed, .validators = 1 + 4 * (seed - 1), .outsiders = 5, .changes = 10});
        smallest = std::min(smallest, outcome.smallest);
        largest = std::max(largest, outcome.largest);
    }
    EXPECT_EQ(smallest, 1u);
    EXPECT_GE(largest, 9u);
}

TEST(MembershipSimulation, changes_go_through_loss_and_crashes) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed)
        expect_passes({.seed = seed,
                       .validators = 4 + seed % 4,
                       .outsiders = 2,
                       .changes = 3,
                       .least = 3,
                       .loss_percent = 15,
                       .crashes = 4});
}

TEST(MembershipSimulation, who_joins_from_a_snapshot_is_not_deceived_and_lost_ledgers_come_back) {
    std::uint64_t lies = 0;
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        const auto outcome = expect_passes({.seed = seed, .loss_percent = 5 * (seed % 3), .healing = true});
        EXPECT_GE(outcome.joined_at, 4u) << "seed " << seed;
        EXPECT_EQ(outcome.healed, 4u) << "seed " << seed;
        EXPECT_LE(outcome.lies, 1u) << "a liar is heard once, seed " << seed;
        lies += outcome.lies;
    }
    EXPECT_GE(lies, 2u);
}

TEST(MembershipSimulation, the_same_seed_gives_the_same_history) {
    const MembershipOptions options{.seed = 9, .loss_percent = 10, .crashes = 2};
    const auto first = run_membership(options), second = run_membership(options);
    EXPECT_EQ(first.height, second.height);
    EXPECT_EQ(first.simulated_ms, second.simulated_ms);
}

}  // namespace
}  // namespace sluice::simulation
