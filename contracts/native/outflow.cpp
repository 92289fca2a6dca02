#include "contracts/native/outflow.hpp"

#include "contracts/native/participant_directory.hpp"
#include "contracts/native/retry_list.hpp"
#include "contracts/native/screening.hpp"
#include "contracts/native/spending_rules.hpp"

namespace sluice::contracts::native {

std::optional<ReasonCode> find_outflow_obstacle(const Books& books, const Account& payer,
                                                ParticipantIndex payee, core::Minor amount) {
    if (payer.is_blocked_for(Priority::normal)) return reason::insufficient_funds;
    return find_spending_obstacle(books, payer,
                                  {.payee = payee, .priority = Priority::normal, .amount = amount});
}

void count_outflow(const Books& books, const AccountId& payer, const AccountId& payee, core::Minor amount) {
    count_against_limits(books, Account(books.accounts, payer), Account(books.accounts, payee),
                         {Priority::normal, amount});
}

bool needs_two_signatures(const Books& books, const AccountId& payer, core::Minor amount) {
    const core::Minor threshold = approval_threshold(books.participants, payer);
    return threshold != 0 && amount >= threshold;
}

bool needs_screening(const Books& books, const AccountId& payer, core::Minor amount) {
    return screening_thresholds(books.participants, payer).cover(amount);
}

void book_inflow(const Books& books, const AccountId& payee, const AccountName& name, core::Minor amount,
                 const core::Word& reference) {
    Account account(books.accounts, payee);
    book_entry(books, account, name, static_cast<core::SignedMinor>(amount), reference);
    account.store();
    if (account.has_queue()) add_to_retry(books.payments, payee);
}

}  // namespace sluice::contracts::native
