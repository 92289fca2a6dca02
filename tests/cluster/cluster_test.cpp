// Real processes on loopback: what a network does when its nodes are killed, stopped and started.
#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "cli/devnet_processes.hpp"
#include "cli/diagnosis.hpp"
#include "tests/support/devnet_fixture.hpp"

namespace sluice::cluster {
namespace {

using namespace std::chrono_literals;
using test_support::RunningDevnet;
namespace native = contracts::native;

/// Submits a payment through a node and waits for the final word; the answer's status, or the error's text.
std::string pay(RunningDevnet& network, std::size_t through, test_support::SigningKey& key, std::size_t payer,
                std::uint64_t number, std::chrono::milliseconds wait = 15s) {
    const auto instruction = test_support::payment(
        network.bic(payer), network.bic((payer + 1) % network.size()), 100, number, test_support::today());
    auto rpc = network.client(through, wait + 5s);
    const auto raw = core::to_hex_0x(*network.sign(key, native::calls::submit(instruction)));
    const auto answer = rpc.call("settle_submit",
                                 {{{"rawTransaction", raw}, {"wait", "final"}, {"timeoutMs", wait.count()}}});
    return answer ? answer->value("status", std::string("?")) : answer.error().message;
}

std::string minor_balance(RunningDevnet& network, std::size_t through, std::size_t bank) {
    const auto answer = network.client(through).call(
        "settle_getPosition", {{{"bic", network.bic(bank).to_string()}, {"ccy", "EUR"}}});
    return answer ? (*answer)["balance"].value("minor", std::string("?")) : answer.error().message;
}

core::Minor total_balance(RunningDevnet& network, std::size_t through) {
    core::Minor total = 0;
    for (std::size_t bank = 0; bank < network.size(); ++bank)
        total += core::minor_from_decimal(minor_balance(network, through, bank)).value_or(0);
    return total;
}

TEST(Cluster, payments_settle_while_one_validator_of_four_is_dead_and_it_catches_up) {
    RunningDevnet network({.validators = 4, .base_port = 18545});
    network.issue_to_all(1'000'000);
    auto key = network.maker(0);
    EXPECT_EQ(pay(network, 0, key, 0, 1), "Final");
    network.kill(3);
    for (std::uint64_t number = 2; number < 8; ++number)
        EXPECT_EQ(pay(network, 0, key, 0, number), "Final");
    const auto height = network.height(0);
    const auto begin = std::chrono::steady_clock::now();
    network.start(3);
    EXPECT_TRUE(network.wait_for_agreement(height, 5s)) << "a restarted validator is at the head within 5 s";
    RecordProperty("catch_up_ms", static_cast<int>((std::chrono::steady_clock::now() - begin) / 1ms));
}

TEST(Cluster, without_a_quorum_nothing_settles_and_with_it_the_chain_goes_on_by_itself) {
    RunningDevnet network({.validators = 4, .base_port = 18645});
    network.issue_to_all(1'000'000);
    auto key = network.maker(0);
    ASSERT_EQ(pay(network, 0, key, 0, 1), "Final");
    network.kill(2);
    network.kill(3);
    const auto height = network.height(0);
    EXPECT_NE(pay(network, 0, key, 0, 2, 3s), "Final");
    EXPECT_EQ(network.height(0), height);
    std::this_thread::sleep_for(6s);  // long enough for the doctor to call them absent
    std::vector<cli::NodePicture> pictures;
    for (std::size_t i = 0; i < network.size(); ++i)
        pictures.push_back({network.node(i).name, network.is_running(i), network.is_running(i),
                            network.is_running(i) ? network.status(i) : cli::Json()});
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
    std::string report;
    for (const auto& finding : cli::diagnose(pictures, static_cast<std::uint64_t>(now)))
        report += finding.what + "\n";
    EXPECT_NE(report.find("no quorum"), std::string::npos) << report;
    EXPECT_NE(report.find("bank-c"), std::string::npos) << report;
    network.start(2);
    EXPECT_TRUE(cli::wait_until(60s, [&] { return network.height(0) > height; }));
    EXPECT_TRUE(network.wait_for_agreement(height + 1, 20s));
    EXPECT_EQ(total_balance(network, 0), core::Minor{4'000'000});
    EXPECT_EQ(minor_balance(network, 0, 1), "1000200") << "the payment that waited has settled once";
}

TEST(Cluster, a_killed_primary_costs_one_view_change) {
    RunningDevnet network({.validators = 4, .base_port = 18745});
    network.issue_to_all(1'000'000);
    const auto before = network.status(0);
    const auto primary = before.value("primaryName", std::string());
    std::size_t index = 0;
    for (std::size_t i = 0; i < network.size(); ++i)
        if (network.node(i).name == primary) index = i;
    const auto other = (index + 1) % network.size();
    auto key = network.maker(0);
    network.kill(index);
    EXPECT_EQ(pay(network, other, key, 0, 1, 20s), "Final");
    EXPECT_EQ(network.status(other).value("view", std::uint64_t{0}),
              before.value("view", std::uint64_t{0}) + 1);
    EXPECT_EQ(pay(network, other, key, 0, 2), "Final");
    EXPECT_EQ(network.status(other).value("view", std::uint64_t{0}),
              before.value("view", std::uint64_t{0}) + 1);
}

TEST(Cluster, a_validator_that_lost_its_vote_log_does_not_start_before_it_rejoins_and_then_votes_again) {
    RunningDevnet network({.validators = 4, .base_port = 18945});
    network.issue_to_all(1'000'000);
    network.kill(3);
    EXPECT_EQ(network.run_sluiced(3, "rejoin"), 1) << "a whole vote log is not thrown away";
    std::filesystem::remove_all(network.node(3).data_dir / "votes");
    EXPECT_EQ(network.run_sluiced(3, ""), 78);
    ASSERT_EQ(network.run_sluiced(3, "rejoin"), 0);
    EXPECT_EQ(network.run_sluiced(3, "rejoin"), 1) << "it is prepared already";
    network.start(3);
    ASSERT_TRUE(cli::wait_until(20s, [&] {
        const auto status = network.status(3);
        return status.is_object() && status["rejoin"].is_object();
    }));
    const auto from = network.status(3)["rejoin"].value("fromHeight", std::uint64_t{0});
    EXPECT_FALSE(network.status(3).value("recovering", true));
    auto key = network.maker(0);
    std::uint64_t number = 0;
    while (network.height(0) < from + 3)
        ASSERT_EQ(pay(network, 0, key, 0, ++number), "Final");
    // Without another one it is needed for every block, so its votes count.
    network.kill(2);
    EXPECT_EQ(pay(network, 0, key, 0, ++number, 30s), "Final");
    EXPECT_EQ(pay(network, 3, key, 0, ++number, 30s), "Final");
}

TEST(Cluster, a_node_stops_cleanly_on_sigterm_and_goes_on_where_it_was) {
    RunningDevnet network({.validators = 1, .base_port = 18845});
    network.issue_to_all(1'000'000);
    const auto before = network.status(0);
    EXPECT_LT(network.stop(0), 5s);
    network.start_all();
    const auto after = network.status(0);
    EXPECT_EQ(after.value("height", std::uint64_t{0}), before.value("height", std::uint64_t{1}));
    EXPECT_EQ(after.value("stateRoot", ""), before.value("stateRoot", "x"));
}

/// Sends payments of one bank through whichever node runs, until told to stop; remembers what was
/// acknowledged as final.
class Payer {
  public:
    Payer(RunningDevnet& network, std::size_t bank)
        : network_(network), bank_(bank), key_(network.maker(bank)) {}

    void run(const std::atomic<bool>& stop) {
        for (std::uint64_t number = bank_ * 1'000'000; !stop; ++number) {
            const auto instruction =
                test_support::payment(network_.bic(bank_), network_.bic((bank_ + 1) % network_.size()), 1,
                                      number, test_support::today());
            const auto raw = core::to_hex_0x(*network_.sign(key_, native::calls::submit(instruction)));
            // The same signed payment is sent until some node says that it is final: sending again is safe.
            while (!stop && !is_final(raw))
                std::this_thread::sleep_for(20ms);
            if (stop) return;
            acknowledged.push_back(core::Uetr{instruction.uetr}.to_string());
        }
    }

    std::vector<std::string> acknowledged;

  private:
    bool is_final(const std::string& raw) {
        through_ = (through_ + 1) % network_.size();
        auto rpc = network_.client(through_, 4s);
        const auto answer =
            rpc.call("settle_submit", {{{"rawTransaction", raw}, {"wait", "final"}, {"timeoutMs", 3000}}});
        return answer && answer->value("status", std::string()) == "Final";
    }

    RunningDevnet& network_;
    std::size_t bank_;
    test_support::SigningKey key_;
    std::size_t through_ = 0;
};

TEST(Cluster, fifty_random_kills_under_load_lose_no_final_payment_and_make_no_fork) {
    RunningDevnet network({.validators = 4, .base_port = 18945});
    network.issue_to_all(1'000'000);
    std::atomic<bool> stop{false};
    std::vector<Payer> payers;
    for (std::size_t bank = 0; bank < 3; ++bank)
        payers.emplace_back(network, bank);
    std::vector<std::thread> threads;
    for (auto& payer : payers)
        threads.emplace_back([&] { payer.run(stop); });
    std::mt19937 random(20022);
    for (int kill = 0; kill < 50; ++kill) {
        const auto victim = random() % network.size();
        network.kill(victim);
        std::this_thread::sleep_for(std::chrono::milliseconds(random() % 400));
        network.start(victim);
        std::this_thread::sleep_for(std::chrono::milliseconds(200 + random() % 800));
    }
    std::this_thread::sleep_for(3s);
    stop = true;
    for (auto& thread : threads)
        thread.join();
    ASSERT_TRUE(network.wait_for_agreement(1, 60s)) << "equal heights and state roots on all nodes";
    std::size_t acknowledged = 0;
    for (std::size_t i = 0; i < network.size(); ++i) {
        auto rpc = network.client(i);
        for (const auto& payer : payers)
            for (const auto& uetr : payer.acknowledged) {
                const auto answer = rpc.call("settle_getPayment", {{{"uetr", uetr}}});
                ASSERT_TRUE(answer && answer->is_object()) << uetr;
                EXPECT_EQ(answer->value("status", ""), "Final") << uetr << " on node " << i;
                ++acknowledged;
            }
    }
    EXPECT_GT(acknowledged, 100u);
    EXPECT_EQ(total_balance(network, 0), core::Minor{4'000'000});
    std::set<std::string> hashes;
    const auto height = network.height(0);
    for (std::uint64_t at = 1; at <= height; at += std::max<std::uint64_t>(1, height / 40)) {
        hashes.clear();
        for (std::size_t i = 0; i < network.size(); ++i) {
            const auto block =
                network.client(i).call("eth_getBlockByNumber", {fmt::format("0x{:x}", at), false});
            ASSERT_TRUE(block && block->is_object());
            hashes.insert(block->value("hash", ""));
        }
        EXPECT_EQ(hashes.size(), 1u) << "height " << at;
    }
}

}  // namespace
}  // namespace sluice::cluster
