/// What happens to one network of replicas: who is faulty, which links carry what in which round, who
/// crashes.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "consensus/messages.hpp"

namespace sluice::simulation::twins {

/// What becomes of a message on one directed link.
enum class Fate { arrives, late, lost };

/// What a link rule may look at.
struct Passage {
    std::uint32_t round = 0;  ///< of the scenario: it ends with a timeout somewhere
    std::size_t phase = 0;    ///< index of the message's type; `phase_blocks` for finished blocks and bodies
    core::View view = 0;
    std::size_t from = 0;  ///< instance
    std::size_t to = 0;    ///< instance
};
inline constexpr std::size_t phase_blocks = 15;

/// An instance dies before it performs an effect, and starts again from its disk some rounds later.
struct Crash {
    std::size_t instance = 0;
    std::uint64_t effect = 0;  ///< counted from the instance's first start, over all its lives
    std::uint32_t rounds = 1;  ///< how long it stays down
    /// If the effect is a write: whether it reached the disk. The vote log writes one checksummed frame, so
    /// it is there whole or not at all.
    bool written = false;
    /// The vote log is gone, and an operator has had a new one made: the validator counts among the faulty
    /// ones, but must not show it.
    bool log_lost = false;
};

/// A directed matrix of cuts for each (view, phase): symmetric cuts alone never need a lock afterwards,
/// because everybody who could see a quorum of COMMITs sees it.
struct Drops {
    std::uint64_t seed = 0;
    std::uint64_t low_permille = 100;  ///< the share of cut links of each matrix lies between these
    std::uint64_t high_permille = 700;
    std::uint64_t late_permille = 0;  ///< share of the cut links that only delay
};

/// Instances 0 … validators - 1 are the validators in order; then comes a second instance of each twinned
/// one.
struct Plan {
    std::size_t validators = 4;
    std::vector<std::size_t> twinned;
    std::uint64_t rotation_period = 256;
    core::Height storm_blocks = 1;  ///< work waits up to this height while the storm lasts
    /// Whether work for one more block waits after the storm. Without it the others are idle, and one that is
    /// behind must be helped by nobody's votes.
    bool work_after_storm = true;
    std::uint32_t rounds = 4;              ///< of the storm; afterwards everything arrives
    std::vector<std::uint32_t> partition;  ///< per round: bit i is the side of instance i; empty: one side
    std::optional<Drops> drops;
    std::optional<std::uint64_t> shuffle;  ///< deliver in an order of this seed, not first in first out
    std::vector<Crash> crashes;            ///< rising `effect` per instance

    std::size_t instances() const { return validators + twinned.size(); }
    /// The validator that an instance runs.
    std::size_t validator_of(std::size_t instance) const {
        return instance < validators ? instance : twinned[instance - validators];
    }
    bool is_twin(std::size_t instance) const;
    /// While the storm lasts.
    Fate fate(const Passage& passage) const;
};

/// All partitions into two sides in every round: an enumeration.
struct PartitionFamily {
    std::size_t validators = 4;
    std::vector<std::size_t> twinned{0};  ///< relative to the position of the first twin
    std::uint32_t rounds = 4;

    /// Ways to split the instances into at most two sides: instance 0 is always on the first one.
    std::uint64_t partitions() const { return 1ull << (validators + twinned.size() - 1); }
    /// Scenarios with one placement of the twins.
    std::uint64_t per_position() const;
    /// All: every validator takes its turn as the first twin.
    std::uint64_t count() const { return per_position() * validators; }
    /// Precondition: index < count().
    Plan plan(std::uint64_t index) const;
};

/// A directed-drop scenario drawn from a seed: 4, 5, 6 or 7 validators, f of them twinned or none, now and
/// then crashes between phases. `validators` 0 draws that too.
Plan drawn_plan(std::uint64_t seed, std::size_t validators);

}  // namespace sluice::simulation::twins
