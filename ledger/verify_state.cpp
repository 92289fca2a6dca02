#include "ledger/verify_state.hpp"

#include <algorithm>

#include "core/state_root.hpp"
#include "ledger/schema.hpp"
#include "ledger/sorted_trie.hpp"
#include "ledger/state_cache.hpp"
#include "ledger/state_history.hpp"
#include "ledger/verify_nodes.hpp"

namespace sluice::ledger {

namespace {

/// Recomputes every root from accounts and slots, in one pass over the account rows.
class StateVerification {
  public:
    StateVerification(const KvReader& rows, const StateHead& head, const VerifyOptions& options,
                      VerifyReport& report, FaultList& faults)
        : rows_(rows), head_(head), options_(options), report_(report), faults_(faults) {}

    void run() {
        SortedTrie accounts;
        const auto cursor = rows_.cursor(schema::Key(schema::Row::account));
        for (; cursor->valid(); cursor->next())
            check_account(cursor->key(), cursor->value(), accounts);
        if (accounts.root() != head_.root)
            faults_.add(head_.height, "the state root is not that of the accounts");
        if (report_.accounts != head_.accounts || head_.accounts > head_.accounts_high)
            faults_.add(head_.height, "accounts are miscounted");
        check_orphans();
        check_all_code();
    }

  private:
    void check_account(core::ByteView key, core::ByteView row, SortedTrie& accounts);
    core::Hash storage_root_of(const core::Address& address);
    void check_code(const AccountRecord& record);
    void check_all_code();
    void check_orphans();

    const KvReader& rows_;
    const StateHead& head_;
    const VerifyOptions& options_;
    VerifyReport& report_;
    FaultList& faults_;
};

void StateVerification::check_account(core::ByteView key, core::ByteView row, SortedTrie& accounts) {
    const auto record = decode_account_record(row);
    if (!record) return faults_.add(head_.height, "an account row cannot be decoded");
    const core::Hash hash = core::keccak256(record->address);
    const std::string name = core::checksum_hex(record->address);
    if (!std::ranges::equal(key.subspan(1), hash))
        return faults_.add(head_.height, "the row of " + name + " lies under another key");
    ++report_.accounts;
    if (options_.progress && report_.accounts % 4096 == 0) options_.progress("state", hash[0], 256);
    const std::uint64_t slots_before = report_.slots;
    if (storage_root_of(record->address) != record->storage_root)
        faults_.add(head_.height, "storage of " + name + " does not fit its root");
    if (report_.slots - slots_before != record->slots || record->slots > record->slots_high)
        faults_.add(head_.height, "slots of " + name + " are miscounted");
    check_code(*record);
    accounts.add(hash, core::encode_account(record->account, record->storage_root));
}

core::Hash StateVerification::storage_root_of(const core::Address& address) {
    SortedTrie slots;
    const schema::Key prefix = schema::slots_of(address);
    for (auto cursor = rows_.cursor(prefix); cursor->valid(); cursor->next()) {
        const core::ByteView bytes = cursor->key().subspan(core::ByteView(prefix).size());
        const auto value = word_from_trimmed(cursor->value());
        core::Hash hash{};
        if (bytes.size() != hash.size() || !value || *value == core::Word{}) {
            faults_.add(head_.height, "a slot row of " + core::checksum_hex(address) + " is malformed");
            continue;
        }
        std::copy(bytes.begin(), bytes.end(), hash.begin());
        slots.add(hash, slot_leaf(*value).view());
        ++report_.slots;
    }
    return slots.root();
}

void StateVerification::check_code(const AccountRecord& record) {
    if (record.account.code_hash == core::empty_code_hash) return;
    if (!rows_.get(schema::code_key(record.account.code_hash)))
        faults_.add(head_.height, "code of " + core::checksum_hex(record.address) + " is missing");
}

/// Also code that only earlier heights name.
void StateVerification::check_all_code() {
    for (auto cursor = rows_.cursor(schema::Key(schema::Row::code)); cursor->valid(); cursor->next())
        if (!std::ranges::equal(cursor->key().subspan(1), core::keccak256(cursor->value())))
            faults_.add(head_.height,
                        "code under 0x" + core::to_hex(cursor->key().subspan(1)) + " is altered");
}

/// Slots of accounts that do not exist would never be looked at by the walk over accounts.
void StateVerification::check_orphans() {
    std::uint64_t rows = 0;
    for (auto cursor = rows_.cursor(schema::Key(schema::Row::slot)); cursor->valid(); cursor->next())
        ++rows;
    if (rows != report_.slots) faults_.add(head_.height, "there are slots of accounts that do not exist");
}

void verify_history(const KvReader& rows, const StateHead& head, FaultList& faults) {
    for (core::Height height = head.first_diff; height <= head.height; ++height) {
        faults.guard(height, [&] {
            const auto keys = rows.get(schema::diff_keys_key(height));
            if (!keys || *keys != encode(fingerprints_of(read_reverse_diff(rows, height))))
                faults.add(height, "the keys of the reverse diff do not fit it");
        });
    }
}

}  // namespace

void verify_state(const KvReader& rows, const core::Header& head, const VerifyOptions& options,
                  VerifyReport& report, FaultList& faults) {
    const auto row = rows.get(schema::state_head_key());
    const auto state = row ? decode_state_head(*row) : std::nullopt;
    if (!state || state->height != head.height || state->root != head.state_root)
        return faults.add(head.height, "the state is not that of the newest block");
    verify_history(rows, *state, faults);
    if (!options.full) return;
    StateVerification(rows, *state, options, report, faults).run();
    verify_stored_nodes(rows, *state, faults);
}

}  // namespace sluice::ledger
