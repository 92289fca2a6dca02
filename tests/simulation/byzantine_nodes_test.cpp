#include "tests/simulation/byzantine_nodes.hpp"

#include <gtest/gtest.h>

#include "tests/simulation/simulation.hpp"

namespace sluice::simulation {
namespace {

std::uint64_t count_of(const Verdict& verdict, std::string_view situation) {
    const auto found = verdict.coverage.find(situation);
    return found == verdict.coverage.end() ? 0 : found->second;
}

/// Four validators in a sound network, and an observer that has to catch up.
Options with(std::initializer_list<Casting> impostors) {
    Options options;
    options.impostors = impostors;
    options.observers = 1;
    options.latecomer = 4;
    options.client_interval_ms = 60;
    options.chaos_ms = 5'000;
    options.heights = 20;
    return options;
}

Casting casting_of(std::size_t validator, std::string_view script, std::string_view sync_lie) {
    return {.validator = validator, .script = script, .sync_lie = sync_lie};
}

TEST(ByzantineNodes, any_script_of_one_validator_of_four_leaves_the_others_safe_and_live) {
    for (const auto& script : twins::scripts()) {
        const auto verdict = run(with({casting_of(1, script.name, {})}));
        EXPECT_TRUE(verdict.passed()) << script.name << ": " << verdict.failure;
    }
}

TEST(ByzantineNodes, TC60_any_lie_about_blocks_leaves_those_who_are_behind_able_to_catch_up) {
    for (const auto& lie : sync_lies()) {
        const auto verdict = run(with({casting_of(2, {}, lie.name)}));
        EXPECT_TRUE(verdict.passed()) << lie.name << ": " << verdict.failure;
    }
}

/// The checkers see what they are there for: with f + 1 that play together there is a fork to be seen.
TEST(ByzantineNodes, two_equivocating_validators_of_four_fork_and_are_seen_to) {
    auto options =
        with({casting_of(0, "equivocating primary", {}), casting_of(1, "equivocating primary", {})});
    for (auto& casting : options.impostors)
        casting.interjects_every = core::milliseconds(1);
    const auto verdict = run(options);
    EXPECT_NE(verdict.failure.find("agreement"), std::string::npos) << verdict.failure;
}

TEST(ByzantineNodes, a_peer_that_serves_what_does_not_hold_is_shut_out) {
    for (const auto lie :
         {"serves damaged blocks", "serves wrong certificates", "serves blocks of another chain"}) {
        std::uint64_t shut_out = 0;
        for (std::uint64_t seed = 1; seed <= 6 && shut_out == 0; ++seed) {
            auto options = with({casting_of(0, {}, lie)});
            options.seed = seed;
            shut_out += count_of(run(options), "lying peer shut out");
        }
        EXPECT_GT(shut_out, 0u) << lie;
    }
}

TEST(ByzantineNodes, leaving_a_script_out_leaves_the_rest_as_it_was) {
    const Scenario all{.number = 159};
    const auto drawn = draw_byzantine_options(all).impostors;
    ASSERT_EQ(drawn.size(), 1u);
    auto scenario = all;
    scenario.without.insert(std::string(drawn[0].script));
    const auto left = draw_byzantine_options(scenario).impostors;
    ASSERT_EQ(left.size(), 1u);
    EXPECT_TRUE(left[0].script.empty());
    EXPECT_EQ(left[0].sync_lie, drawn[0].sync_lie);
    EXPECT_EQ(left[0].interjects_every, drawn[0].interjects_every);
}

}  // namespace
}  // namespace sluice::simulation
