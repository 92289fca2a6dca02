/// Why queues stand still, and for how long that is known.
#include "contracts/native/standstill.hpp"

#include <gtest/gtest.h>

namespace sluice::contracts {
namespace {

using namespace native;

constexpr QueuedPayment payment_to(ParticipantIndex payee, std::uint64_t amount) {
    return {.arrival = 9, .amount = amount, .payee = payee, .priority = Priority::normal};
}

class StandstillTest : public testing::Test {
  protected:
    Standstill still{
        {{.participant = 1, .room = 100, .margin = 50}, {.participant = 3, .room = 0, .margin = 10}}, 7};
};

TEST_F(StandstillTest, holds_while_money_grows_by_less_than_the_margin) {
    still.note_touched(1, 149);
    EXPECT_TRUE(still.holds());
    still.note_touched(1, 20);
    EXPECT_TRUE(still.holds());
    still.note_touched(1, 150);
    EXPECT_FALSE(still.holds());
    still.note_touched(1, 0);
    EXPECT_FALSE(still.holds()) << "what has ended does not begin again";
}

TEST_F(StandstillTest, what_is_queued_for_a_bank_counts_as_money) {
    still.note_came(3, payment_to(1, 30), true);
    still.note_touched(1, 119);
    EXPECT_TRUE(still.holds());
    EXPECT_EQ(still.payments(), 8u);
    still.note_came(3, payment_to(1, 1), true);
    EXPECT_FALSE(still.holds());
}

TEST_F(StandstillTest, what_leaves_a_queue_counts_for_its_payer) {
    still.note_gone(3, 2, 9);
    EXPECT_TRUE(still.holds());
    EXPECT_EQ(still.payments(), 5u);
    still.note_gone(3, 1, 1);
    EXPECT_FALSE(still.holds());
}

TEST_F(StandstillTest, a_bank_that_had_no_queue_ends_it_with_its_first_payment) {
    still.note_came(2, payment_to(9, 1), true);
    EXPECT_FALSE(still.holds());
}

TEST_F(StandstillTest, payments_to_banks_without_a_queue_change_nothing) {
    still.note_came(3, payment_to(2, 1'000'000), true);
    EXPECT_TRUE(still.holds());
}

TEST_F(StandstillTest, a_payment_that_others_stand_behind_ends_it) {
    still.note_came(3, payment_to(2, 1), false);
    EXPECT_FALSE(still.holds());
}

TEST(Standstill, a_bank_that_was_not_short_of_money_ends_it_at_a_touch) {
    Standstill still({{.participant = 1, .room = 5, .margin = 0}}, 1);
    EXPECT_TRUE(still.holds());
    still.note_touched(1, 5);
    EXPECT_FALSE(still.holds());
}

}  // namespace
}  // namespace sluice::contracts
