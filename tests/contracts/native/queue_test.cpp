#include <gtest/gtest.h>

#include "contracts/native/retry_list.hpp"
#include "contracts/native/system_work.hpp"
#include "tests/contracts/native/settlement_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;

class QueueTest : public testing::Test {
  protected:
    /// Queue of a bank as payment numbers; the payer is the bank.
    std::vector<std::uint64_t> order(std::size_t bank = 0) const {
        std::vector<std::uint64_t> numbers;
        for (const PaymentId& id : chain.queue(bank))
            for (std::uint64_t number = 1; number < 200; ++number)
                if (id == id_of({.payer = bank, .number = number})) numbers.push_back(number);
        return numbers;
    }
    Status status(std::uint64_t number, std::size_t payer = 0) const {
        return chain.status({.payer = payer, .number = number});
    }
    Status act(const ContractCall& call, std::size_t bank = 0) {
        const CallOutcome outcome = chain.send(maker_of(bank), call);
        EXPECT_TRUE(outcome.succeeded());
        return results::status(outcome.output).value_or(Status::none);
    }
    static PaymentId id(std::uint64_t number, std::size_t payer = 0) {
        return id_of({.payer = payer, .number = number});
    }
    using Numbers = std::vector<std::uint64_t>;
    SettlementChain chain{5};
};

TEST_F(QueueTest, without_funds_a_payment_queues_and_says_why) {
    EXPECT_EQ(chain.pay({.number = 1}), (Submitted{Status::queued, reason::insufficient_funds}));
    EXPECT_EQ(order(), Numbers{1});
    EXPECT_EQ(chain.queue(1, true), std::vector<PaymentId>{id(1)});
}

TEST_F(QueueTest, a_small_payment_may_not_overtake_a_queued_one_of_its_class) {
    chain.issue(0, 100);
    chain.pay({.amount = 500, .number = 1});
    EXPECT_EQ(chain.pay({.amount = 1, .number = 2}), (Submitted{Status::queued, reason::none}));
    EXPECT_EQ(order(), (Numbers{1, 2}));
}

TEST_F(QueueTest, high_may_overtake_normal_and_waits_behind_high) {
    chain.issue(0, 100);
    chain.pay({.amount = 500, .number = 1});
    EXPECT_EQ(chain.pay({.amount = 40, .number = 2, .priority = Priority::high}).status, Status::settled);
    EXPECT_EQ(chain.pay({.amount = 400, .number = 3, .priority = Priority::high}).status, Status::queued);
    EXPECT_EQ(chain.pay({.amount = 1, .number = 4, .priority = Priority::high}).status, Status::queued);
    EXPECT_EQ(chain.pay({.amount = 1, .number = 5, .priority = Priority::low}).status, Status::queued);
    EXPECT_EQ(order(), (Numbers{3, 4, 1, 5}));
}

TEST_F(QueueTest, funds_settle_the_head_and_what_follows_until_one_does_not_fit) {
    chain.pay({.amount = 100, .number = 1});
    chain.pay({.amount = 200, .number = 2});
    chain.pay({.amount = 500, .number = 3});
    chain.pay({.amount = 1, .number = 4});
    chain.issue(0, 350);
    EXPECT_EQ(chain.balance(0), 50);
    EXPECT_EQ(order(), (Numbers{3, 4}));
    ASSERT_EQ(chain.last.transactions.size(), 2u);
    EXPECT_EQ(chain.last.transactions[1]->transaction.type, core::TransactionType::system);
}

TEST_F(QueueTest, what_a_queued_payment_brings_lets_its_payee_pay_in_the_same_block) {
    chain.pay({.payer = 1, .payee = 2, .amount = 100, .number = 1});
    chain.pay({.payer = 2, .payee = 3, .amount = 100, .number = 2});
    chain.issue(0, 100);
    chain.pay({.payer = 0, .payee = 1, .amount = 100, .number = 3});
    EXPECT_EQ(status(1, 1), Status::settled);
    EXPECT_EQ(status(2, 2), Status::settled);
    EXPECT_EQ(chain.balance(3), 100);
    // The submission itself settles its own payment only.
    const auto first = decode_event(chain.last.receipts[0].logs[0]);
    EXPECT_EQ(std::get<PaymentStatusEvent>(*first).id, id(3));
    EXPECT_EQ(chain.last.receipts[0].logs.size(), 3u);
    EXPECT_EQ(chain.last.receipts[1].logs.size(), 6u);
}

TEST_F(QueueTest, issued_money_passes_by_the_queue) {
    chain.pay({.amount = 500, .number = 1});
    chain.issue(0, 300);
    EXPECT_EQ(chain.balance(0), 300);
    EXPECT_EQ(status(1), Status::queued);
}

TEST_F(QueueTest, cancelling_the_head_frees_what_waits_behind_it) {
    chain.issue(0, 100);
    chain.pay({.amount = 500, .number = 1});
    chain.pay({.amount = 60, .number = 2});
    EXPECT_EQ(act(calls::cancel(id(1), abi::iso_code("DUPL"))), Status::cancelled);
    EXPECT_EQ(status(2), Status::settled);
    EXPECT_EQ(text_of(chain.payment(id(1)).reason), "DUPL");
}

TEST_F(QueueTest, a_settled_payment_cannot_be_cancelled_and_a_cancelled_one_not_held) {
    chain.issue(0, 100);
    chain.pay({.number = 1});
    EXPECT_EQ(act(calls::cancel(id(1), {})), Status::settled);
    EXPECT_EQ(chain.balance(0), 0);
    chain.pay({.number = 2});
    EXPECT_EQ(act(calls::cancel(id(2), {})), Status::cancelled);
    EXPECT_EQ(chain.payment(id(2)).reason, reason::by_customer);
    EXPECT_EQ(act(calls::hold(id(2))), Status::cancelled);
    EXPECT_EQ(act(calls::cancel(id(2), {})), Status::cancelled);
}

TEST_F(QueueTest, only_keys_of_the_payer_change_its_payments) {
    chain.pay({.number = 1});
    for (const ContractCall& call : {calls::cancel(id(1), {}), calls::hold(id(1)), calls::unhold(id(1)),
                                     calls::set_priority(id(1), Priority::high)}) {
        EXPECT_EQ(chain.refusal(maker_of(1), call), reason::forbidden);
        EXPECT_EQ(chain.refusal(admin_of(0), call), reason::forbidden);
    }
    EXPECT_EQ(chain.refusal(maker_of(0), calls::cancel(id(99), {})), reason::unknown_reference);
    EXPECT_EQ(chain.refusal(maker_of(0), calls::cancel(id(1), {'a', 'b', 'c', 'd'})), reason::bad_form);
    EXPECT_TRUE(chain.send(approver_of(0), calls::cancel(id(1), {})).succeeded());
}

TEST_F(QueueTest, a_held_payment_blocks_nobody_and_leaves_the_position) {
    chain.issue(0, 100);
    chain.pay({.amount = 500, .number = 1});
    chain.pay({.amount = 60, .number = 2});
    EXPECT_EQ(chain.position(0).net_queued, -560);
    EXPECT_EQ(act(calls::hold(id(1))), Status::held);
    EXPECT_EQ(status(2), Status::settled);
    EXPECT_EQ(chain.position(0).net_queued, 0);
    EXPECT_EQ(chain.position(1).net_queued, 0);
    EXPECT_EQ(chain.pay({.amount = 10, .number = 3}).status, Status::settled);
    EXPECT_EQ(act(calls::hold(id(1))), Status::held);
}

TEST_F(QueueTest, unheld_it_takes_its_old_place) {
    chain.pay({.number = 1});
    chain.pay({.number = 2});
    chain.pay({.number = 3});
    act(calls::hold(id(1)));
    act(calls::hold(id(2)));
    EXPECT_EQ(order(), Numbers{3});
    EXPECT_EQ(act(calls::unhold(id(2))), Status::queued);
    EXPECT_EQ(act(calls::unhold(id(1))), Status::queued);
    EXPECT_EQ(order(), (Numbers{1, 2, 3}));
    EXPECT_EQ(chain.position(0).net_queued, -300);
}

TEST_F(QueueTest, unheld_with_funds_it_settles_in_the_same_block) {
    chain.pay({.number = 1});
    act(calls::hold(id(1)));
    chain.issue(0, 100);
    EXPECT_EQ(status(1), Status::held);
    act(calls::unhold(id(1)));
    EXPECT_EQ(status(1), Status::settled);
}

TEST_F(QueueTest, a_held_payment_expires_and_is_cancelled_like_any_other) {
    const core::UnixMs latest = genesis_time_ms + hour_ms;
    chain.pay({.number = 1, .latest = latest});
    chain.pay({.number = 2, .latest = latest});
    act(calls::hold(id(1)));
    act(calls::hold(id(2)));
    EXPECT_EQ(act(calls::cancel(id(2), {})), Status::cancelled);
    chain.block({}, latest + 1);
    EXPECT_EQ(status(1), Status::expired);
    EXPECT_EQ(status(2), Status::cancelled);
}

TEST_F(QueueTest, another_priority_moves_a_payment_between_classes_by_its_arrival) {
    for (std::uint64_t number = 1; number <= 4; ++number)
        chain.pay({.number = number, .priority = number == 2 ? Priority::high : Priority::normal});
    EXPECT_EQ(order(), (Numbers{2, 1, 3, 4}));
    act(calls::set_priority(id(1), Priority::high));
    EXPECT_EQ(order(), (Numbers{1, 2, 3, 4}));
    EXPECT_EQ(events_of<PriorityChangedEvent>(chain.events()),
              (std::vector<PriorityChangedEvent>{{id(1), Priority::high}}));
    act(calls::set_priority(id(2), Priority::low));
    EXPECT_EQ(order(), (Numbers{1, 3, 4, 2}));
    EXPECT_EQ(chain.refusal(maker_of(0), calls::set_priority(id(1), Priority::urgent)), reason::forbidden);
}

TEST_F(QueueTest, a_raised_priority_may_let_a_payment_settle) {
    chain.issue(0, 100);
    chain.pay({.amount = 500, .number = 1});
    chain.pay({.amount = 60, .number = 2});
    act(calls::set_priority(id(2), Priority::high));
    EXPECT_EQ(status(2), Status::settled);
    EXPECT_EQ(status(1), Status::queued);
}

TEST_F(QueueTest, incoming_payments_are_listed_over_all_payers_by_priority_then_arrival) {
    chain.pay({.payer = 3, .payee = 1, .number = 1});
    chain.pay({.payer = 0, .payee = 1, .number = 2});
    chain.pay({.payer = 0, .payee = 2, .number = 3});
    chain.pay({.payer = 2, .payee = 1, .number = 4, .priority = Priority::high});
    EXPECT_EQ(chain.queue(1, true), (std::vector<PaymentId>{id(4, 2), id(1, 3), id(2, 0)}));
    EXPECT_EQ(chain.position(1).net_queued, 300);
    const auto page = chain.look(calls::queue_of({bank_bic(1), eur, true, 1, 1}));
    EXPECT_EQ(results::payment_ids(page.output), std::vector<PaymentId>{id(1, 3)});
}

// ---- participants that are not active

TEST_F(QueueTest, payments_to_a_suspended_payee_are_held_and_free_the_queue) {
    chain.issue(0, 100);
    chain.pay({.payee = 1, .amount = 500, .number = 1});
    chain.pay({.payee = 2, .amount = 60, .number = 2});
    chain.send(operator_key(), calls::set_status(bank_bic(1), ParticipantStatus::suspended, "incident"));
    EXPECT_EQ(chain.payment(id(1)).status, Status::held);
    EXPECT_EQ(chain.payment(id(1)).reason, reason::blocked_account);
    EXPECT_EQ(status(2), Status::settled);
    EXPECT_EQ(chain.next_due(), std::nullopt);
}

TEST_F(QueueTest, a_held_payment_to_a_suspended_bank_stays_held_until_the_bank_is_back) {
    chain.pay({.amount = 100});
    chain.send(operator_key(), calls::set_status(bank_bic(1), ParticipantStatus::suspended, "why"));
    EXPECT_EQ(chain.status({}), Status::held);
    EXPECT_EQ(chain.refusal(maker_of(0), calls::unhold(id_of({}))), reason::blocked_account);
    EXPECT_EQ(chain.status({}), Status::held);
    chain.send(operator_key(), calls::set_status(bank_bic(1), ParticipantStatus::active, "why"));
    EXPECT_TRUE(chain.send(maker_of(0), calls::unhold(id_of({}))).succeeded());
    EXPECT_EQ(chain.status({}), Status::queued);
}

TEST_F(QueueTest, a_suspended_payer_s_queue_stands_still_until_it_is_active_again) {
    chain.pay({.number = 1});
    chain.send(operator_key(), calls::set_status(bank_bic(0), ParticipantStatus::suspended, ""));
    chain.issue(0, 100);
    EXPECT_EQ(status(1), Status::queued);
    EXPECT_EQ(chain.pay({.number = 2}), (Submitted{Status::rejected, reason::blocked_account}));
    chain.send(operator_key(), calls::set_status(bank_bic(0), ParticipantStatus::active, ""));
    EXPECT_EQ(status(1), Status::settled);
    EXPECT_EQ(chain.pay({.number = 2}).status, Status::rejected) << "its key is used up";
}

TEST_F(QueueTest, new_payments_to_a_suspended_payee_are_rejected) {
    chain.issue(0, 1'000);
    chain.send(operator_key(), calls::set_status(bank_bic(1), ParticipantStatus::suspended, ""));
    EXPECT_EQ(chain.pay({.number = 1}), (Submitted{Status::rejected, reason::blocked_account}));
    EXPECT_EQ(chain.balance(0), 1'000);
}

// ---- bounded work

TEST_F(QueueTest, work_beyond_the_bound_continues_in_order_with_the_same_result) {
    std::vector<Sent> sent;
    for (std::uint64_t number = 1; number <= 10; ++number)
        sent.push_back(submit({.payer = 0, .payee = 1 + number % 3, .amount = 10, .number = number}));
    chain.block(sent);
    sent.clear();
    for (std::uint64_t number = 1; number <= 3; ++number)
        sent.push_back(submit({.payer = number, .payee = 4, .amount = 20, .number = number}));
    chain.block(sent);

    const auto run = [&](std::uint32_t steps) {
        JournaledState journal(chain.state);
        const BlockContext context = chain.next_context();
        const Books books(journal, context);
        Account account(books.accounts, {1, 1});
        account.book(100);
        account.store();
        IssuedTotals totals = issued_totals(books.accounts, 1);
        totals.issued += 100;
        set_issued_totals(books.accounts, 1, totals);
        journal.begin_transaction();
        std::size_t rounds = 0;
        add_to_retry(books.payments, {1, 1});
        for (; is_work_due(books); ++rounds)
            run_due_work(books, steps);
        EXPECT_TRUE(find_money_faults(journal).empty());
        std::vector<core::Log> logs = journal.take_logs();
        return std::tuple(journal.take_diff(), logs, rounds);
    };
    const auto [all_diff, all_logs, one_round] = run(system_steps_max);
    EXPECT_EQ(one_round, 1u);
    EXPECT_EQ(all_logs.size(), 3u * 13u);
    for (const std::uint32_t steps : {1u, 2u, 3u, 7u}) {
        const auto [diff, logs, rounds] = run(steps);
        EXPECT_EQ(diff, all_diff) << steps;
        EXPECT_EQ(logs, all_logs) << steps;
        EXPECT_GT(rounds, 1u);
    }
}

TEST_F(QueueTest, many_payments_due_at_one_time_expire_together) {
    const core::UnixMs latest = genesis_time_ms + hour_ms;
    std::vector<Sent> sent;
    for (std::uint64_t number = 1; number <= 40; ++number)
        sent.push_back(
            submit({.payer = number % 4, .payee = 4, .number = number, .latest = latest + number % 3}));
    chain.block(sent);
    chain.send(maker_of(1), calls::cancel(id(5, 1), {}));
    chain.block({}, latest + 2);
    for (std::uint64_t number = 1; number <= 40; ++number) {
        const Status expected = number == 5      ? Status::cancelled
                                : number % 3 < 2 ? Status::expired
                                                 : Status::queued;
        EXPECT_EQ(status(number, number % 4), expected) << number;
    }
    chain.block({}, latest + 3);
    EXPECT_EQ(chain.next_due(), std::nullopt);
    EXPECT_EQ(chain.position(4).net_queued, 0);
}

}  // namespace
}  // namespace sluice::contracts
