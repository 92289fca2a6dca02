#include "core/receipt.hpp"

#include <algorithm>

#include "core/limits.hpp"
#include "core/merkle.hpp"

namespace sluice::core {

namespace {

void encode_log(Bytes& to, const Log& log) {
    Bytes topics;
    for (const Word& topic : log.topics)
        rlp::encode_bytes(topics, topic);
    Bytes fields;
    rlp::encode_address(fields, log.address);
    rlp::encode_list_prefix(fields, topics.size());
    append(fields, topics);
    rlp::encode_bytes(fields, log.data);
    rlp::encode_list_prefix(to, fields.size());
    append(to, fields);
}

Result<Log, rlp::Error> decode_log(rlp::ListReader reader) {
    Log log;
    log.address = reader.address();
    rlp::ListReader topics = reader.list();
    while (topics.has_more()) {
        if (log.topics.size() == limits::log_topics_max) return fail(rlp::Error::too_many_items);
        log.topics.push_back(topics.hash());
    }
    if (const auto ended = topics.finish(); !ended) return fail(ended.error());
    log.data = to_bytes(reader.bytes());
    if (const auto ended = reader.finish(); !ended) return fail(ended.error());
    return log;
}

Result<Receipt, rlp::Error> decode_fields(std::uint8_t type, ByteView list) {
    rlp::ListReader reader(list);
    Receipt receipt;
    receipt.type = type;
    const std::uint64_t status = reader.u64();
    if (status > 1) reader.reject(rlp::Error::too_large);
    receipt.succeeded = status == 1;
    receipt.cumulative_gas_used = reader.u64();
    const ByteView bloom = reader.bytes();
    if (bloom.size() == receipt.bloom.size()) {
        std::copy(bloom.begin(), bloom.end(), receipt.bloom.begin());
    } else {
        reader.reject(rlp::Error::wrong_length);
    }
    rlp::ListReader logs = reader.list();
    if (const auto ended = reader.finish(); !ended) return fail(ended.error());
    while (logs.has_more()) {
        auto log = decode_log(logs.list());
        if (logs.failed()) break;
        if (!log) return fail(log.error());
        receipt.logs.push_back(std::move(*log));
    }
    if (const auto ended = logs.finish(); !ended) return fail(ended.error());
    return receipt;
}

}  // namespace

Bytes encode(const Receipt& receipt) {
    Bytes logs;
    for (const Log& log : receipt.logs)
        encode_log(logs, log);
    Bytes fields;
    fields.reserve(logs.size() + 300);
    rlp::encode_u64(fields, receipt.succeeded ? 1 : 0);
    rlp::encode_u64(fields, receipt.cumulative_gas_used);
    rlp::encode_bytes(fields, receipt.bloom);
    rlp::encode_list_prefix(fields, logs.size());
    append(fields, logs);
    Bytes encoded;
    encoded.reserve(fields.size() + 10);
    if (receipt.type != 0) encoded.push_back(receipt.type);
    rlp::encode_list_prefix(encoded, fields.size());
    append(encoded, fields);
    return encoded;
}

Result<Receipt, rlp::Error> decode_receipt(ByteView encoded) {
    if (encoded.empty()) return fail(rlp::Error::truncated);
    if (encoded[0] == 0) return fail(rlp::Error::non_canonical);
    if (encoded[0] < 0x80) return decode_fields(encoded[0], encoded.subspan(1));
    return decode_fields(0, encoded);
}

Hash receipts_root(std::span<const Receipt> receipts) {
    std::vector<Bytes> encoded;
    encoded.reserve(receipts.size());
    for (const Receipt& receipt : receipts)
        encoded.push_back(encode(receipt));
    const std::vector<ByteView> views(encoded.begin(), encoded.end());
    return merkle::ordered_root(views);
}

}  // namespace sluice::core
