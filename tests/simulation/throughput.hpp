/// What faults cost: payments per simulated second under more load than a network can take.
#pragma once

#include <array>

#include "tests/simulation/mode.hpp"

namespace sluice::simulation {

inline constexpr std::array<std::string_view, 3> throughput_situations{
    "one of four crashed: percent of payments", "one silent primary of four: percent of payments",
    "one slow primary of four: percent of payments"};

/// Each scenario is one fault, held against the same network without it.
std::uint64_t count_throughput_cases();
Verdict run_throughput(const Scenario& scenario);

}  // namespace sluice::simulation
