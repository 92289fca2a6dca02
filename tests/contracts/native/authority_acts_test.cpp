/// Screening, recovery of keys and forced transfers: what authorities and guardians of a bank do.
#include <gtest/gtest.h>

#include "contracts/native/key_recovery.hpp"
#include "tests/contracts/native/settlement_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;
using core::KeyDuty;

// ---- screening

class ScreeningTest : public testing::Test {
  protected:
    void SetUp() override {
        chain.give_key(0, KeyDuty::screening, screener);
        EXPECT_TRUE(chain.send(admin_of(0), calls::set_screening(eur, 500)).succeeded());
        chain.issue(0, 10'000);
    }
    Status decide(const PaymentDraft& payment, bool pass) {
        const CallOutcome outcome = chain.send(screener, calls::screen(id_of(payment), pass));
        EXPECT_TRUE(outcome.succeeded());
        return results::status(outcome.output).value_or(Status::none);
    }
    const core::Address screener{0x71};
    const PaymentDraft draft{.amount = 500};
    SettlementChain chain;
};

TEST_F(ScreeningTest, from_the_amount_on_a_payment_waits_for_its_decision) {
    EXPECT_EQ(chain.pay({.amount = 499, .number = 9}).status, Status::settled);
    EXPECT_EQ(chain.pay(draft), (Submitted{Status::awaiting_approval, reason::regulatory}));
    EXPECT_EQ(
        *results::status(chain
                             .send(approver_of(0),
                                   calls::approve(id_of(draft), content_hash(view_of(instruction_of(draft)))))
                             .output),
        Status::awaiting_approval)
        << "an approver does not screen";
    EXPECT_EQ(chain.refusal(maker_of(0), calls::screen(id_of(draft), true)), reason::forbidden);
    EXPECT_EQ(chain.refusal(screener, calls::screen(core::Hash{5}, true)), reason::unknown_reference);
    EXPECT_EQ(decide(draft, true), Status::settled);
    EXPECT_EQ(decide(draft, false), Status::settled) << "a second decision changes nothing";
}

TEST_F(ScreeningTest, what_does_not_pass_never_settles) {
    chain.pay(draft);
    EXPECT_EQ(decide(draft, false), Status::rejected);
    EXPECT_EQ(chain.payment(id_of(draft)).reason, reason::regulatory);
    EXPECT_EQ(chain.balance(0), 10'000);
}

TEST_F(ScreeningTest, without_a_decision_in_time_it_is_rejected) {
    chain.pay(draft);
    const core::UnixMs due = *chain.next_due();
    const CallOutcome late = chain.send(screener, calls::screen(id_of(draft), true), due);
    EXPECT_EQ(decode_refusal(late.output), (RefusalInfo{reason::too_late, std::nullopt}));
    EXPECT_EQ(chain.payment(id_of(draft)).status, Status::rejected);
    EXPECT_EQ(chain.payment(id_of(draft)).reason, reason::timed_out);
}

TEST_F(ScreeningTest, comes_after_the_approver) {
    chain.send(admin_of(0), calls::set_approval_threshold(eur, 500));
    EXPECT_EQ(chain.pay(draft), (Submitted{Status::awaiting_approval, reason::none}));
    EXPECT_EQ(decide(draft, true), Status::awaiting_approval) << "not yet its turn";
    chain.send(approver_of(0), calls::approve(id_of(draft), content_hash(view_of(instruction_of(draft)))));
    EXPECT_EQ(chain.payment(id_of(draft)).reason, reason::regulatory);
    EXPECT_EQ(decide(draft, true), Status::settled);
}

TEST_F(ScreeningTest, a_requirement_of_operators_stands_beside_the_bank_s_own) {
    EXPECT_EQ(chain.refusal(admin_of(0), calls::require_screening(bank_bic(0), eur, 100)), reason::forbidden);
    EXPECT_TRUE(chain.send(operator_key(), calls::require_screening(bank_bic(0), eur, 100)).succeeded());
    chain.send(admin_of(0), calls::set_screening(eur, 0));
    const auto thresholds =
        results::screening_thresholds(chain.look(calls::screening_threshold(bank_bic(0), eur)).output);
    EXPECT_EQ(thresholds->own, 0u);
    EXPECT_EQ(thresholds->required, 100u);
    EXPECT_EQ(chain.pay({.amount = 100}).status, Status::awaiting_approval);
    EXPECT_EQ(chain.pay({.amount = 99, .number = 2}).status, Status::settled);
    EXPECT_EQ(chain.pay({.payer = 1, .payee = 0, .amount = 5'000, .number = 3}).status, Status::queued)
        << "other banks are not concerned";
}

// ---- recovery

class RecoveryTest : public testing::Test {
  protected:
    void propose() {
        EXPECT_TRUE(chain.send(operator_key(), calls::recover_keys(bank_bic(0), heir)).succeeded());
    }
    Recovery recovery() const {
        return *results::recovery(chain.look(calls::recovery_of(bank_bic(0))).output);
    }
    CallOutcome claim(const core::Address& who, core::UnixMs time_ms = 0) {
        return chain.send(who, calls::claim_recovery(bank_bic(0)), time_ms);
    }
    const core::Address heir{0x81};
    SettlementChain chain;
};

TEST_F(RecoveryTest, a_new_admin_counts_once_the_delay_has_passed_and_it_has_claimed_its_place) {
    propose();
    const core::UnixMs due = core::time_ms_of(chain.head) + recovery_delay_default_ms;
    EXPECT_EQ(recovery().due_ms, due);
    EXPECT_FALSE(claim(heir, due - 1).succeeded());
    EXPECT_FALSE(claim(core::Address{0x82}, due).succeeded());
    EXPECT_TRUE(claim(heir, due + 1).succeeded());
    EXPECT_EQ(events_of<RecoveryEvent>(chain.events())[0],
              (RecoveryEvent{RecoveryEvent::Stage::ended, bank_bic(0), heir, 0, true}));
    EXPECT_TRUE(
        chain.send(heir, calls::set_key({bank_bic(0), KeyDuty::admin, admin_of(0), false})).succeeded());
    EXPECT_EQ(recovery().new_admin, core::Address{});
    EXPECT_EQ(chain.refusal(heir, calls::claim_recovery(bank_bic(0))), reason::unknown_reference);
}

TEST_F(RecoveryTest, an_admin_that_is_left_may_object) {
    propose();
    EXPECT_EQ(chain.refusal(maker_of(0), calls::veto_recovery(bank_bic(0))), reason::forbidden);
    EXPECT_EQ(chain.refusal(admin_of(1), calls::veto_recovery(bank_bic(0))), reason::forbidden);
    EXPECT_TRUE(chain.send(admin_of(0), calls::veto_recovery(bank_bic(0))).succeeded());
    EXPECT_FALSE(claim(heir, core::time_ms_of(chain.head) + 2 * recovery_delay_default_ms).succeeded());
    EXPECT_EQ(chain.refusal(admin_of(0), calls::veto_recovery(bank_bic(0))), reason::unknown_reference);
}

TEST_F(RecoveryTest, a_suspended_bank_does_not_object) {
    propose();
    chain.send(operator_key(), calls::set_status(bank_bic(0), ParticipantStatus::suspended, ""));
    EXPECT_EQ(chain.refusal(admin_of(0), calls::veto_recovery(bank_bic(0))), reason::blocked_account);
    chain.send(operator_key(), calls::declare_insolvent(bank_bic(0), "order of the court"));
    EXPECT_EQ(chain.refusal(admin_of(0), calls::veto_recovery(bank_bic(0))), reason::blocked_account);
    EXPECT_TRUE(claim(heir, recovery().due_ms).succeeded());
}

TEST_F(RecoveryTest, what_is_not_claimed_in_its_window_has_to_be_proposed_anew) {
    propose();
    const core::UnixMs due = recovery().due_ms;
    const CallOutcome late = claim(heir, due + recovery_claim_window_ms + 1);
    EXPECT_EQ(decode_refusal(late.output), (RefusalInfo{reason::too_late, std::nullopt}));
    propose();
    EXPECT_GT(recovery().due_ms, due + recovery_claim_window_ms);
    EXPECT_TRUE(claim(heir, recovery().due_ms + recovery_claim_window_ms).succeeded())
        << "its last millisecond";
}

TEST_F(RecoveryTest, is_for_operators_and_proposing_it_again_does_not_put_it_off) {
    EXPECT_EQ(chain.refusal(admin_of(1), calls::recover_keys(bank_bic(0), heir)), reason::forbidden);
    EXPECT_EQ(chain.refusal(operator_key(), calls::recover_keys(bank_bic(0), {})), reason::bad_form);
    EXPECT_EQ(chain.refusal(operator_key(), calls::recover_keys(bank_bic(0), maker_of(1))),
              reason::forbidden);
    propose();
    const core::UnixMs due = recovery().due_ms;
    propose();
    EXPECT_EQ(recovery().due_ms, due);
    EXPECT_TRUE(
        chain.send(operator_key(), calls::recover_keys(bank_bic(0), core::Address{0x83})).succeeded());
    EXPECT_GT(recovery().due_ms, due) << "another key begins anew";
}

TEST_F(RecoveryTest, operators_set_the_delay_within_bounds) {
    EXPECT_EQ(chain.refusal(operator_key(), calls::set_recovery_delay(recovery_delay_min_ms - 1)),
              reason::bad_form);
    EXPECT_EQ(chain.refusal(operator_key(), calls::set_recovery_delay(recovery_delay_max_ms + 1)),
              reason::bad_form);
    EXPECT_EQ(chain.refusal(admin_of(0), calls::set_recovery_delay(recovery_delay_min_ms)),
              reason::forbidden);
    chain.send(operator_key(), calls::set_recovery_delay(recovery_delay_min_ms));
    EXPECT_EQ(*results::number(chain.look(calls::recovery_delay()).output), recovery_delay_min_ms);
    propose();
    EXPECT_EQ(recovery().due_ms, core::time_ms_of(chain.head) + recovery_delay_min_ms);
}

// ---- forced transfers

class ForcedTransferTest : public testing::Test {
  protected:
    void SetUp() override { chain.issue(0, 1'000); }
    static calls::ForcedTransfer order(core::Minor amount, std::uint64_t reference = 1) {
        return {.from = bank_bic(0),
                .to = bank_bic(1),
                .currency = eur,
                .amount = amount,
                .order_reference = core::word_from_u64(reference),
                .reason = "order of the court"};
    }
    SettlementChain chain;
};

TEST_F(ForcedTransferTest, moves_money_once_per_order_whatever_the_parties_status) {
    chain.send(operator_key(), calls::declare_insolvent(bank_bic(0), "why"));
    const ContractCall call = calls::force_transfer(order(400));
    EXPECT_EQ(results::flag(chain.send(operator_key(), call).output), true);
    EXPECT_EQ(events_of<ForcedTransferEvent>(chain.events())[0],
              (ForcedTransferEvent{core::word_from_u64(1), bank_bic(0), bank_bic(1), eur, 400,
                                   "order of the court"}));
    EXPECT_EQ(events_of<AccountEntryEvent>(chain.events()).size(), 2u);
    EXPECT_EQ(results::flag(chain.send(operator_key(), call).output), false);
    EXPECT_EQ(chain.balance(0), 600);
    EXPECT_EQ(chain.balance(1), 400);
    EXPECT_EQ(chain.refusal(operator_key(), calls::force_transfer(order(401))), reason::duplicate);
}

TEST_F(ForcedTransferTest, takes_neither_locked_money_nor_credit) {
    chain.send(maker_of(0), calls::request_redeem(eur, 300, uetr_of(1)));
    chain.set_credit_line(0, 5'000);
    EXPECT_EQ(chain.refusal(operator_key(), calls::force_transfer(order(701))), reason::insufficient_funds);
    EXPECT_TRUE(chain.send(operator_key(), calls::force_transfer(order(700))).succeeded());
    EXPECT_EQ(chain.position(0).locked, 300u);
}

TEST_F(ForcedTransferTest, lets_the_queue_of_who_receives_move) {
    chain.pay({.payer = 1, .payee = 2, .amount = 200});
    chain.send(operator_key(), calls::force_transfer(order(200)));
    EXPECT_EQ(chain.balance(2), 200);
}

TEST_F(ForcedTransferTest, is_for_operators_and_follows_its_form) {
    EXPECT_EQ(chain.refusal(issuer_key(), calls::force_transfer(order(1))), reason::forbidden);
    const auto refusal = [&](const calls::ForcedTransfer& each) {
        return chain.refusal(operator_key(), calls::force_transfer(each));
    };
    EXPECT_EQ(refusal(order(0)), reason::zero_amount);
    EXPECT_EQ(refusal(order(amount_max + 1)), reason::amount_too_large);
    EXPECT_EQ(refusal(order(1, 0)), reason::bad_form);
    calls::ForcedTransfer bad = order(1);
    bad.to = bad.from;
    EXPECT_EQ(refusal(bad), reason::bad_creditor);
    bad = order(1);
    bad.to = bank_bic(60);
    EXPECT_EQ(refusal(bad), reason::bad_bank);
    bad = order(1);
    bad.currency = {'G', 'B', 'P'};
    EXPECT_EQ(refusal(bad), reason::unknown_currency);
    bad = order(1);
    bad.reason = "\x1b[2J";
    EXPECT_EQ(refusal(bad), reason::bad_form);
}

}  // namespace
}  // namespace sluice::contracts
