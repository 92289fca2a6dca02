#include "consensus/view_change.hpp"

#include <gtest/gtest.h>

#include "support/forgery.hpp"

namespace sluice::consensus::testing {
namespace {

class ViewChangeTest : public ::testing::Test {
  protected:
    ToyChain chain_ = toy_chain(4);
    Forger forger_{chain_};
    Hash a_ = digest_of(toy_payload("A"));
    Hash b_ = digest_of(toy_payload("B"));

    ViewChange unlocked(std::size_t sender, View view) const { return forger_.view_change(sender, 1, view); }
    ViewChange locked(std::size_t sender, View view, View lock_view, const Hash& digest) const {
        return forger_.view_change(sender, 1, view, std::nullopt,
                                   forger_.lock(1, lock_view, digest, {0, 1, 2}));
    }
};

TEST_F(ViewChangeTest, without_a_lock_nothing_is_demanded) {
    const std::vector<ViewChange> set = {unlocked(0, 3), unlocked(1, 3), unlocked(2, 3)};
    EXPECT_EQ(highest_lock(set), nullptr);
}

TEST_F(ViewChangeTest, tc17_lock_of_the_highest_view_is_demanded_wherever_it_stands) {
    const std::vector<ViewChange> rising = {unlocked(0, 3), locked(1, 3, 1, a_), locked(2, 3, 2, b_)};
    const std::vector<ViewChange> falling = {locked(0, 3, 2, b_), locked(1, 3, 1, a_), unlocked(2, 3)};
    ASSERT_NE(highest_lock(rising), nullptr);
    EXPECT_EQ(highest_lock(rising)->digest, b_);
    EXPECT_EQ(highest_lock(falling)->digest, b_);
}

TEST_F(ViewChangeTest, single_lock_among_many_is_demanded) {
    const std::vector<ViewChange> set = {unlocked(0, 3), unlocked(1, 3), locked(2, 3, 0, a_)};
    ASSERT_NE(highest_lock(set), nullptr);
    EXPECT_EQ(highest_lock(set)->digest, a_);
}

TEST_F(ViewChangeTest, joins_the_f_plus_first_highest_view) {
    ViewTable table(chain_.genesis_validators);
    table.note(3, 90);
    EXPECT_FALSE(table.view_to_join(0).has_value());
    table.note(2, 7);
    EXPECT_EQ(table.view_to_join(0), View{7});
    EXPECT_FALSE(table.view_to_join(7).has_value());
    table.note(1, 8);
    EXPECT_EQ(table.view_to_join(7), View{8});
}

TEST_F(ViewChangeTest, tc27_one_liar_never_makes_a_view_worth_joining) {
    ViewTable table(chain_.genesis_validators);
    for (const View view : {View{1} << 31, ~View{0} - 1, ~View{0}}) {
        table.note(3, view);
        EXPECT_FALSE(table.view_to_join(0).has_value());
        EXPECT_EQ(table.count_at(1), 1u);
    }
}

TEST_F(ViewChangeTest, known_view_of_a_validator_never_falls) {
    ViewTable table(chain_.genesis_validators);
    table.note(1, 5);
    table.note(1, 2);
    EXPECT_EQ(table.view_of(1), 5u);
    EXPECT_EQ(table.count_at(5), 1u);
}

TEST_F(ViewChangeTest, keeps_one_message_per_validator_the_highest) {
    ViewTable table(chain_.genesis_validators);
    EXPECT_FALSE(table.add(unlocked(1, 3)).has_value());
    EXPECT_FALSE(table.add(unlocked(1, 5)).has_value());
    EXPECT_FALSE(table.add(unlocked(1, 4)).has_value());
    EXPECT_TRUE(table.view_changes(1, 3).empty());
    EXPECT_TRUE(table.view_changes(1, 4).empty());
    EXPECT_EQ(table.view_changes(1, 5).size(), 1u);
}

TEST_F(ViewChangeTest, same_view_for_a_later_height_replaces_the_earlier_one) {
    ViewTable table(chain_.genesis_validators);
    table.add(unlocked(1, 3));
    table.add(forger_.view_change(1, 2, 3, forger_.certificate(1, 0, a_, {0, 1, 2})));
    EXPECT_TRUE(table.view_changes(1, 3).empty());
    EXPECT_EQ(table.view_changes(2, 3).size(), 1u);
}

TEST_F(ViewChangeTest, two_contents_for_one_height_and_view_are_a_contradiction) {
    ViewTable table(chain_.genesis_validators);
    table.add(unlocked(1, 3));
    EXPECT_FALSE(table.add(unlocked(1, 3)).has_value());
    EXPECT_TRUE(table.add(locked(1, 3, 2, a_)).has_value());
    EXPECT_FALSE(table.view_changes(1, 3).front()->lock.has_value());
}

TEST_F(ViewChangeTest, tc55_a_million_views_of_one_validator_leave_one_message) {
    ViewTable table(chain_.genesis_validators);
    ViewChange message = unlocked(1, 1);
    for (View view = 1; view <= 1'000'000; ++view) {
        message.envelope.view = view;
        table.add(message);
    }
    EXPECT_EQ(table.view_changes(1, 1'000'000).size(), 1u);
    EXPECT_TRUE(table.view_changes(1, 999'999).empty());
}

TEST_F(ViewChangeTest, tc65_views_follow_their_validators_into_another_set) {
    ViewTable table(chain_.genesis_validators);
    table.note(3, 9);
    table.add(unlocked(2, 4));
    const core::ValidatorSet next =
        *core::ValidatorSet::make({toy_address(3), toy_address(2), toy_address(5)});
    const ViewTable carried = table.carried_to(next);
    EXPECT_EQ(carried.view_of(0), 9u);
    EXPECT_EQ(carried.view_of(1), 4u);
    EXPECT_EQ(carried.view_of(2), 0u);
    EXPECT_TRUE(carried.view_changes(1, 4).empty());
}

TEST(ViewTable, a_single_validator_is_always_its_own_quorum) {
    ViewTable table(toy_validators(1));
    table.note(0, 3);
    EXPECT_EQ(table.count_at(3), 1u);
    EXPECT_FALSE(table.view_to_join(3).has_value());
}

}  // namespace
}  // namespace sluice::consensus::testing
