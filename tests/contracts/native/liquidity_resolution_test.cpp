/// Sequence-preserving resolution of queues, against exhaustive search and published positions.
#include "contracts/native/liquidity_resolution.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace sluice::contracts {
namespace {

using namespace native;

constexpr std::array<core::SignedMinor, priority_count> no_floors{};

/// A small generator: the same numbers on every machine.
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ull + 1) {}
    std::uint64_t below(std::uint64_t bound) {
        state_ = state_ * 6364136223846793005ull + 1442695040888963407ull;
        return (state_ >> 33) % bound;
    }

  private:
    std::uint64_t state_;
};

/// A problem that owns its queues.
struct Case {
    std::vector<ResolutionBank> banks;
    std::vector<std::vector<QueuedPayment>> queues;
    std::vector<ParticipantIndex> closed;

    explicit Case(std::size_t count) : banks(count), queues(count) {
        for (std::size_t i = 0; i < count; ++i) {
            banks[i].participant = static_cast<ParticipantIndex>(i + 1);
            banks[i].floors = no_floors;
        }
    }
    void pay(std::size_t payer, std::size_t payee, std::uint64_t amount,
             Priority priority = Priority::normal) {
        queues[payer].push_back({.arrival = ++arrivals,
                                 .amount = amount,
                                 .payee = static_cast<ParticipantIndex>(payee + 1),
                                 .priority = priority});
        std::stable_sort(queues[payer].begin(), queues[payer].end(),
                         [](const auto& a, const auto& b) { return a.priority < b.priority; });
    }
    ResolutionProblem problem() const {
        ResolutionProblem made{.banks = banks, .closed_payees = closed};
        for (std::size_t i = 0; i < banks.size(); ++i)
            made.banks[i].queue = queues[i];
        return made;
    }
    /// What one choice of prefixes does breaks no rule: written down anew, without any increments.
    bool is_feasible(const std::vector<std::size_t>& choice) const;
    std::vector<std::size_t> exhaustive_maximum() const;
    /// Settles a result as a ledger would.
    void book(const Resolution& result);

    std::uint64_t arrivals = 0;
};

bool Case::is_feasible(const std::vector<std::size_t>& choice) const {
    const auto flow = [&](std::size_t from, std::size_t to, bool limited) {
        core::SignedMinor sum = 0;
        if (std::find(closed.begin(), closed.end(), to + 1) != closed.end()) return sum;
        for (std::size_t k = 0; k < choice[from]; ++k)
            if (queues[from][k].payee == to + 1 && (!limited || queues[from][k].priority >= Priority::normal))
                sum += queues[from][k].amount;
        return sum;
    };
    const auto pays_limited = [&](std::size_t from, std::size_t to) { return flow(from, to, true) > 0; };
    for (std::size_t i = 0; i < banks.size(); ++i) {
        if (choice[i] == 0) continue;
        if (!banks[i].may_pay) return false;
        core::SignedMinor after = banks[i].balance;
        core::SignedMinor multilateral = 0;
        bool pays_multilateral = false;
        for (std::size_t j = 0; j < banks.size(); ++j) {
            after += flow(j, i, false) - flow(i, j, false);
            const core::SignedMinor net = flow(i, j, true) - flow(j, i, true);
            const auto limit = std::find_if(banks[i].bilateral.begin(), banks[i].bilateral.end(),
                                            [&](const BilateralRoom& each) { return each.payee == j + 1; });
            if (limit == banks[i].bilateral.end()) {
                multilateral += net;
                pays_multilateral = pays_multilateral || pays_limited(i, j);
            } else if (pays_limited(i, j) && net > limit->room) {
                return false;
            }
        }
        if (after < banks[i].floors[static_cast<std::size_t>(queues[i][choice[i] - 1].priority)])
            return false;
        if (banks[i].multilateral && pays_multilateral && multilateral > *banks[i].multilateral) return false;
    }
    return true;
}

std::vector<std::size_t> Case::exhaustive_maximum() const {
    std::vector<std::size_t> choice(banks.size(), 0);
    std::vector<std::size_t> best(banks.size(), 0);
    for (;;) {
        if (is_feasible(choice))
            for (std::size_t i = 0; i < best.size(); ++i)
                best[i] = std::max(best[i], choice[i]);
        std::size_t i = 0;
        while (i < choice.size() && choice[i] == queues[i].size())
            choice[i++] = 0;
        if (i == choice.size()) return best;
        ++choice[i];
    }
}

void Case::book(const Resolution& result) {
    const auto count_limit = [&](std::size_t i, std::size_t other, core::SignedMinor net) {
        for (BilateralRoom& each : banks[i].bilateral)
            if (each.payee == other + 1) {
                each.room -= net;
                return;
            }
        if (banks[i].multilateral) *banks[i].multilateral -= net;
    };
    for (std::size_t i = 0; i < banks.size(); ++i) {
        for (std::size_t k = 0; k < result.settled[i]; ++k) {
            const QueuedPayment& payment = queues[i][k];
            if (std::find(closed.begin(), closed.end(), payment.payee) != closed.end()) continue;
            const std::size_t j = payment.payee - 1;
            const auto amount = static_cast<core::SignedMinor>(payment.amount);
            banks[i].balance -= amount;
            banks[j].balance += amount;
            if (payment.priority < Priority::normal) continue;
            count_limit(i, j, amount);
            count_limit(j, i, -amount);
        }
        queues[i].erase(queues[i].begin(),
                        queues[i].begin() + static_cast<std::ptrdiff_t>(result.settled[i]));
    }
}

Case random_case(std::uint64_t seed) {
    Random random(seed);
    Case made(2 + random.below(3));
    const std::size_t count = made.banks.size();
    for (ResolutionBank& bank : made.banks) {
        bank.balance = static_cast<core::SignedMinor>(random.below(12)) - 2;
        const auto credit = static_cast<core::SignedMinor>(random.below(3) == 0 ? random.below(10) : 0);
        const auto high = static_cast<core::SignedMinor>(random.below(4) == 0 ? random.below(6) : 0);
        const auto low = high + static_cast<core::SignedMinor>(random.below(4) == 0 ? random.below(4) : 0);
        bank.floors = {-credit, -credit, high - credit, low - credit};
        bank.may_pay = random.below(12) != 0;
        for (std::size_t j = 0; j < count; ++j)
            if (j + 1 != bank.participant && random.below(5) == 0)
                bank.bilateral.push_back({static_cast<ParticipantIndex>(j + 1),
                                          static_cast<core::SignedMinor>(random.below(10)) - 2});
        if (random.below(4) == 0) bank.multilateral = static_cast<core::SignedMinor>(random.below(12)) - 2;
    }
    if (random.below(10) == 0) made.closed.push_back(static_cast<ParticipantIndex>(1 + random.below(count)));
    const std::size_t payments = random.below(11);
    for (std::size_t n = 0; n < payments; ++n) {
        const std::size_t payer = random.below(count);
        const std::size_t payee = (payer + 1 + random.below(count - 1)) % count;
        const Priority priority =
            random.below(4) == 0 ? static_cast<Priority>(random.below(4)) : Priority::normal;
        made.pay(payer, payee, 1 + random.below(12), priority);
    }
    return made;
}

/// The same case with the banks numbered in another order, so that they are looked at in another order.
Case renamed(const Case& original, const std::vector<std::size_t>& name_of) {
    Case made(original.banks.size());
    for (std::size_t i = 0; i < original.banks.size(); ++i) {
        ResolutionBank& bank = made.banks[name_of[i]];
        bank = original.banks[i];
        bank.participant = static_cast<ParticipantIndex>(name_of[i] + 1);
        for (BilateralRoom& each : bank.bilateral)
            each.payee = static_cast<ParticipantIndex>(name_of[each.payee - 1] + 1);
        std::sort(bank.bilateral.begin(), bank.bilateral.end(),
                  [](const auto& a, const auto& b) { return a.payee < b.payee; });
        made.queues[name_of[i]] = original.queues[i];
        for (QueuedPayment& each : made.queues[name_of[i]])
            each.payee = static_cast<ParticipantIndex>(name_of[each.payee - 1] + 1);
    }
    for (const ParticipantIndex each : original.closed)
        made.closed.push_back(static_cast<ParticipantIndex>(name_of[each - 1] + 1));
    std::sort(made.closed.begin(), made.closed.end());
    return made;
}

TEST(LiquidityResolution, equals_the_exhaustive_maximum_in_every_processing_order) {
    std::size_t settled_something = 0;
    for (std::uint64_t seed = 0; seed < 6'000; ++seed) {
        const Case made = random_case(seed);
        const std::vector<std::size_t> best = made.exhaustive_maximum();
        ASSERT_TRUE(made.is_feasible(best)) << "the maximum itself is feasible; seed " << seed;
        std::vector<std::size_t> names(made.banks.size());
        std::iota(names.begin(), names.end(), std::size_t{0});
        do {
            const Resolution result = resolve(renamed(made, names).problem());
            for (std::size_t i = 0; i < names.size(); ++i)
                ASSERT_EQ(result.settled[names[i]], best[i]) << "seed " << seed;
        } while (std::next_permutation(names.begin(), names.end()));
        settled_something += resolve(made.problem()).payments > 0 ? 1 : 0;
    }
    EXPECT_GT(settled_something, 1'000u) << "the cases say something";
}

TEST(LiquidityResolution, does_not_depend_on_when_it_ran_before) {
    for (std::uint64_t seed = 0; seed < 3'000; ++seed) {
        const Case whole = random_case(seed);
        Resolution at_once = resolve(whole.problem());
        for (const std::uint64_t step : {1u, 2u, 3u}) {
            Case growing = whole;
            std::vector<std::size_t> sums(whole.banks.size(), 0);
            // Only arrivals keep their order: classes that overtake change what stands in front.
            for (std::vector<QueuedPayment>& queue : growing.queues)
                for (QueuedPayment& each : queue)
                    each.priority = Priority::normal;
            Case flat = growing;
            for (std::vector<QueuedPayment>& queue : flat.queues)
                std::sort(queue.begin(), queue.end(),
                          [](const auto& a, const auto& b) { return a.arrival < b.arrival; });
            at_once = resolve(flat.problem());
            growing.queues.assign(growing.queues.size(), {});
            for (std::uint64_t arrival = 1; arrival <= whole.arrivals; ++arrival) {
                for (std::size_t i = 0; i < flat.queues.size(); ++i)
                    for (const QueuedPayment& each : flat.queues[i])
                        if (each.arrival == arrival) growing.queues[i].push_back(each);
                if (arrival % step != 0 && arrival != whole.arrivals) continue;
                const Resolution part = resolve(growing.problem());
                growing.book(part);
                for (std::size_t i = 0; i < sums.size(); ++i)
                    sums[i] += part.settled[i];
            }
            ASSERT_EQ(sums, at_once.settled) << "seed " << seed << ", every " << step;
        }
    }
}

TEST(LiquidityResolution, what_is_bounded_is_feasible_largest_and_ends_at_the_same_place) {
    for (std::uint64_t seed = 0; seed < 3'000; ++seed) {
        const Case whole = random_case(seed);
        const Resolution all = resolve(whole.problem());
        for (const std::size_t bound : {1u, 2u, 4u}) {
            Case left = whole;
            std::size_t payments = 0;
            for (;;) {
                const auto part = resolve_within(left.problem(), {.payments_max = bound, .cycle_max = 100});
                ASSERT_TRUE(left.is_feasible(part.resolution.settled)) << seed;
                ASSERT_EQ(part.oversized, 0u);
                ASSERT_TRUE(part.is_whole || part.resolution.payments > 0);
                left.book(part.resolution);
                payments += part.resolution.payments;
                if (part.is_whole) break;
            }
            ASSERT_EQ(payments, all.payments) << "seed " << seed << ", by " << bound;
        }
    }
}

TEST(LiquidityResolution, a_cycle_larger_than_its_bound_is_left_and_said) {
    Case ring(5);
    for (std::size_t i = 0; i < 5; ++i)
        ring.pay(i, (i + 1) % 5, 10);
    const auto left = resolve_within(ring.problem(), {.payments_max = 2, .cycle_max = 4});
    EXPECT_EQ(left.resolution.payments, 0u);
    EXPECT_EQ(left.oversized, 5u);
    EXPECT_FALSE(left.is_whole);
    const auto booked = resolve_within(ring.problem(), {.payments_max = 2, .cycle_max = 5});
    EXPECT_EQ(booked.resolution.payments, 5u);
    EXPECT_TRUE(booked.is_whole);
    EXPECT_EQ(booked.oversized, 0u);
    EXPECT_EQ(booked.resolution.gross, 50u);
    EXPECT_EQ(booked.resolution.net_moved, 0u);
}

TEST(LiquidityResolution, older_payments_go_first_where_not_all_fit) {
    Case made(4);
    made.pay(2, 3, 5);
    made.pay(0, 1, 7);
    made.pay(1, 0, 7);
    made.banks[2].balance = 5;
    const auto first = resolve_within(made.problem(), {.payments_max = 1, .cycle_max = 10});
    EXPECT_EQ(first.resolution.settled, (std::vector<std::size_t>{0, 0, 1, 0}));
    EXPECT_FALSE(first.is_whole);
}

TEST(LiquidityResolution, a_bank_below_its_floor_without_queue_may_still_receive) {
    Case made(2);
    made.banks[0].balance = 10;
    made.banks[1].balance = -50;
    made.pay(0, 1, 10);
    EXPECT_EQ(resolve(made.problem()).payments, 1u);
}

TEST(LiquidityResolution, a_bank_below_its_floor_pays_only_out_of_what_comes) {
    Case made(2);
    made.banks[0].balance = -5;
    made.banks[1].balance = 20;
    made.pay(0, 1, 10);
    made.pay(1, 0, 14);
    EXPECT_EQ(resolve(made.problem()).settled, (std::vector<std::size_t>{0, 1}));
    made.pay(1, 0, 6);
    EXPECT_EQ(resolve(made.problem()).settled, (std::vector<std::size_t>{1, 2}));
}

TEST(LiquidityResolution, the_queue_of_a_frozen_bank_stands_still_but_others_may_pay_it) {
    Case made(2);
    made.banks[0].may_pay = false;
    made.banks[0].balance = 100;
    made.banks[1].balance = 5;
    made.pay(0, 1, 10);
    made.pay(1, 0, 5);
    EXPECT_EQ(resolve(made.problem()).settled, (std::vector<std::size_t>{0, 1}));
}

TEST(LiquidityResolution, what_goes_to_a_closed_payee_moves_no_money_and_stops_nobody) {
    Case made(3);
    made.banks[0].balance = 20;
    made.pay(0, 1, 10);
    made.pay(0, 2, 500);
    made.pay(0, 1, 10);
    made.closed = {3};
    const Resolution result = resolve(made.problem());
    EXPECT_EQ(result.settled, (std::vector<std::size_t>{3, 0, 0}));
    EXPECT_EQ(result.payments, 3u);
    EXPECT_EQ(result.gross, 20u);
}

TEST(LiquidityResolution, a_limit_that_is_used_up_stops_no_urgent_payment) {
    Case made(2);
    made.banks[0].balance = 100;
    made.banks[0].bilateral = {{2, -3}};
    made.pay(0, 1, 10, Priority::high);
    made.pay(0, 1, 1, Priority::normal);
    EXPECT_EQ(resolve(made.problem()).settled, (std::vector<std::size_t>{1, 0}));
}

TEST(LiquidityResolution, sums_of_the_largest_amounts_do_not_overflow) {
    Case made(2);
    const auto largest = static_cast<std::uint64_t>(amount_max);
    for (int n = 0; n < 2'000; ++n) {
        made.pay(0, 1, largest);
        made.pay(1, 0, largest);
    }
    const Resolution result = resolve(made.problem());
    EXPECT_EQ(result.payments, 4'000u);
    EXPECT_EQ(result.gross, core::Minor{largest} * 4'000);
    EXPECT_EQ(result.net_moved, 0u);
}

TEST(LiquidityResolution, without_banks_there_is_nothing) {
    EXPECT_EQ(resolve({}).payments, 0u);
    EXPECT_TRUE(resolve_within({}, {.payments_max = 1, .cycle_max = 1}).is_whole);
}

}  // namespace
}  // namespace sluice::contracts
