/// The phases of a business day: Closed → PreOpen → Open → CutoffCustomer → CutoffBank → Closing → Closed, by
/// planned block times and by acts of the operator. All of it happens in the system transaction; acts change
/// planned times only.
#pragma once

#include <span>

#include "contracts/native/day_calendar.hpp"
#include "contracts/native/reason_codes.hpp"

namespace sluice::contracts::native {

/// Genesis: puts the currency into the phase that its plan has at `time_ms`, and starts its clock.
void begin_business_days(const Storage& days, const Currency& currency, const core::DaySchedule& schedule,
                         std::span<const core::DateYmd> holidays, core::UnixMs time_ms);

/// Does the first thing that planned times ask for by the block's time: moves one currency to its next phase,
/// or releases one payment that waited for the day to open. Precondition (CHECKed): something is planned by
/// then.
void perform_first_planned(const Books& books);

/// After Closing: Closed, with the next business day planned.
void finish_day(const Books& books, const Currency& currency, BusinessDay& day);

/// Lets the day reach `to` in the system transaction of this block, through every phase between. From Closed
/// that begins the next business day. False if the day is there already. An error where no day is planned.
core::Result<bool, ReasonCode> advance_day(const Books& books, const Currency& currency, Phase to);

/// Moves a coming phase of the present day to a later time, and those after it that would then begin earlier
/// to the same. False if it begins then already.
core::Result<bool, ReasonCode> extend_phase(const Books& books, const Currency& currency, Phase phase,
                                            core::UnixMs time_ms);

/// Plans the next day anew after the calendar changed, if the currency is Closed and was not told to advance.
void replan_next_day(const Books& books, const Currency& currency);

}  // namespace sluice::contracts::native
