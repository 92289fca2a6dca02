/// Time as values. Nothing here reads a clock: times are arguments.
#pragma once

#include <compare>
#include <cstdint>

namespace sluice::core {

/// A span of monotonic time in microseconds.
struct Duration {
    std::int64_t us = 0;
    auto operator<=>(const Duration&) const = default;
};
constexpr Duration milliseconds(std::int64_t count) {
    return {count * 1000};
}
constexpr Duration seconds(std::int64_t count) {
    return {count * 1'000'000};
}
constexpr Duration operator+(Duration a, Duration b) {
    return {a.us + b.us};
}
constexpr Duration operator-(Duration a, Duration b) {
    return {a.us - b.us};
}
constexpr Duration operator*(Duration a, std::int64_t factor) {
    return {a.us * factor};
}
constexpr Duration operator/(Duration a, std::int64_t divisor) {
    return {a.us / divisor};
}

/// A point of the local monotonic clock in microseconds from an arbitrary start. Timers only; never in a
/// block.
struct Instant {
    std::int64_t us = 0;
    auto operator<=>(const Instant&) const = default;
};
constexpr Instant operator+(Instant at, Duration by) {
    return {at.us + by.us};
}
constexpr Instant operator-(Instant at, Duration by) {
    return {at.us - by.us};
}
constexpr Duration operator-(Instant to, Instant from) {
    return {to.us - from.us};
}

/// Wall-clock time, Unix milliseconds (UTC).
using UnixMs = std::uint64_t;

}  // namespace sluice::core
