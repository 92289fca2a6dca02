/// Multilateral, sequence-preserving settlement: of each bank's queue the longest beginning such that all
/// beginnings together leave every bank at or above its floor and within its limits (Bech and Soramäki,
/// "Gridlock Resolution in Interbank Payment Systems", BoF DP 9/2001; EAF2).
///
/// Everything settles tentatively; a bank that does not bear it drops its last payment, again and again. A
/// drop is forced: whatever any smaller choice settles, the bank's inflow is not larger there, so it cannot
/// keep that payment. Hence there is one largest result, and no order of looking at banks changes it.
#pragma once

#include <span>
#include <vector>

#include "contracts/native/settlement_types.hpp"

namespace sluice::contracts::native {

/// A queued payment, as far as money goes.
struct QueuedPayment {
    std::uint64_t arrival = 0;
    std::uint64_t amount = 0;
    ParticipantIndex payee = 0;
    Priority priority{};
    bool operator==(const QueuedPayment&) const = default;
};

/// How much more of a bank's Normal and Low payments, net of what comes back, may flow to one payee.
struct BilateralRoom {
    ParticipantIndex payee = 0;
    core::SignedMinor room = 0;
    bool operator==(const BilateralRoom&) const = default;
};

/// A bank with its queue. Rooms are limit less net outflow of the day so far; below 0 nothing more may flow.
struct ResolutionBank {
    ParticipantIndex participant = 0;
    core::SignedMinor balance = 0;
    /// The balance may not end below the floor of the class of the last payment that settles.
    std::array<core::SignedMinor, priority_count> floors{};
    bool may_pay = true;         ///< false: its whole queue stays
    bool allows_bypass = false;  ///< what is behind in its queue may settle before what is in front
    std::vector<BilateralRoom> bilateral{};           ///< by payee, each once
    std::optional<core::SignedMinor> multilateral{};  ///< room to all payees without a bilateral limit
    std::span<const QueuedPayment> queue{};           ///< in order of settlement
};

struct ResolutionProblem {
    std::vector<ResolutionBank> banks;  ///< by participant, each once
    std::vector<ParticipantIndex>
        closed_payees;  ///< sorted; what goes to them moves no money and stops nobody
};

struct Resolution {
    /// Per bank: how many leave its queue from the head.
    std::vector<std::size_t> settled;
    std::size_t payments = 0;  ///< their number, those to closed payees included
    /// Per bank: by how much it would at least have been below its lowest floor with each payment it dropped.
    /// 0 or less where something else than money made it drop, or where it may not pay at all.
    std::vector<core::SignedMinor> margins{};
    core::Minor gross = 0;      ///< sum of the amounts that move
    core::Minor net_moved = 0;  ///< what leaves the balances of net payers
};

/// The largest result. Sums are exact for up to 2^60 payments of 64 bits each.
Resolution resolve(const ResolutionProblem& problem);

/// Bounds of what is settled at once.
struct ResolutionBounds {
    std::size_t payments_max = 0;
    std::size_t cycle_max = 0;  ///< of a set of which no older part can settle alone
};
struct BoundedResolution {
    Resolution resolution;
    bool is_whole = true;  ///< nothing that can settle was left out
    /// The oldest set that can settle has this many payments, more than `cycle_max`; 0 if it is not so.
    std::size_t oversized = 0;
};

/// The largest result that queues cut off after some arrival give, with at most `payments_max` payments; if
/// even the first that is not empty is larger, that one, up to `cycle_max`.
BoundedResolution resolve_within(const ResolutionProblem& problem, const ResolutionBounds& bounds);

}  // namespace sluice::contracts::native
