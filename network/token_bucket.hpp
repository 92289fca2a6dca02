/// A rate limit that slows down instead of refusing.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace sluice::network {

/// Tokens flow in at a steady rate up to one second's worth. Taking more than there are is allowed and leaves
/// a debt: the caller waits until it is paid before it takes again. One thread.
class TokenBucket {
  public:
    using Instant = std::chrono::steady_clock::time_point;

    /// Precondition: a rate of at least 1.
    TokenBucket(std::uint64_t per_second, Instant now)
        : per_second_(static_cast<std::int64_t>(per_second)), level_(per_second_), filled_at_(now) {}

    /// Takes `count`; how long to wait before the next time. Zero: no wait.
    std::chrono::nanoseconds take(std::uint64_t count, Instant now) {
        refill(now);
        level_ -= static_cast<std::int64_t>(count);
        if (level_ >= 0) return std::chrono::nanoseconds(0);
        return std::chrono::nanoseconds(-level_ * 1'000'000 / per_second_ * 1'000 + 1'000);
    }

  private:
    void refill(Instant now) {
        const auto passed_us =
            std::chrono::duration_cast<std::chrono::microseconds>(now - filled_at_).count();
        if (passed_us <= 0) return;
        const std::int64_t counted_us = std::min<std::int64_t>(passed_us, 10'000'000);
        const std::int64_t gained = counted_us * per_second_ / 1'000'000;
        // Too short a time to gain anything is not forgotten: it counts from the same moment next time.
        if (gained == 0) return;
        filled_at_ = now;
        level_ = std::min(per_second_, level_ + gained);
    }

    std::int64_t per_second_;
    std::int64_t level_;
    Instant filled_at_;
};

}  // namespace sluice::network
