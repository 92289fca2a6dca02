#include "contracts/native/liquidity_run.hpp"

#include <algorithm>
#include <map>

#include "contracts/native/day_gate.hpp"
#include "contracts/native/liquidity_bypass.hpp"
#include "contracts/native/payment_lifecycle.hpp"
#include "contracts/native/retry_list.hpp"
#include "contracts/native/settlement_events.hpp"
#include "contracts/native/spending_rules.hpp"

namespace sluice::contracts::native {

namespace {

/// True if the head of the account's queue would be covered if everything queued for the account came. Where
/// it is not so, the account settles nothing in any set, so nothing new begins with it.
bool may_be_in_a_set(const Books& books, const Account& account) {
    if (account.has(AccountRule::frozen)) return false;
    const auto head = queue_head(books.payments, account);
    if (!head) return false;
    const PaymentRecord record =
        read_record(books.payments, row_of(payment_at_arrival(books.payments, head->arrival)));
    const core::SignedMinor incoming =
        static_cast<core::SignedMinor>(queued_sums(books.accounts, account.id()).incoming);
    return account.money().balance + incoming - static_cast<core::SignedMinor>(record.amount) >=
           floor_of(books, account, head->priority, true);
}

/// What is behind the account's head may settle out of order.
bool allows_bypass(const Books&, const Account& account) {
    return account.has_queue() && account.has(AccountRule::bypass);
}

/// Balance less the lowest floor that a payment in a run may have.
core::SignedMinor room_of(const Books& books, const AccountId& id) {
    const Account account(books.accounts, id);
    return account.money().balance - floor_of(books, account, Priority::urgent, true);
}

/// One run, from its inputs to its record.
class Run {
  public:
    Run(const Books& books, RunInputs inputs) : books_(books), inputs_(std::move(inputs)) {
        run_.height = inputs_.height();
        run_.currency = inputs_.currency();
        run_.queued = static_cast<std::uint32_t>(inputs_.payments());
    }

    /// Returns why what is left stands still; null where that is not known.
    std::shared_ptr<const Standstill> perform(std::uint32_t& steps_left) {
        const BoundedResolution bounded = resolve_within(inputs_.problem(), inputs_.bounds());
        book_all(bounded.resolution);
        run_.oversized = bounded.oversized != 0;
        take_steps(steps_left, bounded.resolution.payments);
        bool is_searched = false;
        if (!bounded.is_whole && bounded.oversized == 0)
            request_run(books_, run_.currency, RunRequest::leftover);
        else
            is_searched = book_bypasses(bounded.resolution, steps_left);
        if (run_.settled > 0)
            conclude();
        else if (bounded.resolution.payments > 0)
            request_run(books_, run_.currency, RunRequest::leftover);  // it only held payments: look again
        else if (is_due_a_notice())
            report_deadlock();
        const bool is_fixed_point = bounded.is_whole && is_searched && run_.bypassed == 0;
        return is_fixed_point ? standstill_after(bounded.resolution) : nullptr;
    }

  private:
    /// The drops that led to the result are as forced once it is booked: the same money lies on the accounts.
    std::shared_ptr<const Standstill> standstill_after(const Resolution& resolution) const {
        std::vector<StandstillBank> banks;
        for (std::size_t i = 0; i < resolution.settled.size(); ++i) {
            const ResolutionBank& bank = inputs_.problem().banks[i];
            if (resolution.settled[i] == bank.queue.size()) continue;
            banks.push_back({.participant = bank.participant,
                             .room = room_of(books_, {bank.participant, run_.currency}),
                             .margin = resolution.margins[i]});
        }
        return std::make_shared<const Standstill>(std::move(banks), run_.queued - resolution.payments);
    }

    /// Settles the beginnings of the queues that were found, in the order in which the payments arrived.
    void book_all(const Resolution& resolution) {
        std::vector<std::uint64_t> arrivals;
        arrivals.reserve(resolution.payments);
        for (std::size_t i = 0; i < resolution.settled.size(); ++i)
            for (const QueuedPayment& each : inputs_.problem().banks[i].queue.first(resolution.settled[i]))
                arrivals.push_back(each.arrival);
        std::sort(arrivals.begin(), arrivals.end());
        for (const std::uint64_t arrival : arrivals)
            book(settle_in_set(books_, arrival));
        for (std::size_t i = 0; i < resolution.settled.size(); ++i)
            if (resolution.settled[i] > 0)
                try_what_is_left(inputs_.problem().banks[i], resolution.settled[i]);
    }

    /// What settles out of order changes what the order lets settle, so a run follows; so it does where there
    /// was no room. False if there may be more to find.
    bool book_bypasses(const Resolution& resolution, std::uint32_t& steps_left) {
        const Bypasses found = find_bypasses(inputs_.problem(), resolution, steps_left);
        for (const BypassSet& set : found.sets) {
            for (const std::uint64_t arrival : set)
                book(settle_in_set(books_, arrival));
            run_.bypassed += static_cast<std::uint32_t>(set.size());
        }
        take_steps(steps_left, run_.bypassed);
        if (run_.bypassed > 0 || found.is_out_of_room)
            request_run(books_, run_.currency, RunRequest::leftover);
        return !found.is_out_of_room && !found.is_cut;
    }

    /// Something is queued that stands still, which nobody was told yet, and no run follows by itself.
    bool is_due_a_notice() const {
        return queued_count(books_.payments, run_.currency) > 0 &&
               requested_run(books_, run_.currency) == RunRequest::none &&
               !is_deadlocked(books_.payments, run_.currency);
    }

    static void take_steps(std::uint32_t& steps_left, std::size_t steps) {
        steps_left -= static_cast<std::uint32_t>(std::min<std::size_t>(steps_left, steps));
    }

    void book(const PaymentRecord& record) {
        if (record.status != Status::settled) return;
        ++run_.settled;
        run_.gross += record.amount;
        net_[record.payer] -= static_cast<core::SignedMinor>(record.amount);
        net_[record.payee] += static_cast<core::SignedMinor>(record.amount);
    }

    /// What a run leaves cannot move, except out of money that the run may not use.
    void try_what_is_left(const ResolutionBank& bank, std::size_t settled) {
        const AccountId id{bank.participant, run_.currency};
        if (settled < bank.queue.size() && Account(books_.accounts, id).has(AccountRule::lsm_sub_limit))
            add_to_retry(books_.payments, id);
    }

    void conclude() {
        for (const auto& [participant, net] : net_)
            if (net < 0) run_.net_moved += static_cast<core::Minor>(-net);
        if (queued_count(books_.payments, run_.currency) > 0)
            set_deadlocked(books_.payments, run_.currency, false);
        run_.inputs_hash = inputs_.hash();
        const std::uint64_t id = add_run(books_, run_);
        books_.emit(liquidity_saving_address, lsm_run_topic, {word_of(id), word_of(inputs_.code())},
                    abi::encode(run_.queued, run_.settled, run_.gross, run_.net_moved, run_.liquidity_saved(),
                                run_.inputs_hash));
    }

    void report_deadlock() {
        set_deadlocked(books_.payments, run_.currency, true);
        run_.inputs_hash = inputs_.hash();
        const std::uint64_t id = add_run(books_, run_);
        books_.emit(liquidity_saving_address, deadlock_topic, {word_of(id), word_of(inputs_.code())},
                    abi::encode(run_.queued));
    }

    const Books& books_;
    RunInputs inputs_;
    LsmRun run_;
    std::map<ParticipantIndex, core::SignedMinor> net_;
};

/// Decides whether a currency needs its run at all, and performs it.
class Saving {
  public:
    Saving(const Books& books, RunObserver* observer) : books_(books), observer_(observer) {
        // Without an index at hand it is read only for a run.
        if (books.block.queues != nullptr) index_ = QueueIndex::after(books.block.queues, books.state);
    }

    void run(CurrencyIndex currency, std::span<const AccountId> touched, std::uint32_t& steps_left) {
        ask_again_with_new_limits(touched);
        const RunRequest request = requested_run(books_, currency);
        const std::uint64_t queued = queued_count(books_.payments, currency);
        const bool is_on = request == RunRequest::by_operator || is_lsm_enabled(books_, currency);
        if (!is_on || queued == 0 || !is_settlement_open(books_, currency)) {
            clear_run_request(books_, currency);
            learn(currency, nullptr);
            return;
        }
        const bool is_asked = request != RunRequest::none || !is_deadlocked(books_.payments, currency) ||
                              is_any(touched, allows_bypass);
        // What a node remembers spares it work; whatever it writes follows from the state alone.
        const bool stands_still = still_stands(currency, touched);
        if (!is_asked && !is_any(touched, may_be_in_a_set)) return;
        if (steps_left == 0) {
            request_run(books_, currency, RunRequest::leftover);
            return;
        }
        clear_run_request(books_, currency);
        if (is_asked || !stands_still) perform(currency, steps_left);
    }

    std::shared_ptr<const QueueIndex> take_index() { return std::move(index_); }

  private:
    void learn(CurrencyIndex currency, std::shared_ptr<const Standstill> standstill) {
        if (index_ == nullptr || index_->of(currency).standstill == standstill) return;
        index_ = index_->with_standstill(currency, std::move(standstill));
    }

    /// True if what was known of a standstill still says that nothing settles in order.
    bool still_stands(CurrencyIndex currency, std::span<const AccountId> touched) {
        if (index_ == nullptr || index_->of(currency).standstill == nullptr) return false;
        Standstill standstill = *index_->of(currency).standstill;
        for (const AccountId& id : touched)
            if (Account(books_.accounts, id).has_queue())
                standstill.note_touched(id.participant, room_of(books_, id));
        const bool holds = standstill.holds();
        learn(currency, holds ? std::make_shared<const Standstill>(std::move(standstill)) : nullptr);
        return holds;
    }

    bool is_any(std::span<const AccountId> touched, bool (*test)(const Books&, const Account&)) const {
        return std::any_of(touched.begin(), touched.end(),
                           [&](const AccountId& id) { return test(books_, Account(books_.accounts, id)); });
    }

    /// A limit that stands in the way now starts anew with the next value date.
    void ask_again_with_new_limits(std::span<const AccountId> touched) const {
        for (const AccountId& id : touched)
            sweep_when_limits_renew(books_, Account(books_.accounts, id));
    }

    void perform(CurrencyIndex currency, std::uint32_t& steps_left) {
        if (index_ == nullptr) index_ = QueueIndex::after(books_.block.queues, books_.state);
        RunInputs inputs(books_, currency, index_->of(currency),
                         {.payments_max = steps_left, .cycle_max = lsm_settled_max});
        if (observer_ != nullptr) observer_->on_run(inputs);
        learn(currency, Run(books_, std::move(inputs)).perform(steps_left));
    }

    const Books& books_;
    RunObserver* observer_;
    std::shared_ptr<const QueueIndex> index_;  ///< of the state before the runs of this block
};

}  // namespace

void sweep_when_limits_renew(const Books& books, const Account& account) {
    if (account.has_queue() && has_limits(account.terms()))
        request_sweep_at(books.payments, next_value_date_at(books, account.id().currency));
}

std::shared_ptr<const QueueIndex> save_liquidity(const Books& books, std::vector<AccountId> touched,
                                                 std::uint32_t& steps_left, RunObserver* observer) {
    // Currencies are looked at by number; within one the order does not matter.
    std::stable_sort(touched.begin(), touched.end(),
                     [](const AccountId& a, const AccountId& b) { return a.currency < b.currency; });
    std::vector<CurrencyIndex> requested;
    for (auto next = first_requested_run(books.state, 0); next;
         next = first_requested_run(books.state, *next))
        requested.push_back(*next);

    Saving saving(books, observer);
    std::span<const AccountId> left = touched;
    auto request = requested.begin();
    while (!left.empty() || request != requested.end()) {
        const CurrencyIndex currency = left.empty() ? *request
                                       : request == requested.end()
                                           ? left.front().currency
                                           : std::min(*request, left.front().currency);
        std::size_t count = 0;
        while (count < left.size() && left[count].currency == currency)
            ++count;
        saving.run(currency, left.first(count), steps_left);
        left = left.subspan(count);
        if (request != requested.end() && *request == currency) ++request;
    }
    return saving.take_index();
}

}  // namespace sluice::contracts::native
