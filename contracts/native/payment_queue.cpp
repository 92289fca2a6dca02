#include "contracts/native/payment_queue.hpp"

#include "contracts/native/ordered_set.hpp"
#include "contracts/native/row_key.hpp"

namespace sluice::contracts::native {

namespace {

// Tables 0x03 to 0x05 of the payments contract.
// 0x03 ‖ uint32 participant ‖ uint16 ccy               uint64[4] least arrival of each class, 0 for none
// 0x04 ‖ uint32 participant ‖ uint16 ccy ‖ uint8 class OrderedSet of arrival numbers
// 0x05 ‖ uint16 ccy                                    struct QueueState
constexpr std::uint8_t heads_table = 0x03;
constexpr std::uint8_t set_table = 0x04;
constexpr std::uint8_t queue_state_table = 0x05;

struct QueueHeads {
    std::uint64_t urgent = 0;
    std::uint64_t high = 0;
    std::uint64_t normal = 0;
    std::uint64_t low = 0;
    static constexpr auto storage_members() {
        return std::make_tuple(&QueueHeads::urgent, &QueueHeads::high, &QueueHeads::normal, &QueueHeads::low);
    }
    std::uint64_t& of(Priority priority) {
        constexpr std::array members{&QueueHeads::urgent, &QueueHeads::high, &QueueHeads::normal,
                                     &QueueHeads::low};
        return this->*members[static_cast<std::size_t>(priority)];
    }
};
static_assert(Place<QueueHeads>::slots == 1);

Place<QueueHeads> heads_place(const Storage& payments, const AccountId& account) {
    return {payments, row_key(heads_table, account.participant, account.currency)};
}
OrderedSet set_of(const Storage& payments, const AccountId& account, Priority priority) {
    return {payments, row_key(set_table, account.participant, account.currency, priority)};
}

/// All queues of a currency together; zero when they are empty.
struct QueueState {
    std::uint64_t queued = 0;
    bool deadlocked = false;
    static constexpr auto storage_members() {
        return std::make_tuple(&QueueState::queued, &QueueState::deadlocked);
    }
};
static_assert(Place<QueueState>::slots == 1);

Place<QueueState> queue_state_place(const Storage& payments, CurrencyIndex currency) {
    return {payments, row_key(queue_state_table, currency)};
}

void count_queued(const Storage& payments, CurrencyIndex currency, std::int64_t by) {
    const auto place = queue_state_place(payments, currency);
    QueueState state = place.read();
    state.queued += static_cast<std::uint64_t>(by);
    place.write(state.queued == 0 ? QueueState{} : state);
}

/// The account and class whose set a slot belongs to, if it is the lowest level of one.
std::optional<QueuePlace> set_slot_of(const core::Word& key) {
    if (key[0] != set_table) return std::nullopt;
    const auto first = OrderedSet::first_number_at(key);
    if (!first) return std::nullopt;
    return QueuePlace{{core::read_be32(key.data() + 1), core::read_be16(key.data() + 5)},
                      static_cast<Priority>(key[7]),
                      *first};
}

/// The first place of the classes from `from` on.
std::optional<QueuePlace> head_from(const Storage& payments, const Account& account, unsigned from) {
    const unsigned classes = account.terms().queued_classes;
    for (unsigned n = from; n < priority_count; ++n) {
        if ((classes >> n & 1) == 0) continue;
        const auto priority = static_cast<Priority>(n);
        const std::uint64_t arrival = heads_place(payments, account.id()).read().of(priority);
        CHECK(arrival != 0);
        return QueuePlace{account.id(), priority, arrival};
    }
    return std::nullopt;
}

}  // namespace

void insert_into_queue(const Books& books, const QueuePlace& place, Account& account) {
    CHECK(place.account == account.id());
    CHECK(set_of(books.payments, place.account, place.priority).insert(place.arrival));
    const auto heads_at = heads_place(books.payments, place.account);
    QueueHeads heads = heads_at.read();
    std::uint64_t& head = heads.of(place.priority);
    if (head == 0 || place.arrival < head) {
        head = place.arrival;
        heads_at.write(heads);
    }
    account.set_queued(place.priority, true);
    count_queued(books.payments, place.account.currency, 1);
}

void remove_from_queue(const Books& books, const QueuePlace& place, Account& account) {
    CHECK(place.account == account.id());
    const OrderedSet set = set_of(books.payments, place.account, place.priority);
    CHECK(set.erase(place.arrival));
    const auto heads_at = heads_place(books.payments, place.account);
    QueueHeads heads = heads_at.read();
    std::uint64_t& head = heads.of(place.priority);
    if (head == place.arrival) {
        head = set.first().value_or(0);
        heads_at.write(heads);
    }
    account.set_queued(place.priority, head != 0);
    count_queued(books.payments, place.account.currency, -1);
}

std::optional<QueuePlace> queue_head(const Storage& payments, const Account& account) {
    return head_from(payments, account, 0);
}

std::optional<QueuePlace> queued_after(const Storage& payments, const Account& account,
                                       const QueuePlace& place) {
    const auto arrival = set_of(payments, place.account, place.priority).after(place.arrival);
    if (arrival) return QueuePlace{place.account, place.priority, *arrival};
    return head_from(payments, account, static_cast<unsigned>(place.priority) + 1);
}

std::uint64_t queued_count(const Storage& payments, CurrencyIndex currency) {
    return queue_state_place(payments, currency).read().queued;
}

bool is_deadlocked(const Storage& payments, CurrencyIndex currency) {
    return queue_state_place(payments, currency).read().deadlocked;
}

void set_deadlocked(const Storage& payments, CurrencyIndex currency, bool on) {
    const auto place = queue_state_place(payments, currency);
    QueueState state = place.read();
    CHECK(state.queued > 0);
    state.deadlocked = on;
    place.write(state);
}

std::vector<QueueChange> queue_changes(JournaledState& state) {
    std::vector<QueueChange> changes;
    state.for_each_storage_change(
        payments_address, [&](const core::Word& key, const core::Word& before, const core::Word& now) {
            const auto slot = set_slot_of(key);
            if (!slot) return;
            OrderedSet::for_each_difference(before, now, [&](unsigned bit, bool is_set) {
                changes.push_back({{slot->account, slot->priority, slot->arrival + bit}, is_set});
            });
        });
    return changes;
}

void add_queued_amount(const Storage& accounts, const PaymentRecord& record) {
    QueuedSums payer = queued_sums(accounts, record.payer_account());
    payer.outgoing += record.amount;
    set_queued_sums(accounts, record.payer_account(), payer);
    QueuedSums payee = queued_sums(accounts, record.payee_account());
    payee.incoming += record.amount;
    set_queued_sums(accounts, record.payee_account(), payee);
}

void subtract_queued_amount(const Storage& accounts, const PaymentRecord& record) {
    QueuedSums payer = queued_sums(accounts, record.payer_account());
    CHECK(payer.outgoing >= record.amount);
    payer.outgoing -= record.amount;
    set_queued_sums(accounts, record.payer_account(), payer);
    QueuedSums payee = queued_sums(accounts, record.payee_account());
    CHECK(payee.incoming >= record.amount);
    payee.incoming -= record.amount;
    set_queued_sums(accounts, record.payee_account(), payee);
}

}  // namespace sluice::contracts::native
