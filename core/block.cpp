#include "core/block.hpp"

#include <algorithm>
#include <limits>

#include "core/limits.hpp"
#include "core/merkle.hpp"

namespace sluice::core {

namespace {

template <std::size_t size>
std::array<std::uint8_t, size> fixed(rlp::ListReader& reader) {
    std::array<std::uint8_t, size> value{};
    const ByteView bytes = reader.bytes();
    if (bytes.size() == size) {
        std::copy(bytes.begin(), bytes.end(), value.begin());
    } else {
        reader.reject(rlp::Error::wrong_length);
    }
    return value;
}

Bytes bounded_extra_data(rlp::ListReader& reader) {
    const ByteView bytes = reader.bytes();
    if (bytes.size() <= limits::extra_data_bytes_max) return to_bytes(bytes);
    reader.reject(rlp::Error::too_large);
    return {};
}

/// Encoded header without the prefix of its list.
Bytes header_fields(const Header& header) {
    Bytes fields;
    fields.reserve(800);
    rlp::encode_hash(fields, header.parent_hash);
    rlp::encode_hash(fields, header.ommers_hash);
    rlp::encode_address(fields, header.miner);
    rlp::encode_hash(fields, header.state_root);
    rlp::encode_hash(fields, header.transactions_root);
    rlp::encode_hash(fields, header.receipts_root);
    rlp::encode_bytes(fields, header.bloom);
    rlp::encode_uint256(fields, header.difficulty);
    rlp::encode_u64(fields, header.height);
    rlp::encode_u64(fields, header.gas_limit);
    rlp::encode_u64(fields, header.gas_used);
    rlp::encode_u64(fields, header.timestamp);
    rlp::encode_bytes(fields, header.extra_data);
    rlp::encode_hash(fields, header.mix_hash);
    rlp::encode_bytes(fields, header.nonce);
    rlp::encode_uint256(fields, header.base_fee);
    rlp::encode_hash(fields, header.withdrawals_root);
    rlp::encode_u64(fields, header.blob_gas_used);
    rlp::encode_u64(fields, header.excess_blob_gas);
    rlp::encode_hash(fields, header.parent_beacon_root);
    rlp::encode_hash(fields, header.requests_hash);
    return fields;
}

bool is_list(const RecoveredTransaction& transaction) {
    return transaction.transaction.type == TransactionType::legacy;
}

/// Size of a transaction as an item of a block's list.
std::size_t item_bytes(const RecoveredTransaction& transaction) {
    return is_list(transaction) ? transaction.encoded->size() : rlp::encoded_size(*transaction.encoded);
}

void append_item(Bytes& to, const RecoveredTransaction& transaction) {
    if (is_list(transaction)) {
        append(to, *transaction.encoded);
    } else {
        rlp::encode_bytes(to, *transaction.encoded);
    }
}

/// The EIP-2718 bytes of one item of a block's transaction list. A legacy transaction is a list; a typed one
/// is a string that begins with its type byte. Without the second rule a legacy transaction wrapped into a
/// string would give the same block a second encoding.
std::optional<ByteView> transaction_bytes(const rlp::Item& item) {
    if (item.is_list) return item.encoded;
    if (item.payload.empty() || item.payload[0] == 0 || item.payload[0] > 0x7f) return {};
    return item.payload;
}

Result<std::vector<SharedBytes>, BlockError> decode_transactions(rlp::ListReader list) {
    std::vector<SharedBytes> transactions;
    while (list.has_more()) {
        if (transactions.size() == limits::block_transactions_max)
            return fail(BlockError::too_many_transactions);
        const rlp::Item item = list.item();
        if (list.failed()) break;
        const auto bytes = transaction_bytes(item);
        if (!bytes) return fail(BlockError::malformed);
        transactions.push_back(share(to_bytes(*bytes)));
    }
    if (!list.finish()) return fail(BlockError::malformed);
    return transactions;
}

}  // namespace

constinit const Hash empty_requests_hash = {0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4,
                                            0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b,
                                            0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55};

Bytes encode(const Header& header) {
    return rlp::wrap_list(header_fields(header));
}

Result<Header, rlp::Error> decode_header(ByteView encoded) {
    rlp::ListReader reader(encoded);
    Header header;
    header.parent_hash = reader.hash();
    header.ommers_hash = reader.hash();
    header.miner = reader.address();
    header.state_root = reader.hash();
    header.transactions_root = reader.hash();
    header.receipts_root = reader.hash();
    header.bloom = fixed<256>(reader);
    header.difficulty = reader.uint256();
    header.height = reader.u64();
    header.gas_limit = reader.u64();
    header.gas_used = reader.u64();
    header.timestamp = reader.u64();
    header.extra_data = bounded_extra_data(reader);
    header.mix_hash = reader.hash();
    header.nonce = fixed<8>(reader);
    header.base_fee = reader.uint256();
    header.withdrawals_root = reader.hash();
    header.blob_gas_used = reader.u64();
    header.excess_blob_gas = reader.u64();
    header.parent_beacon_root = reader.hash();
    header.requests_hash = reader.hash();
    if (const auto ended = reader.finish(); !ended) return fail(ended.error());
    return header;
}

Hash hash_of(const Header& header) {
    return keccak256(encode(header));
}

Hash mix_hash_after(const Hash& parent_hash) {
    return crypto::Keccak256().update(view("sluice")).update(parent_hash).finish();
}

Bytes encode(const ExtraData& extra) {
    Bytes fields;
    rlp::encode_u64(fields, extra.version);
    rlp::encode_u64(fields, extra.time_ms);
    rlp::encode_hash(fields, extra.validators_hash);
    rlp::encode_hash(fields, extra.next_validators_hash);
    return rlp::wrap_list(fields);
}

Result<ExtraData, rlp::Error> decode_extra_data(ByteView encoded) {
    rlp::ListReader reader(encoded);
    ExtraData extra;
    extra.version = reader.u64();
    if (extra.version != 1) reader.reject(rlp::Error::too_large);
    extra.time_ms = reader.u64();
    extra.validators_hash = reader.hash();
    extra.next_validators_hash = reader.hash();
    if (const auto ended = reader.finish(); !ended) return fail(ended.error());
    return extra;
}

UnixMs time_ms_of(const Header& header) {
    const auto extra = decode_extra_data(header.extra_data);
    if (extra && extra->time_ms / 1000 == header.timestamp) return extra->time_ms;
    constexpr UnixMs latest = std::numeric_limits<UnixMs>::max();
    return header.timestamp > latest / 1000 ? latest : header.timestamp * 1000;
}

Bytes encode(const Block& block) {
    std::size_t list_bytes = 0;
    for (const TransactionPtr& transaction : block.transactions)
        list_bytes += item_bytes(*transaction);
    const Bytes header = encode(block.header);
    Bytes list_prefix;
    rlp::encode_list_prefix(list_prefix, list_bytes);
    const std::size_t payload_bytes = header.size() + list_prefix.size() + list_bytes + 2;

    Bytes encoded;
    encoded.reserve(payload_bytes + 9);
    rlp::encode_list_prefix(encoded, payload_bytes);
    append(encoded, header);
    append(encoded, list_prefix);
    for (const TransactionPtr& transaction : block.transactions)
        append_item(encoded, *transaction);
    rlp::encode_list_prefix(encoded, 0);
    rlp::encode_list_prefix(encoded, 0);
    return encoded;
}

std::string_view describe(BlockError error) {
    switch (error) {
        case BlockError::malformed:
            return "the bytes are not the encoding of a block";
        case BlockError::too_large:
            return "the block is larger than a block may be";
        case BlockError::too_many_transactions:
            return "the block has more transactions than a block may have";
        case BlockError::ommers_not_empty:
            return "the block has ommers, which this chain does not know";
        case BlockError::withdrawals_not_empty:
            return "the block has withdrawals, which this chain does not know";
    }
    return "unknown block error";
}

Result<EncodedBlock, BlockError> decode_block(ByteView encoded) {
    if (encoded.size() > limits::block_bytes_max) return fail(BlockError::too_large);
    rlp::ListReader reader(encoded);
    const rlp::Item header_item = reader.item();
    const rlp::Item transactions_item = reader.item();
    const rlp::Item ommers = reader.item();
    const rlp::Item withdrawals = reader.item();
    if (!reader.finish() || !transactions_item.is_list || !ommers.is_list || !withdrawals.is_list)
        return fail(BlockError::malformed);
    if (!ommers.payload.empty()) return fail(BlockError::ommers_not_empty);
    if (!withdrawals.payload.empty()) return fail(BlockError::withdrawals_not_empty);
    auto header = decode_header(header_item.encoded);
    if (!header) return fail(BlockError::malformed);
    auto transactions = decode_transactions(rlp::ListReader(transactions_item));
    if (!transactions) return fail(transactions.error());
    return EncodedBlock{.header = std::move(*header),
                        .hash = keccak256(header_item.encoded),
                        .transactions = std::move(*transactions)};
}

Hash transactions_root(std::span<const TransactionPtr> transactions) {
    std::vector<ByteView> encoded;
    encoded.reserve(transactions.size());
    for (const TransactionPtr& transaction : transactions)
        encoded.emplace_back(*transaction->encoded);
    return merkle::ordered_root(encoded);
}

Hash transactions_root(std::span<const SharedBytes> transactions) {
    std::vector<ByteView> encoded;
    encoded.reserve(transactions.size());
    for (const SharedBytes& transaction : transactions)
        encoded.emplace_back(*transaction);
    return merkle::ordered_root(encoded);
}

}  // namespace sluice::core
