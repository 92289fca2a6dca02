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

TEST_F(RejoinTest, q_others_give_three_above_the_highest_head_and_the_highest_view) {
    EXPECT_TRUE(reports_.add(report(10, 4), toy_address(1), nonce_));
    EXPECT_TRUE(reports_.add(report(12, 1), toy_address(2), nonce_));
    EXPECT_FALSE(reports_.floor(set_).has_value());
    EXPECT_TRUE(reports_.add(report(11, 2), toy_address(3), nonce_));
    EXPECT_EQ(reports_.floor(set_), (RejoinFloor{.height = 15, .view = 4}));
}

TEST_F(RejoinTest, one_validator_reports_once_however_often_it_speaks) {
    for (int i = 0; i < 5; ++i) {
        reports_.add(report(10, 0), toy_address(1), nonce_);
    }
    EXPECT_FALSE(reports_.floor(set_).has_value());
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
    EXPECT_FALSE(reports_.floor(set_).has_value());
}

}  // namespace
}  // namespace sluice::consensus::testing
