#include <algorithm>
#include <array>

#include "tests/simulation/mode.hpp"
#include "tests/simulation/simulation.hpp"

namespace sluice::simulation {
namespace {

constexpr std::array table{
    Mode{.name = "swarm",
         .help = "whole nodes under faults whose kinds and strengths each seed draws for itself",
         .usual = 100,
         .most = 0,
         .run = run_swarm,
         .situations = {}},
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
