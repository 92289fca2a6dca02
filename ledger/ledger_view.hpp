/// What a LedgerSnapshot holds. Internal to the ledger.
#pragma once

#include "ledger/block_store.hpp"
#include "ledger/state_records.hpp"
#include "ledger/state_trie.hpp"

namespace sluice::ledger {

struct LedgerView {
    KvSnapshot rows;
    LedgerHead head;
    core::Header header;  ///< of the head
    StateHead state;
    StateTries tries;
    core::Height proof_blocks = 0;
    KeptBlocks kept;
};

}  // namespace sluice::ledger
