#include <gtest/gtest.h>

#include "tests/contracts/native/settlement_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;
using core::KeyDuty;

constexpr std::size_t newcomer = 50;

class ParticipantsTest : public testing::Test {
  protected:
    static calls::Registration registration() {
        return {.bic = bank_bic(newcomer),
                .lei = {},
                .name = "New Bank",
                .admin = admin_of(newcomer),
                .read_key = {1, 2}};
    }
    void set_status(std::size_t bank, ParticipantStatus status) {
        EXPECT_TRUE(chain.send(operator_key(), calls::set_status(bank_bic(bank), status, "why")).succeeded());
    }
    ParticipantInfo info(std::size_t bank) const {
        return *results::participant(chain.look(calls::participant(bank_bic(bank))).output);
    }
    results::KeyHolder holder(const core::Address& key) const {
        return *results::key_holder(chain.look(calls::participant_of(key)).output);
    }
    SettlementChain chain;
};

TEST_F(ParticipantsTest, genesis_participants_are_active_and_listed_in_order) {
    EXPECT_EQ(info(0).status, ParticipantStatus::active);
    EXPECT_EQ(info(0).name, "Bank 0");
    EXPECT_EQ(info(0).keys, 3u);
    const auto list = results::bics(chain.look(calls::participants(0, 10)).output);
    EXPECT_EQ(list, (std::vector<BicText>{bank_bic(0), bank_bic(1), bank_bic(2)}));
    EXPECT_EQ(results::bics(chain.look(calls::participants(1, 1)).output), std::vector<BicText>{bank_bic(1)});
    EXPECT_EQ(results::bics(chain.look(calls::participants(9, 1)).output), std::vector<BicText>{});
}

TEST_F(ParticipantsTest, onboarding_takes_a_registration_keys_and_activation) {
    EXPECT_TRUE(chain.send(operator_key(), calls::register_participant(registration())).succeeded());
    EXPECT_EQ(info(newcomer).status, ParticipantStatus::pending);
    EXPECT_EQ(info(newcomer).read_key, (core::Bytes{1, 2}));
    EXPECT_EQ(events_of<ParticipantRegisteredEvent>(chain.events())[0].bic, bank_bic(newcomer));
    chain.send(admin_of(newcomer), calls::accept_key(bank_bic(newcomer), KeyDuty::admin));
    chain.give_key(newcomer, KeyDuty::maker, maker_of(newcomer));
    EXPECT_EQ(chain.pay({.payer = newcomer, .payee = 0}).status, Status::rejected) << "not yet active";
    set_status(newcomer, ParticipantStatus::active);
    chain.issue(newcomer, 100);
    EXPECT_EQ(chain.pay({.payer = newcomer, .payee = 0, .number = 2}).status, Status::settled);
}

TEST_F(ParticipantsTest, a_registration_out_of_its_rules_is_refused) {
    const auto refusal = [&](const calls::Registration& each) {
        return chain.refusal(operator_key(), calls::register_participant(each));
    };
    calls::Registration bad = registration();
    bad.bic[0] = 'a';
    EXPECT_EQ(refusal(bad), reason::bad_bank);
    bad = registration();
    bad.bic = bank_bic(0);
    EXPECT_EQ(refusal(bad), reason::duplicate);
    bad = registration();
    bad.lei = {'X'};
    EXPECT_EQ(refusal(bad), reason::bad_form);
    bad = registration();
    bad.name = "";
    EXPECT_EQ(refusal(bad), reason::bad_form);
    bad = registration();
    bad.admin = {};
    EXPECT_EQ(refusal(bad), reason::bad_form);
    bad = registration();
    bad.admin = maker_of(0);
    EXPECT_EQ(refusal(bad), reason::forbidden) << "a key serves one institution";
    EXPECT_EQ(chain.refusal(admin_of(0), calls::register_participant(registration())), reason::forbidden);
}

TEST_F(ParticipantsTest, a_lei_with_right_check_digits_is_kept) {
    calls::Registration good = registration();
    const std::string_view lei = "529900T8BM49AURSDO55";
    std::copy(lei.begin(), lei.end(), good.lei.begin());
    EXPECT_TRUE(chain.send(operator_key(), calls::register_participant(good)).succeeded());
    EXPECT_EQ(info(newcomer).lei, good.lei);
}

TEST_F(ParticipantsTest, status_follows_the_life_of_a_participant) {
    const auto refused_to = [&](ParticipantStatus status) {
        return chain.refusal(operator_key(), calls::set_status(bank_bic(0), status, "")) == reason::forbidden;
    };
    EXPECT_TRUE(refused_to(ParticipantStatus::pending));
    EXPECT_TRUE(refused_to(ParticipantStatus::none));
    set_status(0, ParticipantStatus::suspended);
    set_status(0, ParticipantStatus::suspended);
    set_status(0, ParticipantStatus::active);
    set_status(0, ParticipantStatus::withdrawn);
    EXPECT_TRUE(refused_to(ParticipantStatus::active));
    EXPECT_TRUE(refused_to(ParticipantStatus::suspended));
    EXPECT_EQ(chain.refusal(maker_of(1), calls::set_status(bank_bic(1), ParticipantStatus::suspended, "")),
              reason::forbidden);
}

TEST_F(ParticipantsTest, nobody_withdraws_while_money_or_queues_are_left) {
    const ContractCall withdraw = calls::set_status(bank_bic(0), ParticipantStatus::withdrawn, "");
    chain.issue(0, 100);
    EXPECT_EQ(chain.refusal(operator_key(), withdraw), reason::forbidden);
    chain.pay({.amount = 100});
    chain.pay({.payer = 2, .payee = 0, .number = 5});
    EXPECT_EQ(chain.refusal(operator_key(), withdraw), reason::forbidden);
    chain.send(maker_of(2), calls::cancel(id_of({.payer = 2, .number = 5}), {}));
    EXPECT_TRUE(chain.send(operator_key(), withdraw).succeeded());
    chain.issue(1, 100);
    EXPECT_EQ(chain.pay({.payer = 1, .payee = 0, .number = 6}),
              (Submitted{Status::rejected, reason::closed_account}));
    EXPECT_EQ(chain.refusal(issuer_key(), calls::issue({bank_bic(0), eur, 1, core::word_from_u64(900)})),
              reason::closed_account);
}

// ---- keys

TEST_F(ParticipantsTest, a_key_is_valid_from_its_block_on_and_the_old_one_until_its_block) {
    const core::Address successor{0x99};
    const core::Height from = chain.head.height + 5;
    chain.send(admin_of(0), calls::set_key({bank_bic(0), KeyDuty::maker, successor, true, from}));
    chain.send(successor, calls::accept_key(bank_bic(0), KeyDuty::maker));
    chain.send(admin_of(0), calls::set_key({bank_bic(0), KeyDuty::maker, maker_of(0), false, from}));
    const ContractCall pay = calls::submit(instruction_of({}));
    EXPECT_EQ(chain.refusal(successor, pay), reason::forbidden);
    ASSERT_EQ(chain.head.height + 1, from);
    EXPECT_EQ(chain.refusal(maker_of(0), pay), reason::forbidden);
    EXPECT_TRUE(chain.send(successor, pay).succeeded());
    EXPECT_EQ(holder(successor).bic, bank_bic(0));
    EXPECT_EQ(holder(maker_of(0)).bic, BicText{});
}

TEST_F(ParticipantsTest, several_maker_keys_work_side_by_side) {
    const core::Address lane{0x98};
    chain.give_key(0, KeyDuty::maker, lane);
    EXPECT_EQ(events_of<KeyChangedEvent>(chain.events())[0],
              (KeyChangedEvent{bank_bic(0), KeyDuty::maker, lane, true, chain.head.height}));
    chain.issue(0, 1'000);
    EXPECT_TRUE(chain.send(lane, calls::submit(instruction_of({.number = 1}))).succeeded());
    EXPECT_TRUE(chain.send(maker_of(0), calls::submit(instruction_of({.number = 2}))).succeeded());
    EXPECT_EQ(chain.balance(0), 800);
}

TEST_F(ParticipantsTest, only_an_admin_sets_keys_and_only_of_its_own_bank) {
    const calls::KeyChange change{bank_bic(0), KeyDuty::maker, core::Address{0x97}};
    EXPECT_EQ(chain.refusal(maker_of(0), calls::set_key(change)), reason::forbidden);
    EXPECT_EQ(chain.refusal(admin_of(1), calls::set_key(change)), reason::forbidden);
    EXPECT_EQ(chain.refusal(operator_key(), calls::set_key(change)), reason::forbidden);
    EXPECT_EQ(chain.refusal(admin_of(0), calls::set_key({bank_bic(0), KeyDuty::maker, maker_of(1)})),
              reason::forbidden)
        << "the key of another bank";
    EXPECT_EQ(chain.refusal(admin_of(0), calls::set_key({bank_bic(0), KeyDuty::approver, maker_of(0)})),
              reason::forbidden)
        << "one duty per key";
    EXPECT_EQ(chain.refusal(admin_of(0), calls::set_key({bank_bic(0), KeyDuty{}, core::Address{0x97}})),
              reason::bad_form);
    EXPECT_EQ(
        chain.refusal(admin_of(0), calls::set_key({bank_bic(0), KeyDuty::read, core::Address{0x97}, false})),
        reason::unknown_reference);
}

TEST_F(ParticipantsTest, keys_are_listed_with_their_duties_and_times) {
    chain.send(admin_of(0), calls::set_key({bank_bic(0), KeyDuty::maker, maker_of(0), false}));
    const auto keys = *results::keys(chain.look(calls::keys_of(bank_bic(0), 0, 10)).output);
    ASSERT_EQ(keys.size(), 3u);
    EXPECT_EQ(keys[0], (KeyInfo{admin_of(0), KeyDuty::admin, 0, 0}));
    EXPECT_EQ(keys[1], (KeyInfo{maker_of(0), KeyDuty::maker, 0, chain.head.height}));
    const results::KeyHolder admin = holder(admin_of(0));
    EXPECT_EQ(admin.bic, bank_bic(0));
    EXPECT_EQ(admin.duties, 1u << 1);
}

TEST_F(ParticipantsTest, a_key_that_one_bank_gave_up_may_serve_another) {
    chain.send(admin_of(0), calls::set_key({bank_bic(0), KeyDuty::maker, maker_of(0), false}));
    chain.give_key(1, KeyDuty::maker, maker_of(0));
    EXPECT_EQ(holder(maker_of(0)).bic, bank_bic(1));
}

// ---- four eyes

class FourEyesTest : public ParticipantsTest {
  protected:
    void SetUp() override {
        chain.send(admin_of(0), calls::set_approval_threshold(eur, 1'000));
        chain.issue(0, 10'000);
        EXPECT_EQ(chain.pay(draft).status, Status::awaiting_approval);
    }
    ContractCall approve() const {
        return calls::approve(id_of(draft), content_hash(view_of(instruction_of(draft))));
    }
    PaymentDraft draft{.amount = 1'000};
};

TEST_F(FourEyesTest, below_the_threshold_and_in_other_currencies_one_key_is_enough) {
    chain.issue(0, 10'000, usd);
    EXPECT_EQ(chain.pay({.amount = 999, .number = 2}).status, Status::settled);
    EXPECT_EQ(chain.pay({.amount = 5'000, .number = 3, .currency = usd, .value_date = 20'260'203}).status,
              Status::settled);
    EXPECT_EQ(*results::amount(chain.look(calls::approval_threshold(bank_bic(0), eur)).output), 1'000u);
}

TEST_F(FourEyesTest, an_approver_lets_it_settle) {
    EXPECT_EQ(chain.balance(0), 10'000);
    const CallOutcome outcome = chain.send(approver_of(0), approve());
    EXPECT_EQ(*results::status(outcome.output), Status::settled);
    EXPECT_EQ(chain.balance(0), 9'000);
    EXPECT_EQ(*results::status(chain.send(approver_of(0), approve()).output), Status::settled);
    EXPECT_EQ(chain.balance(0), 9'000);
    EXPECT_EQ(chain.next_due(), std::nullopt);
}

TEST_F(FourEyesTest, approving_takes_an_approver_of_the_payer_who_did_not_make_it) {
    EXPECT_EQ(chain.refusal(maker_of(0), approve()), reason::forbidden);
    EXPECT_EQ(chain.refusal(approver_of(1), approve()), reason::forbidden);
    chain.send(admin_of(0), calls::set_key({bank_bic(0), KeyDuty::maker, maker_of(0), false}));
    chain.give_key(0, KeyDuty::approver, maker_of(0));
    EXPECT_EQ(chain.refusal(maker_of(0), approve()), reason::forbidden) << "its own payment, in a new duty";
    EXPECT_EQ(chain.status(draft), Status::awaiting_approval);
}

TEST_F(FourEyesTest, the_approver_signs_the_content) {
    EXPECT_EQ(chain.refusal(approver_of(0), calls::approve(id_of(draft), core::Hash{1})), reason::duplicate);
    EXPECT_EQ(chain.refusal(approver_of(0), calls::approve(core::Hash{9}, core::Hash{})),
              reason::unknown_reference);
}

TEST_F(FourEyesTest, a_refused_payment_never_settles) {
    const CallOutcome outcome = chain.send(approver_of(0), calls::refuse(id_of(draft), {}));
    EXPECT_EQ(*results::status(outcome.output), Status::rejected);
    EXPECT_EQ(chain.payment(id_of(draft)).reason, reason::refused_by_approver);
    EXPECT_EQ(*results::status(chain.send(approver_of(0), approve()).output), Status::rejected);
    EXPECT_EQ(chain.balance(0), 10'000);
}

TEST_F(FourEyesTest, without_an_approval_in_time_it_is_rejected) {
    const core::UnixMs due = core::time_ms_of(chain.head) + approval_window_ms;
    EXPECT_EQ(chain.next_due(), due);
    chain.block({}, due);
    EXPECT_EQ(chain.payment(id_of(draft)).status, Status::rejected);
    EXPECT_EQ(chain.payment(id_of(draft)).reason, reason::timed_out);
}

TEST_F(FourEyesTest, an_approval_after_the_latest_time_is_refused) {
    const PaymentDraft late{.amount = 1'000, .number = 2, .latest = core::time_ms_of(chain.head) + 5'000};
    chain.pay(late);
    const CallOutcome outcome =
        chain.send(approver_of(0), calls::approve(id_of(late), content_hash(view_of(instruction_of(late)))),
                   late.latest + 1);
    EXPECT_EQ(decode_refusal(outcome.output), (RefusalInfo{reason::too_late, std::nullopt}));
    EXPECT_EQ(chain.status(late), Status::rejected);
}

TEST_F(FourEyesTest, an_approval_in_the_block_in_which_the_window_ends_is_refused) {
    const core::UnixMs due = *chain.next_due();
    const CallOutcome outcome = chain.send(approver_of(0), approve(), due);
    EXPECT_EQ(decode_refusal(outcome.output), (RefusalInfo{reason::too_late, std::nullopt}));
    EXPECT_EQ(chain.payment(id_of(draft)).reason, reason::timed_out);
    EXPECT_EQ(chain.balance(0), 10'000);
}

TEST_F(FourEyesTest, an_approval_in_the_last_moment_counts) {
    const CallOutcome outcome = chain.send(approver_of(0), approve(), *chain.next_due() - 1);
    EXPECT_EQ(*results::status(outcome.output), Status::settled);
}

TEST_F(FourEyesTest, raising_a_priority_that_an_approver_signed_takes_an_approver) {
    const PaymentDraft low{.amount = 20'000, .number = 7, .priority = Priority::low};
    chain.pay(low);
    chain.send(approver_of(0), calls::approve(id_of(low), content_hash(view_of(instruction_of(low)))));
    EXPECT_EQ(chain.status(low), Status::queued);
    EXPECT_EQ(chain.refusal(maker_of(0), calls::set_priority(id_of(low), Priority::high)), reason::forbidden);
    EXPECT_TRUE(chain.send(approver_of(0), calls::set_priority(id_of(low), Priority::high)).succeeded());
    EXPECT_TRUE(chain.send(maker_of(0), calls::set_priority(id_of(low), Priority::normal)).succeeded())
        << "lowering is the maker's";
    const PaymentDraft small{.amount = 999, .number = 8, .priority = Priority::low};
    chain.pay(small);
    EXPECT_TRUE(chain.send(maker_of(0), calls::set_priority(id_of(small), Priority::high)).succeeded());
}

// ---- redemptions from the threshold on

class RedemptionApprovalTest : public FourEyesTest {
  protected:
    void SetUp() override {
        FourEyesTest::SetUp();
        EXPECT_TRUE(chain.send(maker_of(0), calls::request_redeem(eur, 1'000, uetr_of(1))).succeeded());
    }
    RedemptionStatus status() const {
        return results::redemption(chain.look(calls::redemption(bank_bic(0), uetr_of(1))).output)->status;
    }
    ContractCall burn() const { return calls::approve_redeem(bank_bic(0), uetr_of(1), true); }
};

TEST_F(RedemptionApprovalTest, waits_for_an_approver_before_the_central_bank_may_burn) {
    EXPECT_EQ(status(), RedemptionStatus::awaiting_approval);
    EXPECT_EQ(chain.position(0).locked, 1'000u);
    EXPECT_EQ(events_of<RedemptionEvent>(chain.events())[0].stage, RedemptionStage::awaiting);
    EXPECT_EQ(chain.refusal(issuer_key(), burn()), reason::unknown_reference);
    EXPECT_EQ(chain.refusal(maker_of(0), calls::confirm_redeem(uetr_of(1), true)), reason::forbidden);
    EXPECT_EQ(chain.refusal(approver_of(1), calls::confirm_redeem(uetr_of(1), true)),
              reason::unknown_reference);
    EXPECT_TRUE(chain.send(approver_of(0), calls::confirm_redeem(uetr_of(1), true)).succeeded());
    EXPECT_EQ(status(), RedemptionStatus::open);
    EXPECT_TRUE(chain.send(approver_of(0), calls::confirm_redeem(uetr_of(1), false)).succeeded())
        << "a second decision changes nothing";
    EXPECT_EQ(status(), RedemptionStatus::open);
    EXPECT_TRUE(chain.send(issuer_key(), burn()).succeeded());
    EXPECT_EQ(status(), RedemptionStatus::redeemed);
    EXPECT_EQ(chain.balance(0), 9'000);
}

TEST_F(RedemptionApprovalTest, refused_by_the_approver_gives_the_money_back_and_uses_up_the_reference) {
    EXPECT_TRUE(chain.send(approver_of(0), calls::confirm_redeem(uetr_of(1), false)).succeeded());
    EXPECT_EQ(status(), RedemptionStatus::refused);
    EXPECT_EQ(chain.balance(0), 10'000);
    EXPECT_EQ(results::flag(chain.send(maker_of(0), calls::request_redeem(eur, 1'000, uetr_of(1))).output),
              false);
    EXPECT_EQ(chain.position(0).locked, 0u);
}

TEST_F(RedemptionApprovalTest, who_requested_it_cannot_approve_it_in_a_new_duty) {
    chain.send(admin_of(0), calls::set_key({bank_bic(0), KeyDuty::maker, maker_of(0), false}));
    chain.give_key(0, KeyDuty::approver, maker_of(0));
    EXPECT_EQ(chain.refusal(maker_of(0), calls::confirm_redeem(uetr_of(1), true)), reason::forbidden);
}

TEST_F(RedemptionApprovalTest, below_the_threshold_one_key_is_enough) {
    chain.send(maker_of(0), calls::request_redeem(eur, 999, uetr_of(2)));
    EXPECT_EQ(results::redemption(chain.look(calls::redemption(bank_bic(0), uetr_of(2))).output)->status,
              RedemptionStatus::open);
}

TEST_F(FourEyesTest, an_approved_payment_waits_for_its_time_and_then_for_funds) {
    const core::UnixMs earliest = genesis_time_ms + hour_ms;
    const PaymentDraft later{.amount = 20'000, .number = 2, .earliest = earliest};
    chain.pay(later);
    const CallOutcome outcome = chain.send(
        approver_of(0), calls::approve(id_of(later), content_hash(view_of(instruction_of(later)))));
    EXPECT_EQ(*results::status(outcome.output), Status::warehoused);
    chain.block({}, earliest);
    EXPECT_EQ(chain.status(later), Status::queued);
    chain.issue(0, 10'000);
    EXPECT_EQ(chain.status(later), Status::settled);
}

TEST_F(FourEyesTest, the_payer_may_cancel_while_it_waits) {
    EXPECT_EQ(*results::status(chain.send(maker_of(0), calls::cancel(id_of(draft), {})).output),
              Status::cancelled);
    EXPECT_EQ(chain.next_due(), std::nullopt);
}

TEST_F(FourEyesTest, only_the_admin_sets_the_threshold) {
    EXPECT_EQ(chain.refusal(maker_of(0), calls::set_approval_threshold(eur, 1)), reason::forbidden);
    EXPECT_EQ(chain.refusal(admin_of(0), calls::set_approval_threshold({'G', 'B', 'P'}, 1)),
              reason::unknown_currency);
    chain.send(admin_of(0), calls::set_approval_threshold(eur, 0));
    EXPECT_EQ(chain.pay({.amount = 5'000, .number = 9}).status, Status::settled);
}

}  // namespace
}  // namespace sluice::contracts
