#include <gtest/gtest.h>

#include "contracts/native/system_work.hpp"
#include "tests/contracts/native/settlement_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;

class InsolvencyTest : public testing::Test {
  protected:
    static ContractCall declare(std::size_t bank) {
        return calls::declare_insolvent(bank_bic(bank), "order of the court");
    }
    Insolvency moment(std::size_t bank) const {
        return *results::insolvency(chain.look(calls::insolvency_of(bank_bic(bank))).output);
    }
    /// `count` payments of bank 0 to the others in turn, none of which has funds.
    void fill_queue(std::size_t count) {
        constexpr std::size_t per_batch = 50;
        constexpr std::size_t per_block = 10 * per_batch;
        std::vector<Sent> acts;
        for (std::size_t done = 0; done < count; done += per_batch) {
            std::vector<Instruction> batch;
            for (std::size_t n = done; n < std::min(count, done + per_batch); ++n)
                batch.push_back(instruction_of(queued(n)));
            acts.push_back({maker_of(0), calls::submit_batch(batch)});
            if ((done + per_batch) % per_block != 0 && done + per_batch < count) continue;
            chain.block(acts);
            acts.clear();
        }
        EXPECT_EQ(chain.queue(0).size(), std::min<std::size_t>(count, page_rows_max));
    }
    static PaymentDraft queued(std::size_t n) {
        return {.payer = 0, .payee = 1 + n % 3, .amount = 10, .number = 100 + n};
    }
    void run_until_idle() {
        for (int blocks = 0; chain.next_due() && blocks < 50; ++blocks)
            chain.block({});
        EXPECT_EQ(chain.next_due(), std::nullopt);
    }
    SettlementChain chain{5};
};

TEST_F(InsolvencyTest, the_queue_is_cancelled_in_order_and_the_moment_can_be_proven) {
    for (std::size_t n = 0; n < 4; ++n)
        chain.pay(queued(n));
    const CallOutcome outcome = chain.send(operator_key(), declare(0));
    ASSERT_TRUE(outcome.succeeded());
    const auto told = events_of<InsolventEvent>(chain.events());
    ASSERT_EQ(told.size(), 1u);
    EXPECT_EQ(told[0], (InsolventEvent{bank_bic(0), chain.head.height, core::time_ms_of(chain.head), 4,
                                       "order of the court"}));
    std::vector<PaymentId> cancelled;
    for (const auto& event : events_of<PaymentStatusEvent>(chain.events())) {
        EXPECT_EQ(event.status, Status::cancelled);
        EXPECT_EQ(event.reason, reason::blocked_account);
        cancelled.push_back(event.id);
    }
    EXPECT_EQ(cancelled, (std::vector<PaymentId>{id_of(queued(0)), id_of(queued(1)), id_of(queued(2)),
                                                 id_of(queued(3))}));
    EXPECT_EQ(events_of<QueuesRemovedEvent>(chain.events())[0], (QueuesRemovedEvent{bank_bic(0), 4}));
    const Insolvency insolvency = moment(0);
    EXPECT_EQ(insolvency.height, chain.head.height);
    EXPECT_EQ(insolvency.last_arrival, 4u);
    EXPECT_EQ(insolvency.removed, 4u);
    EXPECT_TRUE(insolvency.is_cleared);
    EXPECT_EQ(chain.next_due(), std::nullopt);
}

TEST_F(InsolvencyTest, nothing_of_it_settles_after_the_moment) {
    chain.send(admin_of(0), calls::set_approval_threshold(eur, 1'000));
    const PaymentDraft waiting{.amount = 1'000, .number = 1};
    const PaymentDraft tomorrow{.amount = 10, .number = 2, .value_date = genesis_date + 1};
    const PaymentDraft held{.amount = 10, .number = 3};
    chain.pay(waiting);
    chain.pay(tomorrow);
    chain.pay(held);
    chain.send(maker_of(0), calls::hold(id_of(held)));
    chain.send(operator_key(), declare(0));
    chain.issue(0, 50'000);
    EXPECT_EQ(chain.pay({.amount = 10, .number = 4}), (Submitted{Status::rejected, reason::blocked_account}));
    EXPECT_EQ(chain.pay({.payer = 1, .payee = 0, .amount = 10, .number = 5}),
              (Submitted{Status::rejected, reason::blocked_account}));
    chain.send(approver_of(0),
               calls::approve(id_of(waiting), content_hash(view_of(instruction_of(waiting)))));
    EXPECT_EQ(chain.status(waiting), Status::rejected);
    EXPECT_EQ(chain.refusal(maker_of(0), calls::unhold(id_of(held))), reason::blocked_account);
    EXPECT_EQ(chain.refusal(maker_of(1), calls::cancel(id_of(held), {})), reason::forbidden);
    EXPECT_TRUE(chain.send(operator_key(), calls::cancel(id_of(held), {})).succeeded());
    EXPECT_EQ(chain.status(held), Status::cancelled);
    EXPECT_EQ(chain.payment(id_of(held)).reason, reason::blocked_account);
    chain.block({}, genesis_time_ms + day_ms);
    EXPECT_EQ(chain.status(tomorrow), Status::rejected);
    EXPECT_EQ(chain.balance(0), 50'000);
}

TEST_F(InsolvencyTest, payments_to_it_are_held_and_free_the_queues_behind_them) {
    chain.pay({.payer = 1, .payee = 0, .amount = 100, .number = 1});
    chain.pay({.payer = 1, .payee = 2, .amount = 50, .number = 2});
    chain.send(operator_key(), declare(0));
    EXPECT_EQ(chain.status({.payer = 1, .payee = 0, .number = 1}), Status::held);
    chain.issue(1, 50);
    EXPECT_EQ(chain.status({.payer = 1, .payee = 2, .number = 2}), Status::settled);
}

TEST_F(InsolvencyTest, what_an_authority_lets_go_of_afterwards_is_cancelled_and_not_queued) {
    const PaymentDraft first{.amount = 10, .number = 1};
    const PaymentDraft second{.amount = 10, .number = 2};
    chain.pay(first);
    chain.pay(second);
    chain.send(maker_of(0), calls::hold(id_of(second)));
    for (const PaymentDraft& each : {first, second})
        chain.send(operator_key(), calls::freeze_payment(id_of(each), true, {}));
    chain.send(operator_key(), declare(0));
    for (const PaymentDraft& each : {first, second}) {
        EXPECT_TRUE(chain.send(operator_key(), calls::freeze_payment(id_of(each), false, {})).succeeded());
        EXPECT_EQ(chain.status(each), Status::cancelled);
        EXPECT_EQ(chain.payment(id_of(each)).reason, reason::blocked_account);
    }
    EXPECT_TRUE(chain.queue(0).empty());
}

TEST_F(InsolvencyTest, operators_cancel_what_a_withdrawn_bank_has_left) {
    const PaymentDraft held{.amount = 10, .number = 1};
    chain.pay(held);
    chain.send(maker_of(0), calls::hold(id_of(held)));
    chain.send(operator_key(), declare(0));
    EXPECT_TRUE(chain.send(operator_key(), calls::set_status(bank_bic(0), ParticipantStatus::withdrawn, ""))
                    .succeeded());
    EXPECT_TRUE(chain.send(operator_key(), calls::cancel(id_of(held), {})).succeeded());
    EXPECT_EQ(chain.status(held), Status::cancelled);
}

TEST(InsolvencyByOperators, takes_k_of_them_to_cancel_what_is_left) {
    SettlementChain chain(settlement_spec(3, 3, 2));
    const PaymentDraft held{.amount = 10, .number = 1};
    chain.pay(held);
    chain.send(maker_of(0), calls::hold(id_of(held)));
    const auto perform = [&](const ContractCall& call) {
        const auto act =
            results::act_outcome(chain.send(operator_key(0), calls::propose_act(call.data)).output);
        return chain.send(operator_key(1), calls::confirm_act(act->act)).succeeded();
    };
    EXPECT_TRUE(perform(calls::declare_insolvent(bank_bic(0), "order of the court")));
    EXPECT_EQ(chain.refusal(operator_key(0), calls::cancel(id_of(held), {})), reason::forbidden);
    EXPECT_TRUE(perform(calls::cancel(id_of(held), {})));
    EXPECT_EQ(chain.status(held), Status::cancelled);
}

TEST_F(InsolvencyTest, is_for_operators_final_and_told_once) {
    EXPECT_EQ(chain.refusal(admin_of(0), declare(0)), reason::forbidden);
    EXPECT_EQ(chain.refusal(operator_key(), declare(77)), reason::bad_bank);
    chain.send(operator_key(), declare(0));
    const Insolvency first = moment(0);
    EXPECT_TRUE(chain.send(operator_key(), declare(0)).succeeded());
    EXPECT_EQ(moment(0).height, first.height);
    for (const ParticipantStatus status : {ParticipantStatus::active, ParticipantStatus::suspended})
        EXPECT_EQ(chain.refusal(operator_key(), calls::set_status(bank_bic(0), status, "")),
                  reason::forbidden);
    EXPECT_EQ(chain.refusal(operator_key(), calls::set_status(bank_bic(1), ParticipantStatus::insolvent, "")),
              reason::forbidden);
    EXPECT_TRUE(chain.send(operator_key(), calls::set_status(bank_bic(0), ParticipantStatus::withdrawn, ""))
                    .succeeded());
    EXPECT_EQ(moment(3).height, 0u);
}

TEST(InsolvencyByOperators, takes_k_of_them) {
    SettlementChain chain(settlement_spec(3, 3, 2));
    const ContractCall declare = calls::declare_insolvent(bank_bic(0), "order of the court");
    EXPECT_EQ(chain.refusal(operator_key(0), declare), reason::forbidden);
    EXPECT_TRUE(chain.send(operator_key(0), calls::propose_act(declare.data)).succeeded());
    EXPECT_EQ(results::insolvency(chain.look(calls::insolvency_of(bank_bic(0))).output)->height, 0u);
    EXPECT_TRUE(chain.send(operator_key(1), calls::confirm_act(1)).succeeded());
    EXPECT_EQ(results::insolvency(chain.look(calls::insolvency_of(bank_bic(0))).output)->height,
              chain.head.height);
}

TEST_F(InsolvencyTest, six_thousand_queued_payments_go_in_portions_while_participants_come_and_go) {
    constexpr std::size_t count = 6'000;
    fill_queue(count);
    chain.block({{operator_key(), declare(0)}});
    EXPECT_LE(moment(0).removed, system_steps_max);
    EXPECT_FALSE(moment(0).is_cleared);
    // Money arrives, another bank is suspended and a new one registered while the queue is still there.
    chain.issue(0, 1'000'000);
    chain.block({{operator_key(), calls::set_status(bank_bic(1), ParticipantStatus::suspended, "why")},
                 {operator_key(),
                  calls::register_participant(
                      {.bic = bank_bic(50), .name = "New Bank", .admin = admin_of(50), .read_key = {}})}});
    run_until_idle();
    EXPECT_EQ(moment(0).removed, count);
    EXPECT_TRUE(moment(0).is_cleared);
    EXPECT_TRUE(chain.queue(0).empty());
    EXPECT_EQ(chain.balance(0), 1'000'000) << "nothing settled after the moment";
    for (const std::size_t n : {std::size_t{0}, std::size_t{2'500}, count - 1})
        EXPECT_EQ(chain.status(queued(n)), Status::cancelled);
}

TEST_F(InsolvencyTest, six_thousand_queued_payments_stand_still_while_their_payer_is_suspended) {
    constexpr std::size_t count = 6'000;
    fill_queue(count);
    chain.block({{operator_key(), calls::set_status(bank_bic(0), ParticipantStatus::suspended, "why")},
                 {operator_key(),
                  calls::register_participant(
                      {.bic = bank_bic(50), .name = "New Bank", .admin = admin_of(50), .read_key = {}})}});
    chain.issue(0, 10 * count);
    run_until_idle();
    EXPECT_EQ(chain.balance(0), static_cast<core::SignedMinor>(10 * count));
    EXPECT_EQ(chain.pay({.amount = 10, .number = 50}),
              (Submitted{Status::rejected, reason::blocked_account}));
    chain.send(operator_key(), calls::set_status(bank_bic(0), ParticipantStatus::active, "why"));
    run_until_idle();
    EXPECT_EQ(chain.balance(0), 0);
    EXPECT_TRUE(chain.queue(0).empty());
}

}  // namespace
}  // namespace sluice::contracts
