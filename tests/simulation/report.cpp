#include "tests/simulation/report.hpp"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "tests/simulation/campaign.hpp"
#include "tests/simulation/coverage.hpp"

namespace sluice::simulation {
namespace {

std::uint64_t median_of(std::vector<std::uint64_t> values) {
    if (values.empty()) return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

std::uint64_t greatest_of(const std::vector<std::uint64_t>& values) {
    return values.empty() ? 0 : *std::ranges::max_element(values);
}

}  // namespace

void Report::add(const Verdict& verdict) {
    ++(verdict.passed() ? passed_ : failed_);
    simulated_ms_ += verdict.simulated_ms;
    events_ += verdict.events;
    heights_ += verdict.height;
    transactions_ += verdict.transactions;
    if (verdict.heal_ms) heal_ms_.push_back(*verdict.heal_ms);
    if (verdict.caught_up_ms) caught_up_ms_.push_back(*verdict.caught_up_ms);
    for (const auto& [name, count] : verdict.coverage)
        hit(coverage_, name, count);
}

std::vector<std::string> Report::missing(std::uint64_t least) const {
    std::vector<std::string> missing;
    for (const auto situation : mode_.situations) {
        const auto found = coverage_.find(situation);
        if (found == coverage_.end() || found->second < least) missing.emplace_back(situation);
    }
    return missing;
}

double Report::seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
}

bool Report::heals_in_time() const {
    return mode_.heal_ms_median_max == 0 || median_of(heal_ms_) <= mode_.heal_ms_median_max;
}

std::string Report::summary() const {
    const auto all = passed_ + failed_;
    auto text = fmt::format("{}: {} scenarios, {} heights, {:.1f} simulated hours in {:.1f} s ({:.1f}/s)",
                            mode_.name, all, heights_, static_cast<double>(simulated_ms_) / 3.6e6, seconds(),
                            static_cast<double>(all) / seconds());
    if (!heal_ms_.empty())
        text += fmt::format("\nnext block after healing: median {} ms, at most {} ms", median_of(heal_ms_),
                            greatest_of(heal_ms_));
    if (!caught_up_ms_.empty())
        text += fmt::format("; all caught up: median {} ms, at most {} ms", median_of(caught_up_ms_),
                            greatest_of(caught_up_ms_));
    return text + fmt::format("\n{} passed, {} failed", passed_, failed_);
}

std::string Report::json() const {
    const auto all = passed_ + failed_;
    const nlohmann::json json{{"mode", mode_.name},
                              {"passed", passed_},
                              {"failed", failed_},
                              {"seconds", seconds()},
                              {"scenarios_per_second", static_cast<double>(all) / seconds()},
                              {"simulated_hours", static_cast<double>(simulated_ms_) / 3.6e6},
                              {"peak_memory_mb", peak_memory_kb() / 1024},
                              {"heal_ms_median", median_of(heal_ms_)},
                              {"heal_ms_max", greatest_of(heal_ms_)},
                              {"caught_up_ms_median", median_of(caught_up_ms_)},
                              {"caught_up_ms_max", greatest_of(caught_up_ms_)},
                              {"events", events_},
                              {"heights", heights_},
                              {"transactions", transactions_},
                              {"coverage", coverage_}};
    return json.dump(2) + "\n";
}

std::string replay_command(const Mode& mode, const Scenario& scenario) {
    auto command = fmt::format("sluice-sim --mode {} --seeds {}", mode.name, scenario.number);
    if (scenario.validators != 0) command += fmt::format(" --validators {}", scenario.validators);
    if (!scenario.without.empty()) command += fmt::format(" --without {}", fmt::join(scenario.without, ","));
    return command + " --timeline";
}

void print_failure(const Mode& mode, const Scenario& failing, const Verdict& verdict) {
    fmt::print("\nFAILED {} {}: {}\n", mode.name, failing.number, verdict.failure);
    std::fflush(stdout);
    auto least = shrink(mode, failing, verdict);
    least.timeline = true;
    const auto again = run_apart(mode, least);
    for (const auto& line : again.timeline)
        fmt::print("  {}\n", line);
    fmt::print("  {} validators, height {}; faults that it needs: {}\n", again.validators, again.height,
               again.faults.empty() ? "none" : fmt::format("{}", fmt::join(again.faults, ", ")));
    fmt::print("  fails with: {}\n  replay: {}\n\n", again.failure, replay_command(mode, least));
    std::fflush(stdout);
}

}  // namespace sluice::simulation
