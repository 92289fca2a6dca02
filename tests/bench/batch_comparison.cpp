#include <algorithm>
#include <thread>

#include "tests/bench/network_traffic.hpp"

namespace sluice::bench {
namespace {

namespace native = contracts::native;

std::vector<native::Instruction> payments_of(const test_support::RunningDevnet& network, std::size_t bank,
                                             std::size_t count, std::uint64_t first_number) {
    std::vector<native::Instruction> payments;
    for (std::size_t i = bank; i < count; i += network.size()) {
        const auto payee = (bank + 1 + i / network.size() % (network.size() - 1)) % network.size();
        payments.push_back(test_support::payment(network.bic(bank), network.bic(payee), 100, first_number + i,
                                                 test_support::today()));
    }
    return payments;
}

/// Payments per second from the first request until the last is on the chain.
double measure(test_support::RunningDevnet& network, std::deque<Lane>& lanes, std::size_t payments,
               std::size_t per_signature, std::uint64_t first_number) {
    std::vector<std::vector<native::Instruction>> of_bank;
    for (std::size_t bank = 0; bank < network.size(); ++bank)
        of_bank.push_back(payments_of(network, bank, payments, first_number));
    const auto begin = Clock::now();
    std::vector<std::thread> senders;
    for (std::size_t bank = 0; bank < network.size(); ++bank)
        senders.emplace_back([&, bank] {
            lanes[bank].send(of_bank[bank], per_signature, std::max<std::size_t>(100 / per_signature, 1));
        });
    for (auto& sender : senders)
        sender.join();
    if (!wait_for_lanes(network, lanes, std::chrono::minutes(5))) return 0;
    return static_cast<double>(payments) / seconds_since(begin);
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
}

}  // namespace

cli::Json compare_batches(test_support::RunningDevnet& network, const ComparisonPlan& plan) {
    std::deque<Lane> lanes;
    for (std::size_t bank = 0; bank < network.size(); ++bank)
        lanes.emplace_back(network, bank);
    std::vector<double> single, batched, ratio;
    std::uint64_t number = 40'000'000;
    for (std::size_t turn = 0; turn < plan.turns; ++turn) {
        single.push_back(measure(network, lanes, plan.payments, 1, number));
        number += plan.payments;
        batched.push_back(measure(network, lanes, plan.payments, plan.per_signature, number));
        number += plan.payments;
        ratio.push_back(single.back() > 0 ? batched.back() / single.back() : 0);
    }
    std::size_t refused = 0;
    for (const auto& lane : lanes)
        refused += lane.refused();
    return {{"bench", "batches"},
            {"validators", network.size()},
            {"payments", plan.payments},
            {"paymentsPerSignature", plan.per_signature},
            {"singlePerSecond", single},
            {"batchedPerSecond", batched},
            {"ratio", ratio},
            {"medianRatio", median(ratio)},
            {"refused", refused}};
}

}  // namespace sluice::bench
