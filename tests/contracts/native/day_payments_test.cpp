/// What a business day does to payments, and its close.
#include <gtest/gtest.h>

#include "contracts/genesis_state.hpp"
#include "tests/contracts/native/day_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;

class DayPaymentTest : public testing::Test {
  protected:
    Submitted pay_at(core::UnixMs time_ms, PaymentDraft draft) {
        chain.idle_until(time_ms - 1);
        draft.number = ++number_;
        last_ = draft;
        return chain.pay(draft, time_ms);
    }
    DayChain chain;
    PaymentDraft last_;
    std::uint64_t number_ = 100;
};

// ---- every phase and every kind of payment

TEST(DayPayment, each_phase_lets_in_what_it_should) {
    struct Row {
        core::UnixMs time_ms;
        Status customer, bank, cover, urgent;
    };
    constexpr auto in = Status::settled, wait = Status::warehoused, no = Status::rejected;
    for (const Row& row : {Row{at(1, 0, 1), wait, wait, wait, wait}, Row{at(7, 0, 1), in, in, in, in},
                           Row{at(17, 40, 1) + 1, no, in, in, in}, Row{at(18, 0, 1) + 1, no, no, no, in},
                           Row{at(19, 0, 1), no, no, no, no}}) {
        core::ChainSpec spec = day_spec();
        spec.participants[0].keys.push_back({core::KeyDuty::maker, operator_key()});
        DayChain chain(spec);
        chain.issue(0, 1'000);
        chain.idle_until(row.time_ms - 1);
        const auto status = [&](std::string_view type, std::uint64_t number) {
            return chain.pay({.number = number, .value_date = tuesday, .type = type}, row.time_ms + number);
        };
        EXPECT_EQ(status("P008", 1).status, row.customer) << row.time_ms;
        EXPECT_EQ(status("P009", 2).status, row.bank) << row.time_ms;
        const Submitted cover = status("COV9", 3);
        EXPECT_EQ(cover.status, row.cover) << row.time_ms;
        if (cover.status == no) {
            EXPECT_EQ(cover.reason, reason::too_late);
        }
        const PaymentDraft urgent{
            .number = 4, .priority = Priority::urgent, .value_date = tuesday, .type = "P008"};
        const CallOutcome outcome =
            chain.send(operator_key(), calls::submit(instruction_of(urgent)), row.time_ms + 4);
        EXPECT_EQ(results::submitted(outcome.output)->status, row.urgent) << row.time_ms;
    }
}

TEST_F(DayPaymentTest, a_phase_begins_with_the_end_of_the_block_of_its_time) {
    chain.issue(0, 1'000);
    EXPECT_EQ(pay_at(at(17, 40), {.type = "P008"}).status, Status::settled);
    EXPECT_EQ(pay_at(at(17, 40) + 1, {.type = "P008"}), (Submitted{Status::rejected, reason::too_late}));
}

TEST_F(DayPaymentTest, waits_for_its_day_to_open_and_settles_then) {
    chain.issue(0, 1'000);
    EXPECT_EQ(pay_at(at(9), {.value_date = tuesday, .type = "P008"}).status, Status::warehoused);
    EXPECT_EQ(chain.payment(id_of(last_)).release, at(6, 0, 1));
    chain.idle_until(at(5, 59, 1));
    EXPECT_EQ(chain.status(last_), Status::warehoused);
    chain.idle_until(at(6, 0, 1));
    EXPECT_EQ(chain.status(last_), Status::settled);
    EXPECT_EQ(chain.next_due(), at(17, 40, 1));
}

TEST_F(DayPaymentTest, those_that_wait_are_released_by_value_date_and_arrival) {
    std::vector<PaymentDraft> drafts;
    for (const core::DateYmd date : {wednesday, tuesday, tuesday}) {
        pay_at(at(9) + drafts.size(), {.value_date = date});
        drafts.push_back(last_);
    }
    chain.act(calls::set_holiday(eur, tuesday, true));
    chain.idle_until(at(6, 0, 2));
    EXPECT_EQ(chain.queue(0), (std::vector{id_of(drafts[1]), id_of(drafts[2]), id_of(drafts[0])}));
}

TEST_F(DayPaymentTest, an_earliest_time_on_a_coming_day_is_kept) {
    chain.issue(0, 1'000);
    pay_at(at(9), {.value_date = tuesday, .earliest = at(10, 0, 1)});
    chain.idle_until(at(9, 59, 1));
    EXPECT_EQ(chain.status(last_), Status::warehoused);
    EXPECT_EQ(chain.next_due(), at(10, 0, 1));
    chain.idle_until(at(10, 0, 1));
    EXPECT_EQ(chain.status(last_), Status::settled);
}

TEST_F(DayPaymentTest, an_earliest_time_after_the_cut_off_comes_too_late) {
    chain.issue(0, 1'000);
    pay_at(at(9), {.earliest = at(17, 50), .type = "P008"});
    EXPECT_EQ(chain.status(last_), Status::warehoused);
    chain.idle_until(at(17, 50));
    EXPECT_EQ(chain.payment(id_of(last_)).reason, reason::too_late);
    EXPECT_EQ(chain.status(last_), Status::rejected);
}

TEST_F(DayPaymentTest, a_latest_time_ends_the_wait_for_a_day_that_opens_later) {
    chain.issue(0, 1'000);
    pay_at(at(9), {.value_date = tuesday, .latest = at(7, 0, 1)});
    const PaymentDraft waiting = last_;
    chain.act(calls::set_holiday(eur, tuesday, true));
    chain.idle_until(at(8, 0, 1));
    EXPECT_EQ(chain.status(waiting), Status::expired);
    chain.idle_until(at(8, 0, 2));
    EXPECT_EQ(chain.balance(0), 1'000);
}

TEST_F(DayPaymentTest, a_cancelled_one_waits_no_more) {
    chain.issue(0, 1'000);
    pay_at(at(9), {.value_date = tuesday});
    chain.send(maker_of(0), calls::cancel(id_of(last_), {}));
    chain.idle_until(at(7, 0, 1));
    EXPECT_EQ(chain.status(last_), Status::cancelled);
    EXPECT_EQ(chain.balance(0), 1'000);
}

TEST_F(DayPaymentTest, a_coming_day_that_is_no_value_date_is_refused) {
    const auto code = [&](const PaymentDraft& draft) {
        return text_of(chain.refusal(maker_of(0), calls::submit(instruction_of(draft))));
    };
    EXPECT_EQ(code({.value_date = saturday}), "DT01");
    EXPECT_EQ(code({.value_date = tuesday, .latest = at(5, 0, 1)}), "DT01") << "latest before it opens";
    EXPECT_EQ(code({.value_date = 20'270'310}), "DT01") << "beyond the window";
}

TEST_F(DayPaymentTest, a_holiday_declared_later_makes_it_wait_for_the_next_business_day) {
    chain.issue(0, 1'000);
    pay_at(at(9), {.value_date = tuesday});
    chain.act(calls::set_holiday(eur, tuesday, true));
    EXPECT_EQ(chain.payment(id_of(last_)).release, at(6, 0, 2));
    chain.idle_until(at(5, 59, 2));
    EXPECT_EQ(chain.status(last_), Status::warehoused);
    chain.idle_until(at(6, 0, 2));
    EXPECT_EQ(chain.status(last_), Status::settled);
}

TEST_F(DayPaymentTest, an_operator_who_opens_early_or_late_takes_it_along) {
    chain.issue(0, 1'000);
    pay_at(at(9), {.value_date = tuesday});
    chain.idle_until(at(1, 0, 1));
    chain.act(calls::extend(eur, Phase::open, at(8, 0, 1)));
    EXPECT_EQ(chain.payment(id_of(last_)).release, at(8, 0, 1));
    chain.idle_until(at(7, 0, 1));
    EXPECT_EQ(chain.status(last_), Status::warehoused);
    chain.act(calls::advance(eur, Phase::open), at(7, 30, 1));
    EXPECT_EQ(chain.status(last_), Status::settled);
}

TEST_F(DayPaymentTest, a_late_block_still_settles_what_waited_for_the_opening) {
    chain.issue(0, 1'000);
    pay_at(at(9), {.value_date = tuesday, .type = "P008"});
    chain.idle_until(at(23));
    chain.block({}, at(19, 0, 1));
    EXPECT_EQ(chain.status(last_), Status::settled) << "it is still Tuesday";
    EXPECT_EQ(chain.day().value_date, tuesday);
    EXPECT_EQ(chain.phase(), Phase::closed);
}

TEST_F(DayPaymentTest, what_waited_for_a_day_that_went_by_settles_on_the_next) {
    chain.issue(0, 1'000);
    pay_at(at(9), {.value_date = tuesday, .type = "P008"});
    chain.idle_until(at(23));
    chain.block({}, at(17, 59, 2));
    EXPECT_EQ(chain.day().value_date, wednesday) << "Tuesday did not take place";
    EXPECT_EQ(chain.phase(), Phase::cutoff_customer);
    EXPECT_EQ(chain.status(last_), Status::settled);
}

TEST_F(DayPaymentTest, an_approval_after_the_cut_off_comes_too_late) {
    chain.issue(0, 1'000);
    chain.send(admin_of(0), calls::set_approval_threshold(eur, 1));
    pay_at(at(17), {.type = "P008"});
    EXPECT_EQ(chain.status(last_), Status::awaiting_approval);
    const PaymentDraft waiting = last_;
    EXPECT_EQ(pay_at(at(17, 45), {.type = "P008"}).status, Status::rejected)
        << "nobody is asked to approve it";
    const core::Hash content = chain.payment(id_of(waiting)).content_hash;
    const auto outcome = chain.send(approver_of(0), calls::approve(id_of(waiting), content), at(17, 50));
    EXPECT_EQ(results::status(outcome.output), Status::rejected);
    EXPECT_EQ(chain.payment(id_of(waiting)).reason, reason::too_late);
}

// ---- the close

TEST_F(DayPaymentTest, queues_move_after_the_cut_offs_until_closing) {
    pay_at(at(9), {.type = "P008"});
    chain.idle_until(at(18, 10));
    EXPECT_EQ(chain.phase(), Phase::cutoff_bank);
    EXPECT_EQ(chain.status(last_), Status::queued);
    chain.issue(0, 1'000);
    EXPECT_EQ(chain.status(last_), Status::settled);
}

TEST_F(DayPaymentTest, money_in_the_block_of_the_close_reaches_the_final_run) {
    pay_at(at(9), {});
    chain.idle_until(at(18, 10));
    chain.block({{issuer_key(), calls::issue({bank_bic(0), eur, 500, core::word_from_u64(77)})}}, at(18, 20));
    EXPECT_EQ(chain.status(last_), Status::settled);
    EXPECT_EQ(chain.phase(), Phase::closed);
}

TEST_F(DayPaymentTest, what_is_queued_or_held_at_the_close_expires) {
    pay_at(at(9), {});
    const PaymentDraft queued = last_;
    pay_at(at(9, 1), {.latest = at(23)});
    const PaymentDraft held = last_;
    chain.send(maker_of(0), calls::hold(id_of(held)));
    pay_at(at(9, 2), {.value_date = tuesday});
    const PaymentDraft coming = last_;
    chain.idle_until(at(18, 20));
    for (const PaymentDraft& draft : {queued, held}) {
        EXPECT_EQ(chain.payment(id_of(draft)).status, Status::expired);
        EXPECT_EQ(chain.payment(id_of(draft)).reason, reason::timed_out);
    }
    EXPECT_EQ(chain.status(coming), Status::warehoused);
    EXPECT_TRUE(chain.queue(0).empty());
    EXPECT_EQ(chain.position(0).net_queued, 0);
    const auto closed = results::closed_day(chain.look(calls::day_closed(eur, monday)).output);
    EXPECT_EQ(closed->expired, 2u);
    EXPECT_EQ(closed->time_ms, at(18, 20));
    chain.idle_until(at(23, 59));
    EXPECT_EQ(chain.next_due(), at(0, 0, 1));
}

TEST_F(DayPaymentTest, a_small_payment_behind_a_large_one_does_not_slip_through_the_close) {
    chain.issue(0, 50);
    pay_at(at(9), {.amount = 100});
    pay_at(at(9, 1), {.amount = 10});
    chain.idle_until(at(19));
    EXPECT_EQ(chain.status(last_), Status::expired);
    EXPECT_EQ(chain.balance(0), 50);
}

TEST_F(DayPaymentTest, a_full_queue_is_closed_in_portions) {
    constexpr std::uint64_t payments = 2'500;
    for (std::uint64_t sent = 0; sent < payments;) {
        std::vector<Sent> batches;
        for (std::size_t i = 0; i < 10 && sent < payments; ++i) {
            std::vector<Instruction> batch;
            for (; batch.size() < 50 && sent < payments; ++sent)
                batch.push_back(instruction_of({.number = 1'000 + sent, .type = "P008"}));
            batches.push_back({maker_of(0), calls::submit_batch(batch)});
        }
        chain.block(batches);
    }
    EXPECT_EQ(chain.queue(0).size(), 1'000u);
    chain.idle_until(at(18, 19));
    chain.block({}, at(18, 20));
    EXPECT_EQ(chain.phase(), Phase::closing);
    EXPECT_EQ(chain.next_due(), 0u);
    // Nothing settles any more, and what comes in is too late.
    const Sent funds{issuer_key(), calls::issue({bank_bic(0), eur, 50'000, core::word_from_u64(77)})};
    const Sent late = submit({.number = 7, .type = "P009"});
    chain.block({funds, late}, at(18, 20) + 10);
    EXPECT_EQ(chain.status({.number = 7}), Status::rejected);
    EXPECT_EQ(chain.phase(), Phase::closed);
    EXPECT_EQ(chain.balance(0), 50'000);
    EXPECT_EQ(results::closed_day(chain.look(calls::day_closed(eur, monday)).output)->expired, payments);
    chain.idle_until(at(23));
    EXPECT_TRUE(chain.queue(0).empty());
}

TEST_F(DayPaymentTest, closing_balances_continue_the_entries_of_an_account) {
    chain.issue(0, 1'000);
    pay_at(at(9), {.amount = 300});
    chain.idle_until(at(18, 20));
    const auto closing = [&](std::size_t bank) {
        return *results::closing_balance(chain.look(calls::closing_balance(bank_bic(bank), eur)).output);
    };
    EXPECT_EQ(closing(0), (ClosingBalanceInfo{monday, 2, 700, 0}));
    EXPECT_EQ(closing(1), (ClosingBalanceInfo{monday, 1, 300, 0}));
    EXPECT_EQ(closing(2), ClosingBalanceInfo{}) << "an account without entries has no statement";
    EXPECT_EQ(events_of<ClosingBalanceEvent>(chain.events()),
              (std::vector{ClosingBalanceEvent{bank_bic(0), eur, monday, 2, 700},
                           ClosingBalanceEvent{bank_bic(1), eur, monday, 1, 300}}));
    const auto closed = events_of<DayClosedEvent>(chain.events());
    ASSERT_EQ(closed.size(), 1u);
    EXPECT_EQ(closed[0], (DayClosedEvent{eur, monday, chain.head.height, at(18, 20), 0, 2}));
}

TEST_F(DayPaymentTest, credit_used_at_the_close_is_credit_over_night_until_money_comes_in) {
    chain.set_credit_line(0, 500);
    pay_at(at(9), {.amount = 300});
    chain.idle_until(at(18, 20));
    EXPECT_EQ(events_of<OvernightCreditEvent>(chain.events()),
              (std::vector{OvernightCreditEvent{bank_bic(0), eur, monday, 300}}));
    const auto overnight = [&] {
        return results::closing_balance(chain.look(calls::closing_balance(bank_bic(0), eur)).output)
            ->overnight_credit;
    };
    EXPECT_EQ(overnight(), 300u);
    chain.idle_until(at(7, 0, 1));
    chain.issue(0, 100);
    EXPECT_EQ(overnight(), 200u);
    pay_at(at(9, 0, 1), {.amount = 250, .value_date = tuesday});
    EXPECT_EQ(overnight(), 300u) << "no more than at the close: the rest is credit of the day";
    chain.issue(0, 5'000);
    EXPECT_EQ(overnight(), 0u);
}

TEST_F(DayPaymentTest, the_central_bank_s_books_are_shut_while_the_day_is_closed) {
    chain.idle_until(at(19));
    const ContractCall issue = calls::issue({bank_bic(0), eur, 500, core::word_from_u64(77)});
    EXPECT_EQ(text_of(chain.refusal(issuer_key(), issue)), "TM01");
    chain.idle_until(at(1, 0, 1));
    EXPECT_TRUE(chain.send(issuer_key(), issue).succeeded());
    EXPECT_TRUE(chain.send(maker_of(0), calls::request_redeem(eur, 100, uetr_of(9))).succeeded());
    chain.idle_until(at(19, 0, 1));
    EXPECT_EQ(text_of(chain.refusal(issuer_key(), calls::approve_redeem(bank_bic(0), uetr_of(9), true))),
              "TM01");
    EXPECT_EQ(text_of(chain.refusal(maker_of(0), calls::request_redeem(eur, 100, uetr_of(10)))), "TM01");
}

TEST_F(DayPaymentTest, other_currencies_settle_while_one_closes) {
    chain.issue(0, 1'000, usd);
    pay_at(at(9), {});
    const PaymentDraft in_usd{.number = 1, .currency = usd, .value_date = tuesday};
    chain.block({submit(in_usd)}, at(18, 20));
    EXPECT_EQ(chain.status(in_usd), Status::settled);
    EXPECT_EQ(chain.phase(), Phase::closed);
}

}  // namespace
}  // namespace sluice::contracts
