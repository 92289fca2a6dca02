#include "ledger/block_store.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "core/rlp.hpp"
#include "ledger/schema.hpp"

namespace sluice::ledger {

namespace {

/// More bodies than this are not dropped in one block, after the history kept was shortened.
constexpr core::Height pruned_per_block_max = 8;

[[noreturn]] void damaged(const char* row, core::Height height) {
    throw StorageFailure(std::string(row) + " row is missing or damaged: block " + std::to_string(height));
}

void write_pieces(core::Height height, core::ByteView block, WriteBatch& to) {
    for (std::uint32_t piece = 0; !block.empty(); ++piece) {
        const core::ByteView bytes = block.first(std::min(block.size(), block_piece_bytes));
        to.put(schema::block_piece_key(height, piece), bytes);
        block = block.subspan(bytes.size());
    }
}

void write_transactions(const BlockRows& block, WriteBatch& to) {
    const auto ranges = transaction_ranges(block.encoded_block);
    CHECK(ranges.has_value());
    CHECK(ranges->size() == block.transaction_hashes.size());
    for (std::uint32_t index = 0; index < ranges->size(); ++index) {
        core::Bytes place;
        core::append_be64(place, block.header.height);
        core::append_be32(place, index);
        core::append_be32(place, (*ranges)[index].offset);
        core::append_be32(place, (*ranges)[index].size);
        to.put(schema::transaction_key(block.transaction_hashes[index]), place);
    }
}

void write_receipts(const BlockRows& block, WriteBatch& to) {
    core::Gas gas_before = 0;
    std::uint64_t logs_before = 0;
    for (std::size_t first = 0; first < block.receipts.size(); first += receipts_per_group) {
        const auto group =
            block.receipts.subspan(first, std::min(receipts_per_group, block.receipts.size() - first));
        core::Bytes row;
        core::append_be64(row, gas_before);
        core::append_be64(row, logs_before);
        core::Bytes payload;
        for (const core::Receipt& receipt : group) {
            core::rlp::encode_bytes(payload, core::encode(receipt));
            gas_before = receipt.cumulative_gas_used;
            logs_before += receipt.logs.size();
        }
        core::append(row, core::rlp::wrap_list(payload));
        to.put(
            schema::receipts_key(block.header.height, static_cast<std::uint32_t>(first / receipts_per_group)),
            row);
    }
}

struct ReceiptGroup {
    core::Gas gas_before = 0;
    std::uint64_t logs_before = 0;
    std::vector<core::Bytes> encoded;
};

ReceiptGroup decode_group(core::ByteView row, core::Height height) {
    core::ByteReader reader(row);
    ReceiptGroup group;
    group.gas_before = reader.be64();
    group.logs_before = reader.be64();
    if (!reader.ok()) damaged("receipts", height);
    core::rlp::ListReader list(reader.rest());
    while (list.has_more())
        group.encoded.push_back(core::to_bytes(list.bytes()));
    if (!list.finish() || group.encoded.size() > receipts_per_group) damaged("receipts", height);
    return group;
}

core::Receipt decode_or_throw(core::ByteView encoded, core::Height height) {
    auto receipt = core::decode_receipt(encoded);
    if (!receipt) damaged("receipts", height);
    return std::move(*receipt);
}

}  // namespace

std::optional<std::vector<ByteRange>> transaction_ranges(core::ByteView encoded_block) {
    core::rlp::ListReader block(encoded_block);
    block.item();
    core::rlp::ListReader transactions = block.list();
    std::vector<ByteRange> ranges;
    while (transactions.has_more()) {
        const core::rlp::Item item = transactions.item();
        const core::ByteView bytes = item.is_list ? item.encoded : item.payload;
        if (transactions.failed()) return std::nullopt;
        ranges.push_back({static_cast<std::uint32_t>(bytes.data() - encoded_block.data()),
                          static_cast<std::uint32_t>(bytes.size())});
    }
    if (block.failed() || !transactions.finish()) return std::nullopt;
    return ranges;
}

void write_header(const core::Header& header, const core::Hash& hash,
                  const core::CommitCertificate* certificate, WriteBatch& to) {
    to.put(schema::header_key(header.height), core::encode(header));
    core::Bytes height_bytes;
    core::append_be64(height_bytes, header.height);
    to.put(schema::block_height_key(hash), height_bytes);
    if (certificate != nullptr) to.put(schema::certificate_key(header.height), core::encode(*certificate));
}

void write_block(const BlockRows& block, WriteBatch& to) {
    const core::Height height = block.header.height;
    CHECK(block.encoded_block.size() <= 0xffff'ffff);
    write_pieces(height, block.encoded_block, to);
    write_header(block.header, block.hash, block.certificate, to);
    write_transactions(block, to);
    write_receipts(block, to);
    core::Bytes head;
    core::append_be64(head, height);
    core::append(head, block.hash);
    to.put(schema::head_key(), head);
}

void write_index_rows(std::span<const IndexRow> rows, WriteBatch& to) {
    for (const IndexRow& row : rows) {
        core::Bytes key = core::to_bytes(schema::Key(schema::Row::index));
        core::append(key, row.key);
        to.put(key, row.value);
    }
}

void write_validators(core::Height from, const core::ValidatorSet& set, WriteBatch& to) {
    to.put(schema::validators_key(from), core::encode(set));
}

void write_format(WriteBatch& to) {
    core::Bytes version;
    core::append_be32(version, schema::format_version);
    to.put(schema::format_key(), version);
}

void write_kept_blocks(const KeptBlocks& kept, WriteBatch& to) {
    core::Bytes row;
    core::append_be64(row, kept.first_header);
    core::append_be64(row, kept.first_body);
    to.put(schema::kept_blocks_key(), row);
}

KeptBlocks prune_bodies(const KvReader& rows, const KeptBlocks& kept, core::Height head, core::Height history,
                        WriteBatch& to) {
    const core::Height wanted = head > history ? head - history + 1 : 1;
    KeptBlocks left = kept;
    // Genesis stays whole, and an absent row begins there.
    left.first_body = std::max<core::Height>(left.first_body, 1);
    for (core::Height count = 0; left.first_body < wanted && count < pruned_per_block_max; ++count) {
        for (const schema::Key& prefix :
             {schema::block_pieces_of(left.first_body), schema::receipts_of(left.first_body)})
            for (auto cursor = rows.cursor(prefix); cursor->valid(); cursor->next())
                to.remove(cursor->key());
        ++left.first_body;
    }
    if (left.first_body <= 1 || left == kept) return kept;
    write_kept_blocks(left, to);
    return left;
}

std::optional<std::uint32_t> read_format(const KvReader& rows) {
    const auto row = rows.get(schema::format_key());
    if (!row) return std::nullopt;
    if (row->size() != 4) throw StorageFailure("format row is damaged");
    return core::read_be32(row->data());
}

std::optional<LedgerHead> read_head(const KvReader& rows) {
    const auto row = rows.get(schema::head_key());
    if (!row) return std::nullopt;
    core::ByteReader reader(*row);
    LedgerHead head;
    head.height = reader.be64();
    reader.fill(head.hash);
    if (!reader.done()) throw StorageFailure("head row is damaged");
    return head;
}

KeptBlocks read_kept_blocks(const KvReader& rows) {
    const auto row = rows.get(schema::kept_blocks_key());
    if (!row) return {};
    core::ByteReader reader(*row);
    KeptBlocks kept;
    kept.first_header = reader.be64();
    kept.first_body = reader.be64();
    if (!reader.done() || kept.first_body < kept.first_header)
        throw StorageFailure("the row of the blocks kept is damaged");
    return kept;
}

std::optional<core::Bytes> read_encoded_header(const KvReader& rows, core::Height height) {
    return rows.get(schema::header_key(height));
}

std::optional<core::Header> read_header(const KvReader& rows, core::Height height) {
    const auto row = read_encoded_header(rows, height);
    if (!row) return std::nullopt;
    auto header = core::decode_header(*row);
    if (!header) damaged("header", height);
    return std::move(*header);
}

std::optional<core::Height> read_block_height(const KvReader& rows, const core::Hash& hash) {
    const auto row = rows.get(schema::block_height_key(hash));
    if (!row) return std::nullopt;
    if (row->size() != 8) throw StorageFailure("block height row is damaged: " + core::to_hex_0x(hash));
    return core::read_be64(row->data());
}

std::optional<core::Bytes> read_encoded_block(const KvReader& rows, core::Height height) {
    std::optional<core::Bytes> block;
    for (std::uint32_t piece = 0;; ++piece) {
        const auto bytes = rows.get(schema::block_piece_key(height, piece));
        if (!bytes) return block;
        if (!block) block.emplace();
        core::append(*block, *bytes);
        if (bytes->size() < block_piece_bytes) return block;
    }
}

std::optional<core::CommitCertificate> read_certificate(const KvReader& rows, core::Height height) {
    const auto row = rows.get(schema::certificate_key(height));
    if (!row) return std::nullopt;
    auto certificate = core::decode_commit_certificate(*row);
    if (!certificate) damaged("certificate", height);
    return std::move(*certificate);
}

std::vector<core::Bytes> read_encoded_receipts(const KvReader& rows, core::Height height) {
    std::vector<core::Bytes> receipts;
    for (std::uint32_t number = 0;; ++number) {
        const auto row = rows.get(schema::receipts_key(height, number));
        if (!row) return receipts;
        ReceiptGroup group = decode_group(*row, height);
        std::move(group.encoded.begin(), group.encoded.end(), std::back_inserter(receipts));
        if (group.encoded.size() < receipts_per_group) return receipts;
    }
}

std::vector<core::Receipt> read_receipts(const KvReader& rows, core::Height height) {
    std::vector<core::Receipt> receipts;
    for (const core::Bytes& encoded : read_encoded_receipts(rows, height))
        receipts.push_back(decode_or_throw(encoded, height));
    return receipts;
}

std::optional<PlacedReceipt> read_receipt(const KvReader& rows, core::Height height, std::uint32_t index) {
    const auto row = rows.get(schema::receipts_key(height, index / receipts_per_group));
    if (!row) return std::nullopt;
    const ReceiptGroup group = decode_group(*row, height);
    const std::size_t wanted = index % receipts_per_group;
    if (wanted >= group.encoded.size()) return std::nullopt;
    PlacedReceipt placed;
    core::Gas gas_before = group.gas_before;
    placed.first_log_index = group.logs_before;
    for (std::size_t i = 0; i < wanted; ++i) {
        const core::Receipt earlier = decode_or_throw(group.encoded[i], height);
        gas_before = earlier.cumulative_gas_used;
        placed.first_log_index += earlier.logs.size();
    }
    placed.receipt = decode_or_throw(group.encoded[wanted], height);
    placed.gas_used = placed.receipt.cumulative_gas_used - gas_before;
    return placed;
}

std::optional<TransactionPlace> read_transaction_place(const KvReader& rows, const core::Hash& hash) {
    const auto row = rows.get(schema::transaction_key(hash));
    if (!row) return std::nullopt;
    core::ByteReader reader(*row);
    TransactionPlace place;
    place.height = reader.be64();
    place.index = reader.be32();
    place.offset = reader.be32();
    place.size = reader.be32();
    if (!reader.done()) throw StorageFailure("transaction row is damaged: " + core::to_hex_0x(hash));
    return place;
}

core::Bytes read_encoded_transaction(const KvReader& rows, const TransactionPlace& place) {
    core::Bytes transaction;
    std::size_t from = place.offset % block_piece_bytes;
    auto piece = static_cast<std::uint32_t>(place.offset / block_piece_bytes);
    while (transaction.size() < place.size) {
        const auto bytes = rows.get(schema::block_piece_key(place.height, piece++));
        if (!bytes || bytes->size() <= from) damaged("block piece", place.height);
        const std::size_t wanted = place.size - transaction.size();
        core::append(transaction,
                     core::ByteView(*bytes).subspan(from, std::min(wanted, bytes->size() - from)));
        from = 0;
    }
    return transaction;
}

std::optional<core::ValidatorSet> read_validators(const KvReader& rows, core::Height height) {
    const auto cursor = rows.cursor(schema::Key(schema::Row::validators));
    cursor->seek(schema::validators_key(height));
    if (!cursor->valid()) return std::nullopt;
    auto set = core::decode_validator_set(cursor->value());
    if (!set) damaged("validators", height);
    return std::move(*set);
}

std::vector<core::Height> read_validator_changes(const KvReader& rows) {
    std::vector<core::Height> heights;
    const auto cursor = rows.cursor(schema::Key(schema::Row::validators));
    // Keys hold inverted heights: the newest set comes first, that of genesis last.
    for (; cursor->valid(); cursor->next()) {
        if (cursor->key().size() != 1 + sizeof(core::Height)) damaged("validators", 0);
        heights.push_back(~core::read_be64(cursor->key().data() + 1));
    }
    if (!heights.empty()) heights.pop_back();
    std::reverse(heights.begin(), heights.end());
    return heights;
}

}  // namespace sluice::ledger
