/// sluice-sim: runs seeds of the simulation and closes with "N passed, N failed".
#include <cstdio>
#include <string>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "tests/simulation/simulation.hpp"

int main(int argc, char** argv) {
    using namespace sluice::simulation;
    std::string seeds = "1..100";
    Options options;
    bool verbose = false;
    bool quiet = false;
    CLI::App app{"Runs whole Sluice nodes under seeded faults"};
    app.add_option("--seeds", seeds, "FROM..TO, or one number")->capture_default_str();
    app.add_option("--validators", options.validators, "Number of validators; 0 draws it from the seed");
    app.add_flag("--verbose", verbose, "One line per seed, with the situations that came about");
    app.add_flag("--timeline", options.print_timeline, "What every node logs and sends");
    app.add_flag("--no-faults", quiet, "A network in which nothing goes wrong");
    CLI11_PARSE(app, argc, argv);

    if (quiet)
        options.faults = {.loss_percent_max = 0,
                          .duplication_percent_max = 0,
                          .delay_ms_max = 2,
                          .crashes_max = 0,
                          .partitions_max = 0,
                          .disk_errors_percent = 0,
                          .lost_logs_percent = 0};
    const auto dots = seeds.find("..");
    const auto from = std::stoull(seeds.substr(0, dots));
    const auto to = dots == std::string::npos ? from : std::stoull(seeds.substr(dots + 2));
    std::uint64_t passed = 0, failed = 0;
    for (auto seed = from; seed <= to; ++seed) {
        options.seed = seed;
        const auto outcome = run(options);
        ++(outcome.passed ? passed : failed);
        if (!outcome.passed)
            fmt::print("seed {}: {}\n  replay: sluice-sim --seeds {}..{} --verbose\n", seed, outcome.failure,
                       seed, seed);
        if (verbose) {
            fmt::print("seed {}: {} validators, height {}, {} transactions, {} events, {} ms, trace {}\n",
                       seed, outcome.validators, outcome.height, outcome.transactions, outcome.events,
                       outcome.simulated_ms, sluice::core::to_hex(outcome.trace).substr(0, 16));
            for (const auto& [name, count] : outcome.situations)
                fmt::print("  {:>8} {}\n", count, name);
        }
        std::fflush(stdout);
    }
    fmt::print("{} passed, {} failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
