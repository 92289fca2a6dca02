#include "cli/day_times.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "core/day_schedule.hpp"

namespace sluice::cli {
namespace {

namespace native = contracts::native;

constexpr core::UnixMs minute_ms = 60'000;
constexpr std::array<std::string_view, 7> weekday_words{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

std::string letters_of(std::string_view text) {
    std::string letters;
    for (const char c : text)
        if (c != '-' && c != '_') letters += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return letters;
}

std::vector<std::string_view> parts_of(std::string_view text, char between) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto end = text.find(between);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::optional<std::size_t> weekday_of(std::string_view word) {
    const auto found = std::find(weekday_words.begin(), weekday_words.end(), letters_of(word));
    if (found == weekday_words.end()) return std::nullopt;
    return static_cast<std::size_t>(found - weekday_words.begin());
}

}  // namespace

std::optional<native::Phase> parse_phase(std::string_view text) {
    const std::string wanted = letters_of(text);
    for (unsigned n = 0; n <= static_cast<unsigned>(native::Phase::closing); ++n) {
        const auto phase = static_cast<native::Phase>(n);
        if (letters_of(native::name_of(phase)) == wanted) return phase;
    }
    return std::nullopt;
}

std::optional<std::uint32_t> parse_minutes(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    for (const std::size_t i : {0u, 1u, 3u, 4u})
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
    const auto digit = [text](std::size_t i) { return static_cast<std::uint32_t>(text[i] - '0'); };
    const std::uint32_t minutes = digit(3) * 10 + digit(4);
    const std::uint32_t all = (digit(0) * 10 + digit(1)) * 60 + minutes;
    if (minutes > 59 || all > core::day_minutes) return std::nullopt;
    return all;
}

std::string minutes_text(std::uint32_t minutes) {
    return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

core::Result<std::array<std::uint32_t, 5>, std::string> parse_day_times(std::string_view text) {
    const auto parts = parts_of(text, ',');
    std::array<std::uint32_t, 5> minutes{};
    bool is_whole = parts.size() == minutes.size();
    for (std::size_t i = 0; is_whole && i < minutes.size(); ++i) {
        const auto each = parse_minutes(parts[i]);
        is_whole = each.has_value();
        minutes[i] = each.value_or(0);
    }
    if (!is_whole)
        return core::fail(
            fmt::format("{}: allowed are five local times in order, PreOpen,Open,CutoffCustomer,"
                        "CutoffBank,Closing, like 00:00,06:00,17:40,18:00,18:20",
                        text));
    return minutes;
}

core::Result<std::uint8_t, std::string> parse_weekdays(std::string_view text) {
    unsigned days = 0;
    for (const std::string_view part : parts_of(text, ',')) {
        const auto ends = parts_of(part, '-');
        const auto first = weekday_of(ends.front());
        const auto last = weekday_of(ends.back());
        if (ends.size() > 2 || !first || !last || *first > *last)
            return core::fail(
                fmt::format("{}: allowed are days and ranges of mon, tue, wed, thu, fri, sat, sun, "
                            "like mon-fri or mon,wed,sat",
                            text));
        for (std::size_t day = *first; day <= *last; ++day)
            days |= 1u << day;
    }
    return static_cast<std::uint8_t>(days);
}

std::string local_time_text(core::UnixMs time_ms, core::UnixMs midnight_ms) {
    const auto away = static_cast<std::int64_t>(time_ms) - static_cast<std::int64_t>(midnight_ms);
    constexpr std::int64_t day = core::day_minutes * minute_ms;
    std::int64_t days = away / day;
    if (away % day < 0) --days;
    const auto of_day =
        static_cast<std::uint32_t>((away - days * day) / static_cast<std::int64_t>(minute_ms));
    // The end of a day is its own 24:00, not the next day's 00:00.
    if (days == 1 && away == day) return "24:00";
    return days == 0 ? minutes_text(of_day) : fmt::format("{} {:+} d", minutes_text(of_day), days);
}

}  // namespace sluice::cli
