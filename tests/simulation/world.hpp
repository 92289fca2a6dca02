/// Simulated time: events in order of time, ties in order of creation. One thread, one seed, one history.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

#include "core/time.hpp"

namespace sluice::simulation {

class World {
  public:
    core::Instant now() const { return now_; }

    void at(core::Instant time, std::function<void()> action) {
        events_.push({time < now_ ? now_ : time, next_sequence_++, std::move(action)});
    }
    void after(core::Duration delay, std::function<void()> action) { at(now_ + delay, std::move(action)); }

    /// Runs events up to and including `until`, or until `is_over` says so.
    void run(core::Instant until, const std::function<bool()>& is_over) {
        while (!events_.empty() && events_.top().time <= until && !is_over()) {
            // The queue gives out const references only; the action is moved out before it is removed.
            Event event = std::move(const_cast<Event&>(events_.top()));
            events_.pop();
            now_ = event.time;
            ++performed_;
            event.action();
        }
        if (now_ < until && !is_over()) now_ = until;
    }

    std::uint64_t performed() const { return performed_; }

  private:
    struct Event {
        core::Instant time;
        std::uint64_t sequence = 0;
        std::function<void()> action;
        bool operator<(const Event& other) const {
            return time != other.time ? time > other.time : sequence > other.sequence;
        }
    };
    core::Instant now_{1'000'000};
    std::uint64_t next_sequence_ = 0;
    std::uint64_t performed_ = 0;
    std::priority_queue<Event> events_;
};

}  // namespace sluice::simulation
