/// The business day contract, 0x…5e05: value dates. Currencies settle around the clock; their value date
/// changes at midnight of their own offset from UTC.
#include "contracts/native/currency_table.hpp"
#include "contracts/native/method_gas.hpp"
#include "contracts/native/settlement_contracts.hpp"
#include "contracts/native/settlement_structs.hpp"
#include "core/calendar.hpp"

namespace sluice::contracts::native {

namespace {

Storage governance_of(const Invocation& call) {
    return Storage(call.state, governance_address);
}

/// now_(bytes3) returns (uint32 valueDate, Phase phase, uint64 nextAt): zeros for an unknown currency.
MethodResult present_day(Invocation& call) {
    const auto arguments = abi::decode<CurrencyText>(call.arguments);
    if (!arguments) return malformed();
    const auto currency = find_currency(governance_of(call), std::get<0>(*arguments));
    if (!currency) return abi::encode(BusinessDayInfo{});
    const std::int64_t day = value_day_at(*currency, call.block.time_ms);
    return abi::encode(BusinessDayInfo{.value_date = core::date_from_days(day),
                                       .phase = Phase::open,
                                       .next_at_ms = start_of_value_day(*currency, day + 1)});
}

/// valueDateAt(bytes3, uint64 timeMs) returns (uint32): 0 for an unknown currency.
MethodResult value_date_of_time(Invocation& call) {
    const auto arguments = abi::decode<CurrencyText, std::uint64_t>(call.arguments);
    if (!arguments) return malformed();
    const auto& [code, time_ms] = *arguments;
    const auto currency = find_currency(governance_of(call), code);
    if (!currency || time_ms > core::time_ms_max) return abi::encode(std::uint32_t{0});
    return abi::encode(value_date_at(*currency, time_ms));
}

/// startOf(bytes3, uint32 valueDate) returns (uint64): its first millisecond; 0 for an unknown currency or no
/// date.
MethodResult start_of_date(Invocation& call) {
    const auto arguments = abi::decode<CurrencyText, std::uint32_t>(call.arguments);
    if (!arguments) return malformed();
    const auto& [code, date] = *arguments;
    const auto currency = find_currency(governance_of(call), code);
    if (!currency || !core::is_valid_date(date)) return abi::encode(std::uint64_t{0});
    return abi::encode(start_of_value_day(*currency, core::days_from_date(date)));
}

constexpr std::array methods{
    Method{"now_(bytes3)", selector_of("now_(bytes3)"), Access::view, fixed_gas<Work{.reads = 1}>,
           present_day},
    Method{"valueDateAt(bytes3,uint64)", selector_of("valueDateAt(bytes3,uint64)"), Access::view,
           fixed_gas<Work{.reads = 1}>, value_date_of_time},
    Method{"startOf(bytes3,uint32)", selector_of("startOf(bytes3,uint32)"), Access::view,
           fixed_gas<Work{.reads = 1}>, start_of_date},
};

}  // namespace

constinit const NativeContract business_day_contract{
    .address = business_day_address, .name = "business_day", .methods = methods};

}  // namespace sluice::contracts::native
