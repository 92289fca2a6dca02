/// Phases, local times and weekdays of a business day as typed and as shown.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "contracts/native/settlement_structs.hpp"
#include "core/result.hpp"

namespace sluice::cli {

/// "open", "cutoff-customer", "CutoffCustomer" and so on.
std::optional<contracts::native::Phase> parse_phase(std::string_view text);

/// Minutes after midnight of "HH:MM", at most 24:00.
std::optional<std::uint32_t> parse_minutes(std::string_view text);
/// "06:00" of 360.
std::string minutes_text(std::uint32_t minutes);
/// Five times with commas between, in the order PreOpen, Open, CutoffCustomer, CutoffBank, Closing.
core::Result<std::array<std::uint32_t, 5>, std::string> parse_day_times(std::string_view text);

/// "mon-fri", "mon,tue,sat": bit 0 is Monday.
core::Result<std::uint8_t, std::string> parse_weekdays(std::string_view text);

/// The local time of day, `midnight_ms` being its 00:00; with the days between where it is another day.
std::string local_time_text(core::UnixMs time_ms, core::UnixMs midnight_ms);

}  // namespace sluice::cli
