/// The currencies of the chain, in governance storage, and their value dates.
#pragma once

#include <string>

#include "contracts/native/settlement_types.hpp"

namespace sluice::contracts::native {

/// A currency as genesis fixed it. Value dates follow the days of its fixed offset from UTC:
/// value day(t) = genesis value day + (local day(t) - local day(genesis)).
struct Currency {
    CurrencyIndex index = 0;
    CurrencyText code{};
    std::uint8_t exponent = 0;
    core::PhaseMode phase_mode{};
    std::int32_t offset_minutes = 0;     ///< east of UTC
    std::int64_t genesis_local_day = 0;  ///< days since 1970-01-01 in local time
    std::int64_t genesis_value_day = 0;  ///< days since 1970-01-01
    bool operator==(const Currency&) const = default;
};

std::optional<Currency> find_currency(const Storage& governance, const CurrencyText& code);
/// Precondition (CHECKed): 1 <= index <= currency_count.
CurrencyText currency_code(const Storage& governance, CurrencyIndex index);
/// The zone as genesis wrote it; empty for an unknown currency.
std::string currency_time_zone(const Storage& governance, const CurrencyText& code);
CurrencyIndex currency_count(const Storage& governance);
/// The next index goes to `currency`, and its ERC-20 façade comes to be; `time_zone` is kept as genesis wrote
/// it. Its index field is ignored.
void add_currency(const Storage& governance, const Currency& currency, std::string_view time_zone);

/// The value date of a block at `time_ms`, as days since 1970-01-01.
std::int64_t value_day_at(const Currency& currency, core::UnixMs time_ms);
/// The same as YYYYMMDD.
core::DateYmd value_date_at(const Currency& currency, core::UnixMs time_ms);
/// The first millisecond of a value day; 0 for days that began before 1970.
core::UnixMs start_of_value_day(const Currency& currency, std::int64_t value_day);

}  // namespace sluice::contracts::native
