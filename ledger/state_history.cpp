#include "ledger/state_history.hpp"

#include <algorithm>

#include "ledger/schema.hpp"
#include "ledger/state_cache.hpp"

namespace sluice::ledger {

namespace {
/// Decoded diffs that one view keeps: a call reads its slots in few blocks again and again.
constexpr std::size_t diffs_kept_max = 16;
}  // namespace

ReverseDiff read_reverse_diff(const KvReader& rows, core::Height height) {
    const auto row = rows.get(schema::reverse_diff_key(height));
    auto diff = row ? decode_reverse_diff(*row) : std::nullopt;
    if (!diff) throw StorageFailure("reverse diff is missing or damaged: block " + std::to_string(height));
    return std::move(*diff);
}

HistoricalState::HistoricalState(KvSnapshot rows, const StateHead& head, core::Height height)
    : rows_(std::move(rows)), head_(head), height_(height) {}

std::optional<core::Account> HistoricalState::account(const core::Address& address) const {
    const auto record = account_record(address);
    if (!record) return std::nullopt;
    return record->account;
}

core::Word HistoricalState::storage(const core::Address& address, const core::Word& key) const {
    return slot(address, core::keccak256(key));
}

core::SharedBytes HistoricalState::code(const core::Hash& code_hash) const {
    return read_code(*rows_, code_hash);
}

bool HistoricalState::has_storage(const core::Address& address) const {
    const auto record = account_record(address);
    return record && record->storage_root != core::empty_trie_root;
}

std::optional<AccountRecord> HistoricalState::account_record(const core::Address& address) const {
    const core::Hash hash = core::keccak256(address);
    if (in_archive()) {
        const auto before = from_archive(schema::account_history_of(hash));
        if (!before) return read_account(*rows_, hash);
        if (before->empty()) return std::nullopt;
        auto record = decode_account_record(*before);
        if (!record) throw StorageFailure("account history row cannot be decoded");
        return record;
    }
    std::shared_ptr<const ReverseDiff> owner;
    const OverwrittenAccount* changed = first_account(address, owner);
    return changed != nullptr ? changed->before : read_account(*rows_, hash);
}

core::Word HistoricalState::slot(const core::Address& address, const core::Hash& slot_hash) const {
    if (in_archive()) {
        const auto before = from_archive(schema::slot_history_of(address, slot_hash));
        if (!before) return read_slot(*rows_, address, slot_hash);
        const auto value = word_from_trimmed(*before);
        if (!value) throw StorageFailure("slot history row cannot be decoded");
        return *value;
    }
    std::shared_ptr<const ReverseDiff> owner;
    const OverwrittenSlot* changed = first_slot(address, slot_hash, owner);
    return changed != nullptr ? changed->before : read_slot(*rows_, address, slot_hash);
}

std::optional<core::Bytes> HistoricalState::from_archive(core::ByteView prefix) const {
    if (height_ == head_.height) return std::nullopt;
    const auto cursor = rows_->cursor(prefix);
    core::Bytes wanted = core::to_bytes(prefix);
    core::append_be64(wanted, height_ + 1);
    cursor->seek(wanted);
    if (!cursor->valid()) return std::nullopt;
    return core::to_bytes(cursor->value());
}

bool HistoricalState::may_touch(core::Height height, Fingerprint wanted) const {
    const std::size_t place = height - height_ - 1;
    while (fingerprints_.size() <= place) {
        const core::Height next = height_ + 1 + fingerprints_.size();
        const auto row = rows_->get(schema::diff_keys_key(next));
        auto keys = row ? decode_fingerprints(*row) : std::nullopt;
        if (!keys) throw StorageFailure("diff keys are missing or damaged: block " + std::to_string(next));
        fingerprints_.push_back(std::move(*keys));
    }
    return std::binary_search(fingerprints_[place].begin(), fingerprints_[place].end(), wanted);
}

std::shared_ptr<const ReverseDiff> HistoricalState::diff_at(core::Height height) const {
    for (const auto& [held, diff] : diffs_)
        if (held == height) return diff;
    auto diff = std::make_shared<const ReverseDiff>(read_reverse_diff(*rows_, height));
    diffs_.emplace_back(height, diff);
    if (diffs_.size() > diffs_kept_max) diffs_.pop_front();
    return diff;
}

const OverwrittenAccount* HistoricalState::first_account(const core::Address& address,
                                                         std::shared_ptr<const ReverseDiff>& owner) const {
    const Fingerprint wanted = fingerprint(address);
    for (core::Height height = height_ + 1; height <= head_.height; ++height) {
        if (!may_touch(height, wanted)) continue;
        owner = diff_at(height);
        if (const OverwrittenAccount* account = find_account(*owner, address)) return account;
    }
    return nullptr;
}

const OverwrittenSlot* HistoricalState::first_slot(const core::Address& address, const core::Hash& slot_hash,
                                                   std::shared_ptr<const ReverseDiff>& owner) const {
    const Fingerprint wanted = fingerprint(address, slot_hash);
    for (core::Height height = height_ + 1; height <= head_.height; ++height) {
        if (!may_touch(height, wanted)) continue;
        owner = diff_at(height);
        const OverwrittenAccount* account = find_account(*owner, address);
        const OverwrittenSlot* slot = account != nullptr ? find_slot(*account, slot_hash) : nullptr;
        if (slot != nullptr) return slot;
    }
    return nullptr;
}

}  // namespace sluice::ledger
