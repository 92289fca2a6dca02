#include "contracts/native/day_calendar.hpp"

#include <algorithm>

#include "contracts/native/row_key.hpp"
#include "core/calendar.hpp"

namespace sluice::contracts::native {

namespace {

// Tables 0x02 and 0x03 of the business day contract.
// 0x02 ‖ uint16 ccy                    struct ScheduleRow
// 0x03 ‖ uint16 ccy ‖ uint32 date      struct CalendarRow
constexpr std::uint8_t schedule_table = 0x02;
constexpr std::uint8_t calendar_table = 0x03;

constexpr core::UnixMs minute_ms = 60'000;

struct ScheduleRow {
    std::uint8_t weekdays = 0;
    std::uint16_t pre_open = 0;
    std::uint16_t open = 0;
    std::uint16_t cutoff_customer = 0;
    std::uint16_t cutoff_bank = 0;
    std::uint16_t closing = 0;
    static constexpr auto storage_members() {
        using R = ScheduleRow;
        return std::make_tuple(&R::weekdays, &R::pre_open, &R::open, &R::cutoff_customer, &R::cutoff_bank,
                               &R::closing);
    }
};

/// The first slot says all that a search for a business day asks.
struct CalendarRow {
    bool is_holiday = false;
    bool has_times = false;
    std::uint64_t pre_open = 0;
    std::uint64_t open = 0;
    std::uint64_t cutoff_customer = 0;
    std::uint64_t cutoff_bank = 0;
    std::uint64_t closing = 0;
    static constexpr auto storage_members() {
        using R = CalendarRow;
        return std::make_tuple(&R::is_holiday, &R::has_times, &R::pre_open, &R::open, &R::cutoff_customer,
                               &R::cutoff_bank, &R::closing);
    }
};
static_assert(Place<ScheduleRow>::slots == 1 && Place<CalendarRow>::slots == 2);

Place<ScheduleRow> schedule_place(const Storage& days, CurrencyIndex currency) {
    return {days, row_key(schedule_table, currency)};
}
Place<CalendarRow> calendar_place(const Storage& days, CurrencyIndex currency, core::DateYmd date) {
    return {days, row_key(calendar_table, currency, date)};
}

std::optional<PhaseTimes> times_by(const Storage& days, const Currency& currency,
                                   const core::DaySchedule& schedule, std::int64_t value_day) {
    const core::DateYmd date = core::date_from_days(value_day);
    if (date == 0) return std::nullopt;
    const CalendarEntry entry = read_calendar(days, currency.index, date);
    if (entry.is_holiday) return std::nullopt;
    if (entry.has_times) return entry.times;
    if ((schedule.weekdays & core::weekday_bit(value_day)) == 0) return std::nullopt;
    PhaseTimes times{};
    const core::UnixMs start = start_of_value_day(currency, value_day);
    for (std::size_t i = 0; i < times.size(); ++i)
        times[i] = start + schedule.minutes[i] * minute_ms;
    return times;
}

}  // namespace

core::DaySchedule read_schedule(const Storage& days, CurrencyIndex currency) {
    const ScheduleRow row = schedule_place(days, currency).read();
    return {.minutes = {row.pre_open, row.open, row.cutoff_customer, row.cutoff_bank, row.closing},
            .weekdays = row.weekdays};
}

void write_schedule(const Storage& days, CurrencyIndex currency, const core::DaySchedule& schedule) {
    const auto& minutes = schedule.minutes;
    schedule_place(days, currency)
        .write({schedule.weekdays, minutes[0], minutes[1], minutes[2], minutes[3], minutes[4]});
}

CalendarEntry read_calendar(const Storage& days, CurrencyIndex currency, core::DateYmd date) {
    const CalendarRow row = calendar_place(days, currency, date).read();
    return {.is_holiday = row.is_holiday,
            .has_times = row.has_times,
            .times = {row.pre_open, row.open, row.cutoff_customer, row.cutoff_bank, row.closing}};
}

void write_calendar(const Storage& days, CurrencyIndex currency, core::DateYmd date,
                    const CalendarEntry& entry) {
    const PhaseTimes& times = entry.times;
    calendar_place(days, currency, date)
        .write({entry.is_holiday, entry.has_times, times[0], times[1], times[2], times[3], times[4]});
}

bool are_times_of(const Currency& currency, std::int64_t value_day, const PhaseTimes& times) {
    return std::is_sorted(times.begin(), times.end()) && times[1] < times[4] &&
           times[0] >= start_of_value_day(currency, value_day) &&
           times[4] <= start_of_value_day(currency, value_day + 1);
}

std::optional<PhaseTimes> planned_times(const Storage& days, const Currency& currency,
                                        std::int64_t value_day) {
    return times_by(days, currency, read_schedule(days, currency.index), value_day);
}

std::optional<PlannedDay> next_business_day(const Storage& days, const Currency& currency,
                                            std::int64_t from) {
    const core::DaySchedule schedule = read_schedule(days, currency.index);
    for (std::int64_t day = from; day < from + search_days_max; ++day)
        if (const auto times = times_by(days, currency, schedule, day)) return PlannedDay{day, *times};
    return std::nullopt;
}

std::int64_t business_day_before(const Storage& days, const Currency& currency, std::int64_t before) {
    const core::DaySchedule schedule = read_schedule(days, currency.index);
    for (std::int64_t day = before - 1; day >= before - search_days_max; --day)
        if (times_by(days, currency, schedule, day)) return day;
    return before - 1;
}

std::int64_t value_day_today(const Books& books, const Currency& currency) {
    if (currency.phase_mode == core::PhaseMode::business_day)
        if (const auto day = read_day(days_of(books), currency.index)) return day->value_day;
    return value_day_at(currency, books.block.time_ms);
}

}  // namespace sluice::contracts::native
