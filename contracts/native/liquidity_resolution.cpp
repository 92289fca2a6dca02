#include "contracts/native/liquidity_resolution.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace sluice::contracts::native {

namespace {

using core::SignedMinor;

constexpr std::size_t no_bank = ~std::size_t{0};
constexpr std::size_t closed_payee = no_bank - 1;

bool is_limited(const QueuedPayment& payment) {
    return payment.priority >= Priority::normal;
}

/// Net outflow of limited payments under one limit. A limit says nothing while none of them is active.
struct LimitUse {
    SignedMinor room = 0;
    SignedMinor net = 0;
    std::size_t payments = 0;
    bool is_broken() const { return payments > 0 && net > room; }
};

/// One bank while payments are being dropped.
struct Position {
    const ResolutionBank* bank = nullptr;
    std::size_t active = 0;           ///< payments from the head
    SignedMinor after = 0;            ///< balance if exactly the active payments of all banks settle
    std::vector<LimitUse> bilateral;  ///< parallel to `bank->bilateral`
    LimitUse multilateral;
    std::size_t broken_limits = 0;
    SignedMinor margin = static_cast<SignedMinor>(~core::Minor{0} >> 1);  ///< least of its drops so far
    bool is_listed = false;

    const QueuedPayment& last() const { return bank->queue[active - 1]; }
    bool has_limits() const { return !bilateral.empty() || bank->multilateral.has_value(); }
    bool is_unbearable() const {
        if (active == 0) return false;
        return broken_limits > 0 || after < bank->floors[static_cast<std::size_t>(last().priority)];
    }
    /// The limit that payments to and from `other` count against, or null.
    LimitUse* limit_for(ParticipantIndex other) {
        const auto found = std::lower_bound(
            bank->bilateral.begin(), bank->bilateral.end(), other,
            [](const BilateralRoom& each, ParticipantIndex sought) { return each.payee < sought; });
        if (found != bank->bilateral.end() && found->payee == other)
            return &bilateral[static_cast<std::size_t>(found - bank->bilateral.begin())];
        return bank->multilateral ? &multilateral : nullptr;
    }
    /// Changes net and count of the limit toward `other`.
    void count(ParticipantIndex other, SignedMinor net, int payments) {
        LimitUse* const use = limit_for(other);
        if (use == nullptr) return;
        broken_limits -= use->is_broken() ? 1 : 0;
        use->net += net;
        use->payments = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(use->payments) + payments);
        broken_limits += use->is_broken() ? 1 : 0;
    }
};

/// Payees by participant, so that a payment finds its payee's position at once.
class PositionIndex {
  public:
    explicit PositionIndex(const ResolutionProblem& problem) {
        if (problem.banks.empty()) return;
        positions_.assign(std::size_t{problem.banks.back().participant} + 1, no_bank);
        for (std::size_t i = 0; i < problem.banks.size(); ++i)
            positions_[problem.banks[i].participant] = i;
        if (problem.closed_payees.empty()) return;
        if (problem.closed_payees.back() >= positions_.size())
            positions_.resize(std::size_t{problem.closed_payees.back()} + 1, no_bank);
        for (const ParticipantIndex payee : problem.closed_payees)
            positions_[payee] = closed_payee;
    }
    /// `no_bank` for a participant without a queue, `closed_payee` for one that may not be paid.
    std::size_t of(ParticipantIndex participant) const {
        return participant < positions_.size() ? positions_[participant] : no_bank;
    }

  private:
    std::vector<std::size_t> positions_;
};

class Resolver {
  public:
    explicit Resolver(const ResolutionProblem& problem) : problem_(problem), index_(problem) {}

    /// The largest choice of at most `lengths` payments of each bank.
    Resolution run(const std::vector<std::size_t>& lengths) {
        start(lengths);
        while (!work_.empty()) {
            const std::size_t i = work_.back();
            work_.pop_back();
            positions_[i].is_listed = false;
            while (positions_[i].is_unbearable())
                drop_last(i);
        }
        return result();
    }

  private:
    void start(const std::vector<std::size_t>& lengths) {
        positions_.assign(problem_.banks.size(), {});
        for (std::size_t i = 0; i < positions_.size(); ++i) {
            Position& position = positions_[i];
            position.bank = &problem_.banks[i];
            position.active = lengths[i];
            position.after += position.bank->balance;
            for (const BilateralRoom& each : position.bank->bilateral)
                position.bilateral.push_back({.room = each.room});
            position.multilateral.room = position.bank->multilateral.value_or(0);
        }
        for (std::size_t i = 0; i < positions_.size(); ++i)
            for (std::size_t k = 0; k < positions_[i].active; ++k)
                move(i, positions_[i].bank->queue[k], 1);
        for (std::size_t i = 0; i < positions_.size(); ++i)
            list(i);
    }

    /// Books a payment of bank `i` tentatively (1) or takes it back (-1).
    void move(std::size_t i, const QueuedPayment& payment, int sign) {
        const std::size_t j = index_.of(payment.payee);
        if (j == closed_payee) return;
        Position& payer = positions_[i];
        const SignedMinor amount = sign * static_cast<SignedMinor>(payment.amount);
        payer.after -= amount;
        if (is_limited(payment) && payer.has_limits()) payer.count(payment.payee, amount, sign);
        if (j == no_bank) return;
        Position& payee = positions_[j];
        payee.after += amount;
        if (is_limited(payment) && payee.has_limits()) payee.count(payer.bank->participant, -amount, 0);
        if (sign < 0) list(j);
    }

    void drop_last(std::size_t i) {
        Position& position = positions_[i];
        const QueuedPayment& payment = position.last();
        position.margin = std::min(position.margin, position.bank->floors[0] - position.after);
        --position.active;
        move(i, payment, -1);
    }

    void list(std::size_t i) {
        if (positions_[i].is_listed || !positions_[i].is_unbearable()) return;
        positions_[i].is_listed = true;
        work_.push_back(i);
    }

    Resolution result() const {
        Resolution resolution;
        resolution.settled.reserve(positions_.size());
        SignedMinor kept_by_banks = 0;
        for (const Position& position : positions_) {
            resolution.settled.push_back(position.active);
            resolution.margins.push_back(position.bank->may_pay ? position.margin : 0);
            resolution.payments += position.active;
            for (std::size_t k = 0; k < position.active; ++k) {
                const QueuedPayment& payment = position.bank->queue[k];
                if (index_.of(payment.payee) != closed_payee) resolution.gross += payment.amount;
            }
            const SignedMinor change = position.after - position.bank->balance;
            if (change < 0) kept_by_banks -= change;
        }
        // Who has no queue pays nothing, so the net payers are all among the banks.
        resolution.net_moved = static_cast<core::Minor>(kept_by_banks);
        return resolution;
    }

    const ResolutionProblem& problem_;
    PositionIndex index_;
    std::vector<Position> positions_;
    std::vector<std::size_t> work_;
};

/// Per bank: how much of its queue may be looked at at all.
std::vector<std::size_t> open_lengths(const ResolutionProblem& problem) {
    std::vector<std::size_t> lengths;
    lengths.reserve(problem.banks.size());
    for (const ResolutionBank& bank : problem.banks) {
        lengths.push_back(bank.may_pay ? bank.queue.size() : 0);
    }
    return lengths;
}

/// What remains of `lengths` when nothing that arrived after `bound` may settle.
std::vector<std::size_t> lengths_until(const ResolutionProblem& problem, std::vector<std::size_t> lengths,
                                       std::uint64_t bound) {
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        const auto begin = problem.banks[i].queue.begin();
        const auto end = begin + static_cast<std::ptrdiff_t>(lengths[i]);
        lengths[i] = static_cast<std::size_t>(
            std::find_if(begin, end, [&](const QueuedPayment& each) { return each.arrival > bound; }) -
            begin);
    }
    return lengths;
}

struct ArrivalRange {
    std::uint64_t first = ~std::uint64_t{0};
    std::uint64_t last = 0;
};

ArrivalRange arrivals_of(const ResolutionProblem& problem, const std::vector<std::size_t>& lengths) {
    ArrivalRange range;
    for (std::size_t i = 0; i < lengths.size(); ++i)
        for (std::size_t k = 0; k < lengths[i]; ++k) {
            range.first = std::min(range.first, problem.banks[i].queue[k].arrival);
            range.last = std::max(range.last, problem.banks[i].queue[k].arrival);
        }
    return range;
}

}  // namespace

Resolution resolve(const ResolutionProblem& problem) {
    return Resolver(problem).run(open_lengths(problem));
}

BoundedResolution resolve_within(const ResolutionProblem& problem, const ResolutionBounds& bounds) {
    Resolver resolver(problem);
    Resolution all = resolver.run(open_lengths(problem));
    if (all.payments <= bounds.payments_max) return {.resolution = std::move(all)};

    // The result grows with the bound, so the best one is found by halving. `fitting` stays the result at
    // `low`, `larger` the one at `high`; neither bound can settle more than `all`.
    Resolution fitting{.settled = std::vector<std::size_t>(problem.banks.size(), 0)};
    Resolution larger = all;
    const ArrivalRange range = arrivals_of(problem, all.settled);
    std::uint64_t low = range.first - 1;
    std::uint64_t high = range.last;
    while (high - low > 1) {
        const std::uint64_t middle = low + (high - low) / 2;
        Resolution tried = resolver.run(lengths_until(problem, larger.settled, middle));
        if (tried.payments <= bounds.payments_max) {
            fitting = std::move(tried);
            low = middle;
        } else {
            larger = std::move(tried);
            high = middle;
        }
    }
    if (fitting.payments > 0) return {.resolution = std::move(fitting), .is_whole = false};
    if (larger.payments > bounds.cycle_max)
        return {.resolution = std::move(fitting), .is_whole = false, .oversized = larger.payments};
    const bool is_whole = larger.payments == all.payments;
    return {.resolution = std::move(larger), .is_whole = is_whole};
}

}  // namespace sluice::contracts::native
