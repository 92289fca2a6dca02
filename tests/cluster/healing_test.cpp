// Real processes: nodes that join from a snapshot, drop old bodies, and come back from a damaged ledger.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include <fmt/format.h>

#include "cli/devnet_processes.hpp"
#include "tests/support/devnet_fixture.hpp"

namespace sluice::cluster {
namespace {

using namespace std::chrono_literals;
using test_support::RunningDevnet;
namespace native = contracts::native;

/// For every process started from here on, until it goes.
class Setting {
  public:
    Setting(const char* name, const char* value) : name_(name) { setenv(name, value, 1); }
    ~Setting() { unsetenv(name_); }
    Setting(const Setting&) = delete;
    Setting& operator=(const Setting&) = delete;

  private:
    const char* name_;
};

class Healing : public ::testing::Test {
  protected:
    Healing() { network_.issue_to_all(1'000'000); }

    /// Each becomes final before the next is sent, so that each has a block of its own.
    void pay(std::size_t count, std::size_t through = 0) {
        for (std::size_t i = 0; i < count; ++i) {
            const auto instruction = test_support::payment(network_.bic(0), network_.bic(1), 100, ++number_,
                                                           test_support::today());
            const auto raw = core::to_hex_0x(*network_.sign(maker_, native::calls::submit(instruction)));
            const auto answer =
                network_.client(through, 35s)
                    .call("settle_submit",
                          {{{"rawTransaction", raw}, {"wait", "final"}, {"timeoutMs", 30'000}}});
            ASSERT_TRUE(answer) << answer.error().message;
            ASSERT_EQ(answer->value("status", ""), "Final");
        }
    }
    std::string balance(std::size_t through, std::size_t bank) {
        const auto answer = network_.client(through).call(
            "settle_getPosition", {{{"bic", network_.bic(bank).to_string()}, {"ccy", "EUR"}}});
        return answer ? (*answer)["balance"].value("minor", std::string("?")) : answer.error().message;
    }
    /// The error's words, or "found".
    std::string block(std::size_t through, std::uint64_t height) {
        const auto answer =
            network_.client(through).call("eth_getBlockByNumber", {fmt::format("0x{:x}", height), false});
        if (!answer) return answer.error().message;
        return answer->is_object() ? "found" : "null";
    }
    void expect_same_state() {
        ASSERT_TRUE(network_.wait_for_agreement(network_.height(0), 60s)) << "heights and state roots";
        for (std::size_t node = 1; node < network_.size(); ++node)
            for (std::size_t bank = 0; bank < 4; ++bank)
                EXPECT_EQ(balance(node, bank), balance(0, bank)) << "bank " << bank << " on node " << node;
    }
    void configure(std::size_t node, const std::string& lines) {
        std::ofstream(network_.node(node).config, std::ios::app) << "\n" << lines << "\n";
    }
    std::string log(std::size_t node) { return cli::log_tail(network_.node(node), 400); }
    /// Turns a byte over in every kilobyte of the largest file of the database: whatever is read first meets
    /// one.
    void damage(std::size_t node) {
        std::filesystem::path largest;
        for (const auto& file : std::filesystem::directory_iterator(network_.node(node).data_dir / "ledger"))
            if (largest.empty() || file.file_size() > std::filesystem::file_size(largest))
                largest = file.path();
        std::fstream stream(largest, std::ios::in | std::ios::out | std::ios::binary);
        const auto size = static_cast<std::streamoff>(std::filesystem::file_size(largest));
        for (std::streamoff at = 512; at < size; at += 1'024) {
            stream.seekg(at);
            const auto byte = static_cast<char>(stream.get() ^ 0x40);
            stream.seekp(at);
            stream.put(byte);
        }
    }
    bool votes(std::size_t node) {
        const auto status = network_.status(node);
        return status.is_object() && status.value("isValidator", false);
    }

    Setting interval_{"SLUICE_LEDGER_SNAPSHOT_INTERVAL", "8"};
    RunningDevnet network_{{.validators = 4, .base_port = 19445}};
    test_support::SigningKey maker_ = network_.maker(0);
    std::uint64_t number_ = 0;
};

TEST_F(Healing, a_new_validator_joins_from_a_snapshot_and_says_what_it_does_not_keep) {
    pay(20);
    network_.save();
    {
        const Setting start("SLUICE_SYNC_START", "snapshot");
        const auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "sluice";
        const auto command = fmt::format("'{}' devnet add bank-e --dir '{}' >/dev/null 2>&1",
                                         program.string(), network_.devnet().dir.string());
        ASSERT_EQ(std::system(command.c_str()), 0);
    }
    network_.reload();
    ASSERT_EQ(network_.size(), 5u);
    EXPECT_NE(log(4).find("joined"), std::string::npos) << log(4);
    pay(3);
    expect_same_state();
    EXPECT_TRUE(votes(4));
    EXPECT_NE(block(4, 1).find("pruned: block 1 is not among"), std::string::npos) << block(4, 1);
    EXPECT_EQ(block(4, network_.height(0)), "found");
    EXPECT_EQ(block(0, 1), "found");
    const auto unknown = network_.client(4).call("eth_getTransactionByHash", {"0x" + std::string(64, '7')});
    ASSERT_FALSE(unknown);
    EXPECT_NE(unknown.error().message.find("pruned: not found"), std::string::npos);

    // Of five validators four decide: without an old one the new one is needed.
    network_.kill(3);
    pay(2, 4);
    network_.stop(4);
    EXPECT_EQ(network_.run_sluiced(4, "verify-db --full"), 0);
    network_.start(4);
    network_.start(3);
    expect_same_state();
}

TEST_F(Healing, a_damaged_ledger_is_refused_and_comes_back_from_the_peers) {
    pay(20);
    network_.stop(3);
    EXPECT_EQ(network_.run_sluiced(3, "repair"), 0) << "a whole ledger is left alone";
    EXPECT_FALSE(std::filesystem::exists(network_.node(3).data_dir / "ledger.damaged-1"));
    damage(3);
    EXPECT_EQ(network_.run_sluiced(3, ""), 78) << "never served";
    ASSERT_EQ(network_.run_sluiced(3, "repair"), 0);
    EXPECT_TRUE(std::filesystem::exists(network_.node(3).data_dir / "ledger.damaged-1")) << "never deleted";
    EXPECT_TRUE(std::filesystem::exists(network_.node(3).data_dir / "votes"));
    pay(3);
    network_.start(3);
    expect_same_state();
    EXPECT_NE(log(3).find("reopening"), std::string::npos) << "it had no voice until it was there again";
    EXPECT_FALSE(std::filesystem::exists(network_.node(3).data_dir / "repairing"));
    EXPECT_EQ(block(3, 1), "found") << "it fetched every block";

    // The same from a snapshot, and then it is needed for every block.
    network_.stop(3);
    damage(3);
    EXPECT_EQ(network_.run_sluiced(3, ""), 78);
    ASSERT_EQ(network_.run_sluiced(3, "repair"), 0);
    configure(3, "[sync]\nstart = \"snapshot\"");
    network_.start(3);
    expect_same_state();
    EXPECT_NE(block(3, 1).find("pruned"), std::string::npos);
    network_.kill(2);
    pay(3);
    pay(2, 3);
    network_.stop(3);
    EXPECT_EQ(network_.run_sluiced(3, "verify-db --full"), 0);
}

TEST_F(Healing, old_bodies_go_where_that_is_configured_and_joiners_turn_to_others) {
    network_.stop(2);
    configure(2, "[ledger]\nblock_history = 64");
    network_.start(2);
    pay(90);
    expect_same_state();
    EXPECT_NE(block(2, 1).find("pruned: block 1 is not among"), std::string::npos) << block(2, 1);
    EXPECT_EQ(block(2, network_.height(2)), "found");
    const auto head = network_.height(2);
    const auto logs = [&](std::uint64_t from) {
        const auto answer = network_.client(2).call(
            "eth_getLogs", {{{"fromBlock", fmt::format("0x{:x}", from)}, {"toBlock", "latest"}}});
        return answer ? std::string(answer->empty() ? "none" : "some") : answer.error().message;
    };
    EXPECT_EQ(logs(head - 10), "some");
    EXPECT_NE(logs(1).find("pruned"), std::string::npos) << logs(1);
    // Who begins at genesis is served by those who keep everything.
    network_.kill(3);
    std::filesystem::remove_all(network_.node(3).data_dir / "ledger");
    ASSERT_EQ(network_.run_sluiced(3, "repair"), 0);
    network_.start(3);
    expect_same_state();
    EXPECT_EQ(block(3, 1), "found");
    network_.stop(2);
    EXPECT_EQ(network_.run_sluiced(2, "verify-db --full"), 0);
}

}  // namespace
}  // namespace sluice::cluster
