/// The two clocks of one machine, and how they go wrong.
#pragma once

#include <cstdint>

#include "core/time.hpp"

namespace sluice::simulation {

inline constexpr core::UnixMs start_wall_ms = 1'800'000'000'000;

/// Monotonic: starts anywhere at each start of the machine and runs a little fast or slow. Wall: may be wrong
/// by a constant, step, or stand still.
class LocalClock {
  public:
    /// Only while the node is down: a running process never sees its monotonic clock jump.
    void restart(core::Instant world, std::int64_t drift_ppm, std::int64_t local_us) {
        since_ = world;
        base_us_ = local_us;
        drift_ppm_ = drift_ppm;
    }
    void set_wall_offset(std::int64_t ms) { wall_offset_ms_ = ms; }
    std::int64_t wall_offset_ms() const { return wall_offset_ms_; }
    void freeze(core::Instant world) { frozen_at_ = wall_ms(world); }
    void thaw() { frozen_at_ = 0; }

    core::Instant local(core::Instant world) const { return {base_us_ + scaled((world - since_).us)}; }
    /// The first moment of the world at which `local` answers at least `at`.
    core::Instant world(core::Instant at) const {
        const auto passed = at.us - base_us_;
        const auto first_order = passed * drift_ppm_ / 1'000'000;
        auto guess = passed - first_order + first_order * drift_ppm_ / 1'000'000 - 3;
        while (scaled(guess) < passed)
            ++guess;
        return {since_.us + guess};
    }
    core::UnixMs wall_ms(core::Instant world) const {
        if (frozen_at_ != 0) return frozen_at_;
        return start_wall_ms + static_cast<core::UnixMs>(world.us / 1000 + wall_offset_ms_);
    }

  private:
    std::int64_t scaled(std::int64_t us) const { return us + us * drift_ppm_ / 1'000'000; }

    core::Instant since_;
    std::int64_t base_us_ = 0;
    std::int64_t drift_ppm_ = 0;
    std::int64_t wall_offset_ms_ = 0;
    core::UnixMs frozen_at_ = 0;
};

}  // namespace sluice::simulation
