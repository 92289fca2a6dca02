#include "contracts/native/day_warehouse.hpp"

#include "contracts/native/ordered_set.hpp"
#include "contracts/native/row_key.hpp"

namespace sluice::contracts::native {

namespace {

// Tables 0x07 to 0x09 of the business day contract.
// 0x07 ‖ uint16 ccy                    OrderedSet of arrivals: queued and held payments
// 0x08 ‖ uint16 ccy                    OrderedSet of value dates that payments wait for
// 0x09 ‖ uint16 ccy ‖ uint32 date      OrderedSet of arrivals: payments that wait for that date
constexpr std::uint8_t open_table = 0x07;
constexpr std::uint8_t dates_table = 0x08;
constexpr std::uint8_t waiting_table = 0x09;

OrderedSet open_payments(const Storage& days, CurrencyIndex currency) {
    return {days, row_key(open_table, currency)};
}
OrderedSet dates(const Storage& days, CurrencyIndex currency) {
    return {days, row_key(dates_table, currency)};
}
OrderedSet waiting(const Storage& days, CurrencyIndex currency, core::DateYmd date) {
    return {days, row_key(waiting_table, currency, date)};
}

}  // namespace

void wait_for_open(const Storage& days, const PaymentRecord& record, std::uint64_t arrival) {
    waiting(days, record.currency, record.value_date).insert(arrival);
    dates(days, record.currency).insert(record.value_date);
}

std::optional<std::uint64_t> first_waiting(const Storage& days, CurrencyIndex currency,
                                           core::DateYmd value_date) {
    const auto date = dates(days, currency).first();
    if (!date || *date > value_date) return std::nullopt;
    return waiting(days, currency, static_cast<core::DateYmd>(*date)).first();
}

void note_open_payment(const Storage& days, const PaymentRecord& record, std::uint64_t arrival) {
    if (has_business_day(days, record.currency)) open_payments(days, record.currency).insert(arrival);
}

std::optional<std::uint64_t> first_open_payment(const Storage& days, CurrencyIndex currency) {
    return open_payments(days, currency).first();
}

void leave_day(const Storage& days, const PaymentRecord& record, std::uint64_t arrival) {
    if (!has_business_day(days, record.currency)) return;
    if (record.status == Status::queued || record.status == Status::held) {
        open_payments(days, record.currency).erase(arrival);
    } else if (record.status == Status::warehoused) {
        const OrderedSet same_date = waiting(days, record.currency, record.value_date);
        if (same_date.erase(arrival) && !same_date.first())
            dates(days, record.currency).erase(record.value_date);
    }
}

}  // namespace sluice::contracts::native
