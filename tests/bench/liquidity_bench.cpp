/// How long liquidity saving takes: decisions by depth of the queues, and what queues that cannot move add to
/// an ordinary payment's block. Prints JSON.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>

#include "contracts/native/liquidity_client.hpp"
#include "contracts/native/liquidity_run.hpp"
#include "tests/contracts/native/settlement_chain.hpp"

namespace {

using namespace sluice;
using namespace sluice::contracts;
using namespace sluice::contracts::native;
using namespace sluice::contracts::test;

class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t below(std::uint64_t bound) {
        state_ = state_ * 6364136223846793005ull + 1442695040888963407ull;
        return (state_ >> 33) % bound;
    }

  private:
    std::uint64_t state_;
};

/// Median of `rounds` times, in microseconds.
double median_us(std::size_t rounds, const std::function<void()>& work) {
    std::vector<double> times;
    for (std::size_t i = 0; i < rounds; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        work();
        times.push_back(
            std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count());
    }
    std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(rounds / 2), times.end());
    return times[rounds / 2];
}

struct Market {
    std::vector<std::vector<QueuedPayment>> queues;
    ResolutionProblem problem;
};

/// Payments between random banks. `balance`: what each bank has, in average payments.
Market random_market(std::size_t banks, std::size_t payments, std::uint64_t balance) {
    Random random(payments + balance);
    Market market;
    market.queues.resize(banks);
    for (std::size_t n = 0; n < payments; ++n) {
        const std::size_t payer = random.below(banks);
        market.queues[payer].push_back(
            {.arrival = n + 1,
             .amount = 1 + random.below(1'000'000),
             .payee = static_cast<ParticipantIndex>((payer + 1 + random.below(banks - 1)) % banks + 1),
             .priority = Priority::normal});
    }
    for (std::size_t i = 0; i < banks; ++i)
        market.problem.banks.push_back(
            {.participant = static_cast<ParticipantIndex>(i + 1),
             .balance = static_cast<core::SignedMinor>(random.below(1 + balance * 1'000'000)),
             .queue = market.queues[i]});
    return market;
}

void print_decision(std::size_t banks, std::size_t payments, std::uint64_t balance) {
    const Market market = random_market(banks, payments, balance);
    Resolution result;
    const double whole_us = median_us(21, [&] { result = resolve(market.problem); });
    const double bounded_us = median_us(
        5, [&] { resolve_within(market.problem, {.payments_max = 2'000, .cycle_max = lsm_settled_max}); });
    std::printf(
        "    {\"banks\": %zu, \"payments\": %zu, \"settled\": %zu, \"decision_us\": %.1f, \"bounded_us\": "
        "%.1f},\n",
        banks, payments, result.payments, whole_us, bounded_us);
}

/// Microseconds to execute a block with one payment between two banks of which the payee has a queue.
double block_us(std::size_t queued) {
    constexpr std::size_t banks = 63;
    SettlementChain chain(banks);
    chain.issue(banks - 1, 1'000'000);
    Random random(7);
    std::uint64_t number = 0;
    // Heads that nothing can cover, and behind them payments that would offset each other.
    std::vector<Sent> acts;
    for (std::size_t n = 0; n < queued; ++n) {
        const std::size_t payer = n % (banks - 1);
        const core::Minor amount = n < banks - 1 ? amount_max : 1 + random.below(1'000);
        acts.push_back(submit({.payer = payer,
                               .payee = (payer + 1 + random.below(banks - 2)) % (banks - 1),
                               .amount = amount,
                               .number = ++number}));
        if (acts.size() == 1'000 || n + 1 == queued) {
            chain.block_unchecked(acts);
            acts.clear();
        }
    }
    const double us = median_us(51, [&] {
        chain.block_unchecked({submit({.payer = banks - 1, .payee = 0, .amount = 1, .number = ++number})});
    });
    return us;
}

}  // namespace

int main() {
    std::printf("{\n  \"decisions\": [\n");
    for (const std::uint64_t balance : {0u, 2u, 20u}) {
        print_decision(63, 6'000, balance);
        print_decision(63, 100'000, balance);
        print_decision(1'000, 100'000, balance);
    }
    const double empty_us = block_us(63);
    const double deep_us = block_us(100'000);
    std::printf(
        "    {}\n  ],\n  \"block_us\": {\"queued_63\": %.1f, \"queued_100000\": %.1f, \"ratio\": %.3f}\n}\n",
        empty_us, deep_us, deep_us / empty_us);
    return 0;
}
