/// Faulty validators by the book of what has broken others: each script is one way to misbehave.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "tests/simulation/random.hpp"
#include "tests/simulation/twins/actor.hpp"
#include "tests/simulation/twins/setting.hpp"

namespace sluice::simulation::twins {

/// What a script is told about itself.
struct Cast {
    const Setting* setting = nullptr;
    std::size_t validator = 0;
    Random random{0};
};

struct Script {
    std::string_view name;
    std::unique_ptr<Actor> (*make)(const Cast&);
};

/// All scripts, each able to share a network with any other.
std::span<const Script> scripts();

// As primary (scripts_primary.cpp).
std::unique_ptr<Actor> silent_primary(const Cast& cast);        ///< proposes nothing, opens no view
std::unique_ptr<Actor> slow_primary(const Cast& cast);          ///< just under the timeout, each time
std::unique_ptr<Actor> equivocating_primary(const Cast& cast);  ///< two blocks, two audiences, votes for both
std::unique_ptr<Actor> partial_sender(const Cast& cast);        ///< everything reaches only q - 1
std::unique_ptr<Actor> stale_justifier(const Cast& cast);  ///< NEW-VIEWs and proposals that omit the lock
std::unique_ptr<Actor> bad_builder(const Cast& cast);      ///< blocks that do not execute, or name others
// As voter (scripts_voter.cpp).
std::unique_ptr<Actor> late_voter(const Cast& cast);   ///< withholds votes, then releases them
std::unique_ptr<Actor> far_speaker(const Cast& cast);  ///< validly signed views and heights without end
std::unique_ptr<Actor> replayer(const Cast& cast);     ///< old heights, old views, another chain
std::unique_ptr<Actor> garbler(const Cast& cast);      ///< votes for nothing that exists, broken signatures
std::unique_ptr<Actor> duplicate_signer(const Cast& cast);  ///< one signature counted q times
std::unique_ptr<Actor> mutator(const Cast& cast);           ///< changes one field and signs again

}  // namespace sluice::simulation::twins
