/// Counting situations: "did the simulator really get there?"
#pragma once

#include <string_view>

#include "tests/simulation/mode.hpp"

namespace sluice::simulation {

inline void hit(Coverage& coverage, std::string_view situation, std::uint64_t times = 1) {
    const auto found = coverage.find(situation);
    if (found != coverage.end())
        found->second += times;
    else
        coverage.emplace(std::string(situation), times);
}

}  // namespace sluice::simulation
