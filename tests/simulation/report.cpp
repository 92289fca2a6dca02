#include "tests/simulation/report.hpp"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "tests/simulation/campaign.hpp"
#include "tests/simulation/coverage.hpp"

namespace sluice::simulation {

void Report::add(const Verdict& verdict) {
    ++(verdict.passed() ? passed_ : failed_);
    simulated_ms_ += verdict.simulated_ms;
    events_ += verdict.events;
    heights_ += verdict.height;
    transactions_ += verdict.transactions;
    if (verdict.heal_ms) heal_ms_.push_back(*verdict.heal_ms);
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

std::uint64_t Report::median_heal_ms() const {
    if (heal_ms_.empty()) return 0;
    auto sorted = heal_ms_;
    std::ranges::nth_element(sorted, sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2));
    return sorted[sorted.size() / 2];
}

std::string Report::summary() const {
    const auto all = passed_ + failed_;
    auto text = fmt::format("{}: {} scenarios, {} heights, {:.1f} simulated hours in {:.1f} s ({:.1f}/s)",
                            mode_.name, all, heights_, static_cast<double>(simulated_ms_) / 3.6e6, seconds(),
                            static_cast<double>(all) / seconds());
    if (!heal_ms_.empty()) text += fmt::format(", next block after healing: median {} ms", median_heal_ms());
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
                              {"heal_ms_median", median_heal_ms()},
                              {"heal_ms_max", heal_ms_.empty() ? 0 : *std::ranges::max_element(heal_ms_)},
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
