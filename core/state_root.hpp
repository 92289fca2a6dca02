/// The root of a state that consists of one diff: how a genesis header gets its state root without a ledger.
#pragma once

#include "core/state.hpp"

namespace sluice::core {

/// An account as the state trie holds it: RLP[nonce, balance, storage root, code hash] (Yellow Paper 4.1).
Bytes encode_account(const Account& account, const Hash& storage_root);

/// A storage value as its trie holds it: RLP of the integer without leading zeros; empty for zero (no entry).
Bytes encode_storage_value(const Word& value);

/// Root over the empty state after `diff`.
Hash state_root_of(const StateDiff& diff);

}  // namespace sluice::core
