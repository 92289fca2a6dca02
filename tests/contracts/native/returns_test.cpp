#include <gtest/gtest.h>

#include "tests/contracts/native/settlement_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;

constexpr ReasonCode wrong_account = abi::iso_code("AC04");
constexpr ReasonCode duplicated = abi::iso_code("DUPL");
constexpr ReasonCode accepted = abi::iso_code("CNCL");
constexpr ReasonCode rejected = abi::iso_code("RJCR");
constexpr ReasonCode pending = abi::iso_code("PDCR");

/// Bank 0 has paid 100 to bank 1 as payment 1.
class ReturnsTest : public testing::Test {
  protected:
    ReturnsTest() {
        chain.issue(0, 1'000);
        chain.pay(paid);
    }
    /// The draft of a return of payment 1, as payment `number`.
    static PaymentDraft draft(core::Minor amount, std::uint64_t number) {
        return {.payer = 1, .payee = 0, .amount = amount, .number = number, .type = "P004"};
    }
    static ContractCall return_call(const PaymentDraft& draft, const ReasonCode& why = wrong_account) {
        return calls::return_payment(instruction_of(draft), id_of(paid), why);
    }
    Submitted give_back(core::Minor amount, std::uint64_t number) {
        const auto submitted =
            results::submitted(chain.send(maker_of(1), return_call(draft(amount, number))).output);
        EXPECT_TRUE(submitted.has_value());
        return submitted.value_or(Submitted{});
    }
    ReturnsInfo returns(const PaymentDraft& of = paid) const {
        return *results::returns(chain.look(calls::returns_of(id_of(of))).output);
    }
    static ContractCall recall(core::Minor amount = 100, std::uint64_t message = 1) {
        return calls::request_return({id_of(paid), amount, duplicated, core::word_from_u64(message)});
    }
    static ContractCall answer(const ReasonCode& code, const ReasonCode& why = {}) {
        return calls::answer_return(id_of(paid), code, why);
    }
    static constexpr PaymentDraft paid{.number = 1};
    SettlementChain chain{4};
};

// ---- returns

TEST_F(ReturnsTest, a_return_is_a_new_payment_and_leaves_the_old_one_settled) {
    EXPECT_EQ(give_back(100, 2).status, Status::settled);
    EXPECT_EQ(chain.balance(0), 1'000);
    EXPECT_EQ(chain.balance(1), 0);
    EXPECT_EQ(chain.status(paid), Status::settled);
    EXPECT_EQ(returns().returned, 100u);
    EXPECT_EQ(returns().returns, 1u);
    EXPECT_EQ(returns(draft(100, 2)).original, id_of(paid));
    const auto events = chain.events();
    EXPECT_EQ(std::get<PaymentReturnEvent>(events.at(0)),
              (PaymentReturnEvent{id_of(paid), id_of(draft(100, 2)), 100, wrong_account}));
    const auto& status = std::get<PaymentStatusEvent>(events.at(1));
    EXPECT_EQ(status.message_type, (MessageTag{'P', '0', '0', '4'}));
    EXPECT_EQ(status.payer, bank_bic(1));
}

TEST_F(ReturnsTest, parts_may_be_returned_up_to_the_whole) {
    EXPECT_EQ(give_back(60, 2).status, Status::settled);
    EXPECT_EQ(chain.refusal(maker_of(1), return_call(draft(41, 3))), reason::wrong_amount);
    EXPECT_EQ(give_back(40, 3).status, Status::settled);
    EXPECT_EQ(chain.refusal(maker_of(1), return_call(draft(1, 4))), reason::already_returned);
    EXPECT_EQ(returns().returns, 2u);
}

TEST_F(ReturnsTest, the_same_return_again_changes_nothing_and_other_content_is_refused) {
    give_back(60, 2);
    EXPECT_EQ(give_back(60, 2).status, Status::settled);
    EXPECT_EQ(chain.balance(1), 40);
    EXPECT_EQ(returns().returned, 60u);
    EXPECT_EQ(chain.refusal(maker_of(1), return_call(draft(30, 2))), reason::duplicate);
    EXPECT_EQ(chain.refusal(maker_of(1), return_call(draft(60, 2), duplicated)), reason::duplicate);
}

TEST_F(ReturnsTest, a_return_without_funds_queues_and_gives_its_room_back_when_cancelled) {
    chain.pay({.payer = 1, .payee = 2, .amount = 80, .number = 9});
    EXPECT_EQ(give_back(100, 2), (Submitted{Status::queued, reason::insufficient_funds}));
    EXPECT_EQ(returns().returned, 100u);
    EXPECT_EQ(chain.refusal(maker_of(1), return_call(draft(20, 3))), reason::already_returned);
    EXPECT_TRUE(chain.send(maker_of(1), calls::cancel(id_of(draft(100, 2)), {})).succeeded());
    EXPECT_EQ(returns().returned, 0u);
    EXPECT_EQ(returns().returns, 0u);
    EXPECT_EQ(give_back(20, 3).status, Status::settled);
}

TEST_F(ReturnsTest, a_return_that_expires_gives_its_room_back) {
    chain.pay({.payer = 1, .payee = 2, .amount = 80, .number = 9});
    PaymentDraft late = draft(100, 2);
    late.latest = genesis_time_ms + hour_ms;
    EXPECT_TRUE(chain.send(maker_of(1), return_call(late)).succeeded());
    chain.block({}, late.latest + 1);
    EXPECT_EQ(chain.status(late), Status::expired);
    EXPECT_EQ(returns().returned, 0u);
}

TEST_F(ReturnsTest, a_return_that_is_rejected_at_once_takes_no_room) {
    chain.send(operator_key(), calls::set_status(bank_bic(0), ParticipantStatus::suspended, ""));
    EXPECT_EQ(give_back(100, 2), (Submitted{Status::rejected, reason::blocked_account}));
    EXPECT_EQ(returns().returned, 0u);
}

TEST_F(ReturnsTest, four_eyes_stand_before_a_return_as_well) {
    chain.send(admin_of(1), calls::set_approval_threshold(eur, 50));
    EXPECT_EQ(give_back(100, 2).status, Status::awaiting_approval);
    const PaymentInfo waiting = chain.payment(id_of(draft(100, 2)));
    chain.send(approver_of(1), calls::approve(id_of(draft(100, 2)), waiting.content_hash));
    EXPECT_EQ(chain.status(draft(100, 2)), Status::settled);
    EXPECT_EQ(chain.balance(0), 1'000);
}

TEST_F(ReturnsTest, only_the_payee_of_a_settled_payment_returns_it) {
    EXPECT_EQ(chain.refusal(maker_of(0), return_call(draft(10, 2))), reason::forbidden);
    PaymentDraft other = draft(10, 2);
    other.payer = 2;
    EXPECT_EQ(chain.refusal(maker_of(2), return_call(other)), reason::unknown_reference);
    other = draft(10, 2);
    other.payee = 3;
    EXPECT_EQ(chain.refusal(maker_of(1), return_call(other)), reason::unknown_reference);
    other = draft(10, 2);
    other.currency = usd;
    other.value_date = 20'260'203;
    EXPECT_EQ(chain.refusal(maker_of(1), return_call(other)), reason::unknown_currency);
    chain.pay({.amount = 5'000, .number = 5});
    EXPECT_EQ(chain.refusal(maker_of(1), calls::return_payment(instruction_of(draft(10, 2)),
                                                               id_of({.number = 5}), wrong_account)),
              reason::unknown_reference);
}

TEST_F(ReturnsTest, a_return_cannot_be_returned_and_no_other_type_returns) {
    give_back(100, 2);
    PaymentDraft again{.payer = 0, .payee = 1, .amount = 100, .number = 3, .type = "P004"};
    EXPECT_EQ(chain.refusal(maker_of(0), calls::return_payment(instruction_of(again), id_of(draft(100, 2)),
                                                               wrong_account)),
              reason::unsupported);
    PaymentDraft plain = draft(10, 3);
    plain.type = "P009";
    EXPECT_EQ(chain.refusal(maker_of(1), return_call(plain)), reason::unsupported);
    EXPECT_EQ(chain.refusal(maker_of(1), calls::submit(instruction_of(draft(10, 3)))), reason::unsupported);
}

TEST_F(ReturnsTest, a_return_without_a_reason_is_refused) {
    EXPECT_EQ(chain.refusal(maker_of(1), return_call(draft(10, 2), reason::none)), reason::bad_form);
}

TEST_F(ReturnsTest, the_instruction_of_a_return_is_found_in_its_transaction) {
    const ContractCall call = return_call(draft(60, 2));
    const auto instructions = instructions_in(call.data);
    ASSERT_EQ(instructions.size(), 1u);
    EXPECT_EQ(instructions[0], instruction_of(draft(60, 2)));
}

// ---- recalls

TEST_F(ReturnsTest, a_payer_asks_for_its_payment_back_and_the_payee_answers) {
    const auto status = results::status(chain.send(maker_of(0), recall()).output);
    EXPECT_EQ(status, Status::settled);
    EXPECT_EQ(std::get<ReturnRequestedEvent>(chain.events().at(0)),
              (ReturnRequestedEvent{id_of(paid), bank_bic(0), bank_bic(1), 100, duplicated,
                                    core::word_from_u64(1)}));
    EXPECT_EQ(returns().recall, RecallStatus::open);
    EXPECT_TRUE(chain.send(approver_of(1), answer(pending)).succeeded());
    EXPECT_EQ(returns().recall, RecallStatus::pending);
    EXPECT_TRUE(chain.send(maker_of(1), answer(accepted)).succeeded());
    EXPECT_EQ(std::get<ReturnAnsweredEvent>(chain.events().at(0)),
              (ReturnAnsweredEvent{id_of(paid), bank_bic(0), bank_bic(1), abi::iso_code("CNCL"), {}}));
    EXPECT_EQ(returns().recall, RecallStatus::accepted);
    // Saying yes moves no money: the return does.
    EXPECT_EQ(chain.balance(1), 100);
    EXPECT_EQ(give_back(100, 2).status, Status::settled);
}

TEST_F(ReturnsTest, a_refused_recall_may_be_made_anew) {
    chain.send(maker_of(0), recall());
    chain.send(maker_of(1), answer(rejected, wrong_account));
    EXPECT_EQ(returns().recall, RecallStatus::refused);
    EXPECT_EQ(returns().answer_reason, abi::iso_code("AC04"));
    EXPECT_EQ(chain.refusal(maker_of(1), answer(accepted)), reason::duplicate);
    EXPECT_TRUE(chain.send(maker_of(0), recall(50, 2)).succeeded());
    EXPECT_EQ(returns().recall, RecallStatus::open);
    EXPECT_EQ(returns().requested, 50u);
    EXPECT_EQ(returns().answer_reason, reason::none);
}

TEST_F(ReturnsTest, the_same_recall_or_answer_again_changes_nothing) {
    chain.send(maker_of(0), recall());
    EXPECT_TRUE(chain.send(maker_of(0), recall()).succeeded());
    EXPECT_TRUE(chain.events().empty());
    EXPECT_EQ(chain.refusal(maker_of(0), recall(50)), reason::duplicate);
    chain.send(maker_of(1), answer(rejected));
    EXPECT_TRUE(chain.send(maker_of(1), answer(rejected)).succeeded());
    EXPECT_TRUE(chain.events().empty());
    EXPECT_TRUE(chain.send(maker_of(0), recall()).succeeded());
    EXPECT_EQ(returns().recall, RecallStatus::refused);
}

TEST_F(ReturnsTest, a_payment_that_has_not_settled_is_cancelled_and_not_recalled) {
    chain.pay({.amount = 5'000, .number = 5});
    const auto status = results::status(
        chain.send(maker_of(0), calls::request_return({id_of({.number = 5}), 10, duplicated, {}})).output);
    EXPECT_EQ(status, Status::queued);
    EXPECT_TRUE(chain.events().empty());
    EXPECT_EQ(returns({.number = 5}).recall, RecallStatus::none);
}

TEST_F(ReturnsTest, a_recall_out_of_its_rules_is_refused) {
    EXPECT_EQ(chain.refusal(maker_of(1), recall()), reason::forbidden);
    EXPECT_EQ(chain.refusal(approver_of(0), recall()), reason::forbidden);
    EXPECT_EQ(chain.refusal(maker_of(0), recall(101)), reason::wrong_amount);
    EXPECT_EQ(chain.refusal(maker_of(0), recall(0)), reason::zero_amount);
    EXPECT_EQ(chain.refusal(maker_of(0), calls::request_return({id_of({.number = 77}), 1, duplicated, {}})),
              reason::unknown_reference);
    EXPECT_EQ(chain.refusal(maker_of(0), calls::request_return({id_of(paid), 1, reason::none, {}})),
              reason::bad_form);
    EXPECT_EQ(chain.refusal(maker_of(1), answer(accepted)), reason::unknown_reference);
    chain.send(maker_of(0), recall());
    EXPECT_EQ(chain.refusal(maker_of(0), answer(accepted)), reason::forbidden);
    EXPECT_EQ(chain.refusal(maker_of(1), answer(abi::iso_code("ACSC"))), reason::bad_form);
}

}  // namespace
}  // namespace sluice::contracts
