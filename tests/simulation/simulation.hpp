/// Whole nodes in one thread: the production node, consensus, execution and ledger over a played network,
/// played disks and a played clock. One seed gives one history.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "core/ids.hpp"
#include "tests/simulation/mode.hpp"

namespace sluice::simulation {

/// What may go wrong. Chances are drawn from the seed within these bounds.
struct Faults {
    std::uint64_t loss_percent_max = 30;
    std::uint64_t duplication_percent_max = 30;
    std::uint64_t delay_ms_max = 100;  ///< usual one-way delay; tails reach 64 times as far
    std::uint64_t crashes_max = 6;
    std::uint64_t partitions_max = 6;
    std::uint64_t disk_errors_percent = 30;  ///< of crashes that are storage failures at a write
    std::uint64_t lost_logs_percent = 30;    ///< of crashes of at most f validators: the vote log is gone
};

struct Options {
    std::uint64_t seed = 1;
    std::size_t validators = 0;  ///< 0: drawn, 1 … 7
    std::uint64_t chaos_ms = 20'000;
    Faults faults;
    /// Hears of no transaction but those of bank 0, which speaks to it alone: as primary it looks like one
    /// that censors all other banks.
    std::optional<std::size_t> deaf_validator;
    std::uint64_t transactions = 0;     ///< 0: drawn
    std::uint64_t rotation_period = 4;  ///< heights per primary: short, so that all take their turn
    bool print_timeline = false;        ///< what every node logs and sends, to standard output
};

struct Outcome {
    bool passed = false;
    std::string failure;  ///< which invariant, where; empty when passed
    core::Hash trace{};   ///< equal for equal histories
    std::size_t validators = 0;
    core::Height height = 0;
    std::size_t transactions = 0;
    std::uint64_t events = 0;
    std::uint64_t simulated_ms = 0;
    std::map<std::string, std::uint64_t> situations;  ///< how often each named situation came about
};

/// Chaos, then healing: afterwards every node must reach one head, and everything submitted must be mined.
Outcome run(const Options& options);

/// The mode "swarm": a scenario's number is its seed.
Verdict run_swarm(const Scenario& scenario);

}  // namespace sluice::simulation
