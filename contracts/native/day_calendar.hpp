/// Which days are value dates of a currency with a business day, and when their phases are planned to begin:
/// its schedule for ordinary days, times that one date has of its own, and holidays. Storage of 0x…5e05.
#pragma once

#include "contracts/native/currency_table.hpp"
#include "contracts/native/day_book.hpp"

namespace sluice::contracts::native {

core::DaySchedule read_schedule(const Storage& days, CurrencyIndex currency);
void write_schedule(const Storage& days, CurrencyIndex currency, const core::DaySchedule& schedule);

/// What the calendar says about one date.
struct CalendarEntry {
    bool is_holiday = false;
    bool has_times =
        false;  ///< `times` hold instead of the schedule; the date is a business day on any weekday
    PhaseTimes times{};
    bool operator==(const CalendarEntry&) const = default;
};
/// Precondition: `date` is valid.
CalendarEntry read_calendar(const Storage& days, CurrencyIndex currency, core::DateYmd date);
void write_calendar(const Storage& days, CurrencyIndex currency, core::DateYmd date,
                    const CalendarEntry& entry);

/// True if the phases come in order, settlement has time between Open and Closing, and all lie within the
/// local day of `value_day`, its end included.
bool are_times_of(const Currency& currency, std::int64_t value_day, const PhaseTimes& times);

/// The planned times of a day; nothing where it is no value date: a holiday, a day that is none in the week,
/// a day that no calendar has.
std::optional<PhaseTimes> planned_times(const Storage& days, const Currency& currency,
                                        std::int64_t value_day);

/// Longest search for a business day: this many days in a row are looked at, one slot each.
inline constexpr std::int64_t search_days_max = 40;

struct PlannedDay {
    std::int64_t value_day = 0;
    PhaseTimes times{};
};
/// The first business day from `from` on.
std::optional<PlannedDay> next_business_day(const Storage& days, const Currency& currency, std::int64_t from);
/// The last day before `before` that is a value date; the day before it where none is near.
std::int64_t business_day_before(const Storage& days, const Currency& currency, std::int64_t before);

/// The value day of the block: that of its time, or for a currency with a business day the one it stands at.
std::int64_t value_day_today(const Books& books, const Currency& currency);

}  // namespace sluice::contracts::native
