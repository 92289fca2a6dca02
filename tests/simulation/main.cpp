/// sluice-sim: runs scenarios of a mode and closes with "N passed, N failed".
#include <cstdio>
#include <string>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "tests/simulation/mode.hpp"

int main(int argc, char** argv) {
    using namespace sluice::simulation;
    std::string mode_name = "swarm";
    std::string seeds;
    Scenario scenario;
    bool verbose = false;
    CLI::App app{"Runs whole Sluice nodes under seeded faults"};
    std::string names;
    for (const auto& mode : modes())
        names += fmt::format("\n  {:<14} {}", mode.name, mode.help);
    app.add_option("--mode", mode_name, "Which scenarios:" + names)->capture_default_str();
    app.add_option("--seeds", seeds, "FROM..TO, or one number: the scenarios of the mode");
    app.add_option("--validators", scenario.validators, "Number of validators; 0 draws it from the seed");
    app.add_flag("--verbose", verbose, "One line per scenario, with the situations that came about");
    app.add_flag("--timeline", scenario.timeline, "What every node logs and sends");
    CLI11_PARSE(app, argc, argv);

    const auto* mode = find_mode(mode_name);
    if (mode == nullptr) {
        fmt::print(stderr, "there is no mode '{}'; there are:{}\n", mode_name, names);
        return 2;
    }
    if (seeds.empty()) seeds = fmt::format("1..{}", mode->usual);
    const auto dots = seeds.find("..");
    const auto from = std::stoull(seeds.substr(0, dots));
    const auto to = dots == std::string::npos ? from : std::stoull(seeds.substr(dots + 2));
    std::uint64_t passed = 0, failed = 0;
    for (auto number = from; number <= to; ++number) {
        scenario.number = number;
        const auto verdict = mode->run(scenario);
        ++(verdict.passed() ? passed : failed);
        for (const auto& line : verdict.timeline)
            fmt::print("{}\n", line);
        if (!verdict.passed())
            fmt::print("seed {}: {}\n  replay: sluice-sim --mode {} --seeds {} --verbose --timeline\n",
                       number, verdict.failure, mode->name, number);
        if (verbose) {
            fmt::print("seed {}: {} validators, height {}, {} transactions, {} events, {} ms, trace {}\n",
                       number, verdict.validators, verdict.height, verdict.transactions, verdict.events,
                       verdict.simulated_ms, sluice::core::to_hex(verdict.trace).substr(0, 16));
            for (const auto& [name, count] : verdict.coverage)
                fmt::print("  {:>8} {}\n", count, name);
        }
        std::fflush(stdout);
    }
    fmt::print("{} passed, {} failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
