#include "cli/day_times.hpp"

#include <gtest/gtest.h>

namespace sluice::cli {
namespace {

using contracts::native::Phase;

TEST(DayTimes, phases_are_read_in_every_spelling) {
    EXPECT_EQ(parse_phase("cutoff-customer"), Phase::cutoff_customer);
    EXPECT_EQ(parse_phase("CutoffBank"), Phase::cutoff_bank);
    EXPECT_EQ(parse_phase("pre_open"), Phase::pre_open);
    EXPECT_EQ(parse_phase("closed"), Phase::closed);
    EXPECT_FALSE(parse_phase("lunch"));
    EXPECT_FALSE(parse_phase(""));
}

TEST(DayTimes, local_times_end_at_midnight) {
    EXPECT_EQ(parse_minutes("17:40"), 1'060u);
    EXPECT_EQ(parse_minutes("24:00"), 1'440u);
    for (const char* wrong : {"24:01", "7:40", "17:60", "17-40", "aa:bb", "017:4", ""})
        EXPECT_FALSE(parse_minutes(wrong)) << wrong;
    EXPECT_EQ(minutes_text(360), "06:00");
}

TEST(DayTimes, a_day_has_five_of_them) {
    EXPECT_EQ(parse_day_times("00:00,06:00,17:40,18:00,18:20"),
              (std::array<std::uint32_t, 5>{0, 360, 1'060, 1'080, 1'100}));
    EXPECT_FALSE(parse_day_times("00:00,06:00,17:40,18:00"));
    EXPECT_FALSE(parse_day_times("00:00,06:00,17:40,18:00,18:20,19:00"));
    EXPECT_FALSE(parse_day_times("00:00,06:00,17:40,18:00,late"));
}

TEST(DayTimes, weekdays_are_days_and_ranges) {
    EXPECT_EQ(parse_weekdays("mon-fri"), 0x1f);
    EXPECT_EQ(parse_weekdays("mon,wed,sat-sun"), 0x65);
    EXPECT_EQ(parse_weekdays("Sun"), 0x40);
    for (const char* wrong : {"", "fri-mon", "mon-tue-wed", "monday", "mon,"})
        EXPECT_FALSE(parse_weekdays(wrong)) << wrong;
}

TEST(DayTimes, instants_are_shown_in_local_time) {
    constexpr core::UnixMs midnight = 1'770'000'000'000;
    EXPECT_EQ(local_time_text(midnight + 6 * 3'600'000, midnight), "06:00");
    EXPECT_EQ(local_time_text(midnight + 24 * 3'600'000, midnight), "24:00");
    EXPECT_EQ(local_time_text(midnight + 30 * 3'600'000, midnight), "06:00 +1 d");
    EXPECT_EQ(local_time_text(midnight - 3'600'000, midnight), "23:00 -1 d");
}

}  // namespace
}  // namespace sluice::cli
