#include "ledger/state_cache.hpp"

#include "core/check.hpp"
#include "ledger/schema.hpp"

namespace sluice::ledger {

namespace {
/// Of each generation; a contract's code is at most 24 KiB (EIP-170).
constexpr std::size_t code_bytes_max = 4u << 20;
}  // namespace

std::optional<AccountRecord> read_account(const KvReader& rows, const core::Hash& address_hash) {
    const auto row = rows.get(schema::account_key(address_hash));
    if (!row) return std::nullopt;
    auto record = decode_account_record(*row);
    if (!record) throw StorageFailure("account row cannot be decoded: " + core::to_hex_0x(address_hash));
    return record;
}

core::Word read_slot(const KvReader& rows, const core::Address& address, const core::Hash& slot_hash) {
    const auto row = rows.get(schema::slot_key(address, slot_hash));
    if (!row) return {};
    const auto value = word_from_trimmed(*row);
    if (!value) throw StorageFailure("slot row cannot be decoded: " + core::to_hex_0x(address));
    return *value;
}

core::SharedBytes read_code(const KvReader& rows, const core::Hash& code_hash) {
    if (code_hash == core::empty_code_hash) return core::share({});
    auto row = rows.get(schema::code_key(code_hash));
    return row ? core::share(std::move(*row)) : nullptr;
}

CachedState::CachedState(KvSnapshot rows, const StateTries& tries, std::size_t cache_bytes)
    : rows_(std::move(rows)),
      tries_(&tries),
      accounts_(cache_bytes / 8),
      slots_(cache_bytes - cache_bytes / 8) {}

std::optional<core::Account> CachedState::account(const core::Address& address) const {
    const CachedAccount entry = account_entry(address);
    if (!entry.exists) return std::nullopt;
    return entry.record.account;
}

core::Word CachedState::storage(const core::Address& address, const core::Word& key) const {
    if (const CachedSlot* cached = slots_.find({address, key})) return cached->value;
    return slot_entry(address, key).value;
}

bool CachedState::has_storage(const core::Address& address) const {
    const CachedAccount entry = account_entry(address);
    return entry.exists && entry.record.storage_root != core::empty_trie_root;
}

CachedAccount CachedState::account_entry(const core::Address& address) const {
    if (const CachedAccount* cached = accounts_.find({address})) return *cached;
    CachedAccount entry;
    entry.address_hash = core::keccak256(address);
    const auto peek = tries_->accounts.peek(entry.address_hash);
    const bool is_absent = peek.decided && !peek.value;
    auto record = is_absent ? std::nullopt : read_account(*rows_, entry.address_hash);
    entry.exists = record.has_value();
    if (record) entry.record = std::move(*record);
    accounts_.put({address}, entry);
    return entry;
}

CachedSlot CachedState::slot_entry(const core::Address& address, const core::Word& key) const {
    if (const CachedSlot* cached = slots_.find({address, key})) return *cached;
    CachedSlot entry;
    entry.slot_hash = core::keccak256(key);
    if (has_storage(address)) entry.value = read_value(address, entry.slot_hash);
    slots_.put({address, key}, entry);
    return entry;
}

core::Word CachedState::read_value(const core::Address& address, const core::Hash& slot_hash) const {
    const StorageTries::Entry* held = tries_->storage.find(address);
    if (held == nullptr) return read_slot(*rows_, address, slot_hash);
    const auto peek = held->trie.peek(slot_hash);
    if (!peek.decided) return read_slot(*rows_, address, slot_hash);
    if (!peek.value) return {};
    const auto value = word_from_leaf(*peek.value);
    CHECK(value.has_value());
    return *value;
}

core::SharedBytes CachedState::code(const core::Hash& code_hash) const {
    if (const auto found = newer_code_.find(code_hash); found != newer_code_.end()) return found->second;
    core::SharedBytes code;
    if (const auto found = older_code_.find(code_hash); found != older_code_.end()) {
        code = found->second;
    } else {
        code = read_code(*rows_, code_hash);
    }
    if (code) keep_code(code_hash, code);
    return code;
}

void CachedState::keep_code(const core::Hash& code_hash, const core::SharedBytes& code) const {
    if (!newer_code_.emplace(code_hash, code).second) return;
    newer_code_bytes_ += code->size();
    if (newer_code_bytes_ <= code_bytes_max) return;
    older_code_ = std::move(newer_code_);
    newer_code_.clear();
    newer_code_bytes_ = 0;
}

void CachedState::advance(KvSnapshot rows, const StateUpdates& updates) {
    rows_ = std::move(rows);
    for (const core::Address& address : updates.cleared)
        slots_.forget_if([&](const SlotId& id) { return id.address == address; });
    for (const auto& [id, account] : updates.accounts)
        accounts_.put(id, account);
    for (const auto& [id, slot] : updates.slots)
        slots_.put(id, slot);
    for (const auto& [hash, code] : updates.code)
        keep_code(hash, code);
}

std::size_t CachedState::memory_bytes() const {
    return accounts_.memory_bytes() + slots_.memory_bytes() + 2 * newer_code_bytes_;
}

}  // namespace sluice::ledger
