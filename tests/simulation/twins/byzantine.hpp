/// Networks with up to f validators that follow a script of misbehaviour.
#pragma once

#include <array>
#include <string_view>

#include "tests/simulation/mode.hpp"
#include "tests/simulation/twins/network.hpp"

namespace sluice::simulation::twins {

/// What a run over many scenarios must have brought about: every script, and lies that were found out.
inline constexpr std::array<std::string_view, 15> byzantine_situations{"script: silent primary",
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
                                                                       "message refused",
                                                                       "evidence",
                                                                       "NEW-VIEW bound by a lock"};

/// The validators at these positions follow the script of this name (without "script: ").
struct Casting {
    std::size_t validator = 0;
    std::string_view script;
};
Verdict run_cast(Plan plan, std::span<const Casting> castings, std::uint64_t seed, bool timeline);

/// Mode "byzantine": size, scripts and weather are drawn from the number; at most f are faulty.
Verdict run_byzantine(const Scenario& scenario);

}  // namespace sluice::simulation::twins
