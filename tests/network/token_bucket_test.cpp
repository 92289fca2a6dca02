#include "network/token_bucket.hpp"

#include <gtest/gtest.h>

namespace sluice::network {
namespace {

using namespace std::chrono_literals;
constexpr TokenBucket::Instant start{};

TEST(TokenBucket, one_second_of_tokens_may_be_taken_at_once) {
    TokenBucket bucket(1'000, start);
    EXPECT_EQ(bucket.take(1'000, start).count(), 0);
    EXPECT_GT(bucket.take(1, start).count(), 0);
}

TEST(TokenBucket, debt_is_waited_off_at_the_rate) {
    TokenBucket bucket(1'000, start);
    const auto wait = bucket.take(1'500, start);
    EXPECT_GE(wait, 500ms);
    EXPECT_LE(wait, 501ms);
    EXPECT_EQ(bucket.take(0, start + wait).count(), 0);
}

TEST(TokenBucket, idle_time_saves_up_one_second_and_no_more) {
    TokenBucket bucket(1'000, start);
    EXPECT_EQ(bucket.take(1'000, start + 1h).count(), 0);
    EXPECT_GT(bucket.take(1'000, start + 1h).count(), 0);
}

TEST(TokenBucket, many_short_intervals_add_up) {
    TokenBucket bucket(100, start);
    bucket.take(100, start);
    TokenBucket::Instant now = start;
    for (int i = 0; i < 1'000; ++i) {
        now += 1ms;
        bucket.take(0, now);
    }
    EXPECT_EQ(bucket.take(95, now).count(), 0);
}

TEST(TokenBucket, clock_that_stands_still_gives_nothing) {
    TokenBucket bucket(1'000, start);
    bucket.take(2'000, start);
    EXPECT_GT(bucket.take(0, start - 1s).count(), 0);
}

}  // namespace
}  // namespace sluice::network
