#include "contracts/native/liquidity_bypass.hpp"

#include <algorithm>

namespace sluice::contracts::native {

namespace {

using core::SignedMinor;

/// A queued payment whose payer allows bypass.
struct Candidate {
    QueuedPayment payment;
    std::size_t payer = 0;  ///< place among the banks
    bool is_taken = false;  ///< settled, or part of the set under search
};

/// A bank's money and rooms as sets are tried.
struct BankState {
    const ResolutionBank* bank = nullptr;
    SignedMinor balance = 0;
    std::vector<BilateralRoom> bilateral;
    std::optional<SignedMinor> multilateral;
    std::vector<std::size_t> candidates;  ///< its own, by arrival

    SignedMinor* room_for(ParticipantIndex other) {
        const auto found = std::lower_bound(
            bilateral.begin(), bilateral.end(), other,
            [](const BilateralRoom& each, ParticipantIndex sought) { return each.payee < sought; });
        if (found != bilateral.end() && found->payee == other) return &found->room;
        return multilateral ? &*multilateral : nullptr;
    }
};

class BypassSearch {
  public:
    BypassSearch(const ResolutionProblem& problem, const Resolution& resolution) : problem_(problem) {
        for (const ResolutionBank& bank : problem.banks)
            banks_.push_back({.bank = &bank,
                              .balance = bank.balance,
                              .bilateral = bank.bilateral,
                              .multilateral = bank.multilateral,
                              .candidates = {}});
        for (std::size_t i = 0; i < banks_.size(); ++i)
            for (std::size_t k = 0; k < resolution.settled[i]; ++k)
                move(i, problem.banks[i].queue[k], 1);
        collect(resolution);
    }

    Bypasses run(std::size_t payments_max) {
        Bypasses result;
        std::size_t payments = 0;
        while (find_single() || find_offset() || find_cycle()) {
            if (payments + set_.size() > payments_max) {
                result.is_out_of_room = true;
                break;
            }
            payments += set_.size();
            BypassSet found;
            for (const std::size_t c : set_)
                found.push_back(candidates_[c].payment.arrival);
            std::sort(found.begin(), found.end());
            result.sets.push_back(std::move(found));
            set_.clear();
        }
        result.is_cut = are_candidates_cut_ || steps_ > bypass_steps_max;
        return result;
    }

  private:
    bool is_closed(ParticipantIndex payee) const {
        return std::binary_search(problem_.closed_payees.begin(), problem_.closed_payees.end(), payee);
    }
    /// The place of a participant among the banks; their number if it has no queue.
    std::size_t place_of(ParticipantIndex participant) const {
        const auto found = std::lower_bound(
            problem_.banks.begin(), problem_.banks.end(), participant,
            [](const ResolutionBank& each, ParticipantIndex sought) { return each.participant < sought; });
        if (found == problem_.banks.end() || found->participant != participant) return banks_.size();
        return static_cast<std::size_t>(found - problem_.banks.begin());
    }

    void collect(const Resolution& resolution) {
        for (std::size_t i = 0; i < banks_.size(); ++i) {
            const ResolutionBank& bank = problem_.banks[i];
            if (!bank.may_pay || !bank.allows_bypass) continue;
            const auto left = bank.queue.subspan(resolution.settled[i]);
            are_candidates_cut_ = are_candidates_cut_ || left.size() > bypass_candidates_max;
            for (const QueuedPayment& each : left.first(std::min(left.size(), bypass_candidates_max)))
                if (!is_closed(each.payee)) candidates_.push_back({.payment = each, .payer = i});
        }
        std::sort(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) {
            return a.payment.arrival < b.payment.arrival;
        });
        if (candidates_.size() > bypass_candidates_max) {
            candidates_.resize(bypass_candidates_max);
            are_candidates_cut_ = true;
        }
        for (std::size_t c = 0; c < candidates_.size(); ++c)
            banks_[candidates_[c].payer].candidates.push_back(c);
    }

    /// Books a payment of bank `i` (1) or takes it back (-1).
    void move(std::size_t i, const QueuedPayment& payment, int sign) {
        if (is_closed(payment.payee)) return;
        const SignedMinor amount = sign * static_cast<SignedMinor>(payment.amount);
        const std::size_t j = place_of(payment.payee);
        banks_[i].balance -= amount;
        if (j < banks_.size()) banks_[j].balance += amount;
        if (payment.priority < Priority::normal) return;
        if (SignedMinor* room = banks_[i].room_for(payment.payee)) *room -= amount;
        if (j == banks_.size()) return;
        if (SignedMinor* room = banks_[j].room_for(problem_.banks[i].participant)) *room += amount;
    }
    void add(std::size_t c) {
        candidates_[c].is_taken = true;
        set_.push_back(c);
        move(candidates_[c].payer, candidates_[c].payment, 1);
    }
    void take_back() {
        const std::size_t c = set_.back();
        set_.pop_back();
        candidates_[c].is_taken = false;
        move(candidates_[c].payer, candidates_[c].payment, -1);
    }
    /// The set leaves each of its payers where each of its payments allows it to be.
    bool is_bearable() {
        return std::all_of(set_.begin(), set_.end(), [&](std::size_t c) {
            const QueuedPayment& payment = candidates_[c].payment;
            BankState& payer = banks_[candidates_[c].payer];
            if (payer.balance < payer.bank->floors[static_cast<std::size_t>(payment.priority)]) return false;
            if (payment.priority < Priority::normal) return true;
            const SignedMinor* room = payer.room_for(payment.payee);
            return room == nullptr || *room >= 0;
        });
    }
    /// Counts a look at a candidate; false once there were too many.
    bool may_look() { return ++steps_ <= bypass_steps_max; }

    bool find_single() {
        for (std::size_t c = 0; c < candidates_.size(); ++c) {
            if (candidates_[c].is_taken) continue;
            if (!may_look()) return false;
            add(c);
            if (is_bearable()) return true;
            take_back();
        }
        return false;
    }

    bool find_offset() {
        for (std::size_t c = 0; c < candidates_.size(); ++c) {
            if (candidates_[c].is_taken || !may_look()) continue;
            add(c);
            if (add_counters(c)) return true;
            while (!set_.empty())
                take_back();
        }
        return false;
    }
    /// Adds what its payee has queued for its payer, one by one, until the set can settle.
    bool add_counters(std::size_t c) {
        const std::size_t payee = place_of(candidates_[c].payment.payee);
        if (payee == banks_.size()) return false;
        const ParticipantIndex payer = problem_.banks[candidates_[c].payer].participant;
        std::size_t counters = 0;
        for (const std::size_t other : banks_[payee].candidates) {
            if (candidates_[other].is_taken) continue;
            if (counters == bypass_counters_max || !may_look()) return false;
            if (candidates_[other].payment.payee != payer) continue;
            ++counters;
            add(other);
            if (is_bearable()) return true;
        }
        return false;
    }

    bool find_cycle() {
        for (std::size_t c = 0; c < candidates_.size(); ++c) {
            if (candidates_[c].is_taken || !may_look()) continue;
            add(c);
            if (close_cycle(candidates_[c].payer)) return true;
            take_back();
        }
        return false;
    }
    /// Continues the path in `set_` back to bank `home`, each bank on it once.
    bool close_cycle(std::size_t home) {
        const std::size_t here = place_of(candidates_[set_.back()].payment.payee);
        if (here == home) return is_bearable();
        if (here == banks_.size() || set_.size() == bypass_cycle_max) return false;
        const bool is_on_path = std::any_of(set_.begin(), set_.end(),
                                            [&](std::size_t c) { return candidates_[c].payer == here; });
        if (is_on_path) return false;
        for (const std::size_t c : banks_[here].candidates) {
            if (candidates_[c].is_taken) continue;
            if (!may_look()) return false;
            add(c);
            if (close_cycle(home)) return true;
            take_back();
        }
        return false;
    }

    const ResolutionProblem& problem_;
    std::vector<BankState> banks_;
    std::vector<Candidate> candidates_;  ///< by arrival
    std::vector<std::size_t> set_;       ///< candidates of the set under search
    std::size_t steps_ = 0;
    bool are_candidates_cut_ = false;
};

}  // namespace

Bypasses find_bypasses(const ResolutionProblem& problem, const Resolution& resolution,
                       std::size_t payments_max) {
    const bool is_allowed = std::any_of(problem.banks.begin(), problem.banks.end(),
                                        [](const ResolutionBank& bank) { return bank.allows_bypass; });
    if (!is_allowed) return {};
    if (payments_max == 0) return {.sets = {}, .is_out_of_room = true, .is_cut = false};
    return BypassSearch(problem, resolution).run(payments_max);
}

}  // namespace sluice::contracts::native
