/// Settlement out of order among banks that allow it.
#include "contracts/native/liquidity_bypass.hpp"

#include <gtest/gtest.h>

namespace sluice::contracts {
namespace {

using namespace native;

using Sets = std::vector<BypassSet>;

/// Banks 1 to n, all of which allow bypass; payments get arrival numbers from 1.
class Market {
  public:
    explicit Market(std::size_t banks) : queues_(banks) {
        for (std::size_t i = 0; i < banks; ++i)
            problem_.banks.push_back(
                {.participant = static_cast<ParticipantIndex>(i + 1), .allows_bypass = true});
    }
    ResolutionBank& bank(std::size_t number) { return problem_.banks[number - 1]; }
    void close(ParticipantIndex payee) { problem_.closed_payees.push_back(payee); }
    void pay(std::size_t payer, ParticipantIndex payee, std::uint64_t amount) {
        queues_[payer - 1].push_back(
            {.arrival = ++arrivals_, .amount = amount, .payee = payee, .priority = Priority::normal});
    }
    Sets find(std::size_t payments_max = 100) { return search(payments_max).sets; }
    Bypasses search(std::size_t payments_max) {
        for (std::size_t i = 0; i < queues_.size(); ++i)
            problem_.banks[i].queue = queues_[i];
        return find_bypasses(problem_, resolve(problem_), payments_max);
    }

  private:
    std::vector<std::vector<QueuedPayment>> queues_;
    ResolutionProblem problem_;
    std::uint64_t arrivals_ = 0;
};

TEST(LiquidityBypass, a_search_without_room_says_so) {
    Market market(2);
    market.bank(1).balance = 100;
    market.pay(1, 2, 500);
    market.pay(1, 2, 100);
    EXPECT_FALSE(market.search(1).is_out_of_room);
    EXPECT_TRUE(market.search(0).is_out_of_room);
}

TEST(LiquidityBypass, a_search_that_its_bounds_ended_says_so) {
    Market market(2);
    for (std::size_t i = 0; i < bypass_candidates_max; ++i)
        market.pay(1, 2, 500);
    EXPECT_FALSE(market.search(10).is_cut);
    market.pay(1, 2, 500);
    EXPECT_TRUE(market.search(10).is_cut);
}

TEST(LiquidityBypass, a_covered_payment_passes_one_that_is_not) {
    Market market(2);
    market.bank(1).balance = 10;
    market.pay(1, 2, 100);
    market.pay(1, 2, 7);
    market.pay(1, 2, 5);
    EXPECT_EQ(market.find(), (Sets{{2}}));
}

TEST(LiquidityBypass, nobody_is_passed_by_without_leave) {
    Market market(2);
    market.bank(1).balance = 10;
    market.bank(1).allows_bypass = false;
    market.pay(1, 2, 100);
    market.pay(1, 2, 7);
    EXPECT_TRUE(market.find().empty());
}

TEST(LiquidityBypass, counter_payments_are_taken_in_their_order_until_both_can_bear_it) {
    Market market(3);
    market.pay(1, 3, 1'000);
    market.pay(2, 3, 1'000);
    market.pay(1, 2, 100);
    market.pay(2, 1, 60);
    market.pay(2, 1, 40);
    market.pay(2, 1, 1);
    EXPECT_EQ(market.find(), (Sets{{3, 4, 5}}));
}

TEST(LiquidityBypass, an_offset_looks_at_ten_counter_payments) {
    for (const std::uint64_t counters : {10u, 11u}) {
        Market market(3);
        market.pay(1, 3, 10'000);
        market.pay(2, 3, 10'000);
        market.pay(1, 2, 10 * counters);
        for (std::uint64_t n = 0; n < counters; ++n)
            market.pay(2, 1, 10);
        EXPECT_EQ(market.find().size(), counters == 10 ? 1u : 0u);
    }
}

TEST(LiquidityBypass, a_cycle_of_five_settles_and_one_of_six_does_not) {
    constexpr ParticipantIndex outside = 99;
    for (const std::size_t banks : {5u, 6u}) {
        Market market(banks);
        for (std::size_t i = 1; i <= banks; ++i)
            market.pay(i, outside, 1'000);
        for (std::size_t i = 1; i <= banks; ++i)
            market.pay(i, static_cast<ParticipantIndex>(i % banks + 1), 10);
        EXPECT_EQ(market.find(), banks == 5 ? (Sets{{6, 7, 8, 9, 10}}) : Sets{});
    }
}

TEST(LiquidityBypass, limits_and_closed_payees_hold_here_as_well) {
    Market market(3);
    market.bank(1).balance = 100;
    market.bank(1).bilateral = {{2, 30}};
    market.pay(1, 3, 1'000);
    market.pay(1, 2, 20);
    market.pay(1, 2, 20);
    market.pay(1, 3, 50);
    EXPECT_EQ(market.find(), (Sets{{2}, {4}}));
    market.close(3);
    EXPECT_TRUE(market.find().empty()) << "in order the head is passed and held, and the rest follows";
}

TEST(LiquidityBypass, it_stops_at_the_payments_that_are_left) {
    Market market(2);
    market.bank(1).balance = 10;
    market.pay(1, 2, 100);
    for (int n = 0; n < 5; ++n)
        market.pay(1, 2, 1);
    EXPECT_EQ(market.find(3), (Sets{{2}, {3}, {4}}));
}

}  // namespace
}  // namespace sluice::contracts
