#include "contracts/native/day_clock.hpp"

#include "contracts/native/ordered_set.hpp"
#include "contracts/native/row_key.hpp"

namespace sluice::contracts::native {

namespace {

// Tables 0x04 to 0x06 of the business day contract.
// 0x04                   OrderedSet of times
// 0x05 ‖ uint64 time     one bit per currency that is called then
// 0x06                   one bit per currency that is closing
constexpr std::uint8_t times_table = 0x04;
constexpr std::uint8_t called_table = 0x05;
constexpr std::uint8_t closing_table = 0x06;

static_assert(core::currencies_max < 256, "a word has a bit for every currency");

OrderedSet times(const Storage& days) {
    return {days, row_key(times_table)};
}
core::Word called_key(core::UnixMs time_ms) {
    return row_key(called_table, time_ms);
}

/// Sets or clears the bit of a currency in the word at `key`; returns the word.
core::Word set_bit(const Storage& days, const core::Word& key, CurrencyIndex currency, bool on) {
    CHECK(currency < 256);
    core::Word word = days.load(key);
    const unsigned mask = 0x80u >> (currency % 8);
    const unsigned others = word[currency / 8] & ~mask;
    word[currency / 8] = static_cast<std::uint8_t>(on ? others | mask : others);
    days.store(key, word);
    return word;
}

std::optional<CurrencyIndex> first_bit(const core::Word& word, CurrencyIndex from) {
    for (unsigned bit = from; bit < 256; ++bit)
        if ((word[bit / 8] & (0x80u >> (bit % 8))) != 0) return static_cast<CurrencyIndex>(bit);
    return std::nullopt;
}

}  // namespace

void set_planned(const Storage& days, CurrencyIndex currency, BusinessDay& day, core::UnixMs time_ms) {
    if (day.planned_ms == time_ms) return;
    if (day.planned_ms != 0 && set_bit(days, called_key(day.planned_ms), currency, false) == core::Word{})
        times(days).erase(day.planned_ms);
    day.planned_ms = time_ms;
    if (time_ms == 0) return;
    set_bit(days, called_key(time_ms), currency, true);
    times(days).insert(time_ms);
}

std::optional<core::UnixMs> first_planned(const Storage& days) {
    return times(days).first();
}

CurrencyIndex planned_at(const Storage& days, core::UnixMs time_ms) {
    const auto currency = first_bit(days.load(called_key(time_ms)), 0);
    CHECK(currency.has_value());
    return *currency;
}

void set_closing(const Storage& days, CurrencyIndex currency, bool on) {
    set_bit(days, row_key(closing_table), currency, on);
}

bool is_any_closing(const Storage& days) {
    return days.load(row_key(closing_table)) != core::Word{};
}

std::optional<CurrencyIndex> next_closing(const Storage& days, CurrencyIndex from) {
    return first_bit(days.load(row_key(closing_table)), from);
}

}  // namespace sluice::contracts::native
