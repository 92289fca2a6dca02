/// Business days of currencies that close: where each day stands, and what was written when days closed.
/// Storage of 0x…5e05. A currency that settles around the clock has no row here.
#pragma once

#include "contracts/native/books.hpp"
#include "core/day_schedule.hpp"

namespace sluice::contracts::native {

/// When PreOpen, Open, CutoffCustomer, CutoffBank and Closing of one value day begin, Unix ms.
using PhaseTimes = std::array<core::UnixMs, core::planned_phases>;
/// Where a phase stands in PhaseTimes. Precondition: it is not Closed.
constexpr std::size_t planned_index(Phase phase) {
    return static_cast<std::size_t>(phase) - 1;
}
/// The phase that follows within a day; Closed follows Closing, and PreOpen of the next day Closed.
constexpr Phase phase_after(Phase phase) {
    return phase == Phase::closing ? Phase::closed : static_cast<Phase>(static_cast<std::uint8_t>(phase) + 1);
}

/// The day of one currency. Value days count from 1970-01-01.
struct BusinessDay {
    Phase phase{};
    std::int64_t value_day = 0;  ///< of now: it changes with PreOpen
    std::optional<std::int64_t>
        plan_day;  ///< whose times `times` are: the next one when Closed, if there is one
    PhaseTimes times{};
    core::UnixMs planned_ms = 0;  ///< when the clock calls next; 0: it does not
    bool operator==(const BusinessDay&) const = default;

    bool has_plan_for(std::int64_t day) const { return plan_day && *plan_day == day; }
    core::UnixMs time_of(Phase of) const { return times[planned_index(of)]; }
    /// When the next phase begins by plan; 0 while Closing, and when Closed without a next day.
    core::UnixMs next_phase_ms() const {
        return phase == Phase::closing || !plan_day ? 0 : time_of(phase_after(phase));
    }
};

Storage days_of(const Books& books);
Storage days_of(JournaledState& state);
/// Nothing for a currency that settles around the clock.
std::optional<BusinessDay> read_day(const Storage& days, CurrencyIndex currency);
/// Does not touch the clock: `set_planned` does.
void write_day(const Storage& days, CurrencyIndex currency, const BusinessDay& day);
/// True if the currency has a business day.
bool has_business_day(const Storage& days, CurrencyIndex currency);

/// How far the work of closing is.
enum class ClosingStage : std::uint8_t { none, final_run, expiry, balances };
template <>
inline constexpr ClosingStage last_enumerator<ClosingStage> = ClosingStage::balances;
struct ClosingWork {
    ClosingStage stage{};
    std::uint64_t since_height = 0;
    ParticipantIndex next_participant = 0;
    std::uint32_t expired = 0;   ///< payments so far
    std::uint32_t accounts = 0;  ///< closing balances so far
    static constexpr auto storage_members() {
        using W = ClosingWork;
        return std::make_tuple(&W::stage, &W::since_height, &W::next_participant, &W::expired, &W::accounts);
    }
};
ClosingWork read_closing(const Storage& days, CurrencyIndex currency);
void write_closing(const Storage& days, CurrencyIndex currency, const ClosingWork& work);

/// What an account held when its currency closed last.
struct ClosingBalance {
    core::DateYmd value_date = 0;  ///< 0: no close yet
    std::uint64_t entries = 0;     ///< number of its last entry
    core::SignedMinor balance = 0;
    bool operator==(const ClosingBalance&) const = default;
    static constexpr auto storage_members() {
        using B = ClosingBalance;
        return std::make_tuple(&B::value_date, &B::entries, &B::balance);
    }
};
ClosingBalance read_closing_balance(const Storage& days, const AccountId& account);
void write_closing_balance(const Storage& days, const AccountId& account, const ClosingBalance& balance);

/// What is kept of a day that closed.
struct ClosedDay {
    core::Height height = 0;  ///< of the block that closed it; 0: it has not closed
    core::UnixMs time_ms = 0;
    std::uint32_t expired = 0;
    std::uint32_t accounts = 0;
    bool operator==(const ClosedDay&) const = default;
    static constexpr auto storage_members() {
        using C = ClosedDay;
        return std::make_tuple(&C::height, &C::time_ms, &C::expired, &C::accounts);
    }
    static constexpr auto abi_members() { return storage_members(); }
};
ClosedDay read_closed_day(const Storage& days, CurrencyIndex currency, core::DateYmd date);
void write_closed_day(const Storage& days, CurrencyIndex currency, core::DateYmd date, const ClosedDay& day);

}  // namespace sluice::contracts::native
