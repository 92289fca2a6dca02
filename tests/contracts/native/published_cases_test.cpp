/// Published behaviour of RTGS queues: cases of others, read where they lie.
#include <gtest/gtest.h>

#include "contracts/native/liquidity_client.hpp"
#include "tests/contracts/native/published_cases.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;

/// A case of rtgs_cases.json after its payments were submitted. Negative opening balances come to be by a
/// payment out of the credit line.
CaseRun submitted(const json& published, bool saves_liquidity = true) {
    std::vector<std::string> banks;
    for (const json& bank : published.at("banks"))
        banks.push_back(bank.at("id"));
    banks.push_back("elsewhere");
    CaseRun run(banks);
    if (!saves_liquidity) run.chain.send(operator_key(), calls::set_lsm_enabled(eur, false));
    for (const json& bank : published.at("banks")) {
        const std::string id = bank.at("id");
        run.chain.set_credit_line(run.bank(id), bank.at("credit").get<std::uint64_t>());
        const std::int64_t balance = bank.at("balance");
        run.fund(id, balance);
        if (balance < 0) {
            EXPECT_EQ(run.pay(id, "elsewhere", static_cast<std::uint64_t>(-balance)), Status::settled);
        }
    }
    run.drafts.clear();
    std::uint64_t number = 1'000;
    for (const json& payment : published.at("payments")) {
        run.drafts.push_back({.payer = run.bank(payment.at("payer")),
                              .payee = run.bank(payment.at("payee")),
                              .amount = payment.at("amount").get<std::uint64_t>(),
                              .number = ++number});
        run.chain.pay(run.drafts.back());
    }
    return run;
}

TEST(PublishedRtgs, sim_rtgs_inject_a_chain_unwinds_from_one_injection) {
    const auto published = find_case("rtgs_cases.json", "sim-rtgs-inject");
    if (!published) GTEST_SKIP() << absent();
    // The case is one of plain queues; with liquidity saving the closed chain settles by itself.
    CaseRun run = submitted(*published, false);
    EXPECT_EQ(run.settled(), 0u);
    const json& expected = published->at("expected");
    run.fund(expected.at("inject").at("bank"), expected.at("inject").at("amount"));
    EXPECT_EQ(run.settled(), expected.at("settled").get<std::size_t>());
    EXPECT_EQ(run.chain.last.receipts.size(), 2u) << "one issue and one system transaction, in one block";
    run.expect_closing(expected.at("closing"));
}

TEST(PublishedRtgs, sim_rtgs_gridlock_stands_without_liquidity_saving) {
    const auto published = find_case("rtgs_cases.json", "sim-rtgs-gridlock");
    if (!published) GTEST_SKIP() << absent();
    const CaseRun run = submitted(*published, false);
    const json& expected = published->at("expected").at("without_lsm");
    EXPECT_EQ(run.settled(), expected.at("settled").get<std::size_t>());
    std::size_t queued = 0;
    for (const json& bank : published->at("banks"))
        queued += run.queued_amounts(bank.at("id")).size();
    EXPECT_EQ(queued, expected.at("queue_len").get<std::size_t>());
}

/// Settles every payment and reaches the closing balances that the case names.
void expect_all_settle(const std::string& id) {
    const auto published = find_case("rtgs_cases.json", id);
    if (!published) GTEST_SKIP() << absent();
    const CaseRun run = submitted(*published);
    EXPECT_EQ(run.settled(), published->at("payments").size());
    const json& expected = published->at("expected");
    if (expected.contains("closing")) run.expect_closing(expected.at("closing"));
    if (expected.contains("closing_partial")) run.expect_closing(expected.at("closing_partial"));
}

TEST(PublishedRtgs, sim_t2_cycle_equal_settles) {
    expect_all_settle("sim-t2-cycle-equal");
}
TEST(PublishedRtgs, sim_t2_cycle_credit_settles) {
    expect_all_settle("sim-t2-cycle-credit");
}
TEST(PublishedRtgs, sim_lsm_asym_settles) {
    expect_all_settle("sim-lsm-asym");
}
TEST(PublishedRtgs, sim_lsm_multi_settles) {
    expect_all_settle("sim-lsm-multi");
}
TEST(PublishedRtgs, sim_lsm_pair_settles) {
    expect_all_settle("sim-lsm-pair");
}

TEST(PublishedRtgs, sim_rtgs_gridlock_is_resolved_by_liquidity_saving) {
    const auto published = find_case("rtgs_cases.json", "sim-rtgs-gridlock");
    if (!published) GTEST_SKIP() << absent();
    const CaseRun run = submitted(*published);
    EXPECT_EQ(run.settled(), published->at("payments").size());
    run.expect_closing(published->at("expected").at("with_lsm").at("closing"));
}

TEST(PublishedRtgs, sim_lsm_nopair_settles_nothing) {
    const auto published = find_case("rtgs_cases.json", "sim-lsm-nopair");
    if (!published) GTEST_SKIP() << absent();
    EXPECT_EQ(submitted(*published).settled(), 0u);
}

TEST(PublishedRtgs, sim_credit_4_pays_within_the_remaining_credit) {
    const auto published = find_case("rtgs_cases.json", "sim-credit-4");
    if (!published) GTEST_SKIP() << absent();
    const CaseRun run = submitted(*published);
    EXPECT_EQ(run.settled(), 1u);
    run.expect_closing(published->at("expected").at("closing"));
}

TEST(PublishedRtgs, sim_t2_conservation_keeps_the_sum) {
    const auto published = find_case("rtgs_cases.json", "sim-t2-conservation");
    if (!published) GTEST_SKIP() << absent();
    const CaseRun run = submitted(*published);
    core::SignedMinor sum = 0;
    for (const json& bank : published->at("banks"))
        sum += run.chain.balance(run.bank(bank.at("id")));
    EXPECT_EQ(static_cast<std::int64_t>(sum),
              published->at("expected").at("sum_of_balances").get<std::int64_t>());
}

TEST(PublishedBehaviour, beh_hold_position_held_payments_leave_the_position) {
    const auto published = find_case("behaviour_cases.json", "beh-hold-position");
    if (!published) GTEST_SKIP() << absent();
    CaseRun run({"A", "B"});
    run.fund("A", published->at("start").at("A"));
    std::map<std::string, PaymentId> ids;
    const auto running_position = [&] {
        json positions = json::array();
        std::int64_t position = static_cast<std::int64_t>(run.chain.balance(0));
        for (const PaymentDraft& draft : run.drafts) {
            const bool held = run.chain.status(draft) == Status::held;
            if (!held) position -= static_cast<std::int64_t>(draft.amount);
            if (held)
                positions.push_back("(held: " + std::to_string(position) + ")");
            else
                positions.push_back(position);
        }
        return positions;
    };
    for (const json& step : published->at("steps")) {
        if (step.contains("expect_running_position")) {
            EXPECT_EQ(running_position(), step.at("expect_running_position"));
        } else if (step.at("op") == "pay") {
            EXPECT_EQ(run.pay(step.at("payer"), step.at("payee"), step.at("amount")), Status::queued);
            ids[step.at("ref")] = id_of(run.drafts.back());
        } else {
            EXPECT_EQ(step.at("op"), "hold");
            run.chain.send(maker_of(0), calls::hold(ids.at(step.at("ref"))));
        }
    }
    EXPECT_EQ(run.chain.position(0).net_queued, -160);
}

TEST(PublishedBehaviour, beh_priority_sort_orders_by_priority_then_creation) {
    const auto published = find_case("behaviour_cases.json", "beh-priority-sort");
    if (!published) GTEST_SKIP() << absent();
    CaseRun run({"A", "B"});
    run.pay("A", "B", 25);
    run.pay("A", "B", 10);
    run.pay("A", "B", 150, Priority::high);
    run.pay("A", "B", 50);
    run.chain.send(maker_of(0), calls::set_priority(id_of(run.drafts.back()), Priority::high));
    std::vector<std::string> queue;
    for (const PaymentId& id : run.chain.queue(0)) {
        const PaymentInfo payment = run.chain.payment(id);
        queue.push_back(core::to_decimal(payment.amount) + (payment.priority == Priority::high ? "H" : "N"));
    }
    EXPECT_EQ(json(queue), published->at("expect_queue"));
}

TEST(PublishedBehaviour, beh_update_priority_reorders_the_queue) {
    const auto published = find_case("behaviour_cases.json", "beh-update-priority");
    if (!published) GTEST_SKIP() << absent();
    CaseRun second({"A", "B"});
    second.fund("A", published->at("start").at("A"));
    for (const std::uint64_t amount : {300u, 400u, 200u})
        second.pay("A", "B", amount);
    second.chain.send(maker_of(0), calls::set_priority(id_of(second.drafts[2]), Priority::high));
    EXPECT_EQ(second.queued_amounts("A"), (std::vector<std::uint64_t>{200, 300, 400}));

    CaseRun third({"A", "B"});
    third.fund("A", published->at("start").at("A"));
    third.pay("A", "B", 300, Priority::high);
    third.pay("A", "B", 400);
    third.pay("A", "B", 200);
    third.chain.send(maker_of(0), calls::set_priority(id_of(third.drafts[0]), Priority::normal));
    third.pay("A", "B", 150, Priority::high);
    EXPECT_EQ(third.queued_amounts("A"), (std::vector<std::uint64_t>{150, 300, 400, 200}));
}

TEST(PublishedBehaviour, beh_pledge_redeem_locks_approves_and_passes_by_the_queue) {
    if (!find_case("behaviour_cases.json", "beh-pledge-redeem")) GTEST_SKIP() << absent();
    CaseRun run({"bank", "other"});
    const auto open_requests = [&] {
        return results::redemptions(run.chain.look(calls::open_redemptions(0, 10)).output)->size();
    };
    run.fund("bank", 300);
    EXPECT_EQ(run.chain.balance(0), 300);
    run.chain.send(maker_of(0), calls::request_redeem(eur, 150, uetr_of(1)));
    EXPECT_EQ(run.chain.balance(0), 150);
    EXPECT_EQ(run.chain.position(0).locked, 150u);
    EXPECT_EQ(open_requests(), 1u);
    run.chain.send(issuer_key(), calls::approve_redeem(bank_bic(0), uetr_of(1), true));
    EXPECT_EQ(run.chain.position(0).locked, 0u);
    EXPECT_EQ(open_requests(), 0u);

    CaseRun pledged({"bank", "other"});
    pledged.pay("bank", "other", 1'000);
    pledged.fund("bank", 500);
    EXPECT_EQ(pledged.chain.balance(0), 500);
}

TEST(PublishedBehaviour, beh_deadlock_then_funds_clears_by_itself) {
    const auto published = find_case("behaviour_cases.json", "beh-deadlock-then-funds");
    if (!published) GTEST_SKIP() << absent();
    CaseRun run({"bank1", "bank2"});
    for (const json& step : published->at("steps"))
        if (step.is_object()) run.pay(step.at("payer"), step.at("payee"), step.at("amount"));
    EXPECT_EQ(run.settled(), 0u);
    run.fund("bank1", 1'000);
    run.fund("bank2", 1'000);
    EXPECT_EQ(run.settled(), 2u);
    EXPECT_EQ(run.chain.balance(0), 910);
    EXPECT_EQ(run.chain.balance(1), 1'090);
}

}  // namespace
}  // namespace sluice::contracts
