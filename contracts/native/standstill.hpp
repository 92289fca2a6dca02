/// Why nothing of a currency's queues can settle in order, in a form that tells after a change whether it
/// still is so. Never decides what settles: it only spares a resolution that would find nothing.
///
/// A resolution drops payments one by one, each because its payer would end below its floor by some margin.
/// The same drops, in the same order, stay forced as long as no bank's money, and what was queued for it or
/// taken out of its own queue, have together grown by as much as the least of its margins. Whatever else is
/// in its queue at its last drop is dropped with it.
#pragma once

#include <optional>
#include <vector>

#include "contracts/native/liquidity_resolution.hpp"

namespace sluice::contracts::native {

/// One bank that has a queue.
struct StandstillBank {
    ParticipantIndex participant = 0;
    core::SignedMinor room = 0;    ///< balance less its lowest floor, when the standstill was found
    core::SignedMinor margin = 0;  ///< least of its drops; 0 or less: a touch may end the standstill
    core::SignedMinor growth = 0;  ///< of the room, since then
    core::SignedMinor moved = 0;   ///< sum of what came to be queued for it or left its own queue since then
};

/// A value; copies are changed.
class Standstill {
  public:
    /// `banks` by participant.
    explicit Standstill(std::vector<StandstillBank> banks, std::size_t payments)
        : banks_(std::move(banks)), payments_(payments) {}

    /// Still so after everything noted.
    bool holds() const { return holds_; }
    /// Payments in the queues that it speaks of.
    std::size_t payments() const { return payments_; }

    void note_came(ParticipantIndex payer, const QueuedPayment& payment);
    void note_gone(ParticipantIndex payer, std::size_t payments, core::Minor sum);
    /// Money or terms of a bank with a queue have changed; `room` as in StandstillBank.
    void note_touched(ParticipantIndex bank, core::SignedMinor room);

  private:
    StandstillBank* find(ParticipantIndex participant);
    void judge(const StandstillBank& bank);

    std::vector<StandstillBank> banks_;
    std::size_t payments_;
    bool holds_ = true;
};

}  // namespace sluice::contracts::native
