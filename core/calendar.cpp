#include "core/calendar.hpp"

#include "core/check.hpp"

namespace sluice::core {

namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t day_minutes = 1'440;
constexpr std::int64_t first_day = -719'162;  // 0001-01-01
constexpr std::int64_t last_day = 2'932'896;  // 9999-12-31

struct Day {
    std::uint32_t year;
    std::uint32_t month;
    std::uint32_t day;
};

constexpr Day split(DateYmd date) {
    return {date / 10'000, date / 100 % 100, date % 100};
}
constexpr DateYmd join(Day day) {
    return day.year * 10'000 + day.month * 100 + day.day;
}

constexpr bool is_leap(std::uint32_t year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

constexpr std::uint32_t days_of_month(std::uint32_t year, std::uint32_t month) {
    if (month == 2) return is_leap(year) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/// Reads exactly `text.size()` decimal digits.
std::optional<std::uint32_t> digits(std::string_view text) {
    std::uint32_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return {};
        value = value * 10 + static_cast<std::uint32_t>(c - '0');
    }
    return value;
}

/// `value` with leading zeros up to `width` digits.
std::string padded(std::uint64_t value, std::size_t width) {
    const std::string text = std::to_string(value);
    return text.size() >= width ? text : std::string(width - text.size(), '0') + text;
}

}  // namespace

bool is_valid_date(DateYmd date) {
    const Day day = split(date);
    return day.year >= 1 && day.year <= 9999 && day.month >= 1 && day.month <= 12 && day.day >= 1 &&
           day.day <= days_of_month(day.year, day.month);
}

std::optional<DateYmd> parse_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return {};
    const auto year = digits(text.substr(0, 4));
    const auto month = digits(text.substr(5, 2));
    const auto day = digits(text.substr(8, 2));
    if (!year || !month || !day) return {};
    const DateYmd date = join({*year, *month, *day});
    if (!is_valid_date(date)) return {};
    return date;
}

std::string format_date(DateYmd date) {
    const Day day = split(date);
    return padded(day.year, 4) + '-' + padded(day.month, 2) + '-' + padded(day.day, 2);
}

// Both directions count years from 1 March of year 0, so that the leap day is the last of its year, in eras
// of 400 years (146,097 days); 719,468 days lie between that day and 1970-01-01.

std::int64_t days_from_date(DateYmd date) {
    CHECK(is_valid_date(date));
    const Day day = split(date);
    const std::int64_t year = static_cast<std::int64_t>(day.year) - (day.month <= 2 ? 1 : 0);
    const std::int64_t era = year / 400;
    const std::int64_t year_of_era = year % 400;
    const std::int64_t month_from_march = (static_cast<std::int64_t>(day.month) + 9) % 12;
    const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + day.day - 1;
    const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146'097 + day_of_era - 719'468;
}

DateYmd date_from_days(std::int64_t days) {
    if (days < first_day || days > last_day) return 0;
    const std::int64_t shifted = days + 719'468;
    const std::int64_t era = shifted / 146'097;
    const std::int64_t day_of_era = shifted % 146'097;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
    const std::int64_t day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    const std::int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
    return join({static_cast<std::uint32_t>(year), static_cast<std::uint32_t>(month),
                 static_cast<std::uint32_t>(day)});
}

std::optional<std::int32_t> utc_offset_minutes(std::string_view zone) {
    if (zone == "UTC") return 0;
    if (zone.size() != 9 || !zone.starts_with("UTC") || zone[6] != ':') return {};
    if (zone[3] != '+' && zone[3] != '-') return {};
    const auto hours = digits(zone.substr(4, 2));
    const auto minutes = digits(zone.substr(7, 2));
    if (!hours || !minutes || *minutes > 59) return {};
    const auto offset = static_cast<std::int32_t>(*hours * 60 + *minutes);
    if (offset > 14 * 60 || (offset == 0 && zone[3] == '-')) return {};
    return zone[3] == '+' ? offset : -offset;
}

DateYmd date_at(UnixMs time_ms, std::int32_t offset_minutes) {
    // A day beyond the latest one, so that the conversion to a signed number is safe and the answer still 0.
    if (time_ms > time_ms_max + day_ms) return 0;
    std::int64_t minutes = static_cast<std::int64_t>(time_ms / 60'000) + offset_minutes;
    // Rounds down also before 1970, where an offset to the west can lead.
    std::int64_t days = minutes / day_minutes;
    if (minutes % day_minutes < 0) --days;
    return date_from_days(days);
}

std::string format_time(UnixMs time_ms) {
    CHECK(time_ms <= time_ms_max);
    const std::uint64_t of_day = time_ms % day_ms;
    return format_date(date_at(time_ms, 0)) + 'T' + padded(of_day / 3'600'000, 2) + ':' +
           padded(of_day / 60'000 % 60, 2) + ':' + padded(of_day / 1'000 % 60, 2) + '.' +
           padded(of_day % 1'000, 3) + 'Z';
}

std::optional<UnixMs> parse_time(std::string_view text) {
    if (text.size() != 24 || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != '.' ||
        text[23] != 'Z')
        return {};
    const auto date = parse_date(text.substr(0, 10));
    const auto hour = digits(text.substr(11, 2));
    const auto minute = digits(text.substr(14, 2));
    const auto second = digits(text.substr(17, 2));
    const auto millisecond = digits(text.substr(20, 3));
    if (!date || !hour || !minute || !second || !millisecond) return {};
    if (*hour > 23 || *minute > 59 || *second > 59) return {};
    const std::int64_t days = days_from_date(*date);
    if (days < 0) return {};
    return static_cast<UnixMs>(days * day_ms) + *hour * 3'600'000ull + *minute * 60'000ull +
           *second * 1'000ull + *millisecond;
}

}  // namespace sluice::core
