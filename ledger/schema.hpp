/// Every row of the database: its prefix, its key, its meaning (docs/formats/ledger.md says the same byte by
/// byte). Integers in keys are big-endian, so that byte order is the order of numbers.
#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "core/check.hpp"
#include "core/ids.hpp"

namespace sluice::ledger::schema {

/// Written under `Row::format`; a database with another number is refused.
inline constexpr std::uint32_t format_version = 1;

/// First byte of each key.
enum class Row : std::uint8_t {
    account = 'a',
    block_piece = 'b',
    code = 'c',
    reverse_diff = 'd',
    diff_keys = 'f',
    header = 'h',
    index = 'i',
    block_height = 'k',
    storage_node = 'n',
    certificate = 'q',
    receipts = 'r',
    slot = 's',
    transaction = 't',
    validators = 'v',
    account_history = 'x',
    slot_history = 'y',
    format = 'F',
    head = 'H',
    kept_blocks = 'B',
    join = 'J',
    account_node = 'N',
    state_head = 'S',
};

struct RowForm {
    Row row{};
    std::string_view name;
    std::string_view key;  ///< behind the first byte
    std::string_view value;
};

/// The table of the database, for tools and for the documentation's test.
inline constexpr std::array<RowForm, 22> table{{
    {Row::account, "account", "keccak(address) 32", "account record"},
    {Row::block_piece, "block_piece", "height 8, piece 4", "64 KiB of the encoded block, the last one less"},
    {Row::code, "code", "code hash 32", "code"},
    {Row::reverse_diff, "reverse_diff", "height 8", "what the block overwrote"},
    {Row::diff_keys, "diff_keys", "height 8", "fingerprints of the keys in the reverse diff, sorted"},
    {Row::header, "header", "height 8", "encoded header"},
    {Row::index, "index", "the owner's key", "the owner's value"},
    {Row::block_height, "block_height", "block hash 32", "height 8"},
    {Row::storage_node, "storage_node", "address 20, depth 1, packed path", "encoded trie node"},
    {Row::certificate, "certificate", "height 8", "encoded commit certificate"},
    {Row::receipts, "receipts", "height 8, group 4", "gas before 8, logs before 8, RLP list of 32 receipts"},
    {Row::slot, "slot", "address 20, keccak(slot) 32", "value without leading zeros"},
    {Row::transaction, "transaction", "transaction hash 32", "height 8, index 4, offset 4, size 4"},
    {Row::validators, "validators", "~height 8", "validator set from this height on"},
    {Row::account_history, "account_history", "keccak(address) 32, height 8",
     "account record before the block"},
    {Row::slot_history, "slot_history", "address 20, keccak(slot) 32, height 8", "value before the block"},
    {Row::format, "format", "", "format version 4"},
    {Row::head, "head", "", "height 8, block hash 32"},
    {Row::kept_blocks, "kept_blocks", "", "first header 8, first body 8"},
    {Row::join, "join", "", "height 8, block hash 32"},
    {Row::account_node, "account_node", "depth 1, packed path", "encoded trie node"},
    {Row::state_head, "state_head", "", "state record"},
}};

/// A key in place, without allocation.
class Key {
  public:
    explicit Key(Row row) { push(static_cast<std::uint8_t>(row)); }
    Key& byte(std::uint8_t value) {
        push(value);
        return *this;
    }
    Key& bytes(core::ByteView value) {
        CHECK(size_ + value.size() <= bytes_.size());
        std::copy(value.begin(), value.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(size_));
        size_ += value.size();
        return *this;
    }
    Key& be32(std::uint32_t value) {
        for (int shift = 24; shift >= 0; shift -= 8)
            push(static_cast<std::uint8_t>(value >> shift));
        return *this;
    }
    Key& be64(std::uint64_t value) {
        for (int shift = 56; shift >= 0; shift -= 8)
            push(static_cast<std::uint8_t>(value >> shift));
        return *this;
    }
    operator core::ByteView() const { return {bytes_.data(), size_}; }  // NOLINT: a key is its bytes

  private:
    void push(std::uint8_t value) {
        CHECK(size_ < bytes_.size());
        bytes_[size_++] = value;
    }
    std::array<std::uint8_t, 96> bytes_{};
    std::size_t size_ = 0;
};

inline Key format_key() {
    return Key(Row::format);
}
inline Key head_key() {
    return Key(Row::head);
}
inline Key state_head_key() {
    return Key(Row::state_head);
}

inline Key kept_blocks_key() {
    return Key(Row::kept_blocks);
}
inline Key join_key() {
    return Key(Row::join);
}

inline Key header_key(core::Height height) {
    return Key(Row::header).be64(height);
}
inline Key certificate_key(core::Height height) {
    return Key(Row::certificate).be64(height);
}
inline Key block_piece_key(core::Height height, std::uint32_t piece) {
    return Key(Row::block_piece).be64(height).be32(piece);
}
inline Key block_pieces_of(core::Height height) {
    return Key(Row::block_piece).be64(height);
}
inline Key receipts_of(core::Height height) {
    return Key(Row::receipts).be64(height);
}
inline Key receipts_key(core::Height height, std::uint32_t group) {
    return Key(Row::receipts).be64(height).be32(group);
}
inline Key block_height_key(const core::Hash& hash) {
    return Key(Row::block_height).bytes(hash);
}
inline Key transaction_key(const core::Hash& hash) {
    return Key(Row::transaction).bytes(hash);
}
/// Inverted, so that seeking a height finds the newest set that began at or below it.
inline Key validators_key(core::Height height) {
    return Key(Row::validators).be64(~height);
}

inline Key account_key(const core::Hash& address_hash) {
    return Key(Row::account).bytes(address_hash);
}
inline Key slot_key(const core::Address& address, const core::Hash& slot_hash) {
    return Key(Row::slot).bytes(address).bytes(slot_hash);
}
inline Key slots_of(const core::Address& address) {
    return Key(Row::slot).bytes(address);
}
inline Key code_key(const core::Hash& code_hash) {
    return Key(Row::code).bytes(code_hash);
}

inline Key reverse_diff_key(core::Height height) {
    return Key(Row::reverse_diff).be64(height);
}
inline Key diff_keys_key(core::Height height) {
    return Key(Row::diff_keys).be64(height);
}
inline Key account_history_key(const core::Hash& address_hash, core::Height height) {
    return Key(Row::account_history).bytes(address_hash).be64(height);
}
inline Key account_history_of(const core::Hash& address_hash) {
    return Key(Row::account_history).bytes(address_hash);
}
inline Key slot_history_key(const core::Address& address, const core::Hash& slot_hash, core::Height height) {
    return Key(Row::slot_history).bytes(address).bytes(slot_hash).be64(height);
}
inline Key slot_history_of(const core::Address& address, const core::Hash& slot_hash) {
    return Key(Row::slot_history).bytes(address).bytes(slot_hash);
}

/// Depth first: the upper nodes, which every flush overwrites, lie together.
inline Key& add_path(Key& key, std::span<const std::uint8_t> nibbles) {
    key.byte(static_cast<std::uint8_t>(nibbles.size()));
    for (std::size_t i = 0; i < nibbles.size(); i += 2) {
        const std::uint8_t low = i + 1 < nibbles.size() ? nibbles[i + 1] : 0;
        key.byte(static_cast<std::uint8_t>(nibbles[i] << 4 | low));
    }
    return key;
}
inline Key account_node_key(std::span<const std::uint8_t> nibbles) {
    Key key(Row::account_node);
    return add_path(key, nibbles);
}
inline Key storage_node_key(const core::Address& address, std::span<const std::uint8_t> nibbles) {
    Key key = Key(Row::storage_node).bytes(address);
    return add_path(key, nibbles);
}
inline Key storage_nodes_of(const core::Address& address) {
    return Key(Row::storage_node).bytes(address);
}

}  // namespace sluice::ledger::schema
