#include "contracts/native/queue_index.hpp"

#include <algorithm>

#include "contracts/native/currency_table.hpp"
#include "contracts/native/participant_directory.hpp"

namespace sluice::contracts::native {

namespace {

/// Large enough that the list of pieces is short, small enough to be copied when one payment changes.
constexpr std::size_t piece_max = 256;

bool comes_before(const QueuedPayment& a, const QueuedPayment& b) {
    return std::pair{a.priority, a.arrival} < std::pair{b.priority, b.arrival};
}
bool is_at(const QueuedPayment& payment, const QueuePlace& place) {
    return payment.priority == place.priority && payment.arrival == place.arrival;
}
bool comes_before(const QueuePlace& a, const QueuePlace& b) {
    return std::tuple{a.account.currency, a.account.participant, a.priority, a.arrival} <
           std::tuple{b.account.currency, b.account.participant, b.priority, b.arrival};
}

QueuedPayment read_queued(const Storage& payments, const QueuePlace& place) {
    const PaymentRecord record = read_record(payments, row_of(payment_at_arrival(payments, place.arrival)));
    return {
        .arrival = place.arrival, .amount = record.amount, .payee = record.payee, .priority = place.priority};
}

/// What changes of one account, in order.
struct AccountChanges {
    std::vector<QueuePlace> gone;
    std::vector<QueuedPayment> came;
};

CurrencyQueues with(const CurrencyQueues& before, ParticipantIndex participant,
                    const AccountChanges& changes) {
    CurrencyQueues queues = before;
    if (before.standstill != nullptr) {
        Standstill standstill = *before.standstill;
        for (const QueuedPayment& payment : changes.came)
            standstill.note_came(participant, payment);
        if (!changes.gone.empty())
            standstill.note_gone(participant, changes.gone.size(),
                                 before.find(participant)->sum_of(changes.gone));
        queues.standstill = std::make_shared<const Standstill>(std::move(standstill));
    }
    const auto at = std::lower_bound(
        queues.accounts.begin(), queues.accounts.end(), participant,
        [](const auto& each, ParticipantIndex sought) { return each->participant() < sought; });
    const bool is_there = at != queues.accounts.end() && (*at)->participant() == participant;
    auto queue = std::make_shared<const AccountQueue>(
        (is_there ? **at : AccountQueue(participant)).with(changes.gone, changes.came));
    queues.payments += changes.came.size();
    queues.payments -= changes.gone.size();
    if (queue->size() == 0) {
        if (is_there) queues.accounts.erase(at);
    } else if (is_there) {
        *at = std::move(queue);
    } else {
        queues.accounts.insert(at, std::move(queue));
    }
    return queues;
}

}  // namespace

std::vector<QueuedPayment> AccountQueue::payments() const {
    return first(size_);
}

std::vector<QueuedPayment> AccountQueue::first(std::size_t count) const {
    std::vector<QueuedPayment> all;
    all.reserve(std::min(count, size_));
    for (const auto& piece : pieces_) {
        const std::size_t wanted = std::min(piece->size(), count - all.size());
        all.insert(all.end(), piece->begin(), piece->begin() + static_cast<std::ptrdiff_t>(wanted));
        if (all.size() == count) break;
    }
    return all;
}

core::Minor AccountQueue::sum_of(std::span<const QueuePlace> places) const {
    core::Minor sum = 0;
    auto piece = pieces_.begin();
    for (const QueuePlace& place : places) {
        const std::pair key{place.priority, place.arrival};
        while (piece != pieces_.end() && std::pair{(*piece)->back().priority, (*piece)->back().arrival} < key)
            ++piece;
        CHECK(piece != pieces_.end());
        const auto found = std::find_if((*piece)->begin(), (*piece)->end(),
                                        [&](const QueuedPayment& each) { return is_at(each, place); });
        CHECK(found != (*piece)->end());
        sum += found->amount;
    }
    return sum;
}

void AccountQueue::append(Piece piece) {
    if (piece.empty()) return;
    size_ += piece.size();
    if (piece.size() <= piece_max) {
        pieces_.push_back(std::make_shared<const Piece>(std::move(piece)));
        return;
    }
    for (std::size_t begin = 0; begin < piece.size(); begin += piece_max) {
        const auto first = piece.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto last = first + static_cast<std::ptrdiff_t>(std::min(piece_max, piece.size() - begin));
        pieces_.push_back(std::make_shared<const Piece>(first, last));
    }
}

AccountQueue AccountQueue::with(std::span<const QueuePlace> gone, std::span<const QueuedPayment> came) const {
    AccountQueue changed(participant_);
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
        const Piece& piece = *pieces_[i];
        const bool is_last = i + 1 == pieces_.size();
        const bool loses = !gone.empty() && std::pair{gone.front().priority, gone.front().arrival} <=
                                                std::pair{piece.back().priority, piece.back().arrival};
        const bool gains = !came.empty() && (is_last || comes_before(came.front(), piece.back()));
        if (!loses && !gains) {
            changed.pieces_.push_back(pieces_[i]);
            changed.size_ += piece.size();
            continue;
        }
        Piece merged;
        merged.reserve(piece.size() + came.size());
        for (const QueuedPayment& payment : piece) {
            for (; !came.empty() && comes_before(came.front(), payment); came = came.subspan(1))
                merged.push_back(came.front());
            if (!gone.empty() && is_at(payment, gone.front()))
                gone = gone.subspan(1);
            else
                merged.push_back(payment);
        }
        // A payment at the very end joins the last piece, or every block would add a piece.
        if (is_last) merged.insert(merged.end(), came.begin(), came.end());
        if (is_last) came = {};
        changed.append(std::move(merged));
    }
    changed.append({came.begin(), came.end()});
    CHECK(gone.empty());
    return changed;
}

const AccountQueue* CurrencyQueues::find(ParticipantIndex participant) const {
    const auto at = std::lower_bound(
        accounts.begin(), accounts.end(), participant,
        [](const auto& each, ParticipantIndex sought) { return each->participant() < sought; });
    return at != accounts.end() && (*at)->participant() == participant ? at->get() : nullptr;
}

std::shared_ptr<const QueueIndex> QueueIndex::read(JournaledState& state) {
    auto index = std::make_shared<QueueIndex>();
    const Storage payments(state, payments_address);
    const Storage accounts(state, accounts_address);
    const CurrencyIndex currencies = currency_count(Storage(state, governance_address));
    const ParticipantIndex participants = participant_count(Storage(state, participants_address));
    for (CurrencyIndex currency = 1; currency <= currencies; ++currency) {
        if (queued_count(payments, currency) == 0) continue;
        CurrencyQueues queues;
        for (ParticipantIndex participant = 1; participant <= participants; ++participant) {
            const Account account(accounts, {participant, currency});
            AccountChanges all;
            for (auto place = queue_head(payments, account); place;
                 place = queued_after(payments, account, *place))
                all.came.push_back(read_queued(payments, *place));
            if (!all.came.empty()) queues = with(queues, participant, all);
        }
        index->currencies_.resize(std::size_t{currency} + 1);
        index->currencies_[currency] = std::make_shared<const CurrencyQueues>(std::move(queues));
    }
    return index;
}

std::shared_ptr<const QueueIndex> QueueIndex::after(const std::shared_ptr<const QueueIndex>& before,
                                                    JournaledState& state) {
    if (before == nullptr) return read(state);
    std::vector<QueueChange> changes = queue_changes(state);
    if (changes.empty()) return before;
    std::sort(changes.begin(), changes.end(),
              [](const QueueChange& a, const QueueChange& b) { return comes_before(a.place, b.place); });

    const Storage payments(state, payments_address);
    auto index = std::make_shared<QueueIndex>(*before);
    for (std::size_t begin = 0; begin < changes.size();) {
        const AccountId account = changes[begin].place.account;
        AccountChanges of_account;
        std::size_t end = begin;
        for (; end < changes.size() && changes[end].place.account == account; ++end) {
            if (changes[end].came)
                of_account.came.push_back(read_queued(payments, changes[end].place));
            else
                of_account.gone.push_back(changes[end].place);
        }
        begin = end;
        CurrencyQueues queues = with(index->of(account.currency), account.participant, of_account);
        if (index->currencies_.size() <= account.currency)
            index->currencies_.resize(std::size_t{account.currency} + 1);
        index->currencies_[account.currency] = std::make_shared<const CurrencyQueues>(std::move(queues));
    }
    return index;
}

std::shared_ptr<const QueueIndex> QueueIndex::with_standstill(
    CurrencyIndex currency, std::shared_ptr<const Standstill> standstill) const {
    auto index = std::make_shared<QueueIndex>(*this);
    if (index->currencies_.size() <= currency) index->currencies_.resize(std::size_t{currency} + 1);
    CurrencyQueues queues = of(currency);
    queues.standstill = std::move(standstill);
    index->currencies_[currency] = std::make_shared<const CurrencyQueues>(std::move(queues));
    return index;
}

std::shared_ptr<const QueueIndex> QueueIndex::with_standstills_of(const QueueIndex& other) const {
    auto index = std::make_shared<const QueueIndex>(*this);
    for (CurrencyIndex currency = 0; currency < currencies_.size(); ++currency) {
        std::shared_ptr<const Standstill> known = other.of(currency).standstill;
        if (known != nullptr && known->payments() != of(currency).payments) known = nullptr;
        if (known != of(currency).standstill) index = index->with_standstill(currency, std::move(known));
    }
    return index;
}

const CurrencyQueues& QueueIndex::of(CurrencyIndex currency) const {
    static const CurrencyQueues none;
    if (currency >= currencies_.size() || currencies_[currency] == nullptr) return none;
    return *currencies_[currency];
}

bool QueueIndex::operator==(const QueueIndex& other) const {
    const auto currencies =
        static_cast<CurrencyIndex>(std::max(currencies_.size(), other.currencies_.size()));
    for (CurrencyIndex currency = 0; currency < currencies; ++currency) {
        const CurrencyQueues& mine = of(currency);
        const CurrencyQueues& theirs = other.of(currency);
        if (mine.payments != theirs.payments) return false;
        const auto is_same = [](const auto& a, const auto& b) {
            return a->participant() == b->participant() && a->payments() == b->payments();
        };
        if (!std::equal(mine.accounts.begin(), mine.accounts.end(), theirs.accounts.begin(),
                        theirs.accounts.end(), is_same))
            return false;
    }
    return true;
}

}  // namespace sluice::contracts::native
