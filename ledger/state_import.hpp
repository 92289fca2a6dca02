/// A ledger from somebody else's state: checked piece by piece under a state root that is known to be final.
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/block.hpp"
#include "core/commit_certificate.hpp"
#include "core/receipt.hpp"
#include "ledger/head_state.hpp"
#include "ledger/ledger_snapshot.hpp"
#include "ledger/state_parts.hpp"
#include "ledger/state_records.hpp"

namespace sluice::ledger {

/// A block that named other validators for the next height.
struct ValidatorChange {
    core::Header header;
    core::CommitCertificate certificate;
    core::ValidatorSet next_validators;
};

/// What the imported ledger begins with beside the state; the caller has checked all of it.
struct JoinedChain {
    core::Header genesis;
    core::ValidatorSet genesis_validators;
    std::vector<ValidatorChange> changes;  ///< by rising height, up to that of the head
    core::Header head;
    core::Hash head_hash{};
    core::CommitCertificate certificate;
    core::SharedBytes encoded_block;             ///< of the head
    std::vector<core::Hash> transaction_hashes;  ///< of the head
    std::vector<core::Receipt> receipts;         ///< of the head
    std::vector<IndexRow> index_rows;            ///< of the head
};

enum class ChunkFault {
    wrong_form,  ///< no node or leaves where these were asked for
    unsorted,    ///< leaves out of order, or outside the path asked for
    malformed,   ///< a leaf or node that no state contains
    wrong_hash,  ///< hashes to something else than was asked for
};
std::string_view describe(ChunkFault fault);

/// Empties a store, whatever it holds, under a marker that says so: cut short, what is left is no ledger, and
/// may be emptied again. Throws StorageFailure.
void clear_store(KvStore& store);

/// The store holds a state that was never finished.
bool is_unfinished_join(const KvReader& rows);

/// One thread. Every write is synced, so that a power cut leaves an unfinished import and not a hole in a
/// finished one. Throws StorageFailure.
class StateImport {
  public:
    /// Empties the store and marks it as unfinished until `finish` returns.
    StateImport(KvStore& store, core::Height height, const core::Hash& block_hash,
                const core::Hash& state_root);

    /// What everything else hangs from.
    WantedPart root() const;
    /// Checks the chunk and keeps what it holds. Returns the parts that it asks for in turn. A wrong chunk
    /// changes nothing.
    core::Result<std::vector<WantedPart>, ChunkFault> take(const WantedPart& wanted, const StateChunk& chunk);
    /// Computes every root anew from the rows written, and makes the store a ledger with `chain.head` as its
    /// head. A sentence if the state is not whole; the store stays unfinished then.
    core::Result<void, std::string> finish(const JoinedChain& chain, const StateOptions& options);

    std::uint64_t accounts() const { return accounts_; }
    std::uint64_t bytes() const { return bytes_; }

  private:
    using Taken = core::Result<std::vector<WantedPart>, ChunkFault>;
    Taken take_code(const WantedPart& wanted, const StateChunk& chunk);
    Taken take_node(const WantedPart& wanted, const StateChunk& chunk);
    Taken take_leaves(const WantedPart& wanted, const StateChunk& chunk);

    KvStore& store_;
    core::Hash root_{};
    core::Height height_ = 0;
    std::uint64_t accounts_ = 0;
    std::uint64_t bytes_ = 0;
};

}  // namespace sluice::ledger
