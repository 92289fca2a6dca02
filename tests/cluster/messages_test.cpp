// Payment messages through the wallet program against real nodes: what is settled, what is answered, what
// never changes.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include <fmt/format.h>

#include "tests/cli/message_builder.hpp"
#include "tests/support/devnet_fixture.hpp"

namespace sluice::cluster {
namespace {

using cli::iso20022::test::with;

class Messages : public ::testing::Test {
  protected:
    struct Submitted {
        int code = -1;
        cli::Json json;
    };

    Messages() { network_.issue_to_all(1'000'000); }

    static std::string transfer() {
        const auto day = test_support::today();
        auto message = cli::iso20022::test::bank_transfer();
        message.date = fmt::format("<IntrBkSttlmDt>{:04}-{:02}-{:02}</IntrBkSttlmDt>", day / 10'000,
                                   day / 100 % 100, day % 100);
        return message.text();
    }

    /// `sluice iso submit --json` on a file with this text.
    Submitted submit(const std::string& text) const {
        const auto file = network_.devnet().dir / "message.xml";
        std::ofstream(file, std::ios::binary) << text;
        const auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "sluice";
        const auto command = fmt::format("'{}' iso submit '{}' --dir '{}' --yes --json 2>/dev/null",
                                         program.string(), file.string(), network_.devnet().dir.string());
        Submitted submitted;
        std::string output;
        FILE* pipe = popen(command.c_str(), "r");
        if (pipe == nullptr) return submitted;
        char buffer[4096];
        while (const auto count = std::fread(buffer, 1, sizeof buffer, pipe))
            output.append(buffer, count);
        const int status = pclose(pipe);
        submitted.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        submitted.json = cli::Json::parse(output, nullptr, false);
        return submitted;
    }

    std::string state_root() const { return network_.status(0).value("stateRoot", ""); }

    test_support::RunningDevnet network_{{.validators = 4, .base_port = 19045}};
};

TEST_F(Messages, the_same_message_twice_has_one_status_and_moves_money_once) {
    const auto first = submit(transfer());
    EXPECT_EQ(first.code, 0) << first.json.dump(1);
    EXPECT_EQ(first.json.value("status", ""), "Final");
    EXPECT_EQ(first.json.value("answerStatus", ""), "ACSC");
    const auto position = [&] {
        return network_.client(0).call("settle_getPosition", {{{"bic", "BNKBDEFF"}, {"ccy", "EUR"}}});
    };
    const auto after = position();
    ASSERT_TRUE(after.has_value());
    EXPECT_EQ((*after)["balance"].value("minor", ""), "1025000");
    const auto again = submit(transfer());
    EXPECT_EQ(again.code, 0);
    EXPECT_EQ(again.json["height"], first.json["height"]);
    EXPECT_EQ(again.json.value("status", ""), "Final");
    EXPECT_EQ((*position())["balance"], (*after)["balance"]);
    EXPECT_TRUE(network_.wait_for_agreement(network_.height(0), std::chrono::seconds(10)));
}

TEST_F(Messages, a_refused_message_leaves_the_answer_of_the_payment_that_has_its_uetr) {
    const auto first = submit(transfer());
    const std::filesystem::path kept = first.json.value("answerFile", "");
    const auto other = submit(with(transfer(), ">250.00<", ">251.00<"));
    EXPECT_EQ(other.code, 1) << other.json.dump(1);
    EXPECT_EQ(other.json.value("reason", ""), "AM05");
    EXPECT_NE(other.json.value("answerFile", ""), kept.string());
    std::ifstream file(kept);
    const std::string answer{std::istreambuf_iterator<char>(file), {}};
    EXPECT_NE(answer.find("ACSC"), std::string::npos) << answer;
}

TEST_F(Messages, each_bad_message_gets_its_reason_and_nothing_changes_on_the_ledger) {
    struct Case {
        const char* what;
        std::string text;
        std::string answer;
        std::string reason;
    };
    const std::string good = transfer();
    const std::vector<Case> cases{
        {"a bad BIC", with(good, "<Dbtr><FinInstnId><BICFI>BNKADEFF", "<Dbtr><FinInstnId><BICFI>bnk-deff"),
         "pacs.002", "RC01"},
        {"six decimals", with(good, "250.00", "250.000001"), "pacs.002", "AM12"},
        {"a document type", with(good, "<Document", "<!DOCTYPE d [<!ENTITY e \"x\">]><Document"), "admi.002",
         "XmlForbidden"},
        {"a wrong namespace", with(good, "urn:iso:std:iso:20022:tech:xsd:pacs.009", "urn:example:pacs.009"),
         "admi.002", ""},
        {"an unknown participant",
         with(with(good, "<Cdtr><FinInstnId><BICFI>BNKBDEFF", "<Cdtr><FinInstnId><BICFI>BNKZDEFF"),
              "<InstdAgt><FinInstnId><BICFI>BNKBDEFF", "<InstdAgt><FinInstnId><BICFI>BNKZDEFF"),
         "pacs.002", "RC01"}};
    const auto root = state_root();
    for (const auto& bad : cases) {
        const auto submitted = submit(bad.text);
        EXPECT_EQ(submitted.code, 1) << bad.what;
        EXPECT_EQ(submitted.json.value("answer", ""), bad.answer) << bad.what << submitted.json.dump(1);
        if (!bad.reason.empty()) {
            EXPECT_EQ(submitted.json["reason"], bad.reason) << bad.what;
        }
        EXPECT_NE(submitted.json["reasonText"], "") << bad.what;
    }
    EXPECT_EQ(state_root(), root);
}

}  // namespace
}  // namespace sluice::cluster
