// Real processes: validators come and go while payments go on, and receipts from before, between and after.
#include <gtest/gtest.h>

#include <cstdio>
#include <thread>

#include <fmt/format.h>

#include "cli/devnet_processes.hpp"
#include "tests/support/devnet_fixture.hpp"

namespace sluice::cluster {
namespace {

using namespace std::chrono_literals;
using test_support::RunningDevnet;

struct Ran {
    int code = -1;
    cli::Json json;
    std::string text;
};

class Membership : public ::testing::Test {
  protected:
    Membership() {
        network_.issue_to_all(1'000'000);
        network_.save();  // so that the wallet program finds the processes
    }
    /// `sluice WORDS --json`.
    static Ran sluice(const std::string& words) {
        const auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "sluice";
        Ran ran;
        FILE* pipe = popen(fmt::format("'{}' {} --json 2>&1", program.string(), words).c_str(), "r");
        if (pipe == nullptr) return ran;
        char buffer[4096];
        while (const auto count = std::fread(buffer, 1, sizeof buffer, pipe))
            ran.text.append(buffer, count);
        const int status = pclose(pipe);
        ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        ran.json = cli::Json::parse(ran.text, nullptr, false);
        return ran;
    }
    Ran here(const std::string& words) const {
        return sluice(fmt::format("{} --dir '{}'", words, network_.devnet().dir.string()));
    }
    /// A payment that becomes final; its receipt file.
    std::filesystem::path pay() {
        const auto ran = here("pay --from bank-a --to bank-b --amount 1.00 --currency EUR --yes");
        EXPECT_EQ(ran.code, 0) << ran.text;
        if (!ran.json.is_object()) return {};
        EXPECT_EQ(ran.json.value("status", ""), "Final") << ran.text;
        return network_.devnet().dir / "receipts" / (ran.json.value("uetr", "") + ".json");
    }
    Ran verify(const std::filesystem::path& receipt, const std::string& more = "") const {
        return sluice(fmt::format("verify '{}' --genesis '{}' {}", receipt.string(),
                                  network_.devnet().genesis.string(), more));
    }
    cli::Json validators(std::size_t through) const {
        const auto answer = network_.client(through).call("sluice_validators", cli::Json::array());
        return answer ? *answer : cli::Json();
    }
    bool votes(std::size_t index) const {
        const auto status = network_.status(index);
        return status.is_object() && status.value("isValidator", false);
    }

    RunningDevnet network_{{.validators = 4, .base_port = 19245}};
};

TEST_F(Membership, a_fifth_validator_joins_and_one_leaves_while_payments_go_on) {
    const auto before = pay();

    // A node is made, follows as an observer, is voted in, and votes.
    const auto added = here("devnet add bank-e");
    network_.reload();  // the new process is the fixture's to end
    ASSERT_EQ(added.code, 0) << added.text;
    ASSERT_EQ(network_.size(), 5u);
    EXPECT_EQ(added.json["proposal"].value("stage", ""), "carried");
    EXPECT_EQ(validators(0)["validators"].size(), 5u);
    EXPECT_EQ(validators(4)["quorum"], 4);
    EXPECT_TRUE(votes(4)) << "without a restart";
    const auto between = pay();

    // Of five validators four decide: without one of the old ones the new one is needed.
    network_.kill(3);
    const auto needed = pay();

    // The dead one is voted out by the others.
    const auto dry = here("validator propose-remove bank-d --as bank-a --dry-run");
    EXPECT_EQ(dry.code, 0) << dry.text;
    EXPECT_EQ(dry.json["sets"][1].value("quorum", 0), 3);
    const auto proposed = here("validator propose-remove bank-d --as bank-a --yes");
    ASSERT_EQ(proposed.code, 0) << proposed.text;
    const auto id = proposed.json["proposal"].value("id", 0);
    EXPECT_EQ(here(fmt::format("validator vote {} --as bank-a", id)).code, 1) << "it has voted";
    for (const char* voter : {"bank-b", "bank-c", "bank-e"}) {
        const auto voted = here(fmt::format("validator vote {} --as {}", id, voter));
        EXPECT_EQ(voted.code, 0) << voted.text;
    }
    const auto list = here("validator list");
    EXPECT_EQ(list.json["set"].value("validators", 0), 4) << list.text;
    EXPECT_EQ(list.json["set"].value("live", 0), 4) << list.text;

    // It comes back as an observer and follows.
    network_.start(3);
    const auto after = pay();
    ASSERT_TRUE(network_.wait_for_agreement(network_.height(0), 20s));
    EXPECT_FALSE(votes(3));
    EXPECT_TRUE(votes(4));

    // Its silence costs nothing any more.
    network_.kill(3);
    network_.kill(2);
    const auto last = pay();

    // Everybody starts again, one of them from nothing: it goes through both changes.
    network_.stop(0);
    network_.stop(1);
    network_.stop(4);
    std::filesystem::remove_all(network_.node(3).data_dir);
    network_.start_all();
    ASSERT_TRUE(network_.wait_for_agreement(network_.height(0), 30s));
    static_cast<void>(pay());

    for (const auto& receipt : {before, between, needed, after, last}) {
        const auto verified = verify(receipt);
        EXPECT_EQ(verified.code, 0) << receipt << ": " << verified.text;
    }
    EXPECT_EQ(verify(last, fmt::format("--trusted-header '{}'", between.string())).code, 0);
    for (const std::size_t node : {0u, 3u, 4u}) {
        network_.stop(node);
        EXPECT_EQ(network_.run_sluiced(node, "verify-db --full"), 0) << "the ledger of node " << node;
    }
    EXPECT_EQ(verify(before, fmt::format("--trusted-header '{}'", between.string())).code, 1);
}

TEST_F(Membership, what_the_contract_refuses_is_said_and_not_sent) {
    const auto height = network_.height(0);
    const auto member = here("validator propose-add bank-b --as bank-a --yes");
    EXPECT_EQ(member.code, 1);
    EXPECT_NE(member.text.find("is a validator already"), std::string::npos) << member.text;
    const auto stranger = here("validator propose-remove nobody --as bank-a --yes");
    EXPECT_EQ(stranger.code, 2) << stranger.text;
    EXPECT_EQ(here("validator vote 7 --as bank-a").code, 1);
    EXPECT_EQ(network_.height(0), height) << "no block was made for any of it";

    // One of four is down, and nobody hears the new one: three of five would not decide.
    network_.kill(3);
    std::this_thread::sleep_for(6s);
    const std::string add =
        "validator propose-add 0x00000000000000000000000000000000000000ff --name x "
        "--bic NEWBDEFF --as bank-a";
    const auto dry = here(add + " --dry-run");
    EXPECT_EQ(dry.code, 1) << dry.text;
    EXPECT_EQ(dry.json["sets"][1].value("live", 0), 3) << dry.text;
    EXPECT_EQ(here(add + " --yes").code, 1);
    EXPECT_EQ(network_.height(0), height);
    EXPECT_EQ(here(add + " --yes --force").code, 0);
    EXPECT_EQ(here("validator withdraw 1 --as bank-a").code, 0);
    EXPECT_EQ(here("validator proposals").json, cli::Json::array());
}

}  // namespace
}  // namespace sluice::cluster
