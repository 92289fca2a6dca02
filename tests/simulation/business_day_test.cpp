/// A currency that closes, over the production node: nobody sends anything, and the chain keeps time.
#include <gtest/gtest.h>

#include "contracts/native/day_book.hpp"
#include "contracts/native/settlement_events.hpp"
#include "core/calendar.hpp"
#include "tests/simulation/membership_machine.hpp"

namespace sluice::simulation {
namespace {

namespace native = contracts::native;
using native::Phase;

/// A day whose phases begin one minute after another, the first of them in the minute after the start.
core::ChainSpec spec_with_short_day(core::ChainSpec spec) {
    const auto minute = static_cast<std::uint16_t>(start_wall_ms / 60'000 % core::day_minutes + 1);
    core::GenesisCurrency currency{.code = *core::CurrencyCode::parse("EUR"),
                                   .phase_mode = core::PhaseMode::business_day};
    for (std::uint16_t i = 0; i < core::planned_phases; ++i)
        currency.day.minutes[i] = static_cast<std::uint16_t>(minute + i);
    currency.day.weekdays = 0x7f;
    spec.currencies = {currency};
    return spec;
}

TEST(BusinessDaySimulation, an_idle_network_opens_and_closes_by_itself) {
    Network network({.validators = 4, .outsiders = 0, .changes = 0});
    network.chain = node::make_chain(spec_with_short_day(network.chain.spec));
    constexpr std::size_t nodes = 4;
    for (std::size_t i = 0; i < nodes; ++i)
        network.machine(i).create();
    for (std::size_t i = 0; i < nodes; ++i)
        network.connect(i);
    const auto is_closed = [&] {
        for (std::size_t i = 0; i < nodes; ++i) {
            const auto snapshot = network.machine(i).snapshot();
            const auto view = snapshot->state_at(snapshot->height());
            contracts::JournaledState state(**view);
            const auto day = native::read_day(native::days_of(state), 1);
            if (day->phase != Phase::closed || snapshot->height() == 0) return false;
        }
        return true;
    };
    ASSERT_TRUE(network.advance(core::seconds(400), is_closed)) << network.outcome_.failure;

    const auto snapshot = network.machine(0).snapshot();
    std::vector<Phase> phases;
    for (core::Height height = 1; height <= snapshot->height(); ++height) {
        const auto receipts = snapshot->receipts(height);
        ASSERT_TRUE(receipts) << height;
        for (const auto& receipt : *receipts)
            for (const auto& log : receipt.logs)
                if (const auto event = native::decode_event(log))
                    if (const auto* changed = std::get_if<native::PhaseChangedEvent>(&*event))
                        phases.push_back(changed->phase);
    }
    EXPECT_EQ(phases, (std::vector{Phase::pre_open, Phase::open, Phase::cutoff_customer, Phase::cutoff_bank,
                                   Phase::closing, Phase::closed}));
    EXPECT_LE(snapshot->height(), 6u) << "no more blocks than the day asks for";
    // Every node went through the same day.
    for (std::size_t i = 1; i < nodes; ++i)
        EXPECT_EQ(network.machine(i).snapshot()->hash_at(snapshot->height()),
                  snapshot->hash_at(snapshot->height()));
}

}  // namespace
}  // namespace sluice::simulation
