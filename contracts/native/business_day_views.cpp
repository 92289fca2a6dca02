#include "contracts/native/business_day_views.hpp"

#include <algorithm>

#include "contracts/native/account_book.hpp"
#include "contracts/native/day_calendar.hpp"
#include "contracts/native/participant_directory.hpp"
#include "contracts/native/settlement_structs.hpp"
#include "core/calendar.hpp"

namespace sluice::contracts::native::views {

namespace {

std::optional<Currency> currency_named(const Books& books, const CurrencyText& code) {
    return find_currency(books.governance, code);
}

/// The times of a value day: those that hold where it is the present or the next one, else those planned.
std::optional<PhaseTimes> times_of(const Storage& days, const Currency& currency, const BusinessDay& present,
                                   std::int64_t value_day) {
    if (present.has_plan_for(value_day)) return present.times;
    return planned_times(days, currency, value_day);
}

/// The value day that a time belongs to by plan.
std::int64_t planned_value_day(const Storage& days, const Currency& currency, core::UnixMs time_ms) {
    const std::int64_t day = value_day_at(currency, time_ms);
    const auto times = planned_times(days, currency, day);
    return times && times->front() <= time_ms ? day : business_day_before(days, currency, day);
}

/// What one call about a date of a currency is about.
struct DateQuestion {
    Currency currency;
    core::DateYmd date = 0;
    std::int64_t value_day = 0;
};
core::Result<std::optional<DateQuestion>, Revert> date_question(const Invocation& call, const Books& books) {
    const auto arguments = abi::decode<CurrencyText, std::uint32_t>(call.arguments);
    if (!arguments) return malformed();
    const auto& [code, date] = *arguments;
    const auto currency = currency_named(books, code);
    if (!currency || !core::is_valid_date(date)) return std::nullopt;
    return DateQuestion{*currency, date, core::days_from_date(date)};
}

core::UnixMs start_of(const Books& books, const DateQuestion& question) {
    const Storage days = days_of(books);
    const auto present = read_day(days, question.currency.index);
    if (!present) return start_of_value_day(question.currency, question.value_day);
    const auto times = times_of(days, question.currency, *present, question.value_day);
    return times ? times->front() : 0;
}

}  // namespace

MethodResult present_day(Invocation& call) {
    const auto arguments = abi::decode<CurrencyText>(call.arguments);
    if (!arguments) return malformed();
    const Books books(call.state, call.block);
    const auto currency = currency_named(books, std::get<0>(*arguments));
    if (!currency) return abi::encode(BusinessDayInfo{});
    if (const auto day = read_day(days_of(books), currency->index))
        return abi::encode(BusinessDayInfo{.value_date = core::date_from_days(day->value_day),
                                           .phase = day->phase,
                                           .next_at_ms = day->next_phase_ms()});
    const std::int64_t day = value_day_at(*currency, call.block.time_ms);
    return abi::encode(BusinessDayInfo{.value_date = core::date_from_days(day),
                                       .phase = Phase::open,
                                       .next_at_ms = start_of_value_day(*currency, day + 1)});
}

MethodResult value_date_of_time(Invocation& call) {
    const auto arguments = abi::decode<CurrencyText, std::uint64_t>(call.arguments);
    if (!arguments) return malformed();
    const auto& [code, time_ms] = *arguments;
    const Books books(call.state, call.block);
    const auto currency = currency_named(books, code);
    if (!currency || time_ms > core::time_ms_max) return abi::encode(std::uint32_t{0});
    const auto present = read_day(days_of(books), currency->index);
    if (!present) return abi::encode(value_date_at(*currency, time_ms));
    std::int64_t day = planned_value_day(days_of(books), *currency, time_ms);
    if (time_ms >= call.block.time_ms) day = std::max(day, present->value_day);
    return abi::encode(core::date_from_days(day));
}

MethodResult start_of_date(Invocation& call) {
    const Books books(call.state, call.block);
    const auto question = date_question(call, books);
    if (!question) return core::fail(question.error());
    return abi::encode(*question ? start_of(books, **question) : core::UnixMs{0});
}

MethodResult midnight_of_date(Invocation& call) {
    const Books books(call.state, call.block);
    const auto question = date_question(call, books);
    if (!question) return core::fail(question.error());
    if (!*question) return abi::encode(core::UnixMs{0});
    return abi::encode(start_of_value_day((*question)->currency, (*question)->value_day));
}

MethodResult phase_times(Invocation& call) {
    const Books books(call.state, call.block);
    const auto question = date_question(call, books);
    if (!question) return core::fail(question.error());
    PhaseTimes times{};
    if (*question) {
        const Storage days = days_of(books);
        const Currency& currency = (*question)->currency;
        if (const auto present = read_day(days, currency.index))
            times = times_of(days, currency, *present, (*question)->value_day).value_or(PhaseTimes{});
    }
    return abi::encode(times);
}

MethodResult is_holiday(Invocation& call) {
    const Books books(call.state, call.block);
    const auto question = date_question(call, books);
    if (!question) return core::fail(question.error());
    if (!*question) return abi::encode(true);
    const Storage days = days_of(books);
    const Currency& currency = (*question)->currency;
    return abi::encode(has_business_day(days, currency.index) &&
                       !planned_times(days, currency, (*question)->value_day));
}

MethodResult schedule(Invocation& call) {
    const auto arguments = abi::decode<CurrencyText>(call.arguments);
    if (!arguments) return malformed();
    const Books books(call.state, call.block);
    const auto currency = currency_named(books, std::get<0>(*arguments));
    std::array<std::uint32_t, core::planned_phases> minutes{};
    std::uint8_t weekdays = 0;
    if (currency && has_business_day(days_of(books), currency->index)) {
        const core::DaySchedule row = read_schedule(days_of(books), currency->index);
        std::copy(row.minutes.begin(), row.minutes.end(), minutes.begin());
        weekdays = row.weekdays;
    }
    return abi::encode(minutes, weekdays);
}

MethodResult next_value_date(Invocation& call) {
    const auto arguments = abi::decode<CurrencyText>(call.arguments);
    if (!arguments) return malformed();
    const Books books(call.state, call.block);
    const auto currency = currency_named(books, std::get<0>(*arguments));
    if (!currency) return abi::encode(std::uint32_t{0});
    const Storage days = days_of(books);
    const auto present = read_day(days, currency->index);
    if (!present) return abi::encode(core::date_from_days(value_day_at(*currency, call.block.time_ms) + 1));
    if (present->phase == Phase::closed)
        return abi::encode(present->plan_day ? core::date_from_days(*present->plan_day) : core::DateYmd{0});
    const std::int64_t from = std::max(present->value_day + 1, value_day_at(*currency, call.block.time_ms));
    const auto next = next_business_day(days, *currency, from);
    return abi::encode(next ? core::date_from_days(next->value_day) : core::DateYmd{0});
}

MethodResult closed_day(Invocation& call) {
    const Books books(call.state, call.block);
    const auto question = date_question(call, books);
    if (!question) return core::fail(question.error());
    if (!*question) return abi::encode(ClosedDay{});
    return abi::encode(read_closed_day(days_of(books), (*question)->currency.index, (*question)->date));
}

MethodResult closing_balance(Invocation& call) {
    const auto arguments = abi::decode<BicText, CurrencyText>(call.arguments);
    if (!arguments) return malformed();
    const Books books(call.state, call.block);
    const auto party = find_party(books.participants, std::get<0>(*arguments));
    const auto currency = currency_named(books, std::get<1>(*arguments));
    if (!party || !currency) return abi::encode(ClosingBalanceInfo{});
    const AccountId id{party->index, currency->index};
    const ClosingBalance closing = read_closing_balance(days_of(books), id);
    // What comes in repays it; what is used anew is intraday credit of the present day.
    const core::SignedMinor still_used = -std::min<core::SignedMinor>(
        std::max(closing.balance, Account(books.accounts, id).money().balance), 0);
    return abi::encode(ClosingBalanceInfo{.value_date = closing.value_date,
                                          .entries = closing.entries,
                                          .balance = closing.balance,
                                          .overnight_credit = static_cast<core::Minor>(still_used)});
}

}  // namespace sluice::contracts::native::views
