/// What a campaign says of itself: failures with the one command that replays them, figures, coverage.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "tests/simulation/mode.hpp"

namespace sluice::simulation {

/// Sums over the verdicts of one mode.
class Report {
  public:
    explicit Report(const Mode& mode) : mode_(mode), began_(std::chrono::steady_clock::now()) {}

    void add(const Verdict& verdict);
    std::uint64_t passed() const { return passed_; }
    std::uint64_t failed() const { return failed_; }
    /// Situations that the mode must reach and that came about less than `least` times.
    std::vector<std::string> missing(std::uint64_t least) const;

    /// The median time from healing to the next block is within the mode's bound.
    bool heals_in_time() const;

    /// "N passed, N failed", and how fast.
    std::string summary() const;
    /// {mode, passed, failed, seconds, scenarios_per_second, simulated_hours, peak_memory_mb, heal_ms_median,
    /// heal_ms_max, caught_up_ms_median, caught_up_ms_max, events, heights, transactions, coverage}
    std::string json() const;

  private:
    double seconds() const;

    const Mode& mode_;
    std::chrono::steady_clock::time_point began_;
    std::uint64_t passed_ = 0;
    std::uint64_t failed_ = 0;
    std::uint64_t simulated_ms_ = 0;
    std::uint64_t events_ = 0;
    std::uint64_t heights_ = 0;
    std::uint64_t transactions_ = 0;
    std::vector<std::uint64_t> heal_ms_;
    std::vector<std::uint64_t> caught_up_ms_;
    Coverage coverage_;
};

/// The command that runs this one scenario again.
std::string replay_command(const Mode& mode, const Scenario& scenario);
/// Shrinks the failing scenario, runs it once more with its timeline, and prints all of it.
void print_failure(const Mode& mode, const Scenario& failing, const Verdict& verdict);

}  // namespace sluice::simulation
