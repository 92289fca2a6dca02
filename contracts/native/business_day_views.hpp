/// Views of the business day contract.
#pragma once

#include "contracts/native/native_contract.hpp"

namespace sluice::contracts::native::views {

/// now_(bytes3) returns (uint32 valueDate, Phase phase, uint64 nextAt): zeros for an unknown currency; nextAt
/// is 0 while the day closes and where no day is planned.
MethodResult present_day(Invocation& call);
/// valueDateAt(bytes3, uint64 timeMs) returns (uint32): 0 for an unknown currency. Of a time to come: by
/// plan.
MethodResult value_date_of_time(Invocation& call);
/// startOf(bytes3, uint32 valueDate) returns (uint64): its first millisecond; 0 for what is no value date.
MethodResult start_of_date(Invocation& call);
/// midnightOf(bytes3, uint32 date) returns (uint64): the first millisecond of the local day that a date
/// stands for, value date or not; 0 for an unknown currency or no date.
MethodResult midnight_of_date(Invocation& call);
/// phaseTimes(bytes3, uint32 valueDate) returns (uint64[5]): zeros for what is no value date, and around the
/// clock.
MethodResult phase_times(Invocation& call);
/// isHoliday(bytes3, uint32 date) returns (bool): true for what is no value date.
MethodResult is_holiday(Invocation& call);
/// schedule(bytes3) returns (uint32[5] minutes, uint8 weekdays): zeros around the clock.
MethodResult schedule(Invocation& call);
/// nextValueDate(bytes3) returns (uint32): the value date after the present one; 0 where none is planned.
MethodResult next_value_date(Invocation& call);
/// dayClosed(bytes3, uint32 valueDate) returns (uint64 height, uint64 time, uint32 expired, uint32 accounts).
MethodResult closed_day(Invocation& call);
/// closingBalance(bytes11, bytes3) returns (uint32 valueDate, uint64 entries, int256 balance, uint128
/// overnightCredit): of the last close; overnightCredit is what of it has not been repaid.
MethodResult closing_balance(Invocation& call);

}  // namespace sluice::contracts::native::views
