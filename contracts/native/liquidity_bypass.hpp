/// Settlement out of order, among banks that allow it: what the sequence-preserving resolution leaves may
/// hold single payments that are covered, pairs that offset each other, and short cycles.
///
/// Without the order the best choice is NP-hard (Güntzer, Jungnickel, Leclerc, EJOR 106, 1998), so this is a
/// search with bounds: oldest payments first, the simplest kind of set first, and again from the beginning
/// after each set found.
#pragma once

#include "contracts/native/liquidity_resolution.hpp"

namespace sluice::contracts::native {

/// How far the search goes. What lies beyond is not found in this run.
inline constexpr std::size_t bypass_candidates_max = 1'000;  ///< oldest payments looked at
inline constexpr std::size_t bypass_counters_max = 10;       ///< counter-payments of an offset (RITS)
inline constexpr std::size_t bypass_cycle_max = 5;           ///< payments of a cycle
inline constexpr std::size_t bypass_steps_max = 50'000;      ///< payments looked at in all

/// Payments, by arrival number, that settle together.
using BypassSet = std::vector<std::uint64_t>;

/// What a search found.
struct Bypasses {
    std::vector<BypassSet> sets;
    bool is_out_of_room = false;  ///< there may be more, which `payments_max` had no room for
    bool is_cut = false;          ///< a bound of the search ended it: there may be more
};

/// Sets that can settle one after the other once `resolution` of `problem` is booked, with at most
/// `payments_max` payments in all. Each leaves every bank at or above its floor and within its limits.
Bypasses find_bypasses(const ResolutionProblem& problem, const Resolution& resolution,
                       std::size_t payments_max);

}  // namespace sluice::contracts::native
