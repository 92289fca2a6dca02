#include "cli/conformance/settlement_case.hpp"

#include <gtest/gtest.h>

#include "cli/files.hpp"
#include "tests/cli/sample_data.hpp"

namespace sluice::cli::conformance {
namespace {

SettlementCase runnable(const char* text) {
    const auto read = read_case(Json::parse(text));
    if (const auto* skipped = std::get_if<SkippedCase>(&read)) ADD_FAILURE() << skipped->reason;
    return std::holds_alternative<SettlementCase>(read) ? std::get<SettlementCase>(read) : SettlementCase{};
}

std::string reason_of(const char* text) {
    const auto read = read_case(Json::parse(text));
    const auto* skipped = std::get_if<SkippedCase>(&read);
    return skipped ? skipped->reason : "it is run";
}

TEST(SettlementCase, takes_start_balances_as_an_object) {
    const auto read = runnable(
        R"({"id":"a","start":{"B":3,"A":-2},"credit":{"A":5},
            "queue":[{"ref":"T1","payer":"A","payee":"C","amount":4,"priority":"High"}],
            "published":{"quorum_eaf2_fifo":{"settled":[],"unsettled":["T1"],"closing":{"A":-2}}}})");
    ASSERT_EQ(read.banks.size(), 3u);
    EXPECT_EQ(read.banks[0].id, "B");
    EXPECT_EQ(read.banks[1].start, -2);
    EXPECT_EQ(read.banks[1].credit, 5);
    EXPECT_EQ(read.banks[2].id, "C") << "a bank that only payments name starts with nothing";
    EXPECT_EQ(read.payments[0].priority, contracts::native::Priority::high);
    ASSERT_EQ(read.rounds.size(), 1u);
    EXPECT_TRUE(read.rounds[0].saves_liquidity);
    EXPECT_EQ(read.rounds[0].expected.unsettled, std::set<std::string>{"T1"});
    EXPECT_EQ(read.rounds[0].expected.closing.at("A"), -2);
}

TEST(SettlementCase, takes_banks_as_a_list_and_conditions_at_either_place) {
    for (const auto* text :
         {R"({"id":"a","banks":[{"id":"A","balance":1,"credit":2}],"payments":[],"lsm":false,
              "inject":{"bank":"A","amount":4},"expected":{"settled":0}})",
          R"({"id":"a","banks":[{"id":"A","balance":1,"credit":2}],"queue":[],
              "expected":{"lsm":false,"inject":[{"bank":"A","amount":4}],"settled":0}})"}) {
        const auto read = runnable(text);
        ASSERT_EQ(read.rounds.size(), 1u);
        EXPECT_FALSE(read.rounds[0].saves_liquidity);
        ASSERT_EQ(read.rounds[0].injections.size(), 1u);
        EXPECT_EQ(read.rounds[0].injections[0].amount, 4);
        EXPECT_EQ(read.rounds[0].expected.settled_count, 0u);
    }
}

TEST(SettlementCase, with_and_without_liquidity_saving_are_two_rounds) {
    const auto read = runnable(
        R"({"id":"a","start":{"A":1,"B":1},"payments":[{"ref":"P","payer":"A","payee":"B","amount":1}],
            "expected":{"without_lsm":{"settled":0,"queue_len":3},"with_lsm":{"all_settle":true}}})");
    ASSERT_EQ(read.rounds.size(), 2u);
    EXPECT_FALSE(read.rounds[0].saves_liquidity);
    EXPECT_EQ(read.rounds[0].expected.queue_length, 3u);
    EXPECT_TRUE(read.rounds[1].saves_liquidity);
    EXPECT_EQ(read.rounds[1].expected.all_settle, true);
}

TEST(SettlementCase, what_cannot_be_run_is_skipped_with_its_reason) {
    EXPECT_NE(reason_of(R"({"id":"a","steps":["do this"]})").find("prose"), std::string::npos);
    EXPECT_EQ(reason_of(R"({"id":"a","start":{},"queue":[],"expected":{"cycle_settles":false}})"),
              "unit test of the atomic cycle step");
    EXPECT_EQ(reason_of(R"({"id":"a","start":{},"queue":[],"note":"x; unit test of the atomic cycle step"})"),
              "unit test of the atomic cycle step");
    EXPECT_NE(reason_of(R"({"id":"a","start":{"A":-1},"queue":[],"expected":{}})").find("credit"),
              std::string::npos);
    EXPECT_NE(reason_of(R"({"id":"a","start":{"A":1e-7},"queue":[],"expected":{}})").find("digits"),
              std::string::npos);
    EXPECT_NE(reason_of(R"({"id":"a","start":{},"queue":[],"expected":{"colour":1}})").find("colour"),
              std::string::npos);
    EXPECT_NE(reason_of(R"({"id":"a","start":{},"queue":[],"expected":{"settled":["T9"]}})").find("T9"),
              std::string::npos);
    EXPECT_NE(reason_of(R"({"id":"a","start":{},"queue":[],"expected":{"all_settle":"yes"}})").find("type"),
              std::string::npos);
    EXPECT_NE(reason_of(R"({"id":"a","start":{},"queue":[]})"), "it is run");
    EXPECT_NE(reason_of(R"(7)"), "it is run");
}

TEST(SettlementCase, takes_banks_as_an_object_and_balances_from_start) {
    const auto read = runnable(
        R"({"id":"a","banks":{"A":100,"B":{"balance":-3,"credit":5},"C":{"credit":7}},"start":{"C":4,"D":1},
            "payments":[],"expected":{"settled":0,"unsettled":2}})");
    ASSERT_EQ(read.banks.size(), 4u);
    EXPECT_EQ(read.banks[0].start, 100);
    EXPECT_EQ(read.banks[1].start, -3);
    EXPECT_EQ(read.banks[1].credit, 5);
    EXPECT_EQ(read.banks[2].start, 4);
    EXPECT_EQ(read.banks[2].credit, 7);
    EXPECT_EQ(read.banks[3].id, "D");
    EXPECT_EQ(read.rounds[0].expected.unsettled_count, 2u);
    EXPECT_NE(
        reason_of(R"({"id":"a","banks":{"A":1},"start":{"A":1},"payments":[],"expected":{}})").find("two"),
        std::string::npos);
    const auto listed = runnable(
        R"({"id":"a","banks":[{"id":"A","credit":2},"B"],"start":{"A":-1},"payments":[],"expected":{}})");
    ASSERT_EQ(listed.banks.size(), 2u);
    EXPECT_EQ(listed.banks[0].start, -1);
    EXPECT_EQ(listed.banks[1].id, "B");
}

TEST(SettlementCase, what_nobody_here_knows_is_not_left_out_in_silence) {
    EXPECT_NE(
        reason_of(R"({"id":"a","banks":[{"id":"A","limit":2}],"queue":[],"expected":{}})").find("limit"),
        std::string::npos);
    EXPECT_NE(reason_of(R"({"id":"a","start":{},"expected":{},
                            "queue":[{"payer":"A","payee":"B","amount":1,"cutoff":2}]})")
                  .find("cutoff"),
              std::string::npos);
    EXPECT_NE(reason_of(R"({"id":"a","start":{},"queue":[],"limits":{},"expected":{}})").find("limits"),
              std::string::npos);
}

TEST(SettlementCase, amounts_with_decimals_are_all_multiplied_alike) {
    const auto read = runnable(
        R"({"id":"a","start":{"A":10,"B":2.5},"credit":{"B":1},"inject":{"bank":"A","amount":1.0},
            "queue":[{"ref":"P","payer":"A","payee":"B","amount":0.25}],
            "expected":{"settled":1,"queue_len":0,"settled_value":0.25,"closing":{"A":-9.75}}})");
    EXPECT_EQ(read.banks[0].start, 1'000);
    EXPECT_EQ(read.banks[1].start, 250);
    EXPECT_EQ(read.banks[1].credit, 100);
    EXPECT_EQ(read.payments[0].amount, 25);
    ASSERT_EQ(read.rounds.size(), 1u);
    EXPECT_EQ(read.rounds[0].injections[0].amount, 100);
    EXPECT_EQ(read.rounds[0].expected.settled_count, 1u);
    EXPECT_EQ(read.rounds[0].expected.settled_value, 25);
    EXPECT_EQ(read.rounds[0].expected.closing.at("A"), -975);
}

TEST(SettlementCase, a_file_is_a_list_an_object_of_cases_or_one_case) {
    EXPECT_EQ(read_cases(R"([{"id":"a"},{"id":"b"}])")->size(), 2u);
    EXPECT_EQ(read_cases(R"({"cases":[{"id":"a"}]})")->size(), 1u);
    EXPECT_EQ(read_cases(R"({"id":"a"})")->size(), 1u);
    EXPECT_FALSE(read_cases("[]").has_value());
    EXPECT_FALSE(read_cases("{").has_value());
}

TEST(SettlementCase, of_the_published_ones_every_queue_is_run) {
    std::size_t gridlock = 0, rtgs = 0;
    for (const auto& [file, count] :
         {std::pair("gridlock_cases.json", &gridlock), std::pair("rtgs_cases.json", &rtgs)}) {
        const auto text = read_file(iso20022::test::sample_data() / "settlement" / file);
        if (!text) GTEST_SKIP() << text.error();
        const auto cases = read_cases(*text);
        ASSERT_TRUE(cases.has_value()) << cases.error();
        for (const auto& one : *cases)
            *count += std::holds_alternative<SettlementCase>(one);
    }
    EXPECT_EQ(gridlock, 14u);
    EXPECT_EQ(rtgs, 10u) << "all but the two that describe the atomic cycle step";
}

}  // namespace
}  // namespace sluice::cli::conformance
