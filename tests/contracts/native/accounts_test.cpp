#include <gtest/gtest.h>

#include "tests/contracts/native/settlement_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;

class AccountsTest : public testing::Test {
  protected:
    static ContractCall issue_call(core::Minor amount, std::uint64_t reference, std::size_t bank = 0) {
        return calls::issue({bank_bic(bank), eur, amount, core::word_from_u64(reference)});
    }
    results::Totals totals() const { return *results::totals(chain.look(calls::totals(eur)).output); }
    ContractCall request(core::Minor amount, std::uint64_t reference = 1) const {
        return calls::request_redeem(eur, amount, uetr_of(reference));
    }
    ContractCall decide(bool ok, std::uint64_t reference = 1, std::size_t bank = 0) const {
        return calls::approve_redeem(bank_bic(bank), uetr_of(reference), ok);
    }
    std::vector<RedemptionInfo> open() const {
        return *results::redemptions(chain.look(calls::open_redemptions(0, 100)).output);
    }
    SettlementChain chain;
};

TEST_F(AccountsTest, issue_adds_money_and_says_so) {
    chain.send(issuer_key(), issue_call(300, 7));
    EXPECT_EQ(chain.balance(0), 300);
    EXPECT_EQ(totals().issued, 300u);
    const auto events = chain.events();
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(std::get<AccountEntryEvent>(events[0]),
              (AccountEntryEvent{bank_bic(0), eur, 1, 300, 300, core::word_from_u64(7)}));
    EXPECT_EQ(std::get<IssuedEvent>(events[1]), (IssuedEvent{bank_bic(0), eur, 300, core::word_from_u64(7)}));
}

TEST_F(AccountsTest, an_issue_is_booked_once_per_rtgs_reference) {
    EXPECT_EQ(results::flag(chain.send(issuer_key(), issue_call(300, 7)).output), true);
    EXPECT_EQ(results::flag(chain.send(issuer_key(), issue_call(300, 7)).output), false);
    EXPECT_EQ(chain.balance(0), 300);
    EXPECT_EQ(chain.refusal(issuer_key(), issue_call(301, 7)), reason::duplicate);
    EXPECT_EQ(chain.refusal(issuer_key(), issue_call(300, 7, 1)), reason::duplicate);
}

TEST_F(AccountsTest, only_issuer_and_operator_issue) {
    EXPECT_EQ(chain.refusal(maker_of(0), issue_call(300, 7)), reason::forbidden);
    EXPECT_EQ(chain.refusal(admin_of(0), issue_call(300, 7)), reason::forbidden);
    EXPECT_TRUE(chain.send(operator_key(), issue_call(300, 7)).succeeded());
}

TEST_F(AccountsTest, an_issue_out_of_its_rules_is_refused) {
    EXPECT_EQ(chain.refusal(issuer_key(), issue_call(0, 7)), reason::zero_amount);
    EXPECT_EQ(chain.refusal(issuer_key(), issue_call(amount_max + 1, 7)), reason::amount_too_large);
    EXPECT_EQ(chain.refusal(issuer_key(), issue_call(1, 0)), reason::bad_form);
    EXPECT_EQ(chain.refusal(issuer_key(), issue_call(1, 7, 99)), reason::bad_bank);
    EXPECT_EQ(
        chain.refusal(issuer_key(), calls::issue({bank_bic(0), {'G', 'B', 'P'}, 1, core::word_from_u64(7)})),
        reason::unknown_currency);
}

TEST_F(AccountsTest, a_request_to_redeem_locks_the_money_at_once) {
    chain.issue(0, 300);
    EXPECT_TRUE(chain.send(maker_of(0), request(150)).succeeded());
    const PositionInfo position = chain.position(0);
    EXPECT_EQ(position.balance, 150);
    EXPECT_EQ(position.locked, 150u);
    EXPECT_EQ(position.available, 150);
    ASSERT_EQ(open().size(), 1u);
    EXPECT_EQ(open()[0].bic, bank_bic(0));
    EXPECT_EQ(open()[0].amount, 150u);
    EXPECT_EQ(chain.pay({.amount = 151}).status, Status::queued);
}

TEST_F(AccountsTest, an_approved_redemption_burns_what_was_locked) {
    chain.issue(0, 300);
    chain.send(maker_of(0), request(150));
    EXPECT_TRUE(chain.send(issuer_key(), decide(true)).succeeded());
    EXPECT_EQ(chain.position(0).locked, 0u);
    EXPECT_EQ(chain.balance(0), 150);
    EXPECT_EQ(totals().redeemed, 150u);
    EXPECT_TRUE(open().empty());
    EXPECT_EQ(events_of<RedemptionEvent>(chain.events())[0],
              (RedemptionEvent{RedemptionStage::redeemed, bank_bic(0), eur, 150, uetr_of(1)}));
    EXPECT_TRUE(events_of<AccountEntryEvent>(chain.events()).empty()) << "the entry came with the request";
    const auto info = results::redemption(chain.look(calls::redemption(bank_bic(0), uetr_of(1))).output);
    EXPECT_EQ(info->status, RedemptionStatus::redeemed);
}

TEST_F(AccountsTest, a_refused_redemption_gives_the_money_back_and_moves_the_queue) {
    chain.issue(0, 300);
    chain.send(maker_of(0), request(250));
    chain.pay({.amount = 200});
    EXPECT_EQ(chain.status({.amount = 200}), Status::queued);
    chain.send(issuer_key(), decide(false));
    EXPECT_EQ(chain.status({.amount = 200}), Status::settled);
    EXPECT_EQ(chain.balance(0), 100);
    EXPECT_EQ(totals().redeemed, 0u);
}

TEST_F(AccountsTest, redemption_requests_and_decisions_may_be_repeated_without_effect) {
    chain.issue(0, 300);
    EXPECT_EQ(results::flag(chain.send(maker_of(0), request(150)).output), true);
    EXPECT_EQ(results::flag(chain.send(maker_of(0), request(150)).output), false);
    EXPECT_EQ(chain.refusal(maker_of(0), request(151)), reason::duplicate);
    chain.send(issuer_key(), decide(true));
    EXPECT_TRUE(chain.send(issuer_key(), decide(true)).succeeded());
    EXPECT_EQ(chain.refusal(issuer_key(), decide(false)), reason::unknown_reference);
    EXPECT_EQ(totals().redeemed, 150u);
    EXPECT_EQ(chain.balance(0), 150);
}

TEST_F(AccountsTest, a_redemption_out_of_its_rules_is_refused) {
    chain.issue(0, 300);
    EXPECT_EQ(chain.refusal(maker_of(0), request(301)), reason::insufficient_funds);
    EXPECT_EQ(chain.refusal(maker_of(0), request(0)), reason::zero_amount);
    EXPECT_EQ(chain.refusal(approver_of(0), request(1)), reason::forbidden);
    EXPECT_EQ(chain.refusal(maker_of(0), calls::request_redeem({'G', 'B', 'P'}, 1, uetr_of(1))),
              reason::unknown_currency);
    EXPECT_EQ(chain.refusal(maker_of(0), calls::request_redeem(eur, 1, {})), reason::bad_form);
    EXPECT_EQ(chain.refusal(maker_of(0), decide(true)), reason::forbidden);
    EXPECT_EQ(chain.refusal(issuer_key(), decide(true, 5)), reason::unknown_reference);
    EXPECT_EQ(chain.refusal(issuer_key(), decide(true, 5, 99)), reason::bad_bank);
}

TEST_F(AccountsTest, open_redemptions_stay_listed_whatever_order_they_close_in) {
    for (std::size_t bank = 0; bank < 3; ++bank)
        chain.issue(bank, 1'000);
    for (std::size_t bank = 0; bank < 3; ++bank)
        for (std::uint64_t reference = 1; reference <= 2; ++reference)
            chain.send(maker_of(bank), request(10 + bank, reference));
    EXPECT_EQ(open().size(), 6u);
    chain.send(issuer_key(), decide(true, 1, 0));
    chain.send(issuer_key(), decide(false, 2, 2));
    chain.send(issuer_key(), decide(true, 2, 1));
    std::vector<std::pair<BicText, UetrBytes>> left;
    for (const RedemptionInfo& each : open()) {
        EXPECT_EQ(each.status, RedemptionStatus::open);
        left.push_back({each.bic, each.reference});
    }
    std::sort(left.begin(), left.end());
    std::vector<std::pair<BicText, UetrBytes>> expected{
        {bank_bic(0), uetr_of(2)}, {bank_bic(1), uetr_of(1)}, {bank_bic(2), uetr_of(1)}};
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(left, expected);
    for (const RedemptionInfo& each : open())
        chain.send(issuer_key(), calls::approve_redeem(each.bic, each.reference, true));
    EXPECT_TRUE(open().empty());
}

TEST_F(AccountsTest, views_of_nobody_are_zero) {
    EXPECT_EQ(chain.position(99), PositionInfo{});
    EXPECT_EQ(chain.position(0, {'G', 'B', 'P'}), PositionInfo{});
    EXPECT_EQ(results::totals(chain.look(calls::totals({'G', 'B', 'P'})).output)->issued, 0u);
    EXPECT_EQ(*results::redemption(chain.look(calls::redemption(bank_bic(0), uetr_of(9))).output),
              RedemptionInfo{});
}

TEST_F(AccountsTest, a_static_call_cannot_move_money) {
    // No method takes native coin either.
    CallRequest request;
    request.from = issuer_key();
    request.to = accounts_address;
    request.data = issue_call(1, 1).data;
    request.value = core::Uint256(1);
    const CallOutcome outcome =
        simulate_call(chain.state, chain.next_context(), request, 1'000'000, settlement_registry());
    EXPECT_FALSE(outcome.succeeded());
}

}  // namespace
}  // namespace sluice::contracts
