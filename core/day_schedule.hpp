/// When the phases of a currency's business day begin, as genesis or its operator has set it.
#pragma once

#include <array>
#include <cstdint>

namespace sluice::core {

/// Minutes of a day; the last phase may begin with its end.
inline constexpr std::uint32_t day_minutes = 1'440;
/// Phases of a day that begin at a planned time: PreOpen, Open, CutoffCustomer, CutoffBank, Closing. A day is
/// Closed when the work of closing is done.
inline constexpr std::size_t planned_phases = 5;

/// The times of every business day that has none of its own. Local time of the currency.
struct DaySchedule {
    /// Minutes after midnight, in the order of the phases: 00:00, 06:00, 17:40, 18:00, 18:20.
    std::array<std::uint16_t, planned_phases> minutes{0, 360, 1'060, 1'080, 1'100};
    std::uint8_t weekdays = 0x1f;  ///< business days: bit 0 Monday to bit 6 Sunday
    bool operator==(const DaySchedule&) const = default;
};

/// True if the phases come in order within one day, there is time between Open and Closing, and there is a
/// business day in the week.
constexpr bool is_whole(const DaySchedule& schedule) {
    for (std::size_t i = 1; i < planned_phases; ++i)
        if (schedule.minutes[i] < schedule.minutes[i - 1]) return false;
    return schedule.minutes[1] < schedule.minutes[4] && schedule.minutes[4] <= day_minutes &&
           schedule.weekdays > 0 && schedule.weekdays < 0x80;
}

/// The bit of `DaySchedule::weekdays` for the day `days` after 1970-01-01, a Thursday.
constexpr std::uint8_t weekday_bit(std::int64_t days) {
    const std::int64_t weekday = ((days + 3) % 7 + 7) % 7;
    return static_cast<std::uint8_t>(1u << weekday);
}

}  // namespace sluice::core
