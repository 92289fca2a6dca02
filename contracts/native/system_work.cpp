#include "contracts/native/system_work.hpp"

#include <algorithm>

#include "contracts/native/currency_table.hpp"
#include "contracts/native/day_clock.hpp"
#include "contracts/native/day_close.hpp"
#include "contracts/native/day_phases.hpp"
#include "contracts/native/insolvency.hpp"
#include "contracts/native/locks.hpp"
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

/// Tries listed queues from their heads. Accounts taken off the list are those whose queues may settle only
/// together with others.
std::vector<AccountId> retry_queues(const Books& books, std::uint32_t& steps_left) {
    std::vector<AccountId> tried;
    while (steps_left > 0) {
        const auto account = first_to_retry(books.payments);
        if (!account || !retry_queue(books, *account, steps_left)) break;
        drop_first_to_retry(books.payments);
        tried.push_back(*account);
        // A queue that could not move took work as well. It may have used the last step.
        if (steps_left > 0) --steps_left;
    }
    return tried;
}

/// Leaves it to the next block to look at the queues of these accounts' currencies together.
void request_runs(const Books& books, const std::vector<AccountId>& tried) {
    for (const AccountId& account : tried) {
        sweep_when_limits_renew(books, Account(books.accounts, account));
        request_run(books, account.currency, RunRequest::leftover);
    }
}

/// Does what time brought first: a phase of a business day before payments that are due at the same moment,
/// so that a late block does everything in the order in which it should have happened.
bool perform_first_by_time(const Books& books) {
    const auto planned = first_planned(days_of(books));
    if (!planned || *planned > books.block.time_ms) return perform_first_due(books);
    const auto due = first_due(books.payments);
    if (due && *due < *planned) return perform_first_due(books);
    perform_first_planned(books);
    return true;
}

}  // namespace

bool is_work_due(const Books& books) {
    const auto due = next_due_work(books.state);
    return due && *due <= books.block.time_ms;
}

std::shared_ptr<const QueueIndex> run_due_work(const Books& books, std::uint32_t steps_max,
                                               RunObserver* observer) {
    std::uint32_t steps_left = steps_max;
    // Time goes first: a payment whose latest time has passed must not settle in a retry.
    continue_closings(books, steps_left);
    while (steps_left > 0 && perform_first_by_time(books))
        --steps_left;
    while (steps_left > 0 && refund_first_expired(books))
        --steps_left;
    remove_queues(books, steps_left);
    begin_due_sweep(books.payments, books.block.time_ms);
    const bool swept = sweep_position(books.payments).has_value();
    sweep(books, steps_left);
    std::vector<AccountId> tried = retry_queues(books, steps_left);
    const bool is_unfinished = first_to_retry(books.payments) || sweep_position(books.payments);
    // What asks for a sweep changes more than the accounts that it lists.
    if (swept || is_unfinished) request_runs(books, tried);
    std::shared_ptr<const QueueIndex> queues;
    if (!is_unfinished) queues = save_liquidity(books, std::move(tried), steps_left, observer);
    end_final_runs(books);
    continue_closings(books, steps_left);
    return queues;
}

std::optional<core::UnixMs> next_due_work(JournaledState& state) {
    const Storage payments(state, payments_address);
    if (first_to_retry(payments) || sweep_position(payments) || first_requested_run(state) ||
        has_queues_to_remove(payments))
        return 0;
    const Storage days = days_of(state);
    if (is_any_closing(days)) return 0;
    std::optional<core::UnixMs> earliest;
    for (const auto due : {first_due(payments), first_lock_due(Storage(state, accounts_address)),
                           next_sweep_at(payments), first_planned(days)})
        if (due && (!earliest || *due < *earliest)) earliest = due;
    return earliest;
}

}  // namespace sluice::contracts::native
