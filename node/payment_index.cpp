#include "node/payment_index.hpp"

#include <limits>

#include "contracts/native/settlement_events.hpp"
#include "core/check.hpp"

namespace sluice::node {
namespace {

namespace native = contracts::native;

/// First byte of the rows, so that other indices can stand beside this one.
constexpr std::uint8_t row_kind = 0x01;
constexpr std::size_t key_bytes = 1 + 16 + 32 + 8 + 4 + 4;

core::Bytes row_key(const PaymentEventPlace& place) {
    core::Bytes key;
    key.reserve(key_bytes);
    key.push_back(row_kind);
    core::append(key, place.uetr.bytes);
    core::append(key, place.payment_id);
    core::append_be64(key, place.height);
    core::append_be32(key, place.transaction_index);
    core::append_be32(key, place.log_index);
    return key;
}

core::Bytes uetr_prefix(const core::Uetr& uetr) {
    core::Bytes prefix{row_kind};
    core::append(prefix, uetr.bytes);
    return prefix;
}

/// A place behind every event that the payment can have.
PaymentEventPlace last_possible(const IndexedPayment& payment) {
    constexpr auto end = std::numeric_limits<std::uint32_t>::max();
    return {payment.uetr, payment.id, std::numeric_limits<core::Height>::max(), end, end};
}

PaymentEventPlace read_key(core::ByteView key) {
    CHECK(key.size() == key_bytes);
    core::ByteReader reader(key.subspan(1));
    PaymentEventPlace place;
    reader.fill(place.uetr.bytes);
    reader.fill(place.payment_id);
    place.height = reader.be64();
    place.transaction_index = reader.be32();
    place.log_index = reader.be32();
    return place;
}

}  // namespace

std::vector<ledger::IndexRow> payment_index_rows(core::Height height,
                                                 const std::vector<core::Receipt>& receipts) {
    std::vector<ledger::IndexRow> rows;
    for (std::uint32_t t = 0; t < receipts.size(); ++t) {
        const auto& logs = receipts[t].logs;
        for (std::uint32_t l = 0; l < logs.size(); ++l) {
            const bool is_status = logs[l].address == native::payments_address && !logs[l].topics.empty() &&
                                   logs[l].topics[0] == native::payment_status_topic;
            if (!is_status) continue;
            const auto event = native::decode_event(logs[l]);
            if (!event) continue;
            const auto& status = std::get<native::PaymentStatusEvent>(*event);
            rows.push_back({row_key({{status.uetr}, status.id, height, t, l}), {}});
        }
    }
    return rows;
}

std::vector<core::Hash> find_payments(const ledger::LedgerSnapshot& snapshot, const core::Uetr& uetr,
                                      std::size_t limit) {
    const auto prefix = uetr_prefix(uetr);
    std::vector<core::Hash> ids;
    std::optional<core::Bytes> after;
    while (ids.size() < limit) {
        const auto rows =
            snapshot.scan_index(prefix, after ? std::optional<core::ByteView>(*after) : std::nullopt, 1);
        if (rows.empty()) return ids;
        const auto place = read_key(rows.front().key);
        ids.push_back(place.payment_id);
        // On to the next payment, past all events of this one.
        after = row_key(last_possible({uetr, place.payment_id}));
    }
    return ids;
}

std::vector<PaymentEventPlace> find_payment_events(const ledger::LedgerSnapshot& snapshot,
                                                   const IndexedPayment& payment,
                                                   const std::optional<PaymentEventPlace>& after,
                                                   std::size_t limit) {
    auto prefix = uetr_prefix(payment.uetr);
    core::append(prefix, payment.id);
    std::optional<core::Bytes> after_key;
    if (after) after_key = row_key(*after);
    std::vector<PaymentEventPlace> places;
    for (const auto& row : snapshot.scan_index(
             prefix, after_key ? std::optional<core::ByteView>(*after_key) : std::nullopt, limit))
        places.push_back(read_key(row.key));
    return places;
}

std::optional<PaymentEventPlace> find_last_payment_event(const ledger::LedgerSnapshot& snapshot,
                                                         const IndexedPayment& payment) {
    constexpr std::size_t page = 16;
    auto places = find_payment_events(snapshot, payment, std::nullopt, page);
    if (places.empty()) return std::nullopt;
    // Rows can be read upwards only: where there are many, the highest one is found by halving the heights.
    core::Height below = places.back().height, above = snapshot.height();
    while (places.size() == page && below < above) {
        auto middle = last_possible(payment);
        middle.height = below + (above - below) / 2;
        auto higher = find_payment_events(snapshot, payment, middle, page);
        if (higher.empty()) {
            above = middle.height;
            continue;
        }
        places = std::move(higher);
        below = places.back().height;
    }
    // The last height may hold more events than one page.
    for (;;) {
        auto more = find_payment_events(snapshot, payment, places.back(), page);
        if (more.empty()) return places.back();
        places = std::move(more);
    }
}

}  // namespace sluice::node
