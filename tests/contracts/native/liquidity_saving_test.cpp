/// Liquidity saving on a chain: runs, their records, budget, switch, deadlock.
#include <gtest/gtest.h>

#include "contracts/native/liquidity_book.hpp"
#include "contracts/native/liquidity_client.hpp"
#include "contracts/native/queue_index.hpp"
#include "contracts/native/system_work.hpp"
#include "tests/contracts/native/settlement_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;

class LiquiditySaving : public testing::Test {
  protected:
    static PaymentDraft draft(std::size_t payer, std::size_t payee, core::Minor amount, std::uint64_t number,
                              Priority priority = Priority::normal) {
        return {.payer = payer, .payee = payee, .amount = amount, .number = number, .priority = priority};
    }
    Status pay(std::size_t payer, std::size_t payee, core::Minor amount, std::uint64_t number,
               Priority priority = Priority::normal) {
        return chain.pay(draft(payer, payee, amount, number, priority)).status;
    }
    Status status(std::size_t payer, std::uint64_t number) {
        return chain.status({.payer = payer, .number = number});
    }
    LsmRunInfo last_run() const {
        return results::lsm_run(chain.look(calls::last_lsm_run(eur)).output).value_or(LsmRunInfo{});
    }
    results::Deadlock deadlock() const {
        return results::lsm_deadlock(chain.look(calls::lsm_deadlock(eur)).output)
            .value_or(results::Deadlock{});
    }
    core::Minor shortfall(std::size_t bank) const {
        return results::amount(chain.look(calls::shortfall(bank_bic(bank), eur)).output)
            .value_or(~core::Minor{0});
    }
    void enable(bool on) { chain.send(operator_key(), calls::set_lsm_enabled(eur, on)); }
    /// A ring of `banks` payments of 100 that only together can settle.
    void queue_ring(std::size_t banks) {
        for (std::size_t i = 0; i < banks; ++i)
            EXPECT_EQ(pay(i, (i + 1) % banks, 100, 1'000 + i), Status::queued);
    }

    SettlementChain chain{6};
};

TEST_F(LiquiditySaving, a_run_that_only_holds_what_is_left_ends_well) {
    const PaymentDraft back = draft(1, 0, 4'999, 1);
    EXPECT_EQ(chain.pay(back).status, Status::queued);
    EXPECT_TRUE(chain.send(maker_of(1), calls::hold(id_of(back))).succeeded());
    EXPECT_EQ(pay(0, 1, 3'000, 2), Status::queued);
    for (std::uint64_t first = 0; first < 2'000; first += 400) {
        std::vector<Sent> acts;
        for (std::uint64_t k = first; k < std::min<std::uint64_t>(first + 400, 1'999); ++k)
            acts.push_back(submit(draft(0, 1, 1, 10 + k)));
        chain.block(acts);
    }
    EXPECT_EQ(pay(0, 2, 1, 3), Status::queued);
    EXPECT_TRUE(
        chain.send(operator_key(), calls::set_status(bank_bic(2), ParticipantStatus::suspended, "test"))
            .succeeded());
    EXPECT_TRUE(chain.send(maker_of(1), calls::unhold(id_of(back))).succeeded());
    EXPECT_EQ(chain.status(back), Status::settled);
    while (chain.next_due() && *chain.next_due() <= core::time_ms_of(chain.head))
        chain.block({});
    EXPECT_EQ(status(0, 3), Status::held);
}

TEST_F(LiquiditySaving, limits_that_renew_wake_queues_that_formed_while_it_was_off) {
    enable(false);
    EXPECT_TRUE(chain.send(approver_of(0), calls::set_bilateral_limit(bank_bic(1), eur, 100)).succeeded());
    chain.issue(0, 100);
    EXPECT_EQ(pay(0, 1, 100, 1), Status::settled);
    EXPECT_EQ(pay(1, 2, 100, 2), Status::settled);
    EXPECT_EQ(pay(0, 1, 100, 3), Status::queued);
    EXPECT_EQ(pay(1, 0, 100, 4, Priority::high), Status::queued);
    enable(true);
    EXPECT_EQ(status(0, 3), Status::queued);
    const auto due = chain.next_due();
    ASSERT_TRUE(due.has_value()) << "the limit renews with the value date";
    chain.block({}, *due);
    EXPECT_EQ(status(0, 3), Status::settled);
    EXPECT_EQ(status(1, 4), Status::settled);
}

TEST_F(LiquiditySaving, a_ring_settles_in_the_block_that_closes_it) {
    queue_ring(5);
    for (std::size_t i = 0; i < 5; ++i)
        EXPECT_EQ(status(i, 1'000 + i), Status::settled);
    const auto runs = events_of<LsmRunEvent>(chain.events());
    ASSERT_EQ(runs.size(), 1u);
    EXPECT_EQ(runs[0].queued, 5u);
    EXPECT_EQ(runs[0].settled, 5u);
    EXPECT_EQ(runs[0].gross, 500u);
    EXPECT_EQ(runs[0].net_moved, 0u);
    EXPECT_EQ(runs[0].liquidity_saved, 500u);
}

TEST_F(LiquiditySaving, the_record_of_a_run_says_what_its_event_says) {
    chain.issue(0, 30);
    pay(0, 1, 100, 1);
    pay(1, 0, 70, 2);
    const auto runs = events_of<LsmRunEvent>(chain.events());
    ASSERT_EQ(runs.size(), 1u);
    const LsmRunInfo record = last_run();
    EXPECT_EQ(record.id, runs[0].run);
    EXPECT_EQ(record.height, chain.head.height);
    EXPECT_EQ(record.currency, eur);
    EXPECT_EQ(record.settled, 2u);
    EXPECT_EQ(record.gross, 170u);
    EXPECT_EQ(record.net_moved, 30u);
    EXPECT_EQ(record.liquidity_saved, 140u);
    EXPECT_EQ(record.inputs_hash, runs[0].inputs_hash);
    EXPECT_NE(record.inputs_hash, core::Hash{});
    EXPECT_EQ(results::lsm_run(chain.look(calls::lsm_run(record.id)).output), record);
    EXPECT_EQ(results::lsm_run(chain.look(calls::lsm_run(record.id + 1)).output), LsmRunInfo{});
    EXPECT_EQ(results::number(chain.look(calls::last_lsm_run_id()).output), record.id);
}

TEST_F(LiquiditySaving, payments_settle_in_order_of_arrival_with_entries_of_their_own) {
    pay(0, 1, 100, 1);
    pay(0, 2, 50, 2);
    pay(1, 0, 100, 3);
    pay(2, 0, 50, 4);
    // The first ring settles at once, the second with the last payment.
    EXPECT_EQ(chain.position(0).balance, 0);
    std::vector<std::uint64_t> amounts;
    for (const AccountEntryEvent& entry : events_of<AccountEntryEvent>(chain.events()))
        if (entry.bic == bank_bic(0))
            amounts.push_back(static_cast<std::uint64_t>(entry.delta < 0 ? -entry.delta : entry.delta));
    EXPECT_EQ(amounts, (std::vector<std::uint64_t>{50, 50}));
}

TEST_F(LiquiditySaving, a_deadlock_is_told_once_and_clears_by_itself) {
    EXPECT_EQ(pay(0, 1, 100, 1), Status::queued);
    auto told = events_of<DeadlockEvent>(chain.events());
    ASSERT_EQ(told.size(), 1u);
    EXPECT_EQ(told[0].queued, 1u);
    EXPECT_TRUE(deadlock().stands);
    EXPECT_EQ(deadlock().queued, 1u);
    EXPECT_EQ(last_run().settled, 0u);
    pay(0, 2, 100, 2);
    pay(3, 1, 7, 3);
    EXPECT_TRUE(events_of<DeadlockEvent>(chain.events()).empty()) << "it stands already";
    pay(1, 0, 100, 4);
    EXPECT_EQ(status(0, 1), Status::settled);
    EXPECT_FALSE(deadlock().stands);
    EXPECT_EQ(deadlock().queued, 2u);
    pay(4, 5, 1, 5);
    EXPECT_TRUE(deadlock().stands) << "what came does not move, nor does the rest";
    EXPECT_EQ(events_of<DeadlockEvent>(chain.events()).size(), 1u);
}

TEST_F(LiquiditySaving, a_deadlock_ends_with_its_last_payment) {
    pay(0, 1, 100, 1);
    EXPECT_TRUE(deadlock().stands);
    chain.send(maker_of(0), calls::cancel(id_of({.payer = 0, .number = 1}), reason::by_customer));
    EXPECT_FALSE(deadlock().stands);
    pay(0, 1, 100, 2);
    EXPECT_EQ(events_of<DeadlockEvent>(chain.events()).size(), 1u);
}

TEST_F(LiquiditySaving, the_shortfall_is_what_the_head_lacks) {
    chain.issue(0, 30);
    EXPECT_EQ(shortfall(0), 0u);
    pay(0, 1, 100, 1);
    pay(0, 1, 500, 2);
    EXPECT_EQ(shortfall(0), 70u);
    EXPECT_EQ(shortfall(1), 0u);
}

TEST_F(LiquiditySaving, switched_off_only_heads_that_are_covered_settle) {
    enable(false);
    EXPECT_EQ(results::flag(chain.look(calls::is_lsm_enabled(eur)).output), false);
    queue_ring(3);
    EXPECT_EQ(status(0, 1'000), Status::queued);
    EXPECT_TRUE(events_of<DeadlockEvent>(chain.events()).empty());
    chain.issue(0, 100);
    EXPECT_EQ(status(0, 1'000), Status::settled);
    EXPECT_EQ(status(2, 1'002), Status::settled);
    EXPECT_TRUE(events_of<LsmRunEvent>(chain.events()).empty());
}

TEST_F(LiquiditySaving, an_operator_may_run_it_by_hand_while_it_is_off) {
    enable(false);
    queue_ring(3);
    chain.send(operator_key(), calls::run_lsm(eur));
    EXPECT_EQ(status(1, 1'001), Status::settled);
    EXPECT_EQ(events_of<LsmRunEvent>(chain.events()).size(), 1u);
    EXPECT_EQ(chain.next_due(), std::nullopt);
}

TEST_F(LiquiditySaving, switching_it_on_resolves_what_has_gathered) {
    enable(false);
    queue_ring(4);
    enable(true);
    EXPECT_EQ(status(3, 1'003), Status::settled);
    EXPECT_EQ(events_of<LsmEnabledEvent>(chain.events()).size(), 1u);
    enable(true);
    EXPECT_TRUE(chain.events().empty()) << "a repetition changes nothing";
}

TEST_F(LiquiditySaving, only_operators_run_and_switch_it) {
    EXPECT_EQ(text_of(chain.refusal(maker_of(0), calls::run_lsm(eur))), "AG01");
    EXPECT_EQ(text_of(chain.refusal(admin_of(0), calls::set_lsm_enabled(eur, false))), "AG01");
    EXPECT_EQ(text_of(chain.refusal(operator_key(), calls::run_lsm({'X', 'X', 'X'}))), "AM03");
}

TEST_F(LiquiditySaving, several_operators_switch_it_together) {
    SettlementChain board(settlement_spec(2, 3, 2));
    board.refusal(operator_key(0), calls::set_lsm_enabled(eur, false));
    board.send(operator_key(0), calls::propose_act(calls::set_lsm_enabled(eur, false).data));
    EXPECT_EQ(results::flag(board.look(calls::is_lsm_enabled(eur)).output), true);
    board.send(operator_key(1), calls::confirm_act(1));
    EXPECT_EQ(results::flag(board.look(calls::is_lsm_enabled(eur)).output), false);
}

TEST_F(LiquiditySaving, a_bank_sets_its_own_options_and_nobody_elses) {
    EXPECT_EQ(text_of(chain.refusal(maker_of(0), calls::set_lsm_options(eur, true, 0))), "AG01");
    EXPECT_EQ(text_of(chain.refusal(admin_of(0), calls::set_lsm_options(eur, true, amount_max + 1))), "AM02");
    chain.send(admin_of(0), calls::set_lsm_options(eur, true, 25));
    const auto told = events_of<LsmOptionsEvent>(chain.events());
    ASSERT_EQ(told.size(), 1u);
    EXPECT_EQ(told[0], (LsmOptionsEvent{bank_bic(0), eur, true, 25}));
    const auto options = results::lsm_options(chain.look(calls::lsm_options(bank_bic(0), eur)).output);
    ASSERT_TRUE(options.has_value());
    EXPECT_TRUE(options->allow_bypass);
    EXPECT_EQ(options->sub_limit, 25u);
    chain.send(admin_of(0), calls::set_lsm_options(eur, true, 25));
    EXPECT_TRUE(chain.events().empty()) << "a repetition changes nothing";
}

TEST_F(LiquiditySaving, what_the_sub_limit_keeps_stays_out_of_runs_but_pays_alone) {
    chain.issue(0, 100);
    chain.send(admin_of(0), calls::set_lsm_options(eur, false, 80));
    pay(0, 1, 150, 1);
    pay(1, 0, 60, 2);
    EXPECT_EQ(status(0, 1), Status::queued) << "90 of 100 would be used";
    chain.send(admin_of(0), calls::set_lsm_options(eur, false, 10));
    EXPECT_EQ(status(0, 1), Status::settled);
    EXPECT_EQ(chain.balance(0), 10);
    chain.send(admin_of(0), calls::set_lsm_options(eur, false, 80));
    EXPECT_EQ(pay(0, 1, 10, 3), Status::settled) << "an ordinary payment may use all";
}

TEST_F(LiquiditySaving, a_suspended_payee_stops_no_one_behind_for_long) {
    pay(0, 1, 100, 1);
    pay(0, 2, 100, 2);
    pay(0, 1, 100, 3);
    chain.send(operator_key(), calls::set_status(bank_bic(2), ParticipantStatus::suspended, "test"));
    pay(1, 0, 200, 4);
    chain.block({});
    chain.block({});
    EXPECT_EQ(status(0, 1), Status::settled);
    EXPECT_EQ(status(0, 2), Status::held);
    EXPECT_EQ(status(0, 3), Status::settled);
    EXPECT_EQ(chain.next_due(), std::nullopt);
}

class SmallBudget : public LiquiditySaving {
  protected:
    /// Performs due work in portions of `steps`; returns the portions it took.
    std::size_t work_off(std::uint32_t steps) {
        std::size_t portions = 0;
        for (;; ++portions) {
            JournaledState journal(chain.state);
            BlockContext context = chain.next_context();
            context.queues = nullptr;
            const Books books(journal, context);
            if (!is_work_due(books)) return portions;
            journal.begin_transaction();
            run_due_work(books, steps);
            journal.finish_transaction();
            chain.state.apply(journal.take_diff());
            if (portions > 100) return portions;
        }
    }
    void request() {
        JournaledState journal(chain.state);
        const BlockContext context = chain.next_context();
        const Books books(journal, context);
        journal.begin_transaction();
        set_lsm_enabled(books, 1, true);
        request_run(books, 1, RunRequest::leftover);
        journal.finish_transaction();
        chain.state.apply(journal.take_diff());
    }
};

TEST_F(SmallBudget, a_run_larger_than_the_budget_goes_on_in_the_next_block_with_the_oldest_first) {
    enable(false);
    for (std::uint64_t n = 0; n < 6; ++n) {
        pay(0, 1, 100 + n, 1 + n);
        pay(1, 0, 100 + n, 101 + n);
    }
    request();
    EXPECT_EQ(work_off(5), 3u) << "four and four and four of twelve, pair by pair";
    EXPECT_EQ(status(0, 6), Status::settled);
    EXPECT_EQ(status(1, 106), Status::settled);
}

TEST_F(SmallBudget, one_closed_cycle_is_booked_at_once_whatever_the_budget) {
    enable(false);
    queue_ring(6);
    request();
    EXPECT_EQ(work_off(2), 1u);
    EXPECT_EQ(status(0, 1'000), Status::settled);
}

}  // namespace
}  // namespace sluice::contracts
