#include "cli/iso20022/fields.hpp"

#include <algorithm>

namespace sluice::cli::iso20022 {
namespace {

constexpr std::int64_t ms_per_minute = 60'000;
constexpr std::int64_t ms_per_day = 24 * 60 * ms_per_minute;

/// Two digits below `limit` at `at`.
std::optional<std::uint32_t> two_digits(std::string_view text, std::size_t at, std::uint32_t limit) {
    if (text.size() < at + 2) return std::nullopt;
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (!is_digit(text[at]) || !is_digit(text[at + 1])) return std::nullopt;
    const auto value = static_cast<std::uint32_t>((text[at] - '0') * 10 + (text[at + 1] - '0'));
    return value < limit ? std::optional(value) : std::nullopt;
}

/// "Z", "+01:00" or nothing at all; false for anything else.
bool read_offset(std::string_view text, std::optional<std::int32_t>& offset) {
    if (text.empty()) return true;
    if (text == "Z") {
        offset = 0;
        return true;
    }
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return false;
    const auto hours = two_digits(text, 1, 15), minutes = two_digits(text, 4, 60);
    if (!hours || !minutes || *hours * 60 + *minutes > 14 * 60) return false;
    const auto east = static_cast<std::int32_t>(*hours * 60 + *minutes);
    offset = text[0] == '-' ? -east : east;
    return true;
}

}  // namespace

std::string_view first_characters(std::string_view text, std::size_t characters_max) {
    std::size_t characters = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool begins = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
        if (begins && ++characters > characters_max) return text.substr(0, i);
    }
    return text;
}

bool is_max35_text(std::string_view text) {
    return !text.empty() && first_characters(text, 35).size() == text.size();
}

std::optional<TimeOfDay> parse_time_of_day(std::string_view text) {
    const auto hours = two_digits(text, 0, 24), minutes = two_digits(text, 3, 60),
               seconds = two_digits(text, 6, 60);
    if (!hours || !minutes || !seconds || text[2] != ':' || text[5] != ':') return std::nullopt;
    TimeOfDay time{.ms = (*hours * 3600 + *minutes * 60 + *seconds) * 1000, .offset_minutes = {}};
    text.remove_prefix(8);
    if (!text.empty() && text[0] == '.') {
        text.remove_prefix(1);
        const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
        if (digits == 0) return std::nullopt;
        std::uint32_t unit = 100;
        for (std::size_t i = 0; i < std::min<std::size_t>(digits, 3); ++i, unit /= 10)
            time.ms += static_cast<std::uint32_t>(text[i] - '0') * unit;
        text.remove_prefix(digits);
    }
    return read_offset(text, time.offset_minutes) ? std::optional(time) : std::nullopt;
}

std::optional<DateTime> parse_date_time(std::string_view text) {
    if (text.size() < 11 || text[10] != 'T') return std::nullopt;
    const auto date = core::parse_date(text.substr(0, 10));
    const auto time = parse_time_of_day(text.substr(11));
    if (!date || !time) return std::nullopt;
    return DateTime{*date, *time};
}

std::optional<core::UnixMs> instant_of(core::DateYmd date, const TimeOfDay& time,
                                       std::int32_t offset_minutes) {
    const auto east = time.offset_minutes.value_or(offset_minutes);
    const auto ms = core::days_from_date(date) * ms_per_day + time.ms - east * ms_per_minute;
    return ms < 0 ? std::nullopt : std::optional(static_cast<core::UnixMs>(ms));
}

std::optional<contracts::native::Priority> parse_priority(std::string_view code) {
    using contracts::native::Priority;
    if (code == "URGT" || code == "HIGH") return Priority::high;
    if (code == "NORM") return Priority::normal;
    return std::nullopt;
}

}  // namespace sluice::cli::iso20022
