#include "ledger/state_export.hpp"

#include "core/state_root.hpp"
#include "ledger/key_path.hpp"
#include "ledger/schema.hpp"
#include "ledger/state_cache.hpp"
#include "ledger/trie_nodes.hpp"

namespace sluice::ledger {

namespace {

constexpr std::size_t path_nibbles_max = 64;

/// The leaf of a flat row of accounts or slots.
StateLeaf leaf_of(const StatePart& part, const core::Hash& key, core::ByteView row) {
    if (part.kind == StatePart::Kind::accounts) {
        const auto record = decode_account_record(row);
        if (!record) throw StorageFailure("account row cannot be decoded");
        return {core::to_bytes(record->address), core::encode_account(record->account, record->storage_root)};
    }
    const auto value = word_from_trimmed(row);
    if (!value || *value == core::Word{}) throw StorageFailure("slot row cannot be decoded");
    return {core::to_bytes(key), core::to_bytes(slot_leaf(*value).view())};
}

}  // namespace

StateExport::StateExport(KvSnapshot rows, const StateHead& head, const core::Hash& block_hash)
    : rows_(std::move(rows)), head_(head), block_hash_(block_hash) {}

std::optional<StateChunk> StateExport::read(const StatePart& part, std::size_t bytes_max) const {
    if (part.kind == StatePart::Kind::code) return read_code(part.code_hash);
    if (part.path.size() > path_nibbles_max) return std::nullopt;
    auto leaves = read_leaves(part, bytes_max);
    if (leaves && leaves->empty()) return std::nullopt;
    if (leaves) return StateChunk{StateChunk::Form::leaves, std::move(*leaves), {}};
    auto node = read_node(part);
    if (!node) return std::nullopt;
    return StateChunk{StateChunk::Form::node, {}, std::move(*node)};
}

std::optional<StateChunk> StateExport::read_code(const core::Hash& hash) const {
    auto code = rows_->get(schema::code_key(hash));
    if (!code) return std::nullopt;
    return StateChunk{StateChunk::Form::code, {}, std::move(*code)};
}

std::optional<std::vector<StateLeaf>> StateExport::read_leaves(const StatePart& part,
                                                               std::size_t bytes_max) const {
    const bool of_accounts = part.kind == StatePart::Kind::accounts;
    const core::Bytes prefix =
        core::to_bytes(of_accounts ? schema::Key(schema::Row::account) : schema::slots_of(part.account));
    core::Bytes from = prefix;
    core::append(from, first_under(part.path));
    const auto cursor = rows_->cursor(prefix);
    std::vector<StateLeaf> leaves;
    std::size_t bytes = 0;
    for (cursor->seek(from); cursor->valid(); cursor->next()) {
        core::Hash key{};
        const core::ByteView key_bytes = cursor->key().subspan(prefix.size());
        if (key_bytes.size() != key.size()) throw StorageFailure("flat row has a malformed key");
        std::copy(key_bytes.begin(), key_bytes.end(), key.begin());
        if (!lies_under(key, part.path)) break;
        leaves.push_back(leaf_of(part, key, cursor->value()));
        bytes += leaves.back().key.size() + leaves.back().value.size();
        if (bytes > bytes_max) return std::nullopt;
    }
    return leaves;
}

std::optional<core::Bytes> StateExport::read_node(const StatePart& part) const {
    if (part.kind == StatePart::Kind::accounts)
        return TrieNodes::of_accounts(*rows_, head_.stored_levels(head_.accounts_high)).load(part.path);
    const auto record = read_account(*rows_, core::keccak256(part.account));
    if (!record) return std::nullopt;
    return TrieNodes::of_storage(*rows_, part.account, head_.stored_levels(record->slots_high))
        .load(part.path);
}

}  // namespace sluice::ledger
