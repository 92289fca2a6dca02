#include "tests/cluster/traffic.hpp"

#include <gtest/gtest.h>

#include <set>

#include <fmt/format.h>

namespace sluice::cluster {

using namespace std::chrono_literals;
using test_support::RunningDevnet;
namespace native = contracts::native;

namespace {

/// settle_submit's status, or the error's text.
std::string submit(const RunningDevnet& network, std::size_t through, const std::string& raw,
                   std::chrono::milliseconds wait) {
    const auto answer =
        network.call(through, "settle_submit",
                     {{{"rawTransaction", raw}, {"wait", "final"}, {"timeoutMs", wait.count()}}}, wait + 1s);
    return answer ? answer->value("status", std::string("?")) : answer.error().message;
}

std::set<std::string> hashes_at(const RunningDevnet& network, std::uint64_t height) {
    std::set<std::string> hashes;
    for (std::size_t i = 0; i < network.size(); ++i) {
        const auto block = network.call(i, "eth_getBlockByNumber", {fmt::format("0x{:x}", height), false});
        hashes.insert(block && block->is_object() ? block->value("hash", "") : "none");
    }
    return hashes;
}

}  // namespace

std::string pay(const RunningDevnet& network, std::size_t through, test_support::SigningKey& key,
                std::size_t payer, std::uint64_t number, std::chrono::milliseconds wait) {
    const auto instruction = test_support::payment(
        network.bic(payer), network.bic((payer + 1) % network.size()), 100, number, test_support::today());
    return submit(network, through, core::to_hex_0x(*network.sign(key, native::calls::submit(instruction))),
                  wait);
}

std::string minor_balance(const RunningDevnet& network, std::size_t through, std::size_t bank) {
    const auto answer = network.call(through, "settle_getPosition",
                                     {{{"bic", network.bic(bank).to_string()}, {"ccy", "EUR"}}});
    return answer ? (*answer)["balance"].value("minor", std::string("?")) : answer.error().message;
}

core::Minor total_balance(const RunningDevnet& network, std::size_t through) {
    core::Minor total = 0;
    for (std::size_t bank = 0; bank < network.size(); ++bank)
        total += core::minor_from_decimal(minor_balance(network, through, bank)).value_or(0);
    return total;
}

struct Traffic::Payer {
    Payer(const RunningDevnet& its_network, std::size_t its_bank)
        : network(its_network), bank(its_bank), key(its_network.maker(its_bank)) {}

    void run(const std::atomic<bool>& stopped) {
        for (std::uint64_t number = bank * 1'000'000; !stopped; ++number) {
            const auto instruction =
                test_support::payment(network.bic(bank), network.bic((bank + 1) % network.size()), 1, number,
                                      test_support::today());
            const auto raw = core::to_hex_0x(*network.sign(key, native::calls::submit(instruction)));
            // The same signed payment is sent until some node says that it is final: sending again is safe.
            bool is_final = false;
            while (!stopped && !is_final) {
                through = (through + 1) % network.size();
                is_final = submit(network, through, raw, 3s) == "Final";
                if (!is_final) std::this_thread::sleep_for(20ms);
            }
            if (is_final) acknowledged.push_back(core::Uetr{instruction.uetr}.to_string());
        }
    }

    const RunningDevnet& network;
    std::size_t bank;
    test_support::SigningKey key;
    std::size_t through = 0;
    std::vector<std::string> acknowledged;
};

Traffic::Traffic(const RunningDevnet& network, std::size_t banks) {
    for (std::size_t bank = 0; bank < banks; ++bank)
        payers_.push_back(std::make_unique<Payer>(network, bank));
    for (auto& payer : payers_)
        threads_.emplace_back([this, &payer = *payer] { payer.run(stopped_); });
}

Traffic::~Traffic() {
    stop();
}

void Traffic::stop() {
    stopped_ = true;
    for (auto& thread : threads_)
        thread.join();
    threads_.clear();
}

std::vector<std::string> Traffic::acknowledged() const {
    std::vector<std::string> all;
    for (const auto& payer : payers_)
        all.insert(all.end(), payer->acknowledged.begin(), payer->acknowledged.end());
    return all;
}

void expect_one_history(const RunningDevnet& network, const std::vector<std::string>& acknowledged,
                        std::chrono::milliseconds limit) {
    ASSERT_TRUE(network.wait_for_agreement(1, limit)) << "equal heights and state roots on all nodes";
    for (std::size_t i = 0; i < network.size(); ++i)
        for (const auto& uetr : acknowledged) {
            const auto answer = network.call(i, "settle_getPayment", {{{"uetr", uetr}}});
            ASSERT_TRUE(answer && answer->is_object()) << uetr;
            EXPECT_EQ(answer->value("status", ""), "Final") << uetr << " on node " << i;
        }
    EXPECT_EQ(total_balance(network, 0), first_balance * network.size());
    const auto height = network.height(0);
    for (std::uint64_t at = 1; at <= height; at += std::max<std::uint64_t>(1, height / 40))
        EXPECT_EQ(hashes_at(network, at).size(), 1u) << "height " << at;
}

}  // namespace sluice::cluster
