#include "core/calendar.hpp"

#include <gtest/gtest.h>

namespace sluice::core {
namespace {

TEST(Date, reads_and_prints_existing_days) {
    EXPECT_EQ(parse_date("2026-01-31"), 20'260'131u);
    EXPECT_EQ(format_date(20'260'131), "2026-01-31");
    EXPECT_EQ(parse_date("0001-01-01"), 10'101u);
    EXPECT_EQ(format_date(10'101), "0001-01-01");
    for (const char* text :
         {"", "2026-1-31", "2026-01-32", "2026-00-01", "2026-13-01", "2026-04-31", "0000-01-01", "2026/01/31",
          "2026-01-31Z", "20260131", "-026-01-31", "2026-02-29"})
        EXPECT_FALSE(parse_date(text)) << text;
}

TEST(Date, knows_leap_years) {
    EXPECT_TRUE(is_valid_date(20'240'229));
    EXPECT_FALSE(is_valid_date(20'230'229));
    EXPECT_TRUE(is_valid_date(20'000'229));
    EXPECT_FALSE(is_valid_date(19'000'229));
    EXPECT_FALSE(is_valid_date(0));
    EXPECT_FALSE(is_valid_date(100'000'101));
}

TEST(Date, counts_days_from_1970) {
    EXPECT_EQ(days_from_date(19'700'101), 0);
    EXPECT_EQ(days_from_date(19'691'231), -1);
    EXPECT_EQ(days_from_date(20'000'301), 11'017);
    EXPECT_EQ(days_from_date(20'380'119), 24'855);
    EXPECT_EQ(date_from_days(0), 19'700'101u);
    EXPECT_EQ(date_from_days(-1), 19'691'231u);
}

TEST(Date, goes_through_all_days_one_by_one) {
    const std::int64_t first = days_from_date(10'101);
    const std::int64_t last = days_from_date(99'991'231);
    DateYmd before = 0;
    for (std::int64_t day = first; day <= last; ++day) {
        const DateYmd date = date_from_days(day);
        ASSERT_TRUE(is_valid_date(date)) << day;
        ASSERT_GT(date, before);
        ASSERT_EQ(days_from_date(date), day);
        before = date;
    }
    EXPECT_EQ(date_from_days(first - 1), 0u);
    EXPECT_EQ(date_from_days(last + 1), 0u);
    EXPECT_EQ(date_from_days(INT64_MIN), 0u);
    EXPECT_EQ(date_from_days(INT64_MAX), 0u);
}

TEST(TimeZone, is_utc_or_a_fixed_offset) {
    EXPECT_EQ(utc_offset_minutes("UTC"), 0);
    EXPECT_EQ(utc_offset_minutes("UTC+00:00"), 0);
    EXPECT_EQ(utc_offset_minutes("UTC+01:00"), 60);
    EXPECT_EQ(utc_offset_minutes("UTC-05:00"), -300);
    EXPECT_EQ(utc_offset_minutes("UTC+05:45"), 345);
    EXPECT_EQ(utc_offset_minutes("UTC+14:00"), 840);
    for (const char* zone :
         {"", "utc", "Europe/Berlin", "CET", "UTC+1", "UTC+1:00", "UTC+0100", "UTC+14:01", "UTC+15:00",
          "UTC-00:00", "UTC+01:60", "UTC 01:00", "GMT+01:00", "UTC+01:00 ", "UTC+-1:00"})
        EXPECT_FALSE(utc_offset_minutes(zone)) << zone;
}

TEST(TimeZone, decides_the_day_of_an_instant) {
    const UnixMs late_evening = *parse_time("2026-01-31T23:30:00.000Z");
    EXPECT_EQ(date_at(late_evening, 0), 20'260'131u);
    EXPECT_EQ(date_at(late_evening, 60), 20'260'201u);
    EXPECT_EQ(date_at(late_evening, 29), 20'260'131u);
    EXPECT_EQ(date_at(late_evening, 30), 20'260'201u);
    EXPECT_EQ(date_at(0, -1), 19'691'231u);
    EXPECT_EQ(date_at(0, -60 * 14), 19'691'231u);
    EXPECT_EQ(date_at(time_ms_max, 0), 99'991'231u);
    EXPECT_EQ(date_at(time_ms_max + 1, 0), 0u);
    EXPECT_EQ(date_at(~UnixMs{0}, 0), 0u);
    EXPECT_EQ(date_at(~UnixMs{0}, -60), 0u);
}

TEST(Time, prints_as_rfc_3339_with_milliseconds) {
    EXPECT_EQ(format_time(0), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(format_time(1'769'851'800'250), "2026-01-31T09:30:00.250Z");
    EXPECT_EQ(format_time(time_ms_max), "9999-12-31T23:59:59.999Z");
}

TEST(Time, survives_printing_and_parsing) {
    for (UnixMs time = 1; time <= time_ms_max; time = time * 3 + 7)
        ASSERT_EQ(parse_time(format_time(time)), time);
    EXPECT_EQ(parse_time(format_time(time_ms_max)), time_ms_max);
}

TEST(Time, of_another_form_or_of_no_instant_is_refused) {
    for (const char* text :
         {"", "2026-01-31T09:30:00Z", "2026-01-31 09:30:00.250Z", "2026-01-31T09:30:00.250+00:00",
          "2026-01-31T24:00:00.000Z", "2026-01-31T09:60:00.000Z", "2026-01-31T09:30:60.000Z",
          "2026-02-30T09:30:00.000Z", "1969-12-31T23:59:59.999Z", "2026-01-31T09:30:00,250Z",
          "2026-01-31T09:30:00.25aZ", "2026-01-31T09:30:00.250z"})
        EXPECT_FALSE(parse_time(text)) << text;
}

}  // namespace
}  // namespace sluice::core
