#include "consensus/vote_set.hpp"

#include <gtest/gtest.h>

namespace sluice::consensus {
namespace {

core::Hash digest(std::uint8_t tag) {
    core::Hash hash{};
    hash[0] = tag;
    return hash;
}

VoteSet::Vote vote(std::uint8_t tag) {
    return {.digest = digest(tag), .signature = {}};
}

TEST(VoteSet, second_vote_of_a_validator_does_not_count) {
    VoteSet votes(4);
    EXPECT_EQ(votes.add(0, 1, vote(7)), VoteSet::Outcome::counted);
    EXPECT_EQ(votes.add(0, 1, vote(7)), VoteSet::Outcome::repeated);
    EXPECT_EQ(votes.count(0, digest(7)), 1u);
}

TEST(VoteSet, contradicting_vote_is_told_apart_and_the_first_one_stays) {
    VoteSet votes(4);
    votes.add(0, 1, vote(7));
    EXPECT_EQ(votes.add(0, 1, vote(8)), VoteSet::Outcome::conflicting);
    EXPECT_EQ(votes.count(0, digest(7)), 1u);
    EXPECT_EQ(votes.count(0, digest(8)), 0u);
    EXPECT_EQ(votes.find(0, 1)->digest, digest(7));
}

TEST(VoteSet, votes_of_different_views_never_add_up) {
    VoteSet votes(4);
    votes.add(0, 0, vote(7));
    votes.add(1, 1, vote(7));
    votes.add(2, 2, vote(7));
    EXPECT_FALSE(votes.decided(3).has_value());
    EXPECT_FALSE(votes.decided(2).has_value());
}

TEST(VoteSet, votes_for_different_digests_never_add_up) {
    VoteSet votes(4);
    votes.add(0, 0, vote(7));
    votes.add(0, 1, vote(7));
    votes.add(0, 2, vote(8));
    EXPECT_FALSE(votes.decided(3).has_value());
}

TEST(VoteSet, quorum_of_one_view_and_digest_decides_whatever_came_later) {
    VoteSet votes(4);
    votes.add(5, 3, vote(9));
    votes.add(0, 0, vote(7));
    votes.add(0, 1, vote(7));
    votes.add(0, 3, vote(7));
    const auto decision = votes.decided(3);
    ASSERT_TRUE(decision.has_value());
    EXPECT_EQ(decision->view, 0u);
    EXPECT_EQ(decision->digest, digest(7));
}

TEST(VoteSet, signatures_are_ordered_by_index_and_of_one_digest) {
    VoteSet votes(4);
    votes.add(0, 3, vote(7));
    votes.add(0, 0, vote(7));
    votes.add(0, 2, vote(8));
    const auto signatures = votes.signatures(0, digest(7));
    ASSERT_EQ(signatures.size(), 2u);
    EXPECT_EQ(signatures[0].index, 0);
    EXPECT_EQ(signatures[1].index, 3);
    EXPECT_TRUE(votes.signatures(1, digest(7)).empty());
}

TEST(VoteSet, forgets_the_views_below_and_keeps_the_rest) {
    VoteSet votes(4);
    votes.add(1, 0, vote(7));
    votes.add(2, 0, vote(7));
    votes.forget_below(2);
    EXPECT_FALSE(votes.any(1));
    EXPECT_TRUE(votes.any(2));
    EXPECT_EQ(votes.find(1, 0), nullptr);
}

TEST(VoteSetDeathTest, voter_outside_the_set_is_a_broken_promise) {
    VoteSet votes(4);
    EXPECT_DEATH(votes.add(0, 4, vote(7)), "voter < validators_");
}

}  // namespace
}  // namespace sluice::consensus
