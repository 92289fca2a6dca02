#include "contracts/native/day_book.hpp"

#include "contracts/native/row_key.hpp"

namespace sluice::contracts::native {

namespace {

// Tables 0x01, 0x0a, 0x0b and 0x0c of the business day contract.
// 0x01 ‖ uint16 ccy                         struct DayRow
// 0x0a ‖ uint32 participant ‖ uint16 ccy    struct ClosingBalance
// 0x0b ‖ uint16 ccy ‖ uint32 date           struct ClosedDay
// 0x0c ‖ uint16 ccy                         struct ClosingWork, while Closing
constexpr std::uint8_t day_table = 0x01;
constexpr std::uint8_t balance_table = 0x0a;
constexpr std::uint8_t closed_table = 0x0b;
constexpr std::uint8_t closing_table = 0x0c;

/// Storage holds numbers without a sign, and 0 is none: all of year 1 and days before it fit (1970-01-01 is
/// 720,000).
constexpr std::int64_t day_bias = 720'000;

struct DayRow {
    Phase phase{};
    std::uint32_t value_day = 0;  ///< 0: no business day
    std::uint32_t plan_day = 0;   ///< 0: none
    std::uint64_t planned_ms = 0;
    std::uint64_t pre_open = 0;
    std::uint64_t open = 0;
    std::uint64_t cutoff_customer = 0;
    std::uint64_t cutoff_bank = 0;
    std::uint64_t closing = 0;
    static constexpr auto storage_members() {
        using R = DayRow;
        return std::make_tuple(&R::phase, &R::value_day, &R::plan_day, &R::planned_ms, &R::pre_open, &R::open,
                               &R::cutoff_customer, &R::cutoff_bank, &R::closing);
    }
};
static_assert(Place<DayRow>::slots == 2 && Place<ClosingWork>::slots == 1 &&
              Place<ClosingBalance>::slots == 1 && Place<ClosedDay>::slots == 1);

Place<DayRow> day_place(const Storage& days, CurrencyIndex currency) {
    return {days, row_key(day_table, currency)};
}
Place<ClosingWork> closing_place(const Storage& days, CurrencyIndex currency) {
    return {days, row_key(closing_table, currency)};
}
Place<ClosingBalance> balance_place(const Storage& days, const AccountId& account) {
    return {days, row_key(balance_table, account.participant, account.currency)};
}
Place<ClosedDay> closed_place(const Storage& days, CurrencyIndex currency, core::DateYmd date) {
    return {days, row_key(closed_table, currency, date)};
}

std::uint32_t biased(std::int64_t day) {
    CHECK(day > -day_bias);
    return static_cast<std::uint32_t>(day + day_bias);
}

}  // namespace

Storage days_of(const Books& books) {
    return days_of(books.state);
}
Storage days_of(JournaledState& state) {
    return {state, business_day_address};
}

std::optional<BusinessDay> read_day(const Storage& days, CurrencyIndex currency) {
    const DayRow row = day_place(days, currency).read();
    if (row.value_day == 0) return std::nullopt;
    BusinessDay day{.phase = row.phase,
                    .value_day = std::int64_t{row.value_day} - day_bias,
                    .plan_day = std::nullopt,
                    .times = {row.pre_open, row.open, row.cutoff_customer, row.cutoff_bank, row.closing},
                    .planned_ms = row.planned_ms};
    if (row.plan_day != 0) day.plan_day = std::int64_t{row.plan_day} - day_bias;
    return day;
}

void write_day(const Storage& days, CurrencyIndex currency, const BusinessDay& day) {
    day_place(days, currency)
        .write({.phase = day.phase,
                .value_day = biased(day.value_day),
                .plan_day = day.plan_day ? biased(*day.plan_day) : 0,
                .planned_ms = day.planned_ms,
                .pre_open = day.times[0],
                .open = day.times[1],
                .cutoff_customer = day.times[2],
                .cutoff_bank = day.times[3],
                .closing = day.times[4]});
}

bool has_business_day(const Storage& days, CurrencyIndex currency) {
    return day_place(days, currency).read_slot(0) != core::Word{};
}

ClosingWork read_closing(const Storage& days, CurrencyIndex currency) {
    return closing_place(days, currency).read();
}
void write_closing(const Storage& days, CurrencyIndex currency, const ClosingWork& work) {
    closing_place(days, currency).write(work);
}

ClosingBalance read_closing_balance(const Storage& days, const AccountId& account) {
    return balance_place(days, account).read();
}
void write_closing_balance(const Storage& days, const AccountId& account, const ClosingBalance& balance) {
    balance_place(days, account).write(balance);
}

ClosedDay read_closed_day(const Storage& days, CurrencyIndex currency, core::DateYmd date) {
    return closed_place(days, currency, date).read();
}
void write_closed_day(const Storage& days, CurrencyIndex currency, core::DateYmd date, const ClosedDay& day) {
    closed_place(days, currency, date).write(day);
}

}  // namespace sluice::contracts::native
