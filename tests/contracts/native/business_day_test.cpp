#include <gtest/gtest.h>

#include "contracts/genesis_state.hpp"
#include "tests/contracts/native/day_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;

class BusinessDayTest : public testing::Test {
  protected:
    DayChain chain;
};

std::vector<Phase> phases_in(const std::vector<SettlementEvent>& events) {
    std::vector<Phase> phases;
    for (const auto& event : events_of<PhaseChangedEvent>(events))
        phases.push_back(event.phase);
    return phases;
}

// ---- the day by itself

TEST_F(BusinessDayTest, begins_in_the_phase_that_genesis_falls_into) {
    const auto first_day = [](core::UnixMs time_ms) {
        core::ChainSpec spec = day_spec();
        spec.time_ms = time_ms;
        return DayChain(spec).day();
    };
    EXPECT_EQ(first_day(at(0)), (BusinessDayInfo{monday, Phase::pre_open, at(6)}));
    EXPECT_EQ(first_day(at(6)), (BusinessDayInfo{monday, Phase::open, at(17, 40)}));
    EXPECT_EQ(first_day(at(17, 50)), (BusinessDayInfo{monday, Phase::cutoff_customer, at(18)}));
    EXPECT_EQ(first_day(at(18)), (BusinessDayInfo{monday, Phase::cutoff_bank, at(18, 20)}));
    EXPECT_EQ(first_day(at(18, 20)), (BusinessDayInfo{monday, Phase::closed, at(0, 0, 1)}));
    EXPECT_EQ(first_day(at(12, 0, 5)), (BusinessDayInfo{friday, Phase::closed, at(0, 0, 7)}));
}

TEST_F(BusinessDayTest, keeps_time_on_an_idle_chain) {
    std::vector<std::pair<core::UnixMs, Phase>> seen;
    while (core::time_ms_of(chain.head) < at(6, 0, 1)) {
        chain.block({}, std::max(*chain.next_due(), core::time_ms_of(chain.head) + 1));
        for (const Phase phase : phases_in(chain.events()))
            seen.emplace_back(core::time_ms_of(chain.head), phase);
    }
    EXPECT_EQ(seen, (std::vector<std::pair<core::UnixMs, Phase>>{{at(17, 40), Phase::cutoff_customer},
                                                                 {at(18), Phase::cutoff_bank},
                                                                 {at(18, 20), Phase::closing},
                                                                 {at(18, 20), Phase::closed},
                                                                 {at(0, 0, 1), Phase::pre_open},
                                                                 {at(6, 0, 1), Phase::open}}));
    EXPECT_EQ(chain.day(), (BusinessDayInfo{tuesday, Phase::open, at(17, 40, 1)}));
}

TEST_F(BusinessDayTest, value_date_jumps_over_the_weekend) {
    chain.idle_until(at(23, 59, 6));
    EXPECT_EQ(chain.day(), (BusinessDayInfo{friday, Phase::closed, at(0, 0, 7)}));
    chain.idle_until(at(0, 0, 7));
    EXPECT_EQ(chain.day(), (BusinessDayInfo{next_monday, Phase::pre_open, at(6, 0, 7)}));
}

TEST_F(BusinessDayTest, a_late_block_does_everything_in_order) {
    chain.block({}, at(19));
    EXPECT_EQ(phases_in(chain.events()),
              (std::vector{Phase::cutoff_customer, Phase::cutoff_bank, Phase::closing, Phase::closed}));
}

TEST_F(BusinessDayTest, a_day_that_went_by_without_a_block_does_not_take_place) {
    chain.block({}, at(12, 0, 3));
    EXPECT_EQ(phases_in(chain.events()).back(), Phase::closed);
    chain.block({}, at(12, 0, 3) + 1);
    EXPECT_EQ(phases_in(chain.events()), (std::vector{Phase::pre_open, Phase::open}));
    EXPECT_EQ(chain.day().value_date, monday + 3);
}

TEST_F(BusinessDayTest, a_clock_that_stood_still_for_a_year_finds_the_day) {
    chain.block({}, at(12, 0, 371));
    chain.block({}, at(12, 0, 371) + 1);
    EXPECT_EQ(chain.day().value_date, 20'270'208u);
    EXPECT_EQ(chain.phase(), Phase::open);
}

TEST_F(BusinessDayTest, views_tell_the_plan) {
    EXPECT_EQ(chain.times(tuesday),
              (std::array{at(0, 0, 1), at(6, 0, 1), at(17, 40, 1), at(18, 0, 1), at(18, 20, 1)}));
    EXPECT_EQ(chain.times(saturday), (std::array<core::UnixMs, 5>{}));
    const auto flag = [&](const ContractCall& call) { return *results::flag(chain.look(call).output); };
    EXPECT_TRUE(flag(calls::is_holiday(eur, saturday)));
    EXPECT_FALSE(flag(calls::is_holiday(eur, friday)));
    EXPECT_FALSE(flag(calls::is_holiday(usd, saturday)));
    const auto date_at = [&](core::UnixMs time_ms) {
        return *results::date(chain.look(calls::value_date_at(eur, time_ms)).output);
    };
    EXPECT_EQ(date_at(at(23, 59)), monday);
    EXPECT_EQ(date_at(at(0, 0, 1)), tuesday);
    EXPECT_EQ(date_at(at(12, 0, 6)), friday);
    EXPECT_EQ(date_at(at(12, 0, 7)), next_monday);
    EXPECT_EQ(results::number(chain.look(calls::start_of(eur, tuesday)).output), at(0, 0, 1));
    EXPECT_EQ(results::number(chain.look(calls::start_of(eur, saturday)).output), 0u);
    EXPECT_EQ(results::number(chain.look(calls::midnight_of(eur, saturday)).output), at(0, 0, 5));
    EXPECT_EQ(results::date(chain.look(calls::next_value_date(eur)).output), tuesday);
    EXPECT_EQ(results::schedule(chain.look(calls::schedule(eur)).output),
              (ScheduleInfo{{0, 360, 1'060, 1'080, 1'100}, 0x1f}));
    EXPECT_EQ(results::schedule(chain.look(calls::schedule(usd)).output), ScheduleInfo{});
}

TEST_F(BusinessDayTest, currencies_around_the_clock_are_not_concerned) {
    chain.issue(0, 1'000, usd);
    chain.idle_until(at(20));
    EXPECT_EQ(chain.phase(), Phase::closed);
    EXPECT_EQ(chain.pay({.currency = usd, .value_date = tuesday, .type = "P008"}).status, Status::settled);
    EXPECT_EQ(chain.day(usd), (BusinessDayInfo{tuesday, Phase::open, at(0, 0, 1)}));
}

// ---- acts of the operator

TEST_F(BusinessDayTest, an_extension_moves_a_phase_and_those_that_it_overtakes) {
    EXPECT_TRUE(chain.act(calls::extend(eur, Phase::cutoff_customer, at(18, 10))));
    EXPECT_EQ(events_of<PhaseExtendedEvent>(chain.events()).at(0),
              (PhaseExtendedEvent{eur, monday, Phase::cutoff_customer, at(18, 10)}));
    EXPECT_EQ(chain.times(monday), (std::array{at(0), at(6), at(18, 10), at(18, 10), at(18, 20)}));
    EXPECT_EQ(chain.next_due(), at(18, 10));
    EXPECT_FALSE(chain.act(calls::extend(eur, Phase::cutoff_customer, at(18, 10))))
        << "it begins then already";
    chain.idle_until(at(18, 10));
    EXPECT_EQ(chain.phase(), Phase::cutoff_bank);
    EXPECT_TRUE(chain.act(calls::extend(eur, Phase::closing, at(20))));
    chain.idle_until(at(19, 59));
    EXPECT_EQ(chain.phase(), Phase::cutoff_bank);
    chain.idle_until(at(20));
    EXPECT_EQ(chain.phase(), Phase::closed);
    EXPECT_EQ(chain.times(tuesday)[4], at(18, 20, 1)) << "the next day has its own times";
}

TEST_F(BusinessDayTest, an_extension_outside_the_day_or_too_late_is_refused) {
    const auto code = [&](Phase phase, core::UnixMs time_ms) {
        return text_of(chain.refusal(operator_key(), calls::extend(eur, phase, time_ms)));
    };
    EXPECT_EQ(code(Phase::cutoff_bank, at(17, 59)), "DT01");
    EXPECT_EQ(code(Phase::closing, at(0, 0, 1) + 1), "DT01");
    EXPECT_EQ(code(Phase::open, at(9)), "TM01");
    EXPECT_EQ(code(Phase::closed, at(19)), "FF01");
    chain.idle_until(at(19));
    EXPECT_EQ(code(Phase::closing, at(20)), "TM01");
}

TEST_F(BusinessDayTest, advancing_goes_through_every_phase_in_this_block) {
    EXPECT_TRUE(chain.act(calls::advance(eur, Phase::cutoff_bank), at(12)));
    EXPECT_EQ(phases_in(chain.events()), (std::vector{Phase::cutoff_customer, Phase::cutoff_bank}));
    EXPECT_FALSE(chain.act(calls::advance(eur, Phase::cutoff_customer))) << "it has been there";
    EXPECT_EQ(chain.phase(), Phase::cutoff_bank);
    EXPECT_TRUE(chain.act(calls::advance(eur, Phase::closed)));
    EXPECT_EQ(chain.phase(), Phase::closed);
    EXPECT_TRUE(chain.act(calls::advance(eur, Phase::open), at(19)));
    EXPECT_EQ(phases_in(chain.events()), (std::vector{Phase::pre_open, Phase::open}));
    EXPECT_EQ(chain.day(), (BusinessDayInfo{tuesday, Phase::open, at(17, 40, 1)}));
    chain.idle_until(at(0, 0, 2));
    EXPECT_EQ(chain.day().value_date, wednesday);
}

TEST_F(BusinessDayTest, acts_belong_to_operators_and_to_currencies_that_close) {
    const std::vector<ContractCall> acts{
        calls::advance(eur, Phase::closed), calls::extend(eur, Phase::closing, at(20)),
        calls::set_schedule(eur, {{0, 1, 2, 3, 4}, 1}), calls::calendar(eur, tuesday, {}),
        calls::set_holiday(eur, tuesday, true)};
    for (const ContractCall& call : acts)
        EXPECT_EQ(text_of(chain.refusal(issuer_key(), call)), "AG01");
    for (const ContractCall& call :
         {calls::advance(usd, Phase::closed), calls::set_holiday(usd, friday, true),
          calls::extend({'X', 'X', 'X'}, Phase::closing, at(20))})
        EXPECT_EQ(text_of(chain.refusal(operator_key(), call)), "AM03");
}

TEST(BusinessDay, acts_take_k_of_n_operators) {
    DayChain chain(day_spec(3, 3, 2));
    const ContractCall close = calls::advance(eur, Phase::closed);
    EXPECT_EQ(text_of(chain.refusal(operator_key(0), close)), "AG01");
    const auto proposed =
        results::act_outcome(chain.send(operator_key(0), calls::propose_act(close.data)).output);
    ASSERT_TRUE(proposed.has_value());
    EXPECT_EQ(chain.phase(), Phase::open);
    EXPECT_EQ(results::flag(chain.send(operator_key(1), calls::confirm_act(proposed->act)).output), true);
    EXPECT_EQ(chain.phase(), Phase::closed);
}

TEST_F(BusinessDayTest, holidays_push_the_value_date_on) {
    EXPECT_TRUE(chain.act(calls::set_holiday(eur, tuesday, true)));
    EXPECT_EQ(events_of<CalendarChangedEvent>(chain.events()).at(0),
              (CalendarChangedEvent{eur, tuesday, true, {}}));
    EXPECT_FALSE(chain.act(calls::set_holiday(eur, tuesday, true)));
    chain.idle_until(at(12, 0, 1));
    EXPECT_EQ(chain.day(), (BusinessDayInfo{monday, Phase::closed, at(0, 0, 2)}));
    EXPECT_TRUE(chain.act(calls::set_holiday(eur, wednesday, true), at(12, 0, 1)));
    EXPECT_EQ(chain.day().next_at_ms, at(0, 0, 3));
    EXPECT_EQ(chain.next_due(), at(0, 0, 3));
    EXPECT_TRUE(chain.act(calls::set_holiday(eur, tuesday, false))) << "it opens at once, late as it is";
    EXPECT_EQ(chain.day(), (BusinessDayInfo{tuesday, Phase::open, at(17, 40, 1)}));
}

TEST_F(BusinessDayTest, holidays_of_genesis_hold) {
    core::ChainSpec spec = day_spec();
    spec.currencies[0].holidays = {tuesday, wednesday};
    DayChain other(spec);
    other.idle_until(at(19));
    EXPECT_EQ(other.day().next_at_ms, at(0, 0, 3));
}

TEST_F(BusinessDayTest, a_date_may_have_its_own_times_also_at_the_weekend) {
    const std::array<core::UnixMs, 5> times{at(7, 0, 5), at(8, 0, 5), at(9, 0, 5), at(10, 0, 5),
                                            at(11, 0, 5)};
    EXPECT_TRUE(chain.act(calls::calendar(eur, saturday, times)));
    EXPECT_EQ(chain.times(saturday), times);
    chain.idle_until(at(8, 0, 5));
    EXPECT_EQ(chain.day(), (BusinessDayInfo{saturday, Phase::open, at(9, 0, 5)}));
    EXPECT_EQ(text_of(chain.refusal(operator_key(), calls::calendar(eur, saturday, {}))), "TM01");
    auto wrong = times;
    wrong[4] = wrong[1];
    for (std::size_t i = 0; i < 5; ++i)
        wrong[i] += 2 * day_ms;
    EXPECT_EQ(text_of(chain.refusal(operator_key(), calls::calendar(eur, next_monday, wrong))), "DT01");
    EXPECT_EQ(text_of(chain.refusal(operator_key(), calls::calendar(eur, next_monday, times))), "DT01");
    EXPECT_EQ(text_of(chain.refusal(operator_key(), calls::calendar(eur, 20'260'230, times))), "DT01");
}

TEST_F(BusinessDayTest, another_schedule_holds_from_the_next_day_on) {
    const ScheduleInfo schedule{{60, 120, 180, 240, 300}, 0x7f};
    EXPECT_TRUE(chain.act(calls::set_schedule(eur, schedule)));
    EXPECT_FALSE(chain.act(calls::set_schedule(eur, schedule)));
    EXPECT_EQ(chain.day().next_at_ms, at(17, 40));
    chain.idle_until(at(19));
    EXPECT_EQ(chain.day().next_at_ms, at(1, 0, 1));
    chain.idle_until(at(2, 0, 5));
    EXPECT_EQ(chain.day().value_date, saturday);
    for (const ScheduleInfo& wrong :
         {ScheduleInfo{{60, 120, 180, 240, 1'441}, 1}, ScheduleInfo{{60, 120, 110, 240, 300}, 1},
          ScheduleInfo{{60, 120, 120, 120, 120}, 1}, ScheduleInfo{{60, 120, 180, 240, 300}, 0},
          ScheduleInfo{{60, 120, 180, 240, 300}, 0x80}, ScheduleInfo{{60, 120, 180, 240, 0x10000 + 300}, 1}})
        EXPECT_EQ(text_of(chain.refusal(operator_key(), calls::set_schedule(eur, wrong))), "FF01");
}

TEST_F(BusinessDayTest, a_calendar_without_business_days_keeps_the_day_closed_until_there_is_one) {
    chain.act(calls::set_schedule(eur, {{0, 360, 1'060, 1'080, 1'100}, 0x01}));
    for (std::int64_t week = 1; week <= 6; ++week)
        chain.act(
            calls::set_holiday(eur, core::date_from_days(core::days_from_date(monday) + 7 * week), true));
    chain.idle_until(at(19));
    EXPECT_EQ(chain.day(), (BusinessDayInfo{monday, Phase::closed, 0}));
    EXPECT_EQ(chain.next_due(), at(0, 0, 1)) << "it looks again every day";
    EXPECT_EQ(text_of(chain.refusal(operator_key(), calls::advance(eur, Phase::open))), "DT01");
    EXPECT_TRUE(chain.act(calls::set_holiday(eur, next_monday, false)));
    EXPECT_EQ(chain.next_due(), at(0, 0, 7));
}

TEST_F(BusinessDayTest, a_business_day_far_ahead_comes_by_itself) {
    chain.act(calls::set_schedule(eur, {{0, 360, 1'060, 1'080, 1'100}, 0x01}));
    for (std::int64_t week = 1; week <= 6; ++week)
        chain.act(
            calls::set_holiday(eur, core::date_from_days(core::days_from_date(monday) + 7 * week), true));
    chain.idle_until(at(7, 0, 49));
    EXPECT_EQ(chain.day().phase, Phase::open);
    EXPECT_EQ(chain.day().value_date, core::date_from_days(core::days_from_date(monday) + 49));
}

}  // namespace
}  // namespace sluice::contracts
