#include <algorithm>
#include <array>

#include "tests/simulation/byzantine_nodes.hpp"
#include "tests/simulation/crash_points.hpp"
#include "tests/simulation/mode.hpp"
#include "tests/simulation/situations.hpp"
#include "tests/simulation/swarm.hpp"
#include "tests/simulation/throughput.hpp"
#include "tests/simulation/twins/byzantine.hpp"
#include "tests/simulation/twins/twins.hpp"

namespace sluice::simulation {
namespace {

/// After a heal the next block is due within the protocol's bound; usually it must come much sooner.
constexpr std::uint64_t heal_ms_median_max = 5'000;

constexpr std::array table{
    Mode{.name = "swarm",
         .help = "whole nodes under faults whose kinds and strengths each seed draws for itself",
         .usual = 100,
         .most = nullptr,
         .run = run_swarm,
         .heal_ms_median_max = heal_ms_median_max,
         .situations = swarm_situations},
    Mode{.name = "membership",
         .help = "the same while validators are added, removed and replaced by governance",
         .usual = 50,
         .most = nullptr,
         .run = run_membership_swarm,
         .heal_ms_median_max = heal_ms_median_max,
         .situations = membership_situations},
    Mode{.name = "byzantine-nodes",
         .help = "the swarm with up to f validators that lie: in votes, proposals and the blocks they serve",
         .usual = 100,
         .most = nullptr,
         .run = run_byzantine_nodes,
         .heal_ms_median_max = heal_ms_median_max,
         .situations = byzantine_nodes_situations},
    Mode{.name = "flood",
         .help = "one of four validators says as much as it can; for --memory-max",
         .usual = 1,
         .most = nullptr,
         .run = run_flood,
         .situations = flood_situations},
    Mode{.name = "throughput",
         .help = "payments under full load with one of four crashed, silent or slow, against none",
         .usual = 0,
         .most = count_throughput_cases,
         .run = run_throughput,
         .situations = throughput_situations},
    Mode{.name = "crash-points",
         .help = "one node ends at each effect and at each call of its disk, in every role that it can have",
         .usual = 0,
         .most = count_crash_points,
         .run = run_crash_point,
         .situations = crash_point_situations},
    Mode{.name = "twins",
         .help = "replicas, one of them twice with one key: all two-sided partitions over four rounds",
         .usual = 0,
         .most = twins::count_twins,
         .run = twins::run_twins,
         .situations = {}},
    Mode{.name = "twins-drops",
         .help = "replicas, f of them twice: a directed matrix of cuts per view and phase, and crashes",
         .usual = 100'000,
         .most = nullptr,
         .run = twins::run_twins_drops,
         .situations = twins::drops_situations},
    Mode{.name = "byzantine",
         .help = "replicas, f of them following scripts of misbehaviour, over a lossy network",
         .usual = 10'000,
         .most = nullptr,
         .run = twins::run_byzantine,
         .situations = twins::byzantine_situations},
};

}  // namespace

std::span<const Mode> modes() {
    return table;
}

const Mode* find_mode(std::string_view name) {
    const auto found = std::ranges::find(table, name, &Mode::name);
    return found == table.end() ? nullptr : &*found;
}

}  // namespace sluice::simulation
