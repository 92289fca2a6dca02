#include "contracts/native/day_gate.hpp"

#include "core/calendar.hpp"

namespace sluice::contracts::native {

bool is_settlement_open(const Books& books, CurrencyIndex currency) {
    const Storage days = days_of(books);
    const auto day = read_day(days, currency);
    if (!day) return true;
    if (day->phase == Phase::closing) return read_closing(days, currency).stage == ClosingStage::final_run;
    return day->phase >= Phase::open;
}

bool is_booking_open(const Books& books, CurrencyIndex currency) {
    const auto day = read_day(days_of(books), currency);
    return !day || day->phase != Phase::closed;
}

bool is_past_cutoff(const Books& books, const PaymentRecord& record) {
    const auto day = read_day(days_of(books), record.currency);
    return day && gate_of(*day, record) == Gate::too_late;
}

Gate gate_of(const BusinessDay& day, const PaymentRecord& record) {
    if (record.value_date > core::date_from_days(day.value_day)) return Gate::before_open;
    switch (day.phase) {
        case Phase::pre_open:
            return Gate::before_open;
        case Phase::open:
            return Gate::open;
        case Phase::cutoff_customer:
            return record.type == MessageType::customer_credit && record.priority != Priority::urgent
                       ? Gate::too_late
                       : Gate::open;
        case Phase::cutoff_bank:
            return record.priority == Priority::urgent ? Gate::open : Gate::too_late;
        case Phase::closing:
        case Phase::closed:
            return Gate::too_late;
    }
    CHECK(false);
}

}  // namespace sluice::contracts::native
