/// The ledger: blocks, receipts, certificates, indices and state, one atomic and synced batch per height.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/head_state.hpp"
#include "ledger/ledger_snapshot.hpp"
#include "ledger/vote_log.hpp"

namespace sluice::ledger {

/// Everything that one height adds.
struct BlockRecord {
    core::Header header;
    core::Hash hash{};
    core::SharedBytes encoded_block;             ///< as gossiped: encode(Block)
    std::vector<core::Hash> transaction_hashes;  ///< in the order of the block
    core::CommitCertificate certificate;
    std::vector<core::Receipt> receipts;  ///< one per transaction
    PreparedState state;
    core::ValidatorSet next_validators;  ///< of header.height + 1
    std::vector<IndexRow>
        index_rows;  ///< whatever the owner wants to find again; an existing key is overwritten
};

/// The first block and what it stands on.
struct GenesisRecord {
    core::Header header;  ///< height 0, without transactions
    core::StateDiff state;
    core::ValidatorSet validators;  ///< of height 0 and 1
    std::vector<IndexRow> index_rows;
};

enum class OpenError {
    empty,               ///< no ledger has been created in this store
    wrong_genesis,       ///< it holds another chain
    unsupported_format,  ///< written by a newer Sluice
    unfinished_join,     ///< joining from a snapshot was cut short: it begins anew
    damaged,             ///< rows are missing or contradict each other; see `detail`
    behind_high_water,   ///< the vote log knows a later committed height: acknowledged data was lost
};
std::string_view describe(OpenError error);

struct OpenFailure {
    OpenError reason{};
    std::string detail;
};

enum class CreateError {
    not_empty,         ///< the store holds a ledger
    wrong_state_root,  ///< the header's state root is not that of the state given
    malformed,         ///< height, parent or body is not that of a genesis
};
struct CreateFailure {
    CreateError reason{};
    std::string detail;
};

struct LedgerOptions {
    StateOptions state;
    /// Newest heights whose presence and hash chain are checked at open.
    core::Height checked_heights = 1000;
    /// Bodies and receipts of so many newest heights are kept; 0: of all.
    core::Height block_history = 0;
};

/// One thread appends; snapshots are for everyone. The store must outlive ledger, head state and snapshots.
class Ledger {
  public:
    struct Opened;

    /// Reads head and flush marker, checks the newest heights, rebuilds the tries from the stored nodes and
    /// the changes since, and compares the root with the head's header. `high_water` comes from the vote log;
    /// leave it out to open a ledger that is behind, for observing and syncing only.
    static core::Result<Opened, OpenFailure> open(KvStore& store, const core::Hash& genesis_hash,
                                                  const std::optional<HighWaterMark>& high_water,
                                                  const LedgerOptions& options = {});
    static core::Result<Opened, CreateFailure> create(KvStore& store, const GenesisRecord& genesis,
                                                      const LedgerOptions& options = {});

    Ledger(Ledger&&) noexcept;
    Ledger& operator=(Ledger&&) noexcept;
    ~Ledger();

    /// Makes the height durable: one synced batch. Returns what readers may see from now on.
    /// CHECKs that the record follows the head (height, parent hash, state root, number of receipts).
    /// Throws StorageFailure; nothing of the height may be acknowledged then, and the process must stop.
    LedgerSnapshotPtr append(const BlockRecord& record);

    /// The ledger after the newest block.
    LedgerSnapshotPtr snapshot() const;

  private:
    struct State;
    explicit Ledger(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// The ledger, and the state of its head for whoever executes.
struct Ledger::Opened {
    Ledger ledger;
    HeadState state;
};

}  // namespace sluice::ledger
