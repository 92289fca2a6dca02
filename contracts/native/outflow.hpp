/// Money that leaves a bank's account at once or not at all: locks and transfers of the currency façades.
/// They stand beside the queue: what cannot leave now is refused and never waits.
#pragma once

#include "contracts/native/account_book.hpp"

namespace sluice::contracts::native {

/// Why `amount` may not leave `payer` for `payee` (0 for money that goes to no participant), if it may not.
/// It counts as a payment of class Normal: it does not overtake queued payments of that or a more urgent
/// class.
std::optional<ReasonCode> find_outflow_obstacle(const Books& books, const Account& payer,
                                                ParticipantIndex payee, core::Minor amount);

/// True if the participant's rule of four eyes asks for a second signature, which these acts do not have.
bool needs_two_signatures(const Books& books, const AccountId& payer, core::Minor amount);

/// True if payments of this amount wait for a screening key of the payer. These acts cannot wait, so they are
/// refused. Reads one slot.
bool needs_screening(const Books& books, const AccountId& payer, core::Minor amount);

/// Counts money that went from one bank to another at once against the limits of both.
void count_outflow(const Books& books, const AccountId& payer, const AccountId& payee, core::Minor amount);

/// Adds money to a participant's account and lets its queue try.
void book_inflow(const Books& books, const AccountId& payee, const AccountName& name, core::Minor amount,
                 const core::Word& reference);

}  // namespace sluice::contracts::native
