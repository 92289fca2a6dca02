#include "contracts/native/day_phases.hpp"

#include <algorithm>

#include "contracts/native/day_clock.hpp"
#include "contracts/native/day_close.hpp"
#include "contracts/native/day_warehouse.hpp"
#include "contracts/native/payment_lifecycle.hpp"
#include "contracts/native/settlement_events.hpp"
#include "core/calendar.hpp"

namespace sluice::contracts::native {

namespace {

/// Phases in the order of a day: Closed comes last.
unsigned order_of(Phase phase) {
    return phase == Phase::closed ? core::planned_phases + 1 : static_cast<unsigned>(phase);
}

void announce(const Books& books, const Currency& currency, const BusinessDay& day) {
    books.emit(business_day_address, phase_changed_topic, {word_of(currency.code)},
               abi::encode(core::date_from_days(day.value_day), day.phase));
}

void plan_next_day(const Storage& days, const Currency& currency, BusinessDay& day, core::UnixMs now_ms) {
    // A local day that went by while no block was made does not take place.
    const std::int64_t from = std::max(day.value_day + 1, value_day_at(currency, now_ms));
    const auto next = next_business_day(days, currency, from);
    day.plan_day = next ? std::optional(next->value_day) : std::nullopt;
    day.times = next ? next->times : PhaseTimes{};
    // Without a business day near enough the clock looks again on the next local day.
    set_planned(
        days, currency.index, day,
        next ? day.next_phase_ms() : start_of_value_day(currency, value_day_at(currency, now_ms) + 1));
}

void begin_next_phase(const Books& books, const Currency& currency, BusinessDay& day) {
    const Storage days = days_of(books);
    const bool is_unplanned = !day.plan_day || *day.plan_day < value_day_at(currency, books.block.time_ms);
    if (day.phase == Phase::closed && is_unplanned) {
        plan_next_day(days, currency, day, books.block.time_ms);
        return write_day(days, currency.index, day);
    }
    CHECK(day.plan_day.has_value());
    day.phase = phase_after(day.phase);
    if (day.phase == Phase::pre_open) day.value_day = *day.plan_day;
    // An opened day first releases what waited for it, at the time of its opening.
    set_planned(days, currency.index, day,
                day.phase == Phase::open ? day.time_of(Phase::open) : day.next_phase_ms());
    if (day.phase == Phase::closing) begin_closing(books, currency.index);
    write_day(days, currency.index, day);
    announce(books, currency, day);
}

/// True while an opened day has not yet released all that waited for it.
bool is_releasing(const BusinessDay& day) {
    return day.phase == Phase::open && day.planned_ms == day.time_of(Phase::open);
}

Currency currency_at(const Books& books, CurrencyIndex index) {
    const auto currency = find_currency(books.governance, currency_code(books.governance, index));
    CHECK(currency.has_value());
    return *currency;
}

/// Plans what follows after times of the present day have changed.
void reset_clock(const Storage& days, const Currency& currency, BusinessDay& day, bool was_releasing) {
    set_planned(days, currency.index, day, was_releasing ? day.time_of(Phase::open) : day.next_phase_ms());
    write_day(days, currency.index, day);
}

}  // namespace

void begin_business_days(const Storage& days, const Currency& currency, const core::DaySchedule& schedule,
                         std::span<const core::DateYmd> holidays, core::UnixMs time_ms) {
    write_schedule(days, currency.index, schedule);
    for (const core::DateYmd date : holidays)
        write_calendar(days, currency.index, date, {.is_holiday = true});
    const std::int64_t today = currency.genesis_value_day;
    BusinessDay day;
    day.value_day = today;
    const auto times = planned_times(days, currency, today);
    if (times && times->front() <= time_ms) {
        const auto begun = std::upper_bound(times->begin(), times->end(), time_ms) - times->begin();
        if (begun < static_cast<std::ptrdiff_t>(core::planned_phases)) {
            day.phase = static_cast<Phase>(begun);
            day.plan_day = today;
            day.times = *times;
            set_planned(days, currency.index, day, day.next_phase_ms());
        }
    } else {
        day.value_day = business_day_before(days, currency, today);
    }
    if (day.phase == Phase::closed) plan_next_day(days, currency, day, time_ms);
    write_day(days, currency.index, day);
}

void perform_first_planned(const Books& books) {
    const Storage days = days_of(books);
    const auto time_ms = first_planned(days);
    CHECK(time_ms.has_value());
    CHECK(*time_ms <= books.block.time_ms);
    const Currency currency = currency_at(books, planned_at(days, *time_ms));
    auto day = read_day(days, currency.index);
    CHECK(day.has_value());
    if (is_releasing(*day)) {
        if (const auto arrival = first_waiting(days, currency.index, core::date_from_days(day->value_day))) {
            Payment payment = pending_payment(books, payment_at_arrival(books.payments, *arrival));
            return release(books, payment);
        }
        set_planned(days, currency.index, *day, day->next_phase_ms());
        // A cut-off that is due at the opening itself must not look like a release.
        if (!is_releasing(*day)) return write_day(days, currency.index, *day);
    }
    begin_next_phase(books, currency, *day);
}

void finish_day(const Books& books, const Currency& currency, BusinessDay& day) {
    const Storage days = days_of(books);
    day.phase = Phase::closed;
    plan_next_day(days, currency, day, books.block.time_ms);
    write_day(days, currency.index, day);
    announce(books, currency, day);
}

core::Result<bool, ReasonCode> advance_day(const Books& books, const Currency& currency, Phase to) {
    const Storage days = days_of(books);
    auto day = read_day(days, currency.index);
    if (!day) return core::fail(reason::unknown_currency);
    if (day->phase == to || (day->phase != Phase::closed && order_of(to) <= order_of(day->phase)))
        return false;
    if (!day->plan_day) return core::fail(reason::bad_date);
    const core::UnixMs now_ms = books.block.time_ms;
    const bool releasing = is_releasing(*day);
    const std::size_t last = to == Phase::closed ? core::planned_phases : planned_index(to) + 1;
    bool changes = false;
    for (std::size_t i = day->phase == Phase::closed ? 0 : planned_index(day->phase) + 1; i < last; ++i) {
        changes = changes || day->times[i] > now_ms;
        day->times[i] = std::min(day->times[i], now_ms);
    }
    if (changes) reset_clock(days, currency, *day, releasing);
    return changes;
}

core::Result<bool, ReasonCode> extend_phase(const Books& books, const Currency& currency, Phase phase,
                                            core::UnixMs time_ms) {
    const Storage days = days_of(books);
    auto day = read_day(days, currency.index);
    if (!day) return core::fail(reason::unknown_currency);
    if (phase == Phase::closed) return core::fail(reason::bad_form);
    if (day->phase == Phase::closed || order_of(phase) <= order_of(day->phase) ||
        day->time_of(phase) <= books.block.time_ms)
        return core::fail(reason::too_late);
    if (time_ms < day->time_of(phase) || time_ms > start_of_value_day(currency, day->value_day + 1))
        return core::fail(reason::bad_date);
    if (time_ms == day->time_of(phase)) return false;
    const bool releasing = is_releasing(*day);
    day->times[planned_index(phase)] = time_ms;
    for (std::size_t i = planned_index(phase) + 1; i < day->times.size(); ++i)
        day->times[i] = std::max(day->times[i], time_ms);
    reset_clock(days, currency, *day, releasing);
    return true;
}

void replan_next_day(const Books& books, const Currency& currency) {
    const Storage days = days_of(books);
    auto day = read_day(days, currency.index);
    CHECK(day.has_value());
    const core::UnixMs now_ms = books.block.time_ms;
    const bool is_under_way = day->plan_day && day->time_of(Phase::pre_open) <= now_ms;
    if (day->phase != Phase::closed || is_under_way) return;
    plan_next_day(days, currency, *day, now_ms);
    write_day(days, currency.index, *day);
}

}  // namespace sluice::contracts::native
