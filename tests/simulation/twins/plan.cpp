#include "tests/simulation/twins/plan.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "core/validator_set.hpp"
#include "tests/simulation/random.hpp"

namespace sluice::simulation::twins {

namespace {

std::uint64_t mixed(std::uint64_t word) {
    return Random(word).next();
}

/// The same answer for every repetition of a message, so that a phase stays as incomplete as it was drawn.
Fate drop_fate(const Drops& drops, const Passage& passage) {
    const bool blocks = passage.phase == phase_blocks;
    // Finished blocks hardly pass: whoever learns of a commit no longer helps to undo it.
    const std::uint64_t low = blocks ? 800 : drops.low_permille;
    const std::uint64_t high = blocks ? 1000 : drops.high_permille;
    const std::uint64_t when = blocks ? passage.round : passage.view;
    Random matrix(mixed(drops.seed) ^ mixed(when * 16 + passage.phase + 1));
    std::uint64_t permille = matrix.between(low, high);
    const std::uint64_t style = matrix.below(4);
    const std::uint64_t salt = matrix.next();
    // Some matrices fall apart by receiver: a few hear a whole quorum, the others nearly nothing. That is how
    // one validator alone comes to hold a lock, or a commit.
    if (style == 0 && !blocks) permille = Random(salt + passage.to).percent(40) ? 50 : 900;
    Random link(salt + passage.from * 64 + passage.to + 4096);
    if (!link.per_mille(permille)) return Fate::arrives;
    return link.per_mille(drops.late_permille) ? Fate::late : Fate::lost;
}

std::vector<Crash> drawn_crashes(Random& random, std::size_t instances) {
    std::vector<Crash> crashes;
    for (std::uint64_t i = random.between(1, 3); i > 0; --i)
        crashes.push_back({.instance = static_cast<std::size_t>(random.below(instances)),
                           .effect = random.below(30),
                           .rounds = static_cast<std::uint32_t>(random.between(1, 2)),
                           .written = random.percent(50)});
    std::ranges::sort(crashes, {}, &Crash::effect);
    return crashes;
}

}  // namespace

bool Plan::is_twin(std::size_t instance) const {
    return std::ranges::find(twinned, validator_of(instance)) != twinned.end();
}

Fate Plan::fate(const Passage& passage) const {
    if (passage.round < partition.size()) {
        const std::uint32_t sides = partition[passage.round];
        if (((sides >> passage.from) & 1) != ((sides >> passage.to) & 1)) return Fate::lost;
    }
    return drops ? drop_fate(*drops, passage) : Fate::arrives;
}

std::uint64_t PartitionFamily::per_position() const {
    std::uint64_t product = 1;
    for (std::uint32_t round = 0; round < rounds; ++round)
        product *= partitions();
    return product;
}

Plan PartitionFamily::plan(std::uint64_t index) const {
    CHECK(index < count());
    Plan plan;
    plan.validators = validators;
    plan.rounds = rounds;
    const std::size_t position = static_cast<std::size_t>(index / per_position());
    for (const std::size_t twin : twinned)
        plan.twinned.push_back((position + twin) % validators);
    std::uint64_t rest = index % per_position();
    for (std::uint32_t round = 0; round < rounds; ++round) {
        plan.partition.push_back(static_cast<std::uint32_t>(rest % partitions()) << 1);
        rest /= partitions();
    }
    return plan;
}

Plan drawn_plan(std::uint64_t seed, std::size_t validators) {
    static constexpr std::size_t sizes[] = {4, 4, 5, 6, 7};
    Random random(mixed(seed) ^ 0x7717);
    Plan plan;
    const std::size_t drawn = sizes[random.below(std::size(sizes))];
    plan.validators = validators != 0 ? validators : drawn;
    const std::size_t first = static_cast<std::size_t>(random.below(plan.validators));
    // Locks must hold without any faulty validator too.
    const std::size_t twins = random.percent(15) ? 0 : core::faults_tolerated(plan.validators);
    for (std::size_t i = 0; i < twins; ++i)
        plan.twinned.push_back((first + i) % plan.validators);
    plan.rotation_period = random.percent(70) ? 256 : random.between(1, 3);
    plan.storm_blocks = random.percent(70) ? 1 : 2;
    plan.rounds = static_cast<std::uint32_t>(random.between(2, 4));
    plan.work_after_storm = !random.percent(25);
    plan.drops = Drops{.seed = random.next(), .late_permille = random.percent(50) ? 250u : 0u};
    if (random.percent(60)) plan.shuffle = random.next();
    if (random.percent(25)) plan.crashes = drawn_crashes(random, plan.instances());
    if (random.percent(10)) {
        plan.twinned.clear();
        plan.crashes = {{.instance = first,
                         .effect = random.below(30),
                         .rounds = 1,
                         .written = random.percent(50),
                         .log_lost = true}};
        plan.storm_blocks = random.between(1, 3);
        plan.rounds = 4;
    }
    return plan;
}

}  // namespace sluice::simulation::twins
