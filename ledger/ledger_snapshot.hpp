/// The ledger as it was after one block: everything a reader asks for, from any thread, never waiting.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/block.hpp"
#include "core/commit_certificate.hpp"
#include "core/receipt.hpp"
#include "core/state.hpp"
#include "ledger/head_state.hpp"
#include "ledger/kv_store.hpp"
#include "ledger/state_export.hpp"

namespace sluice::ledger {

/// Where a transaction is.
struct TransactionPlace {
    core::Height height = 0;
    std::uint32_t index = 0;   ///< within its block
    std::uint32_t offset = 0;  ///< of its bytes within the encoded block
    std::uint32_t size = 0;
    bool operator==(const TransactionPlace&) const = default;
};

/// A receipt with what JSON-RPC derives from its predecessors in the block.
struct PlacedReceipt {
    core::Receipt receipt;
    core::Gas gas_used = 0;             ///< of this transaction alone
    std::uint64_t first_log_index = 0;  ///< logs of the block before this transaction
};

/// A row of the indices that the ledger's owner keeps: opaque, ordered by key.
struct IndexRow {
    core::Bytes key;
    core::Bytes value;
    bool operator==(const IndexRow&) const = default;
};

/// The state of a height is not kept (any more, or not yet).
struct StateUnavailable {
    core::Height oldest = 0;  ///< the lowest height that can be read
    core::Height newest = 0;
};

struct StorageProof {
    core::Word key{};
    core::Word value{};
    std::vector<core::Bytes> nodes;
};

/// EIP-1186: proof of an account, or of its absence, under the state root of a header.
struct AccountProof {
    std::optional<core::Account> account;
    core::Hash storage_root = core::empty_trie_root;
    std::vector<core::Bytes> nodes;
    std::vector<StorageProof> storage;  ///< in the order asked
};

/// Thrown by reads of a block that is not kept here (pruned, or older than the snapshot that the ledger began
/// with), so that nobody takes it for one that never was.
struct BlockNotKept {
    core::Height height = 0;
    core::Height first_kept = 0;  ///< the lowest height of which this is kept
};

struct LedgerView;

/// Immutable. Any thread. Must not outlive the store. Damaged rows throw StorageFailure.
/// Heights above the head, and hashes not known, give nothing; what is not kept throws BlockNotKept: headers,
/// their hashes and certificates below `first_header`, bodies, transactions and receipts below `first_body`.
/// Genesis and the blocks that changed the validators are exempt as far as they are kept.
class LedgerSnapshot {
  public:
    explicit LedgerSnapshot(std::shared_ptr<const LedgerView> view);
    ~LedgerSnapshot();

    core::Height height() const;
    const core::Hash& hash() const;
    const core::Header& head() const;

    /// The lowest height above genesis from which headers and certificates, and bodies and receipts, are kept
    /// without a gap; 0: all.
    core::Height first_header() const;
    core::Height first_body() const;

    std::optional<core::Hash> hash_at(core::Height height) const;
    std::optional<core::Height> height_of(const core::Hash& block_hash) const;
    std::optional<core::Header> header(core::Height height) const;
    /// The bytes as they were gossiped.
    std::optional<core::Bytes> encoded_block(core::Height height) const;
    std::optional<core::EncodedBlock> block(core::Height height) const;
    /// Nothing for genesis, which nobody voted on.
    std::optional<core::CommitCertificate> certificate(core::Height height) const;
    std::optional<std::vector<core::Receipt>> receipts(core::Height height) const;

    std::optional<TransactionPlace> find_transaction(const core::Hash& hash) const;
    /// Reads only the part of the block that holds it.
    core::Bytes encoded_transaction(const TransactionPlace& place) const;
    std::optional<PlacedReceipt> receipt(core::Height height, std::uint32_t index) const;

    /// Who may vote at `height`; known up to height() + 1.
    std::optional<core::ValidatorSet> validators(core::Height height) const;
    /// Heights at which another set began to vote, up to height() + 1, rising; height 0 is none of them.
    std::vector<core::Height> validator_changes() const;

    /// The state after the block of `height`. The view is for one thread and must not outlive the snapshot.
    core::Result<std::unique_ptr<core::StateView>, StateUnavailable> state_at(core::Height height) const;
    core::Height oldest_state() const;
    /// The state of the head for nodes that join; null between the heights of `snapshot_interval`.
    StateExportPtr export_state() const;

    /// The cost grows with what has changed between `height` and the head.
    core::Result<AccountProof, StateUnavailable> prove(core::Height height, const core::Address& address,
                                                       std::span<const core::Word> keys) const;

    /// Index rows whose key begins with `prefix`, in order of keys, at most `limit`; those above `after` if
    /// given.
    std::vector<IndexRow> scan_index(core::ByteView prefix, std::optional<core::ByteView> after,
                                     std::size_t limit) const;

  private:
    void require_header(core::Height height) const;
    void require_body(core::Height height) const;

    std::shared_ptr<const LedgerView> view_;
};
using LedgerSnapshotPtr = std::shared_ptr<const LedgerSnapshot>;

}  // namespace sluice::ledger
