/// Whole networks with up to f validators that misbehave, under the faults of the swarm.
#pragma once

#include <array>

#include "tests/simulation/mode.hpp"
#include "tests/simulation/options.hpp"

namespace sluice::simulation {

/// What a campaign must have brought about: every script, every lie, and lies that were found out.
inline constexpr std::array<std::string_view, 29> byzantine_nodes_situations{
    "script: silent primary",
    "script: slow primary",
    "script: equivocating primary",
    "script: partial sender",
    "script: stale justifier",
    "script: bad builder",
    "script: late voter",
    "script: far speaker",
    "script: replayer",
    "script: garbler",
    "script: duplicate signer",
    "script: mutator",
    "lie: claims heights that do not exist",
    "lie: never answers",
    "lie: answers late and little",
    "lie: serves damaged blocks",
    "lie: serves wrong certificates",
    "lie: serves blocks of another chain",
    "lie: serves other blocks than it was asked for",
    "lie: says what means nothing",
    "lying peer shut out",
    "consensus message refused",
    "evidence of an equivocation",
    "proposal refused",
    "healed with a silent impostor",
    "healed with an active impostor",
    "flood of far messages",
    "healed without a killed minority",
    "catching up begun or ended"};

/// What number `scenario.number` plays.
Options draw_byzantine_options(const Scenario& scenario);
Verdict run_byzantine_nodes(const Scenario& scenario);

inline constexpr std::array<std::string_view, 2> flood_situations{"flood of far messages",
                                                                  "evidence of an equivocation"};
/// One of four says ten valid messages to each of the others every two milliseconds, about any height and
/// view.
Verdict run_flood(const Scenario& scenario);

}  // namespace sluice::simulation
