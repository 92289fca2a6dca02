#include "core/state_root.hpp"

#include <algorithm>
#include <vector>

#include "core/merkle.hpp"
#include "core/rlp.hpp"

namespace sluice::core {
namespace {

/// Entries under hashed keys, as both tries keep them.
struct Entry {
    Hash key{};
    Bytes value;
};

Hash root_of(std::vector<Entry> entries) {
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.key < b.key; });
    std::vector<merkle::Change> changes;
    changes.reserve(entries.size());
    for (const auto& entry : entries)
        changes.push_back({entry.key, entry.value});
    return merkle::Trie().with(changes, merkle::no_source()).root();
}

}  // namespace

Bytes encode_account(const Account& account, const Hash& storage_root) {
    Bytes payload;
    rlp::encode_u64(payload, account.nonce);
    rlp::encode_uint256(payload, account.balance);
    rlp::encode_hash(payload, storage_root);
    rlp::encode_hash(payload, account.code_hash);
    return rlp::wrap_list(payload);
}

Bytes encode_storage_value(const Word& value) {
    Bytes encoded;
    const auto integer = Uint256::from_word(value);
    if (!integer.is_zero()) rlp::encode_uint256(encoded, integer);
    return encoded;
}

Hash state_root_of(const StateDiff& diff) {
    std::vector<Entry> accounts;
    for (const auto& change : diff.accounts) {
        if (!change.account) continue;
        std::vector<Entry> slots;
        for (const auto& slot : change.slots)
            if (auto value = encode_storage_value(slot.value); !value.empty())
                slots.push_back({keccak256(slot.key), std::move(value)});
        accounts.push_back(
            {keccak256(change.address), encode_account(*change.account, root_of(std::move(slots)))});
    }
    return root_of(std::move(accounts));
}

}  // namespace sluice::core
