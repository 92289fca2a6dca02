/// The kinds of faults, each with a strength. A seed draws its own mixture.
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::simulation {

enum class Fault : std::uint8_t {
    // network, per directed link
    delay,
    loss,
    duplication,
    reorder,
    slow_link,
    capacity,
    corruption,
    clog,
    disconnect,
    partition,
    partial_partition,
    // processes
    crash,
    crash_at_effect,
    pause,
    // disks
    unsynced_loss,
    torn_write,
    io_error,
    no_space,
    slow_disk,
    vote_log_flip,
    vote_log_truncation,
    disk_loss,
    rollback,
    ledger_truncation,
    // clocks
    skew,
    drift,
    clock_step,
    clock_freeze,
    // after healing
    minority_killed,
    minority_frozen,
    all_killed,
};
inline constexpr std::size_t fault_kinds = static_cast<std::size_t>(Fault::all_killed) + 1;

inline constexpr std::array<std::string_view, fault_kinds> fault_names{"delay",
                                                                       "loss",
                                                                       "duplication",
                                                                       "reorder",
                                                                       "slow-link",
                                                                       "capacity",
                                                                       "corruption",
                                                                       "clog",
                                                                       "disconnect",
                                                                       "partition",
                                                                       "partial-partition",
                                                                       "crash",
                                                                       "crash-at-effect",
                                                                       "pause",
                                                                       "unsynced-loss",
                                                                       "torn-write",
                                                                       "io-error",
                                                                       "no-space",
                                                                       "slow-disk",
                                                                       "vote-log-flip",
                                                                       "vote-log-truncation",
                                                                       "disk-loss",
                                                                       "rollback",
                                                                       "ledger-truncation",
                                                                       "skew",
                                                                       "drift",
                                                                       "clock-step",
                                                                       "clock-freeze",
                                                                       "minority-killed",
                                                                       "minority-frozen",
                                                                       "all-killed"};

/// How strong each kind is, in percent of its greatest strength; 0: it does not occur.
class Strengths {
  public:
    std::uint32_t of(Fault fault) const { return percent_[static_cast<std::size_t>(fault)]; }
    bool has(Fault fault) const { return of(fault) > 0; }
    /// `most` scaled by the strength, at least 1 where the kind occurs at all.
    std::uint64_t scaled(Fault fault, std::uint64_t most) const {
        const auto percent = of(fault);
        return percent == 0 ? 0 : 1 + (most - 1) * percent / 100;
    }
    void set(Fault fault, std::uint32_t percent) { percent_[static_cast<std::size_t>(fault)] = percent; }
    void drop(std::string_view name) {
        for (std::size_t i = 0; i < fault_kinds; ++i)
            if (fault_names[i] == name) percent_[i] = 0;
    }
    std::vector<std::string> names() const {
        std::vector<std::string> present;
        for (std::size_t i = 0; i < fault_kinds; ++i)
            if (percent_[i] > 0) present.emplace_back(fault_names[i]);
        return present;
    }

  private:
    std::array<std::uint32_t, fault_kinds> percent_{};
};

}  // namespace sluice::simulation
