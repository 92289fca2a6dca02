#include <gtest/gtest.h>

#include "tests/contracts/native/settlement_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;
using core::KeyDuty;

class MandatesTest : public testing::Test {
  protected:
    void SetUp() override { chain.issue(0, 10'000); }
    void grant(const calls::MandateGrant& mandate) {
        EXPECT_TRUE(chain.send(admin_of(0), calls::grant(mandate)).succeeded());
    }
    ReasonCode refused_grant(const calls::MandateGrant& mandate) {
        return chain.refusal(admin_of(0), calls::grant(mandate));
    }
    Submitted submit_as(const core::Address& who, const PaymentDraft& draft) {
        const CallOutcome outcome = chain.send(who, calls::submit(instruction_of(draft)));
        EXPECT_TRUE(outcome.succeeded());
        return results::submitted(outcome.output).value_or(Submitted{});
    }
    std::vector<MandateInfo> mandates() const {
        return *results::mandates(chain.look(calls::grants_of(bank_bic(0), 0, 10)).output);
    }
    static calls::MandateGrant to_submit(const core::Address& whom, core::Minor per_day) {
        return {.agent = whom, .acts = mandate_bit(MandateAct::submit), .currency = eur, .per_day = per_day};
    }
    const core::Address agent{0x61};
    SettlementChain chain;
};

TEST_F(MandatesTest, an_agent_submits_up_to_its_amount_per_day) {
    EXPECT_EQ(chain.refusal(agent, calls::submit(instruction_of({}))), reason::forbidden);
    grant(to_submit(agent, 250));
    EXPECT_EQ(events_of<MandateChangedEvent>(chain.events())[0].per_day, 250u);
    EXPECT_EQ(submit_as(agent, {.amount = 200, .number = 1}).status, Status::settled);
    EXPECT_EQ(submit_as(agent, {.amount = 200, .number = 1}).status, Status::settled) << "a repetition";
    EXPECT_EQ(chain.refusal(agent, calls::submit(instruction_of({.amount = 51, .number = 2}))),
              reason::amount_too_large);
    EXPECT_EQ(submit_as(agent, {.amount = 50, .number = 2}).status, Status::settled);
    EXPECT_EQ(mandates()[0].used_today, 250u);
    EXPECT_EQ(chain.balance(0), 9'750);
    chain.block({}, core::time_ms_of(chain.head) + day_ms);
    EXPECT_EQ(mandates()[0].used_today, 0u);
    EXPECT_EQ(submit_as(agent, {.amount = 250, .number = 3, .value_date = genesis_date + 1}).status,
              Status::settled);
}

TEST_F(MandatesTest, a_mandate_is_for_its_acts_currency_and_time) {
    calls::MandateGrant mandate = to_submit(agent, 1'000);
    mandate.until_ms = core::time_ms_of(chain.head) + 10'000;
    grant(mandate);
    EXPECT_EQ(
        chain.refusal(agent, calls::submit(instruction_of({.currency = usd, .value_date = 20'260'203}))),
        reason::forbidden);
    EXPECT_EQ(chain.refusal(agent, calls::hold(id_of({}))), reason::unknown_reference);
    EXPECT_EQ(submit_as(agent, {.number = 1}).status, Status::settled);
    const CallOutcome late =
        chain.send(agent, calls::submit(instruction_of({.number = 2})), mandate.until_ms + 1);
    EXPECT_EQ(decode_refusal(late.output), (RefusalInfo{reason::forbidden, std::nullopt}));
    grant({.agent = agent, .acts = mandate_bit(MandateAct::lock), .currency = eur, .per_day = 1'000});
    EXPECT_EQ(chain.refusal(agent, calls::submit(instruction_of({.number = 3}))), reason::forbidden);
}

TEST_F(MandatesTest, what_an_agent_submits_takes_an_approver_like_any_other) {
    grant(to_submit(agent, 5'000));
    chain.send(admin_of(0), calls::set_approval_threshold(eur, 1'000));
    EXPECT_EQ(submit_as(agent, {.amount = 1'000}).status, Status::awaiting_approval);
}

TEST_F(MandatesTest, what_overtakes_a_queue_is_not_for_agents) {
    grant(to_submit(agent, 5'000));
    EXPECT_EQ(chain.refusal(agent, calls::submit(instruction_of({.priority = Priority::high}))),
              reason::forbidden);
    EXPECT_EQ(chain.refusal(maker_of(1),
                            calls::submit(instruction_of({.priority = Priority::high, .type = "P010"}))),
              reason::forbidden);
    EXPECT_EQ(submit_as(agent, {.priority = Priority::low}).status, Status::settled);
}

TEST_F(MandatesTest, a_maker_of_another_bank_pays_for_the_mandate_that_it_uses) {
    grant(to_submit(maker_of(1), 5'000));
    const auto used = [&](const core::Address& who, const ContractCall& call) {
        EXPECT_TRUE(chain.send(who, call).succeeded());
        return chain.last.receipts.at(0).cumulative_gas_used;
    };
    const auto payment = [](std::uint64_t number) { return instruction_of({.number = 100 + number}); };
    const auto batch = [&](std::uint64_t number) {
        const std::vector<Instruction> both{payment(number), payment(number + 1)};
        return calls::submit_batch(both);
    };
    constexpr core::Gas mandate = 10'400;
    EXPECT_EQ(used(maker_of(1), calls::submit(payment(1))) - used(maker_of(0), calls::submit(payment(2))),
              mandate);
    EXPECT_EQ(used(maker_of(1), batch(3)) - used(maker_of(0), batch(5)), 2 * mandate);
}

TEST_F(MandatesTest, a_batch_of_an_agent_counts_each_of_its_payments) {
    grant(to_submit(agent, 150));
    const std::vector<Instruction> batch{instruction_of({.amount = 100, .number = 1}),
                                         instruction_of({.amount = 100, .number = 2})};
    const CallOutcome outcome = chain.send(agent, calls::submit_batch(batch));
    EXPECT_EQ(decode_refusal(outcome.output), (RefusalInfo{reason::amount_too_large, 1}));
    EXPECT_EQ(mandates()[0].used_today, 0u);
}

TEST_F(MandatesTest, the_admin_changes_and_takes_back_what_it_gave) {
    const core::Address second{0x62};
    const core::Address third{0x63};
    for (const core::Address& each : {agent, second, third})
        grant(to_submit(each, 100));
    submit_as(agent, {.amount = 60});
    grant(to_submit(agent, 70));
    EXPECT_EQ(mandates()[0].used_today, 60u) << "a change does not give the day back";
    EXPECT_TRUE(chain.send(admin_of(0), calls::revoke(agent, eur)).succeeded());
    ASSERT_EQ(mandates().size(), 2u);
    EXPECT_EQ(mandates()[0].agent, third);
    EXPECT_EQ(chain.refusal(admin_of(0), calls::revoke(agent, eur)), reason::unknown_reference);
    EXPECT_TRUE(chain.send(admin_of(0), calls::revoke(third, eur)).succeeded());
    EXPECT_TRUE(chain.send(admin_of(0), calls::revoke(second, eur)).succeeded());
    EXPECT_TRUE(mandates().empty());
    EXPECT_EQ(chain.refusal(agent, calls::submit(instruction_of({.number = 5}))), reason::forbidden);
}

TEST_F(MandatesTest, a_mandate_out_of_its_rules_is_refused) {
    EXPECT_EQ(chain.refusal(maker_of(0), calls::grant(to_submit(agent, 1))), reason::forbidden);
    EXPECT_EQ(refused_grant(to_submit(agent, 0)), reason::zero_amount);
    EXPECT_EQ(refused_grant(to_submit({}, 1)), reason::bad_form);
    calls::MandateGrant bad = to_submit(agent, 1);
    bad.acts = {};
    EXPECT_EQ(refused_grant(bad), reason::bad_form);
    bad.acts = mandate_bit(MandateAct::debit);
    EXPECT_EQ(refused_grant(bad), reason::bad_form) << "only banks collect";
    bad = to_submit(agent_of(bank_bic(1)), 1);
    EXPECT_EQ(refused_grant(bad), reason::bad_form) << "banks only collect";
    bad.acts = mandate_bit(MandateAct::debit);
    bad.agent = agent_of(bank_bic(88));
    EXPECT_EQ(refused_grant(bad), reason::bad_bank);
    bad = to_submit(agent, 1);
    bad.currency = {'G', 'B', 'P'};
    EXPECT_EQ(refused_grant(bad), reason::unknown_currency);
    bad = to_submit(agent, 1);
    bad.until_ms = 1;
    EXPECT_EQ(refused_grant(bad), reason::bad_date);
}

TEST(MandateAgents, a_bank_is_told_from_an_address) {
    EXPECT_EQ(creditor_of(agent_of(bank_bic(7))), bank_bic(7));
    EXPECT_EQ(creditor_of(maker_of(7)), std::nullopt);
}

// ---- direct debits

class DirectDebitTest : public MandatesTest {
  protected:
    void SetUp() override {
        MandatesTest::SetUp();
        EXPECT_TRUE(debit.payer == 0 && debit.payee == 1);
    }
    ContractCall approve() const {
        return calls::approve(id_of(debit), content_hash(view_of(instruction_of(debit))));
    }
    PaymentDraft debit{.amount = 400, .type = "P010"};
};

TEST_F(DirectDebitTest, without_a_mandate_it_waits_for_the_debtor_s_approver) {
    EXPECT_EQ(submit_as(maker_of(1), debit).status, Status::awaiting_approval);
    EXPECT_EQ(chain.refusal(approver_of(1), approve()), reason::forbidden);
    EXPECT_EQ(*results::status(chain.send(approver_of(0), approve()).output), Status::settled);
    EXPECT_EQ(chain.balance(1), 400);
}

TEST_F(DirectDebitTest, the_debtor_may_refuse_and_the_creditor_take_it_back) {
    submit_as(maker_of(1), debit);
    EXPECT_TRUE(chain.send(approver_of(0), calls::refuse(id_of(debit), {})).succeeded());
    EXPECT_EQ(chain.status(debit), Status::rejected);
    PaymentDraft second = debit;
    second.number = 2;
    submit_as(maker_of(1), second);
    EXPECT_EQ(chain.refusal(maker_of(2), calls::cancel(id_of(second), {})), reason::forbidden);
    EXPECT_TRUE(chain.send(maker_of(1), calls::cancel(id_of(second), {})).succeeded());
    EXPECT_EQ(chain.status(second), Status::cancelled);
    EXPECT_EQ(chain.balance(0), 10'000);
}

TEST_F(DirectDebitTest, with_a_mandate_it_settles_at_once_up_to_its_amount_and_asks_beyond) {
    grant({.agent = agent_of(bank_bic(1)),
           .acts = mandate_bit(MandateAct::debit),
           .currency = eur,
           .per_day = 500});
    EXPECT_EQ(submit_as(maker_of(1), debit).status, Status::settled);
    PaymentDraft second = debit;
    second.number = 2;
    EXPECT_EQ(submit_as(maker_of(1), second).status, Status::awaiting_approval);
    PaymentDraft other_creditor{.payee = 2, .amount = 50, .number = 3, .type = "P010"};
    EXPECT_EQ(submit_as(maker_of(2), other_creditor).status, Status::awaiting_approval);
}

TEST_F(DirectDebitTest, only_the_creditor_s_maker_collects) {
    for (const core::Address& who : {maker_of(0), approver_of(1), maker_of(2)})
        EXPECT_EQ(chain.refusal(who, calls::submit(instruction_of(debit))), reason::forbidden);
    const std::vector<Instruction> batch{instruction_of(debit)};
    EXPECT_EQ(decode_refusal(chain.send(maker_of(1), calls::submit_batch(batch)).output),
              (RefusalInfo{reason::unsupported, 0}));
}

}  // namespace
}  // namespace sluice::contracts
