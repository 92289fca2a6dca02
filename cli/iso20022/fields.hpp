/// Texts of ISO 20022 as values: identifiers, times, settlement priorities.
#pragma once

#include <optional>
#include <string_view>

#include "contracts/native/settlement_types.hpp"
#include "core/calendar.hpp"

namespace sluice::cli::iso20022 {

/// Max35Text: 1 to 35 characters (not bytes).
bool is_max35_text(std::string_view text);
/// The first `characters_max` characters of UTF-8 text.
std::string_view first_characters(std::string_view text, std::size_t characters_max);

/// ISOTime: "17:00:00", with fraction, with "Z" or "+01:00" or without.
struct TimeOfDay {
    std::uint32_t ms = 0;                        ///< since midnight; a finer fraction is cut
    std::optional<std::int32_t> offset_minutes;  ///< east of UTC; nothing where the text names none
    bool operator==(const TimeOfDay&) const = default;
};
std::optional<TimeOfDay> parse_time_of_day(std::string_view text);

/// ISODateTime: "2026-11-22T17:00:00.000+01:00".
struct DateTime {
    core::DateYmd date = 0;
    TimeOfDay time;
};
std::optional<DateTime> parse_date_time(std::string_view text);

/// Milliseconds since 1970; `offset_minutes` counts where the text named no offset. Nothing before 1970.
std::optional<core::UnixMs> instant_of(core::DateYmd date, const TimeOfDay& time,
                                       std::int32_t offset_minutes);

/// Priority2Code and Priority3Code: URGT and HIGH are High (the class Urgent belongs to the operator), NORM
/// is Normal.
std::optional<contracts::native::Priority> parse_priority(std::string_view code);

}  // namespace sluice::cli::iso20022
