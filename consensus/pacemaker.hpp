/// The view timers: when patience with a primary ends. Integers of monotonic time; safety never depends on
/// them.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "core/ids.hpp"
#include "core/time.hpp"

namespace sluice::consensus {

/// How long to wait; see consensus/limits.hpp for the defaults and their reasons.
struct PacemakerConfig {
    core::Duration base;
    core::Duration max;
    core::Duration execution_max;
};

/// What the timers depend on, stated anew after every step.
struct PacemakerFacts {
    core::Height height = 0;  ///< head + 1
    core::View view = 0;      ///< the promised view
    bool changing = false;    ///< promised but not entered
    bool run = false;         ///< there is something to wait for
    bool executing =
        false;  ///< a block is being built or checked here: the primary is not to blame meanwhile
    core::Instant not_before;  ///< the spacing of proposals allows none earlier
    /// Set while executable work waits and no proposal has come: since when the work waits.
    std::optional<core::Instant> unproposed_since;
};

enum class Expiry {
    view_timeout,
    slow_proposal,
    slow_execution,
};

/// Base timeout, × 3/2 per view change up to a ceiling, one step back per commit. A second, shorter deadline
/// replaces a primary that leaves executable work unproposed; it rests while the first is backed off, so that
/// a network that has become slow is not sent from view to view.
class Pacemaker {
  public:
    explicit Pacemaker(const PacemakerConfig& config) : config_(config) {}

    /// Takes the facts after a step. A new height, view or phase starts every timer anew.
    void update(core::Instant now, const PacemakerFacts& facts);
    /// What has run out by `now`, if anything.
    std::optional<Expiry> expired(core::Instant now) const;
    /// The next instant at which `expired` may answer something.
    std::optional<core::Instant> deadline() const;

    /// A VIEW-CHANGE was sent.
    void view_changed();
    /// A block was committed at the tip.
    void committed();
    /// How long a block took here from "could be proposed" to "appended".
    void note_commit_time(core::Duration taken);

    core::Duration view_timeout() const;
    core::Duration proposal_timeout() const;
    std::uint64_t exponent() const { return exponent_; }

  private:
    bool is_new_position(const PacemakerFacts& facts) const;

    PacemakerConfig config_;
    PacemakerFacts facts_;
    core::Instant position_since_;                ///< when height, view or phase last changed
    std::optional<core::Instant> view_deadline_;  ///< running
    std::optional<core::Duration> remaining_;     ///< halted by own execution
    std::optional<core::Instant> execution_deadline_;
    std::optional<core::Instant> proposal_deadline_;
    std::uint64_t exponent_ = 0;
    std::deque<core::Duration> commit_times_;
};

}  // namespace sluice::consensus
