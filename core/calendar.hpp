/// Days of the Gregorian calendar, fixed time zones, and instants as people read them (RFC 3339).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"

namespace sluice::core {

/// A day of the Gregorian calendar as YYYYMMDD, years 1 to 9999; 0 for none.
using DateYmd = std::uint32_t;

/// "YYYY-MM-DD" of an existing day.
std::optional<DateYmd> parse_date(std::string_view text);
/// "YYYY-MM-DD", also of a value that names no day (so that it can be shown in an error).
std::string format_date(DateYmd date);
bool is_valid_date(DateYmd date);
/// Days since 1970-01-01, negative before. Precondition (CHECK): `is_valid_date(date)`.
std::int64_t days_from_date(DateYmd date);
/// The day `days` after 1970-01-01; 0 where that lies outside the years 1 to 9999.
DateYmd date_from_days(std::int64_t days);

/// Minutes east of UTC of a time zone that is the same on every machine for ever: "UTC", "UTC+HH:MM" or
/// "UTC-HH:MM", at most 14 hours away and not "UTC-00:00". Named zones (IANA) give nothing: their rules come
/// from a database that changes and differs between machines, and a value date must not.
std::optional<std::int32_t> utc_offset_minutes(std::string_view zone);
/// The day on which `time_ms` falls, `offset_minutes` east of UTC; 0 after the year 9999.
DateYmd date_at(UnixMs time_ms, std::int32_t offset_minutes);

/// The last millisecond of the year 9999: later times have no RFC 3339 form.
inline constexpr UnixMs time_ms_max = 253'402'300'799'999;
/// RFC 3339 in UTC with milliseconds: "2026-01-31T09:30:00.250Z". Precondition (CHECK): time_ms <=
/// time_ms_max.
std::string format_time(UnixMs time_ms);
/// Exactly the form that `format_time` writes, of an existing instant at or after 1970.
std::optional<UnixMs> parse_time(std::string_view text);

}  // namespace sluice::core
