/// sluice-sim: runs scenarios of a mode and closes with "N passed, N failed".
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "tests/simulation/campaign.hpp"
#include "tests/simulation/report.hpp"

namespace {

using namespace sluice::simulation;

constexpr int exit_failed = 1;
constexpr int exit_usage = 2;

struct Arguments {
    std::string mode = "swarm";
    std::string seeds;
    std::string regressions;
    std::string json;
    std::vector<std::string> without;
    Scenario pattern;
    std::size_t jobs = std::max(1u, std::thread::hardware_concurrency());
    std::uint64_t least_coverage = 0;
    std::uint64_t failures_shown = 5;
    std::uint64_t memory_max_mb = 0;
    bool verbose = false;
};

std::string list_of_modes() {
    std::string text;
    for (const auto& mode : modes())
        text += fmt::format("\n  {:<14} {}", mode.name, mode.help);
    return text;
}

/// "FROM..TO", one number, or nothing for what the mode usually runs.
std::pair<std::uint64_t, std::uint64_t> range_of(const std::string& seeds, const Mode& mode) {
    const auto most = mode.most != nullptr ? mode.most() : 0;
    if (seeds.empty()) return {1, most != 0 ? most : mode.usual};
    const auto dots = seeds.find("..");
    const auto from = std::stoull(seeds.substr(0, dots));
    auto to = dots == std::string::npos ? from : std::stoull(seeds.substr(dots + 2));
    if (most != 0) to = std::min<std::uint64_t>(to, most);
    return {from, std::max<std::uint64_t>(from, to)};
}

void print_verdict(std::uint64_t number, const Verdict& verdict) {
    fmt::print("seed {}: {} validators, height {}, {} transactions, {} events, {} ms, trace {}\n", number,
               verdict.validators, verdict.height, verdict.transactions, verdict.events, verdict.simulated_ms,
               sluice::core::to_hex(verdict.trace).substr(0, 16));
    for (const auto& [name, count] : verdict.coverage)
        fmt::print("  {:>8} {}\n", count, name);
}

/// Runs a range of one mode. True if everything holds.
bool run_range(const Arguments& arguments, const Mode& mode) {
    Report report(mode);
    const auto [from, to] = range_of(arguments.seeds, mode);
    const CampaignSetup setup{&mode, arguments.pattern, from, to, arguments.jobs};
    run_campaign(setup, [&](std::uint64_t number, const Verdict& verdict) {
        report.add(verdict);
        for (const auto& line : verdict.timeline)
            fmt::print("{}\n", line);
        if (arguments.verbose) print_verdict(number, verdict);
        if (verdict.passed()) return true;
        auto failing = arguments.pattern;
        failing.number = number;
        if (report.failed() <= arguments.failures_shown)
            print_failure(mode, failing, verdict);
        else
            fmt::print("FAILED {} {}: {}\n", mode.name, number, verdict.failure);
        return true;
    });
    const auto missing =
        arguments.least_coverage > 0 ? report.missing(arguments.least_coverage) : std::vector<std::string>{};
    for (const auto& situation : missing)
        fmt::print("not reached {} times: {}\n", arguments.least_coverage, situation);
    if (!arguments.json.empty()) std::ofstream(arguments.json) << report.json();
    if (!report.heals_in_time())
        fmt::print("the median time to the next block after healing is above {} ms\n",
                   mode.heal_ms_median_max);
    const bool is_too_large =
        arguments.memory_max_mb > 0 && peak_memory_kb() / 1024 > arguments.memory_max_mb;
    if (is_too_large)
        fmt::print("a worker has taken {} MiB of memory, more than {}\n", peak_memory_kb() / 1024,
                   arguments.memory_max_mb);
    fmt::print("{}\n", report.summary());
    return report.failed() == 0 && missing.empty() && report.heals_in_time() && !is_too_large;
}

/// One scenario per line: mode, number, and behind # why it is here. True if all hold.
bool run_regressions(const Arguments& arguments) {
    std::ifstream file(arguments.regressions);
    if (!file) {
        fmt::print(stderr, "cannot read {}\n", arguments.regressions);
        return false;
    }
    std::uint64_t passed = 0, failed = 0;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line.substr(0, line.find('#')));
        std::string name;
        auto scenario = arguments.pattern;
        if (!(words >> name)) continue;
        const auto* mode = find_mode(name);
        if (mode == nullptr || !(words >> scenario.number)) {
            fmt::print(stderr, "{}: not a scenario: {}\n", arguments.regressions, line);
            return false;
        }
        const auto verdict = run_apart(*mode, scenario);
        ++(verdict.passed() ? passed : failed);
        if (!verdict.passed()) print_failure(*mode, scenario, verdict);
    }
    fmt::print("{} passed, {} failed\n", passed, failed);
    return failed == 0;
}

}  // namespace

int main(int argc, char** argv) {
    Arguments arguments;
    CLI::App app{"Runs whole Sluice nodes under seeded faults"};
    const auto names = list_of_modes();
    app.add_option("--mode", arguments.mode, "Which scenarios:" + names)->capture_default_str();
    app.add_option("--seeds", arguments.seeds, "FROM..TO, or one number: the scenarios of the mode");
    app.add_option("--validators", arguments.pattern.validators,
                   "Number of validators; 0 draws it from the seed");
    app.add_option("--jobs", arguments.jobs, "Processes side by side")->capture_default_str();
    app.add_option("--without", arguments.without, "Kinds of faults to leave out")->delimiter(',');
    app.add_option("--regressions", arguments.regressions, "Run the scenarios that this file lists");
    app.add_option("--json", arguments.json, "Write figures and coverage to this file");
    app.add_option("--require-coverage", arguments.least_coverage,
                   "Fail unless every named situation of the mode came about so often");
    app.add_option("--failures-shown", arguments.failures_shown, "Failures that are shrunk and replayed")
        ->capture_default_str();
    app.add_option("--memory-max", arguments.memory_max_mb,
                   "Fail if a worker, that is all nodes of a network together, takes more MiB than this");
    app.add_flag("--verbose", arguments.verbose,
                 "One line per scenario, with the situations that came about");
    app.add_flag("--timeline", arguments.pattern.timeline,
                 "What every node logs and sends, the newest 400 lines");
    CLI11_PARSE(app, argc, argv);
    arguments.pattern.without.insert(arguments.without.begin(), arguments.without.end());

    if (!arguments.regressions.empty()) return run_regressions(arguments) ? 0 : exit_failed;
    const auto* mode = find_mode(arguments.mode);
    if (mode == nullptr) {
        fmt::print(stderr, "there is no mode '{}'; there are:{}\n", arguments.mode, names);
        return exit_usage;
    }
    return run_range(arguments, *mode) ? 0 : exit_failed;
}
