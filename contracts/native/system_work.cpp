#include "contracts/native/system_work.hpp"

#include "contracts/native/currency_table.hpp"
#include "contracts/native/insolvency.hpp"
#include "contracts/native/participant_directory.hpp"
#include "contracts/native/payment_lifecycle.hpp"
#include "contracts/native/retry_list.hpp"
#include "contracts/native/schedule.hpp"

namespace sluice::contracts::native {

namespace {

std::optional<AccountId> account_after(const Books& books, const AccountId& account) {
    if (account.currency < currency_count(books.governance))
        return AccountId{account.participant, static_cast<CurrencyIndex>(account.currency + 1)};
    if (account.participant < participant_count(books.participants))
        return AccountId{account.participant + 1, 1};
    return std::nullopt;
}

/// Looks at the next accounts of a sweep.
void sweep(const Books& books, std::uint32_t& steps_left) {
    auto position = sweep_position(books.payments);
    if (!position) return;
    for (; position && steps_left > 0; --steps_left) {
        if (Account(books.accounts, *position).has_queue()) add_to_retry(books.payments, *position);
        position = account_after(books, *position);
    }
    move_sweep(books.payments, position);
}

void retry_queues(const Books& books, std::uint32_t& steps_left) {
    while (steps_left > 0) {
        const auto account = first_to_retry(books.payments);
        if (!account || !retry_queue(books, *account, steps_left)) return;
        drop_first_to_retry(books.payments);
        // A queue that could not move took work as well. It may have used the last step.
        if (steps_left > 0) --steps_left;
    }
}

}  // namespace

bool is_work_due(const Books& books) {
    const auto due = next_due_work(books.payments);
    return due && *due <= books.block.time_ms;
}

void run_due_work(const Books& books, std::uint32_t steps_max) {
    std::uint32_t steps_left = steps_max;
    // Time goes first: a payment whose latest time has passed must not settle in a retry.
    while (steps_left > 0 && perform_first_due(books))
        --steps_left;
    remove_queues(books, steps_left);
    sweep(books, steps_left);
    retry_queues(books, steps_left);
}

std::optional<core::UnixMs> next_due_work(const Storage& payments) {
    if (first_to_retry(payments) || sweep_position(payments) || has_queues_to_remove(payments)) return 0;
    return first_due(payments);
}

}  // namespace sluice::contracts::native
