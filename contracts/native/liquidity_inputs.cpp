#include "contracts/native/liquidity_inputs.hpp"

#include <algorithm>

#include "contracts/native/currency_table.hpp"
#include "contracts/native/participant_directory.hpp"
#include "contracts/native/spending_rules.hpp"

namespace sluice::contracts::native {

namespace {

constexpr std::string_view domain = "sluice liquidity saving 1";

bool is_active(const Books& books, ParticipantIndex participant) {
    const auto party = find_party(books.participants, bic_at(books.participants, participant));
    CHECK(party.has_value());
    return party->status == ParticipantStatus::active;
}

std::vector<BilateralRoom> bilateral_rooms(const Books& books, const Account& account, core::DateYmd today) {
    std::vector<BilateralRoom> rooms;
    const std::uint32_t count = multilateral_limit(books.accounts, account.id()).bilateral_limits;
    for (std::uint32_t position = 1; position <= count; ++position) {
        const ParticipantIndex payee = limited_payee(books.accounts, account.id(), position);
        const BilateralLimit limit = bilateral_limit(books.accounts, account.id(), payee);
        rooms.push_back({payee, static_cast<core::SignedMinor>(limit.limit) - limit.used().on(today)});
    }
    std::sort(rooms.begin(), rooms.end(),
              [](const BilateralRoom& a, const BilateralRoom& b) { return a.payee < b.payee; });
    return rooms;
}

/// Appends values big-endian, signed ones in two's complement.
class CanonicalBytes {
  public:
    template <Value T>
    CanonicalBytes& put(const T& value) {
        const std::size_t at = bytes_.size();
        bytes_.resize(at + ValueType<T>::bytes);
        ValueType<T>::put(bytes_.data() + at, value);
        return *this;
    }
    CanonicalBytes& put(core::SignedMinor value) { return put(static_cast<core::Minor>(value)); }
    CanonicalBytes& put_count(std::size_t count) { return put(static_cast<std::uint32_t>(count)); }
    void reserve(std::size_t size) { bytes_.reserve(size); }
    core::Hash hash() const { return core::keccak256(bytes_); }

  private:
    core::Bytes bytes_;
};

core::Hash hash_of_queue(std::span<const QueuedPayment> queue) {
    constexpr std::size_t row_bytes = 8 + 8 + 4 + 1;
    CanonicalBytes bytes;
    bytes.reserve(queue.size() * row_bytes);
    for (const QueuedPayment& each : queue)
        bytes.put(each.arrival).put(each.amount).put(each.payee).put(each.priority);
    return bytes.hash();
}

void put_bank(CanonicalBytes& bytes, const ResolutionBank& bank) {
    bytes.put(bank.participant).put(bank.balance);
    for (const core::SignedMinor floor : bank.floors)
        bytes.put(floor);
    bytes.put(bank.may_pay).put(bank.allows_bypass);
    bytes.put(bank.multilateral.has_value()).put(bank.multilateral.value_or(0));
    bytes.put_count(bank.bilateral.size());
    for (const BilateralRoom& each : bank.bilateral)
        bytes.put(each.payee).put(each.room);
    bytes.put_count(bank.queue.size()).put(hash_of_queue(bank.queue));
}

}  // namespace

core::SignedMinor floor_of(const Books& books, const Account& account, Priority priority, bool in_run) {
    core::Minor kept = kept_from(books.accounts, account, priority);
    if (in_run && is_limited(priority) && account.has(AccountRule::lsm_sub_limit))
        kept += held_back(books.accounts, account.id()).lsm_sub_limit;
    return static_cast<core::SignedMinor>(kept) - static_cast<core::SignedMinor>(account.terms().credit_line);
}

RunInputs::RunInputs(const Books& books, CurrencyIndex currency, const CurrencyQueues& queues,
                     const ResolutionBounds& bounds)
    : height_(books.block.height),
      currency_(currency),
      code_(currency_code(books.governance, currency)),
      bounds_(bounds),
      payments_(queues.payments) {
    queues_.reserve(queues.accounts.size());
    problem_.banks.reserve(queues.accounts.size());
    for (const auto& queue : queues.accounts)
        add_bank(books, *queue);
    find_closed_payees(books);
}

void RunInputs::add_bank(const Books& books, const AccountQueue& queue) {
    const Account account(books.accounts, {queue.participant(), currency_});
    queues_.push_back(queue.payments());
    ResolutionBank bank{.participant = queue.participant(),
                        .balance = account.money().balance,
                        .may_pay = !account.has(AccountRule::frozen) && is_active(books, queue.participant()),
                        .allows_bypass = account.has(AccountRule::bypass),
                        .queue = queues_.back()};
    for (std::size_t n = 0; n < priority_count; ++n)
        bank.floors[n] = floor_of(books, account, static_cast<Priority>(n), true);
    if (native::has_limits(account.terms())) {
        const core::DateYmd today = value_date_now(books, currency_);
        if (account.has(AccountRule::bilateral_limits))
            bank.bilateral = bilateral_rooms(books, account, today);
        if (account.has(AccountRule::multilateral_limit)) {
            const MultilateralLimit limit = multilateral_limit(books.accounts, account.id());
            bank.multilateral = static_cast<core::SignedMinor>(limit.limit) - limit.used().on(today);
        }
    }
    problem_.banks.push_back(std::move(bank));
}

void RunInputs::find_closed_payees(const Books& books) {
    std::vector<bool> is_seen(std::size_t{participant_count(books.participants)} + 1);
    for (const std::vector<QueuedPayment>& queue : queues_)
        for (const QueuedPayment& payment : queue)
            is_seen[payment.payee] = true;
    for (ParticipantIndex payee = 1; payee < is_seen.size(); ++payee)
        if (is_seen[payee] && !is_active(books, payee)) problem_.closed_payees.push_back(payee);
}

bool RunInputs::has_limits() const {
    return std::any_of(problem_.banks.begin(), problem_.banks.end(), [](const ResolutionBank& bank) {
        return !bank.bilateral.empty() || bank.multilateral.has_value();
    });
}

core::Hash RunInputs::hash() const {
    CanonicalBytes bytes;
    bytes.put(core::keccak256(core::view(domain))).put(std::uint64_t{height_}).put(code_);
    bytes.put_count(bounds_.payments_max).put_count(bounds_.cycle_max);
    bytes.put_count(problem_.banks.size());
    for (const ResolutionBank& bank : problem_.banks)
        put_bank(bytes, bank);
    bytes.put_count(problem_.closed_payees.size());
    for (const ParticipantIndex payee : problem_.closed_payees)
        bytes.put(payee);
    return bytes.hash();
}

}  // namespace sluice::contracts::native
