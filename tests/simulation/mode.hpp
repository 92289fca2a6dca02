/// A mode of sluice-sim: a family of scenarios that are told apart by a number. Each mode is one row of the
/// table in modes.cpp; main, the campaign and the report know modes by their rows only.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"

namespace sluice::simulation {

/// How often each named situation came about.
using Coverage = std::map<std::string, std::uint64_t, std::less<>>;

/// What one scenario is asked for. Equal scenarios give equal verdicts, on every machine and compiler.
struct Scenario {
    std::uint64_t number = 1;    ///< the seed, or the place in an enumeration, from 1
    std::size_t validators = 0;  ///< 0: the mode draws it from the number
    std::set<std::string, std::less<>> without =
        {};                 ///< kinds of faults to leave out, all else being as drawn
    bool timeline = false;  ///< keep `Verdict::timeline`
};

/// How one scenario ended.
struct Verdict {
    std::string failure;  ///< the invariant that does not hold, and where; empty when all hold
    core::Hash trace{};   ///< over all events in order: equal for equal histories
    Coverage coverage;
    std::vector<std::string> faults;            ///< kinds of faults that were in play, for shrinking
    std::vector<std::string> timeline;          ///< newest last, bounded; only where it was asked for
    std::optional<std::uint64_t> heal_ms;       ///< simulated time from healing to the next block
    std::optional<std::uint64_t> caught_up_ms;  ///< from healing until all had every block of that moment
    std::uint64_t simulated_ms = 0;
    std::uint64_t events = 0;
    std::size_t validators = 0;
    core::Height height = 0;
    std::size_t transactions = 0;

    bool passed() const { return failure.empty(); }
};

/// One row of the table. `run` must not keep anything from one call to the next that another scenario could
/// notice: scenarios run in any order, spread over processes.
struct Mode {
    std::string_view name;
    std::string_view help;      ///< one line
    std::uint64_t usual = 100;  ///< scenarios 1 … usual are run when no range is given and nothing ends it
    std::uint64_t (*most)() = nullptr;  ///< where an enumeration ends; null: any number is a scenario
    Verdict (*run)(const Scenario&) = nullptr;
    /// The median of `Verdict::heal_ms` over a campaign may be at most this; 0: it is not held to any.
    std::uint64_t heal_ms_median_max = 0;
    /// The situations that `--require-coverage` wants to see at least once.
    std::span<const std::string_view> situations;
};

/// All modes, in the order of the help text.
std::span<const Mode> modes();
/// Null if there is none of that name.
const Mode* find_mode(std::string_view name);

}  // namespace sluice::simulation
