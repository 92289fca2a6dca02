/// The business day contract, 0x…5e05: value dates, phases, and the operator's acts about them. Phases change
/// in the system transaction; acts change what is planned.
#include <algorithm>

#include "contracts/native/business_day_views.hpp"
#include "contracts/native/day_phases.hpp"
#include "contracts/native/method_gas.hpp"
#include "contracts/native/operator_roles.hpp"
#include "contracts/native/settlement_contracts.hpp"
#include "contracts/native/settlement_events.hpp"
#include "core/calendar.hpp"

namespace sluice::contracts::native {

namespace {

/// The currency that an operator's act is about.
core::Result<Currency, ReasonCode> find_subject(const Books& books, const core::Address& caller,
                                                const CurrencyText& code) {
    if (!may_act(books.participants, caller, Role::operator_)) return core::fail(reason::forbidden);
    const auto currency = find_currency(books.governance, code);
    if (!currency) return core::fail(reason::unknown_currency);
    if (!has_business_day(days_of(books), currency->index)) return core::fail(reason::unknown_currency);
    return *currency;
}

/// advance(bytes3, Phase) returns (bool): whether anything changes.
MethodResult advance(Invocation& call) {
    const auto arguments = abi::decode<CurrencyText, Phase>(call.arguments);
    if (!arguments) return malformed();
    const auto& [code, phase] = *arguments;
    const Books books(call.state, call.block);
    const auto currency = find_subject(books, call.caller, code);
    if (!currency) return refused(currency.error());
    const auto advanced = advance_day(books, *currency, phase);
    if (!advanced) return refused(advanced.error());
    if (*advanced)
        call.emit(advance_ordered_topic, {word_of(code)},
                  abi::encode(core::date_from_days(value_day_today(books, *currency)), phase));
    return abi::encode(*advanced);
}

/// extend(bytes3, Phase, uint64 newTimeMs) returns (bool): whether anything changes.
MethodResult extend(Invocation& call) {
    const auto arguments = abi::decode<CurrencyText, Phase, std::uint64_t>(call.arguments);
    if (!arguments) return malformed();
    const auto& [code, phase, time_ms] = *arguments;
    const Books books(call.state, call.block);
    const auto currency = find_subject(books, call.caller, code);
    if (!currency) return refused(currency.error());
    const auto extended = extend_phase(books, *currency, phase, time_ms);
    if (!extended) return refused(extended.error());
    if (*extended)
        call.emit(phase_extended_topic, {word_of(code)},
                  abi::encode(core::date_from_days(value_day_today(books, *currency)), phase, time_ms));
    return abi::encode(*extended);
}

/// setSchedule(bytes3, uint32[5] minutes, uint8 weekdays) returns (bool): whether anything changes. It holds
/// from the next day on.
MethodResult set_schedule(Invocation& call) {
    const auto arguments =
        abi::decode<CurrencyText, std::array<std::uint32_t, core::planned_phases>, std::uint8_t>(
            call.arguments);
    if (!arguments) return malformed();
    const auto& [code, minutes, weekdays] = *arguments;
    const Books books(call.state, call.block);
    const auto currency = find_subject(books, call.caller, code);
    if (!currency) return refused(currency.error());
    core::DaySchedule wanted{.minutes = {}, .weekdays = weekdays};
    for (std::size_t i = 0; i < minutes.size(); ++i)
        wanted.minutes[i] = static_cast<std::uint16_t>(std::min(minutes[i], core::day_minutes + 1));
    if (!core::is_whole(wanted)) return refused(reason::bad_form);
    const Storage days = days_of(books);
    if (read_schedule(days, currency->index) == wanted) return abi::encode(false);
    write_schedule(days, currency->index, wanted);
    call.emit(schedule_changed_topic, {word_of(code)}, abi::encode(minutes, weekdays));
    replan_next_day(books, *currency);
    return abi::encode(true);
}

/// Changes what the calendar says about a coming date.
template <typename Change>
MethodResult change_calendar(const Invocation& call, const CurrencyText& code, core::DateYmd date,
                             Change change) {
    const Books books(call.state, call.block);
    const auto currency = find_subject(books, call.caller, code);
    if (!currency) return refused(currency.error());
    if (!core::is_valid_date(date)) return refused(reason::bad_date);
    const std::int64_t value_day = core::days_from_date(date);
    // Of the present day only `extend` and `advance` change anything.
    if (value_day <= value_day_today(books, *currency)) return refused(reason::too_late);
    const Storage days = days_of(books);
    const CalendarEntry before = read_calendar(days, currency->index, date);
    CalendarEntry after = before;
    if (!change(*currency, value_day, after)) return refused(reason::bad_date);
    if (after == before) return abi::encode(false);
    write_calendar(days, currency->index, date, after);
    call.emit(calendar_changed_topic, {word_of(code), word_of(date)},
              abi::encode(after.is_holiday, after.times));
    replan_next_day(books, *currency);
    return abi::encode(true);
}

/// calendar(bytes3, uint32 date, uint64[5] times) returns (bool): all zero gives the date back to the
/// schedule.
MethodResult set_times(Invocation& call) {
    const auto arguments = abi::decode<CurrencyText, std::uint32_t, PhaseTimes>(call.arguments);
    if (!arguments) return malformed();
    const auto& [code, date, times] = *arguments;
    return change_calendar(
        call, code, date, [&times = times](const Currency& currency, std::int64_t day, CalendarEntry& entry) {
            entry.times = times;
            entry.has_times = times != PhaseTimes{};
            return !entry.has_times || are_times_of(currency, day, times);
        });
}

/// setHoliday(bytes3, uint32 date, bool on) returns (bool): whether anything changes.
MethodResult set_holiday(Invocation& call) {
    const auto arguments = abi::decode<CurrencyText, std::uint32_t, bool>(call.arguments);
    if (!arguments) return malformed();
    const auto& [code, date, on] = *arguments;
    return change_calendar(call, code, date, [on = on](const Currency&, std::int64_t, CalendarEntry& entry) {
        entry.is_holiday = on;
        return true;
    });
}

/// The row of the day, its place in the clock (an ordered set of times and a word per time, taken out and put
/// in), one date, and the search for the next business day.
constexpr Work act_work{.reads = 20 + search_days_max, .again = 4, .writes = 18};
constexpr core::Gas act_more = cost::log(3, 192);
static_assert(gas_of(act_work) + act_more == 182'336);

/// A view looks for a business day at most once.
constexpr Work view_work{.reads = 8 + search_days_max};

constexpr std::array methods{
    Method{"advance(bytes3,uint8)", selector_of("advance(bytes3,uint8)"), Access::write,
           fixed_gas<act_work, act_more>, advance},
    Method{"extend(bytes3,uint8,uint64)", selector_of("extend(bytes3,uint8,uint64)"), Access::write,
           fixed_gas<act_work, act_more>, extend},
    Method{"setSchedule(bytes3,uint32[5],uint8)", selector_of("setSchedule(bytes3,uint32[5],uint8)"),
           Access::write, fixed_gas<act_work, act_more>, set_schedule},
    Method{"calendar(bytes3,uint32,uint64[5])", selector_of("calendar(bytes3,uint32,uint64[5])"),
           Access::write, fixed_gas<act_work, act_more>, set_times},
    Method{"setHoliday(bytes3,uint32,bool)", selector_of("setHoliday(bytes3,uint32,bool)"), Access::write,
           fixed_gas<act_work, act_more>, set_holiday},
    Method{"now_(bytes3)", selector_of("now_(bytes3)"), Access::view, fixed_gas<Work{.reads = 3}>,
           views::present_day},
    Method{"valueDateAt(bytes3,uint64)", selector_of("valueDateAt(bytes3,uint64)"), Access::view,
           fixed_gas<view_work>, views::value_date_of_time},
    Method{"startOf(bytes3,uint32)", selector_of("startOf(bytes3,uint32)"), Access::view,
           fixed_gas<Work{.reads = 6}>, views::start_of_date},
    Method{"midnightOf(bytes3,uint32)", selector_of("midnightOf(bytes3,uint32)"), Access::view,
           fixed_gas<Work{.reads = 2}>, views::midnight_of_date},
    Method{"phaseTimes(bytes3,uint32)", selector_of("phaseTimes(bytes3,uint32)"), Access::view,
           fixed_gas<Work{.reads = 6}>, views::phase_times},
    Method{"isHoliday(bytes3,uint32)", selector_of("isHoliday(bytes3,uint32)"), Access::view,
           fixed_gas<Work{.reads = 6}>, views::is_holiday},
    Method{"schedule(bytes3)", selector_of("schedule(bytes3)"), Access::view, fixed_gas<Work{.reads = 3}>,
           views::schedule},
    Method{"nextValueDate(bytes3)", selector_of("nextValueDate(bytes3)"), Access::view, fixed_gas<view_work>,
           views::next_value_date},
    Method{"dayClosed(bytes3,uint32)", selector_of("dayClosed(bytes3,uint32)"), Access::view,
           fixed_gas<Work{.reads = 2}>, views::closed_day},
    Method{"closingBalance(bytes11,bytes3)", selector_of("closingBalance(bytes11,bytes3)"), Access::view,
           fixed_gas<Work{.reads = 5}>, views::closing_balance},
};

}  // namespace

constinit const NativeContract business_day_contract{
    .address = business_day_address, .name = "business_day", .methods = methods};

}  // namespace sluice::contracts::native
