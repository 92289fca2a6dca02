/// Proofs of accounts and slots under the state root of a recent height (EIP-1186).
#pragma once

#include <span>

#include "ledger/ledger_snapshot.hpp"
#include "ledger/state_records.hpp"
#include "ledger/state_trie.hpp"

namespace sluice::ledger {

/// The tries of the head, the rows of the same moment, and the height asked for (readable, not above the
/// head).
struct ProofQuery {
    const StateTries& tries;
    KvSnapshot rows;
    const StateHead& head;
    core::Height height = 0;
};

/// Tries of an earlier height are made from the head's by undoing what has changed since.
AccountProof prove_account(const ProofQuery& query, const core::Address& address,
                           std::span<const core::Word> keys);

}  // namespace sluice::ledger
