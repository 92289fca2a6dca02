/// Twins: a validator runs twice with one key, and both halves run the production code (Bano et al., "Twins:
/// BFT systems made robust", 2021).
#pragma once

#include <array>
#include <string_view>

#include "tests/simulation/mode.hpp"
#include "tests/simulation/twins/plan.hpp"

namespace sluice::simulation::twins {

/// All partitions of four validators and one twin into two sides over four rounds, 65,536 per position of
/// the twin: an enumeration.
inline const PartitionFamily four_with_one_twin{};
/// More twins than four validators tolerate: some scenario must fork, or the harness sees nothing.
inline const PartitionFamily four_with_two_twins{.validators = 4, .twinned = {0, 1}, .rounds = 3};

/// What the directed drops must have brought about over a run.
inline constexpr std::array<std::string_view, 8> drops_situations{"lock carried in a VIEW-CHANGE",
                                                                  "NEW-VIEW bound by a lock",
                                                                  "crash while locked",
                                                                  "durable but unsent",
                                                                  "late delivery",
                                                                  "body fetched",
                                                                  "evidence",
                                                                  "blocks sent to a laggard"};

/// Scenarios of mode "twins".
std::uint64_t count_twins();
Verdict run_plan(Plan plan, const Scenario& scenario);
/// Mode "twins": scenario.number is the place in the enumeration, from 1.
Verdict run_twins(const Scenario& scenario);
/// Mode "twins-drops": directed cuts per phase, and crashes between phases, drawn from the number.
Verdict run_twins_drops(const Scenario& scenario);

}  // namespace sluice::simulation::twins
