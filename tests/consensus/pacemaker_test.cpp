#include "consensus/pacemaker.hpp"

#include <gtest/gtest.h>

#include "consensus/limits.hpp"

namespace sluice::consensus {
namespace {

using core::Duration;
using core::Instant;
using core::milliseconds;
using core::seconds;

constexpr Instant at(std::int64_t ms) {
    return Instant{ms * 1000};
}

class PacemakerTest : public ::testing::Test {
  protected:
    PacemakerFacts waiting(core::Height height = 1, core::View view = 0) const {
        return {.height = height,
                .view = view,
                .changing = false,
                .run = true,
                .executing = false,
                .not_before = {},
                .unproposed_since = std::nullopt};
    }
    void learn_pace(Duration commit_time) {
        for (std::size_t i = 0; i < limits::commit_times; ++i) {
            pacemaker_.note_commit_time(commit_time);
        }
    }

    Pacemaker pacemaker_{{.base = seconds(2), .max = seconds(16), .execution_max = seconds(10)}};
};

TEST_F(PacemakerTest, does_not_run_while_there_is_nothing_to_do) {
    PacemakerFacts facts = waiting();
    facts.run = false;
    pacemaker_.update(at(0), facts);
    EXPECT_FALSE(pacemaker_.deadline().has_value());
    EXPECT_FALSE(pacemaker_.expired(at(1'000'000)).has_value());
}

TEST_F(PacemakerTest, expires_two_seconds_after_work_began) {
    pacemaker_.update(at(500), waiting());
    EXPECT_EQ(pacemaker_.deadline(), at(2'500));
    EXPECT_FALSE(pacemaker_.expired(at(2'499)).has_value());
    EXPECT_EQ(pacemaker_.expired(at(2'500)), Expiry::view_timeout);
}

TEST_F(PacemakerTest, later_facts_of_the_same_position_do_not_prolong_it) {
    pacemaker_.update(at(0), waiting());
    pacemaker_.update(at(1'900), waiting());
    EXPECT_EQ(pacemaker_.deadline(), at(2'000));
}

TEST_F(PacemakerTest, new_height_starts_it_anew) {
    pacemaker_.update(at(0), waiting(1));
    pacemaker_.update(at(1'900), waiting(2));
    EXPECT_EQ(pacemaker_.deadline(), at(3'900));
}

TEST_F(PacemakerTest, grows_by_half_per_view_change_up_to_sixteen_seconds) {
    const std::int64_t expected_ms[] = {2'000, 3'000, 4'500, 6'750, 10'125, 15'187, 16'000, 16'000};
    for (const std::int64_t ms : expected_ms) {
        EXPECT_EQ(pacemaker_.view_timeout().us / 1000, ms);
        pacemaker_.view_changed();
    }
}

TEST_F(PacemakerTest, tc49_after_any_number_of_view_changes_a_few_commits_bring_the_base_back) {
    for (int i = 0; i < 1'000; ++i) {
        pacemaker_.view_changed();
    }
    EXPECT_EQ(pacemaker_.view_timeout(), seconds(16));
    for (int i = 0; i < 6; ++i) {
        pacemaker_.committed();
    }
    EXPECT_EQ(pacemaker_.view_timeout(), seconds(2));
    pacemaker_.committed();
    EXPECT_EQ(pacemaker_.view_timeout(), seconds(2));
}

TEST_F(PacemakerTest, own_execution_does_not_count) {
    PacemakerFacts facts = waiting();
    pacemaker_.update(at(0), facts);
    facts.executing = true;
    pacemaker_.update(at(1'500), facts);
    EXPECT_FALSE(pacemaker_.expired(at(11'000)).has_value());
    facts.executing = false;
    pacemaker_.update(at(9'000), facts);
    EXPECT_EQ(pacemaker_.deadline(), at(9'500));
}

TEST_F(PacemakerTest, own_execution_has_a_limit_of_its_own) {
    PacemakerFacts facts = waiting();
    facts.executing = true;
    pacemaker_.update(at(1'000), facts);
    EXPECT_FALSE(pacemaker_.expired(at(10'999)).has_value());
    EXPECT_EQ(pacemaker_.expired(at(11'000)), Expiry::slow_execution);
}

TEST_F(PacemakerTest, spacing_of_proposals_is_not_charged_to_the_primary) {
    PacemakerFacts facts = waiting();
    facts.not_before = at(10'000);
    pacemaker_.update(at(0), facts);
    EXPECT_EQ(pacemaker_.deadline(), at(12'000));
}

TEST_F(PacemakerTest, without_a_known_pace_the_short_deadline_is_the_base) {
    EXPECT_EQ(pacemaker_.proposal_timeout(), seconds(2));
}

TEST_F(PacemakerTest, short_deadline_is_eight_median_commit_times) {
    learn_pace(milliseconds(100));
    EXPECT_EQ(pacemaker_.proposal_timeout(), milliseconds(800));
}

TEST_F(PacemakerTest, short_deadline_is_at_least_a_quarter_second_and_at_most_the_base) {
    learn_pace(milliseconds(1));
    EXPECT_EQ(pacemaker_.proposal_timeout(), milliseconds(250));
    learn_pace(seconds(1));
    EXPECT_EQ(pacemaker_.proposal_timeout(), seconds(2));
}

TEST_F(PacemakerTest, few_slow_commits_do_not_move_the_median) {
    learn_pace(milliseconds(50));
    pacemaker_.note_commit_time(seconds(60));
    pacemaker_.note_commit_time(seconds(60));
    EXPECT_EQ(pacemaker_.proposal_timeout(), milliseconds(400));
}

TEST_F(PacemakerTest, executable_work_left_unproposed_expires_early) {
    learn_pace(milliseconds(10));
    PacemakerFacts facts = waiting();
    facts.unproposed_since = at(100);
    pacemaker_.update(at(100), facts);
    EXPECT_EQ(pacemaker_.deadline(), at(350));
    EXPECT_EQ(pacemaker_.expired(at(350)), Expiry::slow_proposal);
    facts.unproposed_since.reset();
    pacemaker_.update(at(200), facts);
    EXPECT_FALSE(pacemaker_.expired(at(350)).has_value());
}

TEST_F(PacemakerTest, short_deadline_counts_from_the_new_position_for_old_work) {
    learn_pace(milliseconds(10));
    PacemakerFacts facts = waiting(2);
    facts.unproposed_since = at(0);
    pacemaker_.update(at(5'000), facts);
    EXPECT_EQ(pacemaker_.deadline(), at(5'250));
}

TEST_F(PacemakerTest, short_deadline_rests_while_backed_off) {
    learn_pace(milliseconds(10));
    pacemaker_.view_changed();
    PacemakerFacts facts = waiting();
    facts.unproposed_since = at(0);
    pacemaker_.update(at(0), facts);
    EXPECT_EQ(pacemaker_.deadline(), at(3'000));
}

TEST_F(PacemakerTest, stopping_and_starting_gives_a_full_timeout) {
    pacemaker_.update(at(0), waiting());
    PacemakerFacts off = waiting();
    off.run = false;
    pacemaker_.update(at(1'900), off);
    EXPECT_FALSE(pacemaker_.deadline().has_value());
    pacemaker_.update(at(1'950), waiting());
    EXPECT_EQ(pacemaker_.deadline(), at(3'950));
}

}  // namespace
}  // namespace sluice::consensus
