/// sluice-replicas: the modes of the simulator that run replicas without nodes around them. It builds in
/// seconds, which is what scripts/mutants needs; sluice-sim has these modes too.
#include <algorithm>
#include <cstdio>
#include <string>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "tests/simulation/twins/byzantine.hpp"
#include "tests/simulation/twins/twins.hpp"

namespace {

using sluice::simulation::Scenario;
using sluice::simulation::Verdict;

struct Row {
    std::string_view name;
    Verdict (*run)(const Scenario&);
};
constexpr Row rows[] = {
    {"twins", sluice::simulation::twins::run_twins},
    {"twins-drops", sluice::simulation::twins::run_twins_drops},
    {"byzantine", sluice::simulation::twins::run_byzantine},
};

}  // namespace

int main(int argc, char** argv) {
    std::string mode = "twins-drops";
    std::string seeds = "1..1000";
    bool first = false, coverage = false;
    Scenario scenario;
    CLI::App app{"Runs replicas of consensus under seeded faults"};
    app.add_option("--mode", mode, "twins, twins-drops or byzantine")->capture_default_str();
    app.add_option("--seeds", seeds, "FROM..TO, or one number")->capture_default_str();
    app.add_option("--validators", scenario.validators, "Number of validators; 0 draws it from the seed");
    app.add_flag("--first", first, "Stop at the first failure");
    app.add_flag("--coverage", coverage, "How often each situation came about");
    app.add_flag("--timeline", scenario.timeline, "What every replica wants done");
    CLI11_PARSE(app, argc, argv);

    const auto* row = std::find_if(std::begin(rows), std::end(rows), [&](auto& r) { return r.name == mode; });
    if (row == std::end(rows)) {
        fmt::print(stderr, "there is no mode '{}'\n", mode);
        return 2;
    }
    const auto dots = seeds.find("..");
    const auto from = std::stoull(seeds.substr(0, dots));
    const auto to = dots == std::string::npos ? from : std::stoull(seeds.substr(dots + 2));
    std::uint64_t passed = 0, failed = 0, slowest_ms = 0;
    sluice::simulation::Coverage sum;
    for (auto number = from; number <= to && !(first && failed > 0); ++number) {
        scenario.number = number;
        const Verdict verdict = row->run(scenario);
        ++(verdict.passed() ? passed : failed);
        for (const auto& line : verdict.timeline)
            fmt::print("{}\n", line);
        if (!verdict.passed()) fmt::print("seed {}: {}\n", number, verdict.failure);
        for (const auto& [name, count] : verdict.coverage)
            sum[name] += count;
        slowest_ms = std::max(slowest_ms, verdict.heal_ms.value_or(0));
        if (!verdict.passed()) std::fflush(stdout);
    }
    if (coverage)
        for (const auto& [name, count] : sum)
            fmt::print("{:>12} {}\n", count, name);
    if (coverage) fmt::print("{:>12} ms from healing to the next block at most\n", slowest_ms);
    fmt::print("{} passed, {} failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
