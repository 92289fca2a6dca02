// Real processes, each in a network namespace of its own: nothing but silence tells them of a cut.
#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include <fmt/format.h>

#include "cli/devnet_processes.hpp"
#include "tests/cluster/traffic.hpp"
#include "tests/support/network_spaces.hpp"

namespace sluice::cluster {
namespace {

using namespace std::chrono_literals;
using test_support::NetworkSpaces;
using test_support::RunningDevnet;

/// (f + 2) view timeouts of at most 16 s for four validators.
constexpr std::chrono::milliseconds healing_limit = 48s;

class Partition : public ::testing::Test {
  protected:
    void SetUp() override {
        if (const auto obstacle = NetworkSpaces::obstacle()) GTEST_SKIP() << *obstacle;
        spaces = std::make_unique<NetworkSpaces>(4);
        RunningDevnet::Options options{.validators = 4, .base_port = 19245};
        options.before_start = listen_in_spaces;
        options.enter = [this](std::size_t node) { return spaces->enter(node); };
        network = std::make_unique<RunningDevnet>(options);
        network->issue_to_all(first_balance);
    }
    /// The nodes go before the namespaces that they run in.
    void TearDown() override {
        network.reset();
        spaces.reset();
    }

    std::unique_ptr<NetworkSpaces> spaces;
    std::unique_ptr<RunningDevnet> network;

  private:
    /// Peers speak between the spaces; the API stays on each space's own loopback address.
    static void listen_in_spaces(const cli::Devnet& devnet) {
        for (std::size_t i = 0; i < devnet.nodes.size(); ++i) {
            std::ifstream file(devnet.nodes[i].config);
            std::string text{std::istreambuf_iterator<char>(file), {}};
            for (std::size_t j = 0; j < devnet.nodes.size(); ++j) {
                const auto port = devnet.nodes[j].p2p_port;
                const auto local = fmt::format("127.0.0.1:{}", port);
                if (const auto at = text.find(local); at != std::string::npos)
                    text.replace(at, local.size(), fmt::format("{}:{}", NetworkSpaces::address(j), port));
            }
            std::ofstream(devnet.nodes[i].config) << text;
        }
    }
};

TEST_F(Partition, two_halves_settle_nothing_and_go_on_by_themselves_when_joined) {
    auto key = network->maker(0);
    ASSERT_EQ(pay(*network, 0, key, 0, 1), "Final");
    ASSERT_TRUE(network->wait_for_agreement(1, 10s));
    const auto height = network->height(0);
    spaces->split({2, 3});
    EXPECT_NE(pay(*network, 0, key, 0, 2, 6s), "Final");
    for (std::size_t i = 0; i < 4; ++i)
        EXPECT_LE(network->height(i), height + 1) << "at most a block whose votes were on their way";
    spaces->heal();
    EXPECT_TRUE(cli::wait_until(healing_limit, [&] { return network->height(0) > height; }));
    EXPECT_TRUE(network->wait_for_agreement(height + 1, 20s));
    EXPECT_EQ(minor_balance(*network, 3, 1), "1000200") << "each paid once";
    EXPECT_EQ(total_balance(*network, 3), 4 * first_balance);
}

TEST_F(Partition, three_go_on_and_the_one_cut_off_answers_nothing_as_final_and_catches_up) {
    auto key = network->maker(0);
    ASSERT_EQ(pay(*network, 0, key, 0, 1), "Final");
    spaces->split({3});
    auto other = network->maker(2);
    EXPECT_NE(pay(*network, 3, other, 2, 2, 3s), "Final");
    for (std::uint64_t number = 3; number < 8; ++number)
        EXPECT_EQ(pay(*network, 0, key, 0, number, 30s), "Final");
    const auto height = network->height(0);
    EXPECT_LT(network->height(3), height);
    spaces->heal();
    EXPECT_TRUE(network->wait_for_agreement(height, healing_limit));
    EXPECT_EQ(total_balance(*network, 3), 4 * first_balance);
}

TEST_F(Partition, twelve_random_cuts_under_load_lose_no_final_payment_and_make_no_fork) {
    Traffic traffic(*network, 3);
    std::mt19937 random(20022);
    for (int cut = 0; cut < 12; ++cut) {
        std::vector<std::size_t> side;
        for (std::size_t i = 0; i < 4; ++i)
            if (random() % 2 == 0) side.push_back(i);
        spaces->split(side);
        std::this_thread::sleep_for(std::chrono::milliseconds(300 + random() % 2500));
        spaces->heal();
        std::this_thread::sleep_for(std::chrono::milliseconds(random() % 2000));
    }
    std::this_thread::sleep_for(5s);
    traffic.stop();
    const auto acknowledged = traffic.acknowledged();
    EXPECT_GT(acknowledged.size(), 10u);
    expect_one_history(*network, acknowledged, healing_limit);
}

}  // namespace
}  // namespace sluice::cluster
