#include "cli/conformance/comparison.hpp"

#include <gtest/gtest.h>

namespace sluice::cli::conformance {
namespace {

class ComparisonTest : public testing::Test {
  protected:
    ComparisonTest() {
        subject.banks = {{.id = "A"}, {.id = "B"}};
        subject.payments = {{"T1", "A", "B", 5}, {"T2", "B", "A", 7}};
        observed.statuses = {{"T1", "Settled"}, {"T2", "Queued"}};
        observed.balances = {{"A", -5}, {"B", 5}};
    }
    std::size_t count() const { return differences(subject, round, observed).size(); }

    SettlementCase subject;
    Round round;
    Observation observed;
};

TEST_F(ComparisonTest, what_is_as_published_differs_in_nothing) {
    round.expected = {.all_settle = false,
                      .settled_count = 1,
                      .unsettled_count = 1,
                      .settled = std::set<std::string>{"T1"},
                      .unsettled = std::set<std::string>{"T2"},
                      .queue_length = 1,
                      .settled_value = 5,
                      .sum_of_balances = 0,
                      .closing = {{"A", -5}, {"B", 5}},
                      .statuses = {{"T2", "Queued"}}};
    EXPECT_EQ(count(), 0u);
}

TEST_F(ComparisonTest, each_expectation_that_is_not_met_is_told) {
    round.expected = {.all_settle = true,
                      .settled_count = 2,
                      .unsettled_count = 0,
                      .settled = std::set<std::string>{"T1", "T2"},
                      .unsettled = std::set<std::string>{},
                      .queue_length = 0,
                      .settled_value = 12,
                      .sum_of_balances = 1,
                      .closing = {{"A", -4}},
                      .statuses = {{"T2", "Settled"}}};
    EXPECT_EQ(count(), 10u);
}

TEST_F(ComparisonTest, a_refused_payment_neither_settles_nor_waits) {
    observed.statuses["T2"] = "Refused AM01";
    round.expected.queue_length = 0;
    round.expected.unsettled = std::set<std::string>{"T2"};
    EXPECT_EQ(count(), 0u);
}

TEST_F(ComparisonTest, differences_name_their_round_and_both_values) {
    round.name = "with liquidity saving";
    round.expected.closing = {{"B", 7}};
    EXPECT_EQ(differences(subject, round, observed),
              std::vector<std::string>{"with liquidity saving: closing balance of B: 7 expected, 5 found"});
}

}  // namespace
}  // namespace sluice::cli::conformance
