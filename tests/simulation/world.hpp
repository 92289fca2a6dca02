/// Simulated time: events in order of time, ties in order of creation. One thread, one seed, one history.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

#include "core/time.hpp"
#include "tests/simulation/trace.hpp"

namespace sluice::simulation {

/// What an event is, for the trace: each is noted with its time when it happens.
struct EventLabel {
    enum class Kind : std::uint8_t { frame, task, word_of_task, deadline, client, fault, watch };
    Kind kind{};
    std::size_t node = 0;
    std::uint64_t detail = 0;
};

class World {
  public:
    core::Instant now() const { return now_; }
    Trace& trace() { return trace_; }

    void at(core::Instant time, EventLabel label, std::function<void()> action) {
        events_.push({time < now_ ? now_ : time, next_sequence_++, label, std::move(action)});
    }
    void after(core::Duration delay, EventLabel label, std::function<void()> action) {
        at(now_ + delay, label, std::move(action));
    }

    /// Runs events up to and including `until`, or until `is_over` says so.
    void run(core::Instant until, const std::function<bool()>& is_over) {
        while (!events_.empty() && events_.top().time <= until && !is_over()) {
            // The queue gives out const references only; the action is moved out before it is removed.
            Event event = std::move(const_cast<Event&>(events_.top()));
            events_.pop();
            now_ = event.time;
            ++performed_;
            trace_.note({static_cast<std::uint64_t>(event.time.us),
                         static_cast<std::uint64_t>(event.label.kind) << 32 | event.label.node,
                         event.label.detail});
            event.action();
        }
        if (now_ < until && !is_over()) now_ = until;
    }

    std::uint64_t performed() const { return performed_; }
    std::size_t waiting() const { return events_.size(); }

  private:
    struct Event {
        core::Instant time;
        std::uint64_t sequence = 0;
        EventLabel label;
        std::function<void()> action;
        bool operator<(const Event& other) const {
            return time != other.time ? time > other.time : sequence > other.sequence;
        }
    };
    core::Instant now_{1'000'000};
    std::uint64_t next_sequence_ = 0;
    std::uint64_t performed_ = 0;
    Trace trace_;
    std::priority_queue<Event> events_;
};

}  // namespace sluice::simulation
