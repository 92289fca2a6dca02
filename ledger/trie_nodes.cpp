#include "ledger/trie_nodes.hpp"

#include <algorithm>

#include "core/state_root.hpp"
#include "ledger/key_path.hpp"
#include "ledger/schema.hpp"
#include "ledger/sorted_trie.hpp"
#include "ledger/state_records.hpp"

namespace sluice::ledger {

namespace {

/// Leaves that are remembered; a subtree of more is read through once.
constexpr std::size_t recent_max = 4096;

bool starts_with(std::span<const std::uint8_t> path, const core::merkle::Nibbles& prefix) {
    return path.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), path.begin());
}

}  // namespace

TrieNodes::TrieNodes(const KvReader& rows, std::optional<core::Address> address, std::size_t stored_levels,
                     const LeafOverlay* overlay)
    : rows_(&rows), address_(address), stored_levels_(stored_levels), overlay_(overlay) {
    row_prefix_ = core::to_bytes(address ? schema::slots_of(*address) : schema::Key(schema::Row::account));
}

TrieNodes TrieNodes::of_accounts(const KvReader& rows, std::size_t stored_levels,
                                 const LeafOverlay* overlay) {
    return TrieNodes(rows, std::nullopt, stored_levels, overlay);
}

TrieNodes TrieNodes::of_storage(const KvReader& rows, const core::Address& address, std::size_t stored_levels,
                                const LeafOverlay* overlay) {
    return TrieNodes(rows, address, stored_levels, overlay);
}

std::optional<core::Bytes> TrieNodes::load(std::span<const std::uint8_t> path) const {
    if (path.size() < stored_levels_)
        if (auto stored = load_stored(path)) return stored;
    return derive(path);
}

std::optional<core::Bytes> TrieNodes::load_stored(std::span<const std::uint8_t> path) const {
    return rows_->get(address_ ? schema::storage_node_key(*address_, path) : schema::account_node_key(path));
}

std::optional<core::Bytes> TrieNodes::derive(std::span<const std::uint8_t> path) const {
    SortedTrie subtree(path.size());
    if (recent_path_ && starts_with(path, *recent_path_)) {
        for (const auto& [key, leaf] : recent_)
            if (lies_under(key, path)) subtree.add(key, leaf);
        return subtree.node();
    }
    recent_.clear();
    for_each_leaf(path, [&](const core::Hash& key, core::ByteView leaf) {
        subtree.add(key, leaf);
        if (recent_.size() <= recent_max) recent_.emplace_back(key, core::to_bytes(leaf));
    });
    recent_path_.reset();
    if (recent_.size() <= recent_max) recent_path_.emplace(path.begin(), path.end());
    return subtree.node();
}

/// Merges rows and overlay, which has the say.
void TrieNodes::for_each_leaf(std::span<const std::uint8_t> path, const LeafVisitor& visit) const {
    if (overlay_ == nullptr) return for_each_row(path, visit);
    auto earlier = overlay_->lower_bound(first_under(path));
    const auto visit_earlier = [&] {
        if (!earlier->second.empty()) visit(earlier->first, earlier->second);
        ++earlier;
    };
    for_each_row(path, [&](const core::Hash& key, core::ByteView leaf) {
        while (earlier != overlay_->end() && earlier->first < key)
            visit_earlier();
        if (earlier != overlay_->end() && earlier->first == key) return visit_earlier();
        visit(key, leaf);
    });
    while (earlier != overlay_->end() && lies_under(earlier->first, path))
        visit_earlier();
}

void TrieNodes::for_each_row(std::span<const std::uint8_t> path, const LeafVisitor& visit) const {
    const core::Hash first = first_under(path);
    core::Bytes from = row_prefix_;
    core::append(from, first);
    const auto cursor = rows_->cursor(core::ByteView(from).first(row_prefix_.size() + path.size() / 2));
    if (path.size() % 2 != 0) cursor->seek(from);
    for (; cursor->valid(); cursor->next()) {
        const core::ByteView bytes = cursor->key().subspan(row_prefix_.size());
        core::Hash key{};
        if (bytes.size() != key.size()) throw StorageFailure("flat row has a malformed key");
        std::copy(bytes.begin(), bytes.end(), key.begin());
        if (!lies_under(key, path)) return;
        visit(key, leaf_of(cursor->value()));
    }
}

core::Bytes TrieNodes::leaf_of(core::ByteView row) const {
    if (!address_) {
        const auto record = decode_account_record(row);
        if (!record) throw StorageFailure("account row cannot be decoded");
        return core::encode_account(record->account, record->storage_root);
    }
    const auto value = word_from_trimmed(row);
    if (!value || *value == core::Word{}) throw StorageFailure("slot row cannot be decoded");
    return core::to_bytes(slot_leaf(*value).view());
}

}  // namespace sluice::ledger
