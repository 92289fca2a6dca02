/// What scripted misbehaviour of up to f validators must not achieve, and what that of f + 1 must.
#include "tests/simulation/twins/byzantine.hpp"

#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>

#include "support/forgery.hpp"
#include "support/toy_block.hpp"
#include "tests/simulation/twins/scripts.hpp"

namespace sluice::simulation::twins {
namespace {

std::uint64_t counted(const Verdict& verdict, std::string_view name) {
    const auto found = verdict.coverage.find(name);
    return found == verdict.coverage.end() ? 0 : found->second;
}

Plan quiet(std::size_t validators) {
    Plan plan;
    plan.validators = validators;
    plan.rotation_period = 2;
    plan.storm_blocks = 4;
    plan.rounds = 4;
    return plan;
}

class EachScript : public ::testing::TestWithParam<Script> {};

TEST_P(EachScript, of_one_validator_in_four_stops_nothing) {
    for (std::size_t validator = 0; validator < 4; ++validator) {
        const Casting casting{validator, GetParam().name};
        const Verdict verdict = run_cast(quiet(4), std::span(&casting, 1), 7, false);
        EXPECT_EQ(verdict.failure, "") << GetParam().name << " at " << validator;
        EXPECT_GE(verdict.height, 2u);
    }
}

TEST_P(EachScript, of_two_validators_in_seven_stops_nothing) {
    const std::array castings{Casting{0, GetParam().name}, Casting{3, GetParam().name}};
    const Verdict verdict = run_cast(quiet(7), castings, 11, false);
    EXPECT_EQ(verdict.failure, "") << GetParam().name;
}

INSTANTIATE_TEST_SUITE_P(Byzantine, EachScript, ::testing::ValuesIn(scripts().begin(), scripts().end()),
                         [](const auto& row) {
                             std::string name(row.param.name);
                             std::replace(name.begin(), name.end(), ' ', '_');
                             return name;
                         });

TEST(Byzantine, up_to_f_scripted_validators_neither_fork_nor_halt_the_chain) {
    Coverage sum;
    for (std::uint64_t number = 1; number <= 600; ++number) {
        Scenario scenario;
        scenario.number = number;
        const Verdict verdict = run_byzantine(scenario);
        ASSERT_EQ(verdict.failure, "") << "scenario " << number;
        for (const auto& [name, count] : verdict.coverage)
            sum[name] += count;
    }
    for (const std::string_view name : byzantine_situations)
        EXPECT_GT(sum.count(name), 0u) << name;
}

/// f + 1 that play together have both halves of a quorum: the checker must see the fork.
TEST(Byzantine, two_equivocating_validators_of_four_fork) {
    Plan plan = quiet(4);
    plan.rotation_period = 256;
    const std::array castings{Casting{0, "equivocating primary"}, Casting{1, "equivocating primary"}};
    const Verdict verdict = run_cast(std::move(plan), castings, 1, false);
    EXPECT_NE(verdict.failure.find("agreement"), std::string::npos) << verdict.failure;
}

TEST(Byzantine, f_plus_1_silent_primaries_of_four_halt_the_chain_or_not_but_never_fork) {
    const std::array castings{Casting{0, "silent primary"}, Casting{1, "silent primary"}};
    const Verdict verdict = run_cast(quiet(4), castings, 1, false);
    EXPECT_EQ(verdict.failure.find("agreement"), std::string::npos) << verdict.failure;
}

TEST(Byzantine, TC57_an_equivocating_primary_leaves_evidence) {
    const Casting casting{0, "equivocating primary"};
    std::uint64_t evidence = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const Verdict verdict = run_cast(quiet(4), std::span(&casting, 1), seed, false);
        EXPECT_EQ(verdict.failure, "");
        evidence += counted(verdict, "evidence");
    }
    EXPECT_GT(evidence, 0u);
}

TEST(Byzantine, TC10_what_the_same_keys_signed_on_another_chain_is_refused) {
    const Casting casting{2, "replayer"};
    const Verdict verdict = run_cast(quiet(4), std::span(&casting, 1), 3, false);
    EXPECT_EQ(verdict.failure, "");
    EXPECT_GT(counted(verdict, "message refused"), 0u);
}

/// The invariant on views inside the harness is what fails if one validator can move others.
TEST(Byzantine, TC27_TC29_f_validators_at_far_views_move_nobody) {
    const std::array castings{Casting{1, "far speaker"}, Casting{2, "far speaker"}};
    const Verdict verdict = run_cast(quiet(7), castings, 5, false);
    EXPECT_EQ(verdict.failure, "");
}

/// Validly signed by one validator, each for another height or view: as much as it can say.
TEST(Byzantine, TC55_TC56_a_flood_of_far_messages_of_one_validator_takes_at_most_16_MiB) {
    if (mallinfo2().uordblks == 0) GTEST_SKIP() << "this allocator does not count what it gives out";
    const Chain chain = make_chain(4, 256);
    const consensus::MessageVerifier verifier(
        chain.identity, 256, consensus::ValidatorHistory(1, chain.validators), consensus::testing::toy_digest,
        consensus::testing::toy_recover);
    consensus::testing::ToyChain same_keys = consensus::testing::toy_chain(4);
    same_keys.identity = chain.identity;
    const consensus::testing::Forger forger(same_keys);
    Instance victim(chain, 0);
    ASSERT_TRUE(victim.boot(core::Instant{1'000'000}).has_value());
    Random random(1);
    const std::size_t before = mallinfo2().uordblks;
    std::size_t accepted = 0;
    for (std::uint64_t i = 0; i < 150'000; ++i) {
        const core::Height height = random.percent(50) ? 1 + random.below(12) : random.next() | 1;
        const core::View view = random.percent(50) ? 1 + random.below(20) : random.next() | 1;
        core::Hash digest{};
        digest[0] = static_cast<std::uint8_t>(i);
        std::array<consensus::Message, 3> messages{forger.prepare(1, height, view, digest),
                                                   forger.commit(1, height, view, digest),
                                                   forger.view_change(1, 1, view)};
        auto verified = verifier.verify(messages[i % messages.size()]);
        if (!verified) continue;
        ++accepted;
        victim.replica().step(core::Instant{1'000'000}, consensus::to_input(std::move(*verified)));
    }
    EXPECT_GT(accepted, 140'000u);
    EXPECT_EQ(victim.replica().status().promised, 0u);
    EXPECT_LE(mallinfo2().uordblks - std::min(before, mallinfo2().uordblks), 16u << 20);
}

}  // namespace
}  // namespace sluice::simulation::twins
