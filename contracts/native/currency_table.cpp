#include "contracts/native/currency_table.hpp"

#include "contracts/native/row_key.hpp"
#include "core/calendar.hpp"

namespace sluice::contracts::native {

namespace {

// Tables 0x10 to 0x12 of governance storage.
// 0x10                     uint16 currencies
// 0x11 ‖ bytes3 code       struct CurrencyRow; slot 1: string timeZone
// 0x12 ‖ uint16 index      bytes3 code
constexpr std::uint8_t count_table = 0x10;
constexpr std::uint8_t currency_table = 0x11;
constexpr std::uint8_t code_table = 0x12;

/// Storage holds numbers without a sign: offsets from a day west of UTC, days from 0001-01-01 (1970-01-01 is
/// 719,162).
constexpr std::int32_t offset_bias_minutes = 24 * 60;
constexpr std::int64_t day_bias = 719'162;
constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t day_ms = 24 * 60 * minute_ms;

struct CurrencyRow {
    CurrencyIndex index = 0;  ///< 0: no such currency
    std::uint8_t exponent = 0;
    core::PhaseMode phase_mode{};
    std::uint16_t biased_offset_minutes = 0;
    std::uint32_t genesis_local_day = 0;
    std::uint32_t genesis_value_day = 0;
    static constexpr auto storage_members() {
        using R = CurrencyRow;
        return std::make_tuple(&R::index, &R::exponent, &R::phase_mode, &R::biased_offset_minutes,
                               &R::genesis_local_day, &R::genesis_value_day);
    }
};

Place<CurrencyIndex> count_place(const Storage& governance) {
    return {governance, row_key(count_table)};
}

std::int64_t local_ms(const Currency& currency, core::UnixMs time_ms) {
    return static_cast<std::int64_t>(time_ms) + currency.offset_minutes * minute_ms;
}

/// Rounds towards earlier days also before 1970.
std::int64_t floor_days(std::int64_t ms) {
    const std::int64_t days = ms / day_ms;
    return ms % day_ms < 0 ? days - 1 : days;
}

}  // namespace

std::optional<Currency> find_currency(const Storage& governance, const CurrencyText& code) {
    const CurrencyRow row = Place<CurrencyRow>(governance, row_key(currency_table, code)).read();
    if (row.index == 0) return std::nullopt;
    return Currency{.index = row.index,
                    .code = code,
                    .exponent = row.exponent,
                    .phase_mode = row.phase_mode,
                    .offset_minutes = std::int32_t{row.biased_offset_minutes} - offset_bias_minutes,
                    .genesis_local_day = std::int64_t{row.genesis_local_day} - day_bias,
                    .genesis_value_day = std::int64_t{row.genesis_value_day} - day_bias};
}

CurrencyText currency_code(const Storage& governance, CurrencyIndex index) {
    const CurrencyText code = Place<CurrencyText>(governance, row_key(code_table, index)).read();
    CHECK(code[0] != 0);
    return code;
}

std::string currency_time_zone(const Storage& governance, const CurrencyText& code) {
    return Place<Text>(governance, row_slot(row_key(currency_table, code), 1)).read_text();
}

CurrencyIndex currency_count(const Storage& governance) {
    return count_place(governance).read();
}

void add_currency(const Storage& governance, const Currency& currency, std::string_view time_zone) {
    const auto index = static_cast<CurrencyIndex>(currency_count(governance) + 1);
    CHECK(currency.genesis_local_day >= -day_bias && currency.genesis_value_day >= -day_bias);
    count_place(governance).write(index);
    const core::Word key = row_key(currency_table, currency.code);
    Place<CurrencyRow>(governance, key)
        .write({.index = index,
                .exponent = currency.exponent,
                .phase_mode = currency.phase_mode,
                .biased_offset_minutes =
                    static_cast<std::uint16_t>(currency.offset_minutes + offset_bias_minutes),
                .genesis_local_day = static_cast<std::uint32_t>(currency.genesis_local_day + day_bias),
                .genesis_value_day = static_cast<std::uint32_t>(currency.genesis_value_day + day_bias)});
    Place<Text>(governance, row_slot(key, 1)).write(time_zone);
    Place<CurrencyText>(governance, row_key(code_table, index)).write(currency.code);
    install_native(governance.state(), facade_address(currency.code));
}

std::int64_t value_day_at(const Currency& currency, core::UnixMs time_ms) {
    return currency.genesis_value_day + floor_days(local_ms(currency, time_ms)) - currency.genesis_local_day;
}

core::DateYmd value_date_at(const Currency& currency, core::UnixMs time_ms) {
    return core::date_from_days(value_day_at(currency, time_ms));
}

core::UnixMs start_of_value_day(const Currency& currency, std::int64_t value_day) {
    const std::int64_t local_day = value_day - currency.genesis_value_day + currency.genesis_local_day;
    const std::int64_t start = local_day * day_ms - currency.offset_minutes * minute_ms;
    return start < 0 ? 0 : static_cast<core::UnixMs>(start);
}

}  // namespace sluice::contracts::native
