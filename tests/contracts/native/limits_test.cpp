#include <gtest/gtest.h>

#include "contracts/native/limit_acts.hpp"
#include "contracts/native/payment_limits.hpp"
#include "tests/contracts/native/settlement_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;

class LimitsTest : public testing::Test {
  protected:
    Status status(std::uint64_t number, std::size_t payer = 0) const {
        return chain.status({.payer = payer, .number = number});
    }
    void act(const core::Address& who, const ContractCall& call, core::UnixMs time_ms = 0) {
        EXPECT_TRUE(chain.send(who, call, time_ms).succeeded());
    }
    LimitsInfo limits(std::size_t bank = 0) const {
        return *results::limits(chain.look(calls::limits(bank_bic(bank), eur)).output);
    }
    std::vector<BilateralLimitInfo> bilateral(std::size_t bank = 0) const {
        return *results::bilateral_limits(
            chain.look(calls::bilateral_limits(bank_bic(bank), eur, 0, 100)).output);
    }
    core::Minor set_line(core::Minor line, std::size_t bank = 0) {
        const CallOutcome outcome =
            chain.send(operator_key(), calls::set_credit_line(bank_bic(bank), eur, line));
        return results::amount(outcome.output).value_or(no_limit - 1);
    }
    void limit_to(std::size_t payee, core::Minor limit, std::size_t bank = 0) {
        act(approver_of(bank), calls::set_bilateral_limit(bank_bic(payee), eur, limit));
    }
    void limit_all(core::Minor limit, std::size_t bank = 0) {
        act(approver_of(bank), calls::set_multilateral_limit(eur, limit));
    }
    void reserve(Priority priority, core::Minor amount, std::size_t bank = 0) {
        act(admin_of(bank), calls::set_reservation(priority, eur, amount));
    }
    void freeze(core::Minor amount, bool on = true, std::size_t bank = 0) {
        act(operator_key(), calls::freeze({bank_bic(bank), eur, amount, on, "court order 12"}));
    }
    static PaymentId id(std::uint64_t number, std::size_t payer = 0) {
        return id_of({.payer = payer, .number = number});
    }
    SettlementChain chain{5};
};

// ---- credit lines

TEST_F(LimitsTest, a_credit_line_lets_the_balance_go_below_zero) {
    EXPECT_EQ(set_line(500), 500u);
    EXPECT_EQ(chain.pay({.amount = 500, .number = 1}).status, Status::settled);
    EXPECT_EQ(chain.balance(0), -500);
    EXPECT_EQ(chain.pay({.amount = 1, .number = 2}).status, Status::queued);
    EXPECT_EQ(limits().credit_used, 500u);
}

TEST_F(LimitsTest, a_higher_credit_line_lets_the_queue_move_in_the_same_block) {
    chain.pay({.amount = 100, .number = 1});
    set_line(100);
    EXPECT_EQ(status(1), Status::settled);
    const auto events = chain.events();
    EXPECT_EQ(std::get<LimitChangedEvent>(events.at(0)),
              (LimitChangedEvent{bank_bic(0), eur, LimitKind::credit_line, {}, 100}));
}

TEST_F(LimitsTest, a_credit_line_falls_only_as_far_as_it_is_not_used) {
    set_line(500);
    chain.pay({.amount = 300, .number = 1});
    EXPECT_EQ(set_line(100), 300u);
    EXPECT_EQ(chain.position(0).credit_line, 300u);
    EXPECT_EQ(chain.position(0).available, 0);
    chain.issue(0, 300);
    EXPECT_EQ(set_line(100), 100u);
}

TEST_F(LimitsTest, only_operators_set_credit_lines) {
    const ContractCall call = calls::set_credit_line(bank_bic(0), eur, 5);
    EXPECT_EQ(chain.refusal(admin_of(0), call), reason::forbidden);
    EXPECT_EQ(chain.refusal(issuer_key(), call), reason::forbidden);
    EXPECT_EQ(chain.refusal(operator_key(), calls::set_credit_line(bank_bic(99), eur, 5)), reason::bad_bank);
    EXPECT_EQ(chain.refusal(operator_key(), calls::set_credit_line(bank_bic(0), eur, amount_max + 1)),
              reason::amount_too_large);
    EXPECT_EQ(chain.refusal(operator_key(), calls::set_credit_line(bank_bic(0), {'G', 'B', 'P'}, 5)),
              reason::unknown_currency);
}

TEST_F(LimitsTest, setting_what_is_already_so_logs_nothing) {
    set_line(5);
    set_line(5);
    EXPECT_TRUE(chain.events().empty());
    limit_to(1, 7);
    limit_to(1, 7);
    EXPECT_TRUE(chain.events().empty());
    limit_all(7);
    limit_all(7);
    EXPECT_TRUE(chain.events().empty());
    reserve(Priority::high, 7);
    reserve(Priority::high, 7);
    EXPECT_TRUE(chain.events().empty());
    freeze(3);
    freeze(3);
    EXPECT_TRUE(chain.events().empty());
}

// ---- bilateral limits

TEST_F(LimitsTest, a_bilateral_limit_bounds_the_net_outflow_to_one_bank) {
    chain.issue(0, 1'000);
    limit_to(1, 150);
    EXPECT_EQ(chain.pay({.amount = 100, .number = 1}).status, Status::settled);
    EXPECT_EQ(chain.pay({.amount = 51, .number = 2}),
              (Submitted{Status::queued, reason::bilateral_limit_reached}));
    EXPECT_EQ(chain.pay({.amount = 51, .number = 3}).status, Status::queued);
    ASSERT_EQ(bilateral().size(), 1u);
    EXPECT_EQ(bilateral()[0], (BilateralLimitInfo{bank_bic(1), 150, 100}));
}

TEST_F(LimitsTest, what_comes_back_frees_a_bilateral_limit) {
    chain.issue(0, 1'000);
    chain.issue(1, 1'000);
    limit_to(1, 100);
    chain.pay({.amount = 100, .number = 1});
    chain.pay({.amount = 30, .number = 2});
    EXPECT_EQ(status(2), Status::queued);
    chain.pay({.payer = 1, .payee = 0, .amount = 30, .number = 3});
    EXPECT_EQ(status(2), Status::settled);
    EXPECT_EQ(bilateral()[0].used, 100);
}

TEST_F(LimitsTest, other_payees_are_outside_a_bilateral_limit) {
    chain.issue(0, 1'000);
    limit_to(1, 0);
    EXPECT_EQ(chain.pay({.payee = 2, .amount = 500, .number = 1}).status, Status::settled);
    EXPECT_EQ(chain.pay({.payee = 1, .amount = 1, .number = 2}).status, Status::queued);
}

TEST_F(LimitsTest, urgent_and_high_are_outside_the_limits) {
    chain.issue(0, 1'000);
    limit_to(1, 0);
    limit_all(0);
    EXPECT_EQ(chain.pay({.amount = 10, .number = 1, .priority = Priority::high}).status, Status::settled);
    EXPECT_EQ(chain.pay({.payee = 2, .amount = 10, .number = 2, .priority = Priority::high}).status,
              Status::settled);
    EXPECT_EQ(bilateral()[0].used, 0);
    EXPECT_EQ(chain.pay({.amount = 10, .number = 3, .priority = Priority::low}).status, Status::queued);
}

TEST_F(LimitsTest, raising_or_removing_a_limit_lets_the_queue_move) {
    chain.issue(0, 1'000);
    limit_to(1, 10);
    chain.pay({.amount = 20, .number = 1});
    limit_to(1, 20);
    EXPECT_EQ(status(1), Status::settled);
    chain.pay({.amount = 20, .number = 2});
    limit_to(1, no_limit);
    EXPECT_EQ(status(2), Status::settled);
    EXPECT_TRUE(bilateral().empty());
}

TEST_F(LimitsTest, limits_start_anew_with_the_value_date_without_any_act) {
    chain.issue(0, 1'000);
    limit_to(1, 100);
    limit_all(50);
    chain.pay({.amount = 100, .number = 1});
    chain.pay({.amount = 100, .number = 2});
    EXPECT_EQ(status(2), Status::queued);
    // The chain itself asks for the block in which the day changes.
    ASSERT_TRUE(chain.next_due().has_value());
    const core::UnixMs midnight = *chain.next_due();
    EXPECT_EQ(midnight, genesis_time_ms + 16 * hour_ms);
    chain.block({}, midnight);
    EXPECT_EQ(status(2), Status::settled);
    EXPECT_EQ(bilateral()[0].used, 100);
    EXPECT_EQ(limits().multilateral_used, 0);
}

TEST_F(LimitsTest, removing_a_bilateral_limit_keeps_the_others_in_the_list) {
    for (std::size_t payee = 1; payee < 5; ++payee)
        limit_to(payee, 10 * payee);
    limit_to(2, no_limit);
    const auto rows = bilateral();
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[0].to, bank_bic(1));
    EXPECT_EQ(rows[1], (BilateralLimitInfo{bank_bic(4), 40, 0}));
    EXPECT_EQ(rows[2].to, bank_bic(3));
    for (const std::size_t payee : {4, 1, 3})
        limit_to(payee, no_limit);
    EXPECT_TRUE(bilateral().empty());
    EXPECT_EQ(limits().bilateral_limits, 0u);
}

// ---- multilateral limits

TEST_F(LimitsTest, a_multilateral_limit_bounds_the_net_outflow_to_all_without_a_bilateral_one) {
    chain.issue(0, 1'000);
    limit_to(1, 500);
    limit_all(100);
    EXPECT_EQ(chain.pay({.payee = 1, .amount = 400, .number = 1}).status, Status::settled);
    EXPECT_EQ(chain.pay({.payee = 2, .amount = 60, .number = 2}).status, Status::settled);
    EXPECT_EQ(chain.pay({.payee = 3, .amount = 60, .number = 3}),
              (Submitted{Status::queued, reason::multilateral_limit_reached}));
    EXPECT_EQ(limits().multilateral_used, 60);
}

TEST_F(LimitsTest, what_comes_in_from_banks_without_a_bilateral_limit_frees_a_multilateral_one) {
    chain.issue(0, 1'000);
    chain.issue(1, 1'000);
    chain.issue(2, 1'000);
    limit_to(1, 500);
    limit_all(0);
    chain.pay({.payee = 3, .amount = 60, .number = 1});
    chain.pay({.payer = 1, .payee = 0, .amount = 60, .number = 2});
    EXPECT_EQ(status(1), Status::queued);
    EXPECT_EQ(bilateral()[0].used, -60);
    chain.pay({.payer = 2, .payee = 0, .amount = 60, .number = 3});
    EXPECT_EQ(status(1), Status::settled);
    limit_all(no_limit);
    EXPECT_EQ(limits().multilateral_limit, no_limit);
    EXPECT_EQ(chain.pay({.payee = 3, .amount = 500, .number = 4}).status, Status::settled);
}

TEST_F(LimitsTest, only_admin_and_approver_of_a_bank_set_its_limits) {
    for (const ContractCall& call :
         {calls::set_bilateral_limit(bank_bic(1), eur, 5), calls::set_multilateral_limit(eur, 5),
          calls::set_reservation(Priority::high, eur, 5)}) {
        EXPECT_EQ(chain.refusal(maker_of(0), call), reason::forbidden);
        EXPECT_EQ(chain.refusal(operator_key(), call), reason::forbidden);
        EXPECT_TRUE(chain.send(admin_of(0), call).succeeded());
        EXPECT_TRUE(chain.send(approver_of(2), call).succeeded());
    }
    EXPECT_EQ(bilateral(0).size(), 1u);
    EXPECT_EQ(bilateral(2).size(), 1u);
    EXPECT_EQ(limits(3).bilateral_limits, 0u);
}

TEST(BilateralLimits, are_at_most_64_for_one_account) {
    SettlementChain many(67);
    const auto limit = [](std::size_t payee, core::Minor value) {
        return calls::set_bilateral_limit(bank_bic(payee), eur, value);
    };
    for (std::size_t payee = 1; payee <= bilateral_limits_max; ++payee)
        EXPECT_TRUE(many.send(admin_of(0), limit(payee, 5)).succeeded());
    EXPECT_EQ(many.refusal(admin_of(0), limit(65, 5)), reason::unsupported);
    EXPECT_TRUE(many.send(admin_of(0), limit(64, 6)).succeeded()) << "one that is there may change";
    EXPECT_TRUE(many.send(admin_of(0), limit(64, no_limit)).succeeded());
    EXPECT_TRUE(many.send(admin_of(0), limit(65, 5)).succeeded());
}

TEST_F(LimitsTest, a_limit_out_of_its_rules_is_refused) {
    const core::Address who = approver_of(0);
    EXPECT_EQ(chain.refusal(who, calls::set_bilateral_limit(bank_bic(0), eur, 5)), reason::bad_creditor);
    EXPECT_EQ(chain.refusal(who, calls::set_bilateral_limit(bank_bic(99), eur, 5)), reason::bad_bank);
    EXPECT_EQ(chain.refusal(who, calls::set_bilateral_limit(bank_bic(1), {'G', 'B', 'P'}, 5)),
              reason::unknown_currency);
    EXPECT_EQ(chain.refusal(who, calls::set_bilateral_limit(bank_bic(1), eur, amount_max + 1)),
              reason::amount_too_large);
    EXPECT_EQ(chain.refusal(who, calls::set_multilateral_limit(eur, no_limit - 1)), reason::amount_too_large);
    EXPECT_EQ(chain.refusal(who, calls::set_reservation(Priority::normal, eur, 5)), reason::bad_form);
    EXPECT_EQ(chain.refusal(who, calls::set_reservation(Priority::low, eur, 5)), reason::bad_form);
}

// ---- reservations

TEST_F(LimitsTest, reserved_money_is_for_its_class_and_more_urgent_ones) {
    chain.issue(0, 100);
    reserve(Priority::urgent, 30);
    reserve(Priority::high, 50);
    EXPECT_EQ(limits().available_urgent, 100);
    EXPECT_EQ(limits().available_high, 70);
    EXPECT_EQ(limits().available_normal, 20);
    EXPECT_EQ(chain.position(0).available, 20);
    EXPECT_EQ(chain.pay({.amount = 21, .number = 1}),
              (Submitted{Status::queued, reason::insufficient_funds}));
    EXPECT_EQ(chain.pay({.amount = 71, .number = 2, .priority = Priority::high}).status, Status::queued);
    act(maker_of(0), calls::cancel(id(2), {}));
    EXPECT_EQ(chain.pay({.amount = 70, .number = 3, .priority = Priority::high}).status, Status::settled);
}

TEST_F(LimitsTest, lifting_a_reservation_lets_the_queue_move) {
    chain.issue(0, 100);
    reserve(Priority::high, 50);
    chain.pay({.amount = 60, .number = 1});
    reserve(Priority::high, 40);
    EXPECT_EQ(status(1), Status::settled);
    reserve(Priority::high, 0);
    EXPECT_EQ(limits().available_normal, 40);
}

TEST_F(LimitsTest, reserved_and_frozen_money_cannot_be_redeemed) {
    chain.issue(0, 100);
    reserve(Priority::high, 30);
    freeze(30);
    const auto redeem = [](core::Minor amount) { return calls::request_redeem(eur, amount, uetr_of(1)); };
    EXPECT_EQ(chain.refusal(maker_of(0), redeem(41)), reason::insufficient_funds);
    EXPECT_TRUE(chain.send(maker_of(0), redeem(40)).succeeded());
    freeze(no_limit);
    EXPECT_EQ(chain.refusal(maker_of(0), calls::request_redeem(eur, 1, uetr_of(2))), reason::blocked_account);
}

TEST_F(LimitsTest, reserved_and_frozen_money_cannot_be_locked) {
    chain.issue(0, 100);
    reserve(Priority::high, 30);
    freeze(30);
    const auto lock = [](core::Minor amount) {
        return calls::lock({.operation = core::word_from_u64(1),
                            .payer = bank_bic(0),
                            .beneficiary = bank_bic(1),
                            .currency = eur,
                            .amount = amount,
                            .expiry_ms = genesis_time_ms + hour_ms});
    };
    EXPECT_EQ(chain.refusal(maker_of(0), lock(41)), reason::insufficient_funds);
    freeze(no_limit);
    EXPECT_EQ(chain.refusal(maker_of(0), lock(40)), reason::blocked_account);
    freeze(no_limit, false);
    EXPECT_TRUE(chain.send(maker_of(0), lock(40)).succeeded());
    EXPECT_EQ(chain.position(0).locked, 40u);
}

// ---- freezes of accounts

TEST_F(LimitsTest, a_partial_freeze_keeps_its_amount_and_lets_the_rest_go) {
    chain.issue(0, 100);
    freeze(60);
    EXPECT_EQ(std::get<FrozenEvent>(chain.events().at(0)),
              (FrozenEvent{bank_bic(0), eur, 60, true, "court order 12"}));
    EXPECT_EQ(chain.position(0).frozen, 60u);
    EXPECT_EQ(chain.pay({.amount = 40, .number = 1}).status, Status::settled);
    EXPECT_EQ(chain.pay({.amount = 1, .number = 2, .priority = Priority::high}).status, Status::queued);
    freeze(59);
    EXPECT_EQ(status(2), Status::settled);
    freeze(0, false);
    EXPECT_EQ(chain.position(0).frozen, 0u);
    EXPECT_EQ(chain.position(0).available, 59);
}

TEST_F(LimitsTest, more_than_the_balance_may_be_frozen_and_holds_what_comes_in) {
    freeze(100);
    chain.issue(0, 90);
    EXPECT_EQ(chain.position(0).available, -10);
    EXPECT_EQ(chain.pay({.amount = 1, .number = 1}).status, Status::queued);
    chain.issue(0, 11);
    EXPECT_EQ(status(1), Status::settled);
}

TEST_F(LimitsTest, the_queue_of_a_frozen_account_stands_still_and_money_comes_in) {
    chain.pay({.amount = 100, .number = 1});
    freeze(no_limit);
    EXPECT_TRUE(limits().is_frozen);
    chain.issue(0, 500);
    EXPECT_EQ(status(1), Status::queued);
    chain.issue(1, 50);
    EXPECT_EQ(chain.pay({.payer = 1, .payee = 0, .amount = 50, .number = 2}).status, Status::settled);
    EXPECT_EQ(chain.balance(0), 550);
    EXPECT_EQ(chain.position(0).available, 0);
    freeze(no_limit, false);
    EXPECT_EQ(status(1), Status::settled);
}

TEST_F(LimitsTest, a_new_payment_of_a_frozen_account_is_rejected) {
    chain.issue(0, 100);
    freeze(no_limit);
    EXPECT_EQ(chain.pay({.amount = 1, .number = 1}), (Submitted{Status::rejected, reason::blocked_account}));
}

TEST_F(LimitsTest, holders_of_freezer_and_operators_freeze_and_nobody_else) {
    const core::Address freezer = bank_key(70, 9);
    const ContractCall call = calls::freeze({bank_bic(0), eur, 5, true, ""});
    EXPECT_EQ(chain.refusal(freezer, call), reason::forbidden);
    EXPECT_EQ(chain.refusal(admin_of(0), call), reason::forbidden);
    EXPECT_EQ(chain.refusal(issuer_key(), call), reason::forbidden);
    act(operator_key(), calls::set_role(Role::freezer, freezer, true));
    act(freezer, call);
    EXPECT_EQ(chain.position(0).frozen, 5u);
}

TEST_F(LimitsTest, a_freeze_out_of_its_rules_is_refused) {
    const auto refusal = [&](core::Minor amount, bool on, std::string why = "") {
        return chain.refusal(operator_key(), calls::freeze({bank_bic(0), eur, amount, on, std::move(why)}));
    };
    EXPECT_EQ(refusal(0, true), reason::zero_amount);
    EXPECT_EQ(refusal(5, false), reason::bad_form);
    EXPECT_EQ(refusal(amount_max + 1, true), reason::amount_too_large);
    EXPECT_EQ(refusal(5, true, std::string(141, 'x')), reason::bad_form);
}

TEST_F(LimitsTest, both_kinds_of_freeze_stand_beside_each_other) {
    chain.issue(0, 100);
    freeze(60);
    freeze(no_limit);
    freeze(no_limit, false);
    EXPECT_EQ(chain.position(0).frozen, 60u);
    EXPECT_EQ(chain.position(0).available, 40);
}

TEST_F(LimitsTest, several_operators_freeze_and_set_credit_together) {
    chain = SettlementChain(settlement_spec(3, 3, 2));
    for (const ContractCall& call : {calls::freeze({bank_bic(0), eur, 5, true, "case 7"}),
                                     calls::set_credit_line(bank_bic(0), eur, 40)}) {
        EXPECT_EQ(chain.refusal(operator_key(), call), reason::forbidden);
        const auto proposed =
            results::act_outcome(chain.send(operator_key(0), calls::propose_act(call.data)).output);
        ASSERT_TRUE(proposed.has_value());
        EXPECT_FALSE(proposed->performed);
        act(operator_key(1), calls::confirm_act(proposed->act));
    }
    EXPECT_EQ(chain.position(0).frozen, 5u);
    EXPECT_EQ(chain.position(0).credit_line, 40u);
}

// ---- freezes of one payment

class FrozenPaymentTest : public LimitsTest {
  protected:
    Status freeze_payment(std::uint64_t number, bool on = true) {
        const CallOutcome outcome = chain.send(operator_key(), calls::freeze_payment(id(number), on, {}));
        EXPECT_TRUE(outcome.succeeded());
        return results::status(outcome.output).value_or(Status::none);
    }
};

TEST_F(FrozenPaymentTest, a_frozen_payment_leaves_the_queue_and_its_payer_cannot_bring_it_back) {
    chain.pay({.amount = 100, .number = 1});
    chain.pay({.amount = 50, .number = 2});
    EXPECT_EQ(freeze_payment(1), Status::held);
    EXPECT_EQ(chain.payment(id(1)).reason, reason::by_authority);
    chain.issue(0, 500);
    EXPECT_EQ(status(2), Status::settled);
    EXPECT_EQ(chain.refusal(maker_of(0), calls::unhold(id(1))), reason::forbidden);
    EXPECT_EQ(chain.refusal(maker_of(0), calls::cancel(id(1), {})), reason::forbidden);
    EXPECT_EQ(freeze_payment(1, false), Status::queued);
    EXPECT_EQ(status(1), Status::settled);
}

TEST_F(FrozenPaymentTest, what_its_payer_held_before_stays_held_after_the_freeze) {
    chain.pay({.amount = 100, .number = 1});
    act(maker_of(0), calls::hold(id(1)));
    EXPECT_EQ(freeze_payment(1), Status::held);
    EXPECT_EQ(chain.refusal(maker_of(0), calls::unhold(id(1))), reason::forbidden);
    EXPECT_EQ(freeze_payment(1, false), Status::held);
    act(maker_of(0), calls::unhold(id(1)));
    EXPECT_EQ(status(1), Status::queued);
}

TEST_F(FrozenPaymentTest, a_waiting_payment_that_is_frozen_is_held_when_its_time_comes) {
    chain.issue(0, 500);
    const core::UnixMs release = genesis_time_ms + hour_ms;
    const core::UnixMs latest = genesis_time_ms + 3 * hour_ms;
    chain.pay({.amount = 100, .number = 1, .earliest = release, .latest = latest});
    chain.pay({.amount = 70, .number = 2, .earliest = release});
    EXPECT_EQ(freeze_payment(1), Status::warehoused);
    EXPECT_EQ(freeze_payment(2), Status::warehoused);
    chain.block({}, release);
    EXPECT_EQ(status(1), Status::held);
    EXPECT_EQ(status(2), Status::held);
    EXPECT_EQ(freeze_payment(2, false), Status::queued);
    EXPECT_EQ(status(2), Status::settled);
    chain.block({}, latest + 1);
    EXPECT_EQ(status(1), Status::expired);
    EXPECT_EQ(chain.balance(0), 430);
}

TEST_F(FrozenPaymentTest, freezing_twice_changes_nothing_and_what_has_ended_stays) {
    chain.issue(0, 500);
    chain.pay({.amount = 100, .number = 1});
    EXPECT_EQ(freeze_payment(1), Status::settled);
    chain.pay({.amount = 600, .number = 2});
    freeze_payment(2);
    const auto events = chain.events();
    EXPECT_EQ(std::get<PaymentFrozenEvent>(events.at(1)),
              (PaymentFrozenEvent{id(2), true, reason::by_authority}));
    EXPECT_EQ(freeze_payment(2), Status::held);
    EXPECT_TRUE(chain.events().empty());
    EXPECT_EQ(chain.refusal(operator_key(), calls::freeze_payment(id(9), true, {})),
              reason::unknown_reference);
    EXPECT_EQ(chain.refusal(maker_of(0), calls::freeze_payment(id(2), false, {})), reason::forbidden);
}

}  // namespace
}  // namespace sluice::contracts
