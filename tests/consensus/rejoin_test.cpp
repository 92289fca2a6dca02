#include "consensus/rejoin.hpp"

#include <gtest/gtest.h>

#include "support/forgery.hpp"

namespace sluice::consensus::testing {
namespace {

class RejoinTest : public ::testing::Test {
  protected:
    StatusReport report(Height head, View view) const {
        return {.envelope =
                    {.height = head + 1, .view = view, .validators_hash = {}, .sender = 0, .signature = {}},
                .recovering = false,
                .nonce = nonce_};
    }

    core::ValidatorSet set_ = toy_validators(4);
    Hash nonce_ = core::keccak256(core::view("nonce"));
    RejoinReports reports_;
};

TEST_F(RejoinTest, q_others_give_three_above_the_highest_head_and_the_view_that_enough_have_reached) {
    EXPECT_TRUE(reports_.add(report(10, 4), toy_address(1), nonce_));
    EXPECT_TRUE(reports_.add(report(12, 1), toy_address(2), nonce_));
    EXPECT_FALSE(reports_.floor(set_, 12).has_value());
    EXPECT_TRUE(reports_.add(report(11, 2), toy_address(3), nonce_));
    EXPECT_EQ(reports_.floor(set_, 12), (RejoinFloor{.height = 15, .view = 2}));
}

TEST_F(RejoinTest, a_head_that_is_not_reached_here_does_not_count_yet) {
    reports_.add(report(10, 0), toy_address(1), nonce_);
    reports_.add(report(11, 0), toy_address(2), nonce_);
    reports_.add(report(13, 0), toy_address(3), nonce_);
    EXPECT_FALSE(reports_.floor(set_, 12).has_value());
    EXPECT_EQ(reports_.floor(set_, 13), (RejoinFloor{.height = 16, .view = 0}));
}

TEST_F(RejoinTest, a_liar_neither_bars_a_validator_nor_carries_it_into_a_view_of_its_own) {
    const auto seven = toy_validators(7);
    for (std::size_t i = 1; i <= 5; ++i)
        reports_.add(report(10, 3), toy_address(i), nonce_);
    reports_.add(report(~Height{0} - 1, ~View{0}), toy_address(6), nonce_);
    EXPECT_EQ(reports_.floor(seven, 10), (RejoinFloor{.height = 13, .view = 3}));
    // At a head that it knows, its view is one of f = 2.
    RejoinReports reports;
    for (std::size_t i = 1; i <= 5; ++i)
        reports.add(report(10, 3), toy_address(i), nonce_);
    reports.add(report(10, ~View{0}), toy_address(6), nonce_);
    EXPECT_EQ(reports.floor(seven, 10), (RejoinFloor{.height = 13, .view = 3}));
}

TEST_F(RejoinTest, one_validator_reports_once_however_often_it_speaks) {
    for (int i = 0; i < 5; ++i) {
        reports_.add(report(10, 0), toy_address(1), nonce_);
    }
    EXPECT_FALSE(reports_.floor(set_, 12).has_value());
}

TEST_F(RejoinTest, old_nonces_and_recovering_validators_do_not_count) {
    StatusReport stale = report(10, 0);
    stale.nonce[0] ^= 1;
    EXPECT_FALSE(reports_.add(stale, toy_address(1), nonce_));
    StatusReport lost = report(10, 0);
    lost.recovering = true;
    EXPECT_FALSE(reports_.add(lost, toy_address(2), nonce_));
}

TEST_F(RejoinTest, reports_of_strangers_do_not_count) {
    reports_.add(report(10, 0), toy_address(1), nonce_);
    reports_.add(report(10, 0), toy_address(2), nonce_);
    reports_.add(report(10, 0), toy_address(9), nonce_);
    EXPECT_FALSE(reports_.floor(set_, 12).has_value());
}

}  // namespace
}  // namespace sluice::consensus::testing
