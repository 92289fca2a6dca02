// Real processes on loopback: what a network does when its nodes are killed, stopped and started.
#include <gtest/gtest.h>

#include <filesystem>
#include <random>
#include <thread>

#include <fmt/format.h>

#include "cli/devnet_processes.hpp"
#include "cli/diagnosis.hpp"
#include "tests/cluster/traffic.hpp"

namespace sluice::cluster {
namespace {

using namespace std::chrono_literals;
using test_support::RunningDevnet;

TEST(Cluster, payments_settle_while_one_validator_of_four_is_dead_and_it_catches_up) {
    RunningDevnet network({.validators = 4, .base_port = 18545});
    network.issue_to_all(first_balance);
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
    network.issue_to_all(first_balance);
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
    network.issue_to_all(first_balance);
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
    network.issue_to_all(first_balance);
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
    network.issue_to_all(first_balance);
    const auto before = network.status(0);
    EXPECT_LT(network.stop(0), 5s);
    network.start_all();
    const auto after = network.status(0);
    EXPECT_EQ(after.value("height", std::uint64_t{0}), before.value("height", std::uint64_t{1}));
    EXPECT_EQ(after.value("stateRoot", ""), before.value("stateRoot", "x"));
}

TEST(Cluster, fifty_random_kills_under_load_lose_no_final_payment_and_make_no_fork) {
    RunningDevnet network({.validators = 4, .base_port = 18945});
    network.issue_to_all(first_balance);
    Traffic traffic(network, 3);
    std::mt19937 random(20022);
    for (int kill = 0; kill < 50; ++kill) {
        const auto victim = random() % network.size();
        network.kill(victim);
        std::this_thread::sleep_for(std::chrono::milliseconds(random() % 400));
        network.start(victim);
        std::this_thread::sleep_for(std::chrono::milliseconds(200 + random() % 800));
    }
    std::this_thread::sleep_for(3s);
    traffic.stop();
    const auto acknowledged = traffic.acknowledged();
    EXPECT_GT(acknowledged.size(), 25u);
    expect_one_history(network, acknowledged);
}

}  // namespace
}  // namespace sluice::cluster
