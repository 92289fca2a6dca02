#include "contracts/native/admission.hpp"

#include <algorithm>

#include "contracts/native/chain_parameters.hpp"
#include "contracts/native/day_calendar.hpp"
#include "contracts/native/day_gate.hpp"
#include "contracts/native/day_warehouse.hpp"
#include "core/calendar.hpp"

namespace sluice::contracts::native {

namespace {

bool is_outside_window(const Books& books, std::int64_t value_day, std::int64_t today) {
    if (value_day == today) return false;
    const std::int64_t window = read_chain_parameters(books.governance).duplicate_window_days;
    return value_day < today - window || value_day > today + window;
}

/// When `value_day` opens by plan: now if it has; nothing where no day is planned for it.
std::optional<core::UnixMs> planned_open(const Books& books, const Currency& currency, const BusinessDay& day,
                                         std::int64_t value_day) {
    if (value_day <= day.value_day && day.phase != Phase::pre_open) return books.block.time_ms;
    if (day.has_plan_for(std::max(value_day, day.value_day))) return day.time_of(Phase::open);
    const auto times = planned_times(days_of(books), currency, value_day);
    if (!times) return std::nullopt;
    return (*times)[planned_index(Phase::open)];
}

}  // namespace

core::Result<core::UnixMs, ReasonCode> release_time(const Books& books, const InstructionView& instruction,
                                                    const Currency& currency) {
    const std::int64_t value_day = core::days_from_date(instruction.value_date);
    core::UnixMs release = instruction.earliest;
    core::UnixMs first = release;
    if (const auto day = read_day(days_of(books), currency.index)) {
        if (is_outside_window(books, value_day, day->value_day)) return core::fail(reason::bad_date);
        const auto open = planned_open(books, currency, *day, value_day);
        if (!open) return core::fail(reason::bad_date);
        if (*open > books.block.time_ms) first = std::max(release, *open);
    } else {
        const std::int64_t today = value_day_at(currency, books.block.time_ms);
        if (is_outside_window(books, value_day, today)) return core::fail(reason::bad_date);
        if (value_day > today) release = std::max(release, start_of_value_day(currency, value_day));
        first = release;
    }
    if (first >= time_limit_ms || (instruction.latest != 0 && first > instruction.latest))
        return core::fail(reason::bad_date);
    return release;
}

void admit(const Books& books, Payment& payment, const WaitingTerms& terms) {
    const Storage days = days_of(books);
    if (const auto day = read_day(days, payment.record.currency)) {
        const Gate gate = gate_of(*day, payment.record);
        if (gate == Gate::too_late) return end(books, payment, Status::rejected, reason::too_late);
        if (gate == Gate::before_open) {
            // Its latest time is all that the schedule watches: the opening of the day releases it.
            const core::UnixMs latest = payment.pending.latest;
            wait(books, payment, Status::warehoused, terms, latest == 0 ? 0 : latest + 1);
            return wait_for_open(days, payment.record, payment.pending.arrival);
        }
    }
    if (terms.release > books.block.time_ms)
        wait(books, payment, Status::warehoused, terms, terms.release);
    else
        enter(books, payment);
}

core::UnixMs planned_release(const Books& books, const PaymentRecord& record, const WaitingTerms& terms) {
    if (record.status != Status::warehoused) return terms.release;
    const auto day = read_day(days_of(books), record.currency);
    if (!day || gate_of(*day, record) != Gate::before_open) return terms.release;
    const auto currency = find_currency(books.governance, currency_code(books.governance, record.currency));
    CHECK(currency.has_value());
    const std::int64_t value_day = core::days_from_date(record.value_date);
    core::UnixMs open = 0;
    if (day->plan_day && *day->plan_day >= value_day)
        open = day->time_of(Phase::open);
    else if (const auto next =
                 next_business_day(days_of(books), *currency,
                                   std::max(value_day, value_day_at(*currency, books.block.time_ms))))
        open = next->times[planned_index(Phase::open)];
    return std::max(open, terms.release);
}

}  // namespace sluice::contracts::native
