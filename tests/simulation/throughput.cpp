#include "tests/simulation/throughput.hpp"

#include <fmt/format.h>

#include "core/check.hpp"
#include "tests/simulation/stage.hpp"

namespace sluice::simulation {
namespace {

constexpr core::Duration warm_up = core::seconds(10);
constexpr core::Duration window = core::seconds(120);
constexpr std::size_t victim = 1;

struct Case {
    std::string_view situation;
    bool crashes;
    std::string_view script;
    std::uint64_t percent_least;
};
constexpr std::array cases{
    Case{throughput_situations[0], true, {}, 70},
    Case{throughput_situations[1], false, "silent primary", 50},
    Case{throughput_situations[2], false, "slow primary", 50},
};

/// A block of twenty payments takes 0.4 s to build and as long to check: execution is what limits it, as at
/// full load.
Options saturated() {
    Options options;
    options.rotation_period = 8;
    options.heights = ~core::Height{0};
    options.payments_under_way = 20;
    options.transaction_time = core::milliseconds(20);
    options.client_interval_ms = 20;
    return options;
}

/// Payments that became final within the window.
std::size_t count_payments(const Options& options, bool crashes, Verdict& verdict) {
    Stage stage(options);
    auto& world = stage.world;
    const auto over = [&stage] { return stage.checkers.violation().has_value(); };
    stage.begin();
    world.run(world.now() + warm_up, over);
    if (crashes) {
        stage.retired[victim] = true;
        stage.stop(victim, false, core::milliseconds(1));
    }
    const auto before = stage.checkers.client_transactions();
    world.run(world.now() + window, over);
    if (stage.checkers.violation()) verdict.failure = *stage.checkers.violation();
    world.trace().note({stage.checkers.highest(), stage.checkers.transactions(), world.performed()});
    verdict.trace = world.trace().finish();
    verdict.timeline = stage.timeline();
    verdict.simulated_ms = static_cast<std::uint64_t>(world.now().us / 1000);
    verdict.events = world.performed();
    verdict.validators = options.validators;
    verdict.height = stage.checkers.highest();
    verdict.transactions = stage.checkers.transactions();
    return stage.checkers.client_transactions() - before;
}

std::size_t payments_without_faults() {
    static const auto count = [] {
        Verdict verdict;
        const auto payments = count_payments(saturated(), false, verdict);
        CHECK(verdict.passed() && payments > 0);
        return payments;
    }();
    return count;
}

}  // namespace

std::uint64_t count_throughput_cases() {
    return cases.size();
}

Verdict run_throughput(const Scenario& scenario) {
    CHECK(scenario.number >= 1 && scenario.number <= cases.size());
    const auto& each = cases[scenario.number - 1];
    auto options = saturated();
    options.timeline = scenario.timeline;
    if (!each.script.empty()) options.impostors.push_back({.validator = victim, .script = each.script});
    Verdict verdict;
    const auto payments = count_payments(options, each.crashes, verdict);
    const auto percent = payments * 100 / payments_without_faults();
    verdict.coverage[std::string(each.situation)] = percent;
    if (verdict.passed() && percent < each.percent_least)
        verdict.failure =
            fmt::format("throughput: {} is {}, less than {}", each.situation, percent, each.percent_least);
    return verdict;
}

}  // namespace sluice::simulation
