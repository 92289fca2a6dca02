#include "node/payment_index.hpp"

#include "contracts/native/settlement_events.hpp"

namespace sluice::node {
namespace {

namespace native = contracts::native;

/// First byte of the rows, so that other indices can stand beside this one.
constexpr std::uint8_t row_kind = 0x01;
constexpr std::size_t prefix_bytes = 1 + 16;
constexpr std::size_t key_bytes = prefix_bytes + 32 + 8 + 4 + 4;

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

PaymentEventPlace read_key(core::ByteView key) {
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

std::vector<PaymentEventPlace> find_payment_events(const ledger::LedgerSnapshot& snapshot,
                                                   const core::Uetr& uetr,
                                                   const std::optional<core::Hash>& id, std::size_t limit) {
    core::Bytes prefix{row_kind};
    core::append(prefix, uetr.bytes);
    if (id) core::append(prefix, *id);
    std::vector<PaymentEventPlace> places;
    for (const auto& row : snapshot.scan_index(prefix, std::nullopt, limit))
        if (row.key.size() == key_bytes) places.push_back(read_key(row.key));
    return places;
}

}  // namespace sluice::node
