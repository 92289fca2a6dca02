#include "contracts/native/standstill.hpp"

#include <algorithm>

namespace sluice::contracts::native {

StandstillBank* Standstill::find(ParticipantIndex participant) {
    const auto found = std::lower_bound(
        banks_.begin(), banks_.end(), participant,
        [](const StandstillBank& each, ParticipantIndex sought) { return each.participant < sought; });
    return found != banks_.end() && found->participant == participant ? &*found : nullptr;
}

void Standstill::judge(const StandstillBank& bank) {
    if (bank.growth + bank.moved >= bank.margin) holds_ = false;
}

void Standstill::note_came(ParticipantIndex payer, const QueuedPayment& payment) {
    ++payments_;
    // A bank that had no queue was never made to drop anything.
    if (find(payer) == nullptr) holds_ = false;
    if (StandstillBank* payee = find(payment.payee)) {
        payee->moved += static_cast<core::SignedMinor>(payment.amount);
        judge(*payee);
    }
}

void Standstill::note_gone(ParticipantIndex payer, std::size_t payments, core::Minor sum) {
    payments_ -= payments;
    StandstillBank* bank = find(payer);
    if (bank == nullptr) {
        holds_ = false;
        return;
    }
    bank->moved += static_cast<core::SignedMinor>(sum);
    judge(*bank);
}

void Standstill::note_touched(ParticipantIndex participant, core::SignedMinor room) {
    StandstillBank* bank = find(participant);
    if (bank == nullptr) {
        holds_ = false;
        return;
    }
    bank->growth = std::max<core::SignedMinor>(bank->growth, room - bank->room);
    judge(*bank);
}

}  // namespace sluice::contracts::native
