/// When the business day of any currency needs work next, and which currencies are closing. Storage of
/// 0x…5e05.
#pragma once

#include "contracts/native/day_book.hpp"

namespace sluice::contracts::native {

/// Has the clock call the currency at `time_ms` instead of `day.planned_ms`, and notes that in `day`, which
/// the caller writes. 0: it calls no more.
void set_planned(const Storage& days, CurrencyIndex currency, BusinessDay& day, core::UnixMs time_ms);
/// The earliest time at which a currency is called.
std::optional<core::UnixMs> first_planned(const Storage& days);
/// The currency called then; of several the one that comes first on the chain. Precondition (CHECKed): there
/// is one.
CurrencyIndex planned_at(const Storage& days, core::UnixMs time_ms);

/// Currencies that are closing. Their work is due at once, whatever the time.
void set_closing(const Storage& days, CurrencyIndex currency, bool on);
bool is_any_closing(const Storage& days);
/// The first closing currency from `from` on.
std::optional<CurrencyIndex> next_closing(const Storage& days, CurrencyIndex from);

}  // namespace sluice::contracts::native
