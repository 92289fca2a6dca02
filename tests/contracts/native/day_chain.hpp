/// A settlement chain whose first currency has a business day.
#pragma once

#include "core/calendar.hpp"
#include "tests/contracts/native/settlement_chain.hpp"

namespace sluice::contracts::test {

/// 2026-02-02T00:00:00Z, the Monday of genesis.
inline constexpr core::UnixMs monday_ms = genesis_time_ms - 8 * hour_ms;
constexpr core::UnixMs at(core::UnixMs hour, core::UnixMs minute = 0, core::UnixMs day = 0) {
    return monday_ms + day * day_ms + hour * hour_ms + minute * 60'000;
}
inline constexpr core::DateYmd monday = genesis_date;
inline constexpr core::DateYmd tuesday = monday + 1;
inline constexpr core::DateYmd wednesday = monday + 2;
inline constexpr core::DateYmd friday = monday + 4;
inline constexpr core::DateYmd saturday = monday + 5;
inline constexpr core::DateYmd next_monday = monday + 7;

/// EUR: 00:00, 06:00, 17:40, 18:00, 18:20 from Monday to Friday. USD and JPY settle around the clock.
inline core::ChainSpec day_spec(std::size_t banks = 3, std::uint32_t operators = 1,
                                std::uint32_t threshold = 1) {
    core::ChainSpec spec = settlement_spec(banks, operators, threshold);
    spec.currencies[0].phase_mode = core::PhaseMode::business_day;
    return spec;
}

class DayChain : public SettlementChain {
  public:
    explicit DayChain(const core::ChainSpec& spec = day_spec()) : SettlementChain(spec) {}

    native::BusinessDayInfo day(const native::CurrencyText& currency = eur) const {
        return *native::results::business_day(look(native::calls::business_day(currency)).output);
    }
    native::Phase phase() const { return day().phase; }
    /// An act of the operator that must succeed; whether it changed anything.
    bool act(const native::ContractCall& call, core::UnixMs time_ms = 0) {
        const CallOutcome outcome = send(operator_key(), call, time_ms);
        EXPECT_TRUE(outcome.succeeded());
        return native::results::flag(outcome.output).value_or(false);
    }
    /// Empty blocks whenever work is due, up to `until_ms`: what an idle chain does.
    std::size_t idle_until(core::UnixMs until_ms) {
        std::size_t blocks = 0;
        for (auto due = next_due(); due && *due <= until_ms; due = next_due(), ++blocks)
            block({}, std::max(*due, core::time_ms_of(head) + 1));
        return blocks;
    }
    std::array<core::UnixMs, 5> times(core::DateYmd date) const {
        return *native::results::phase_times(look(native::calls::phase_times(eur, date)).output);
    }
};

}  // namespace sluice::contracts::test
