#include "tests/simulation/twins/byzantine.hpp"

#include <algorithm>
#include <string>

#include "core/check.hpp"
#include "core/validator_set.hpp"
#include "support/toy_block.hpp"
#include "tests/simulation/twins/scripts.hpp"

namespace sluice::simulation::twins {

namespace {

constexpr std::array table{
    Script{"silent primary", silent_primary},
    Script{"slow primary", slow_primary},
    Script{"equivocating primary", equivocating_primary},
    Script{"partial sender", partial_sender},
    Script{"stale justifier", stale_justifier},
    Script{"bad builder", bad_builder},
    Script{"late voter", late_voter},
    Script{"far speaker", far_speaker},
    Script{"replayer", replayer},
    Script{"garbler", garbler},
    Script{"duplicate signer", duplicate_signer},
    Script{"mutator", mutator},
};

Plan drawn_weather(Random& random, std::size_t validators) {
    static constexpr std::size_t sizes[] = {4, 4, 4, 5, 6, 7, 7, 10};
    Plan plan;
    const std::size_t drawn = sizes[random.below(std::size(sizes))];
    plan.validators = validators != 0 ? validators : drawn;
    plan.rotation_period = random.percent(50) ? 256 : random.between(1, 3);
    plan.storm_blocks = random.between(1, 4);
    plan.rounds = static_cast<std::uint32_t>(random.between(2, 6));
    if (random.percent(60))
        plan.drops = Drops{.seed = random.next(),
                           .low_permille = 0,
                           .high_permille = random.percent(50) ? 200u : 600u,
                           .late_permille = random.percent(50) ? 300u : 0u};
    if (random.percent(60)) plan.shuffle = random.next();
    return plan;
}

std::optional<consensus::Body> altered(const core::SharedBytes& payload, const Alteration& alteration) {
    auto block = consensus::testing::decode_toy_block(*payload);
    if (!block) return std::nullopt;
    switch (alteration.kind) {
        case Alteration::Kind::another:
            block->salt += alteration.builder ? "+" : "'";
            break;
        case Alteration::Kind::does_not_execute:
            block->good = false;
            break;
        case Alteration::Kind::foreign_parent:
            block->parent = alteration.parent;
            break;
        case Alteration::Kind::next_height:
            ++block->height;
            break;
        case Alteration::Kind::foreign_builder:
            break;
    }
    if (alteration.builder) block->proposer = *alteration.builder;
    auto bytes = core::share(encode(*block));
    return consensus::Body{core::keccak256(*bytes), std::move(bytes)};
}

Setting setting_of(const Chain& chain) {
    return {.identity = chain.identity,
            .validators = chain.validators,
            .view_timeout = chain.config.view_timeout_base,
            .sign =
                [](std::size_t validator, const core::Hash& digest) {
                    return consensus::testing::ToySigner(validator).sign(digest);
                },
            .alter = altered};
}

}  // namespace

std::span<const Script> scripts() {
    return table;
}

Verdict run_cast(Plan plan, std::span<const Casting> castings, std::uint64_t seed, bool timeline) {
    Network network(std::move(plan));
    const Setting setting = setting_of(network.chain());
    if (timeline) network.keep_timeline();
    for (const Casting& casting : castings) {
        const auto script = std::ranges::find(table, casting.script, &Script::name);
        CHECK(script != table.end());
        network.cast(casting.validator, script->make({.setting = &setting,
                                                      .validator = casting.validator,
                                                      .random = Random(seed ^ casting.validator)}));
    }
    Verdict verdict = network.run();
    for (const Casting& casting : castings) {
        ++verdict.coverage["script: " + std::string(casting.script)];
        verdict.faults.emplace_back(casting.script);
    }
    return verdict;
}

Verdict run_byzantine(const Scenario& scenario) {
    Random random(Random(scenario.number).next() ^ 0xb12);
    Plan plan = drawn_weather(random, scenario.validators);
    if (scenario.without.contains("drops")) plan.drops.reset();
    if (scenario.without.contains("reorder")) plan.shuffle.reset();
    std::vector<Casting> castings;
    const std::uint64_t first = random.below(plan.validators);
    for (std::size_t i = 0; i < core::faults_tolerated(plan.validators); ++i) {
        const Script& script = table[random.below(table.size())];
        if (scenario.without.contains(script.name)) continue;
        castings.push_back({static_cast<std::size_t>((first + i) % plan.validators), script.name});
    }
    return run_cast(std::move(plan), castings, random.next(), scenario.timeline);
}

}  // namespace sluice::simulation::twins
