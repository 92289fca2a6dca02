#include "contracts/native/payment_book.hpp"

#include <algorithm>

#include "contracts/native/ordered_set.hpp"
#include "contracts/native/row_key.hpp"

namespace sluice::contracts::native {

namespace {

// The payments contract.
// 0x01                       uint64 last arrival number
// 0x02 ‖ uint64 arrival      bytes32 payment id, while pending
// 0x0b ‖ hash of the id      slot 0: struct PaymentRecord
//                            slot 1: bytes32 content hash
//                            slot 2: struct PendingTerms, while pending
//                            slot 3: struct WaitingTerms, while AwaitingApproval or Warehoused
//                            slot 4: struct DueLinks, while something is due at a time (schedule)
//                            slots 5 to 7: see payment_returns.cpp
constexpr std::uint8_t hash_slot = 1;
constexpr std::uint8_t pending_slot = 2;
constexpr std::uint8_t waiting_slot = 3;
constexpr std::uint8_t payment_table = 0x0b;
constexpr std::uint8_t last_arrival_table = 0x01;
constexpr std::uint8_t arrival_table = 0x02;

static_assert(Place<PaymentRecord>::slots == 1 && Place<PendingTerms>::slots == 1 &&
                  Place<WaitingTerms>::slots == 1,
              "a settled payment keeps two slots");
static_assert(amount_max <= ~std::uint64_t{0});

template <typename T>
Place<T> place_of(const Storage& payments, const PaymentRow& row, std::uint8_t slot) {
    return {payments, row_slot(row.key, slot)};
}
template <Value T>
bool take_member(const core::Word& word, std::size_t offset, T& value) {
    return ValueType<T>::take(word.data() + 32 - offset - ValueType<T>::bytes, value);
}
Place<core::Hash> arrival_place(const Storage& payments, std::uint64_t arrival) {
    return {payments, row_key(arrival_table, arrival)};
}

}  // namespace

PaymentRow row_of(const PaymentId& id) {
    return {hashed_row_key(payment_table, id)};
}

PaymentRecord read_record(const Storage& payments, const PaymentRow& row) {
    return Place<PaymentRecord>(payments, row.key).read();
}

void write_record(const Storage& payments, const PaymentRow& row, const PaymentRecord& record) {
    Place<PaymentRecord>(payments, row.key).write(record);
}

core::Hash read_content_hash(const Storage& payments, const PaymentRow& row) {
    return place_of<core::Hash>(payments, row, hash_slot).read();
}

void write_content_hash(const Storage& payments, const PaymentRow& row, const core::Hash& hash) {
    place_of<core::Hash>(payments, row, hash_slot).write(hash);
}

PendingTerms read_pending(const Storage& payments, const PaymentRow& row) {
    return place_of<PendingTerms>(payments, row, pending_slot).read();
}

void write_pending(const Storage& payments, const PaymentRow& row, const PendingTerms& terms) {
    place_of<PendingTerms>(payments, row, pending_slot).write(terms);
}

WaitingTerms read_waiting(const Storage& payments, const PaymentRow& row) {
    return place_of<WaitingTerms>(payments, row, waiting_slot).read();
}

void write_waiting(const Storage& payments, const PaymentRow& row, const WaitingTerms& terms) {
    place_of<WaitingTerms>(payments, row, waiting_slot).write(terms);
}

void clear_pending(const Storage& payments, const PaymentRow& row) {
    place_of<PendingTerms>(payments, row, pending_slot).clear();
    place_of<WaitingTerms>(payments, row, waiting_slot).clear();
}

std::uint64_t assign_arrival(const Storage& payments, const PaymentId& id) {
    const Place<std::uint64_t> last(payments, row_key(last_arrival_table));
    const std::uint64_t arrival = last.read() + 1;
    CHECK(arrival < OrderedSet::limit);
    last.write(arrival);
    arrival_place(payments, arrival).write(id);
    return arrival;
}

std::uint64_t last_arrival(const Storage& payments) {
    return Place<std::uint64_t>(payments, row_key(last_arrival_table)).read();
}

PaymentId payment_at_arrival(const Storage& payments, std::uint64_t arrival) {
    const PaymentId id = arrival_place(payments, arrival).read();
    CHECK(id != PaymentId{});
    return id;
}

void forget_arrival(const Storage& payments, std::uint64_t arrival) {
    arrival_place(payments, arrival).clear();
}

std::optional<PaymentRecord> record_in(const core::Word& value) {
    using Layout = detail::StructLayout<decltype(PaymentRecord::storage_members())>;
    PaymentRecord record;
    bool is_whole = true;
    std::size_t index = 0;
    std::apply(
        [&](auto... member) {
            ((is_whole = take_member(value, Layout::positions[index++].offset, record.*member) && is_whole),
             ...);
        },
        PaymentRecord::storage_members());
    if (!is_whole) return std::nullopt;
    return record;
}

}  // namespace sluice::contracts::native
