#include <algorithm>
#include <array>

#include "tests/simulation/mode.hpp"
#include "tests/simulation/simulation.hpp"
#include "tests/simulation/twins/byzantine.hpp"
#include "tests/simulation/twins/twins.hpp"

namespace sluice::simulation {
namespace {

constexpr std::array table{
    Mode{.name = "swarm",
         .help = "whole nodes under faults whose kinds and strengths each seed draws for itself",
         .usual = 100,
         .most = 0,
         .run = run_swarm,
         .situations = {}},
    Mode{.name = "twins",
         .help = "replicas, one of them twice with one key: all two-sided partitions over four rounds",
         .usual = 65'536,
         .most = 262'144,
         .run = twins::run_twins,
         .situations = {}},
    Mode{.name = "twins-drops",
         .help = "replicas, f of them twice: a directed matrix of cuts per view and phase, and crashes",
         .usual = 100'000,
         .most = 0,
         .run = twins::run_twins_drops,
         .situations = twins::drops_situations},
    Mode{.name = "byzantine",
         .help = "replicas, f of them following scripts of misbehaviour, over a lossy network",
         .usual = 10'000,
         .most = 0,
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
