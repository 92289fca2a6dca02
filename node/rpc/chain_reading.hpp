/// Blocks, transactions and receipts of a snapshot, put together from the rows of the ledger.
#pragma once

#include <optional>
#include <vector>

#include "ledger/ledger_snapshot.hpp"
#include "node/rpc/recent_blocks.hpp"

namespace sluice::node::rpc {

/// What every object of a block repeats.
struct BlockPlace {
    core::Height height = 0;
    core::Hash hash{};
    std::uint64_t timestamp = 0;
    core::UnixMs time_ms = 0;
    core::Uint256 base_fee;
};
BlockPlace place_of(const core::Header& header, const core::Hash& hash);

/// A transaction of a block.
struct FoundTransaction {
    core::TransactionPtr transaction;
    BlockPlace block;
    std::uint32_t index = 0;
};

/// A block with its transactions; those that nobody has asked for are not recovered.
struct FoundBlock {
    core::Header header;
    core::Hash hash{};
    std::size_t size_bytes = 0;
    std::vector<core::Hash> transaction_hashes;
    std::vector<core::TransactionPtr> transactions;  ///< empty if only hashes were wanted
    BlockPlace place() const { return place_of(header, hash); }
};

/// The height of the block with that hash. A ledger that began with a snapshot cannot tell the hash of an
/// earlier block from one that never was: it throws BlockNotKept then.
std::optional<core::Height> find_block(const ledger::LedgerSnapshot& snapshot, const core::Hash& hash);
/// The same for anything that was looked for in all blocks and not found.
void require_all_blocks(const ledger::LedgerSnapshot& snapshot);

/// Reads for one call. Every function gives nothing for what is not in the snapshot, and throws BlockNotKept
/// for what is not kept. Not for several threads.
class ChainReader {
  public:
    ChainReader(const ledger::LedgerSnapshot& snapshot, const RecentBlocks& recent)
        : snapshot_(snapshot), recent_(recent) {}

    const ledger::LedgerSnapshot& snapshot() const { return snapshot_; }
    std::optional<BlockPlace> place(core::Height height) const;
    std::optional<FoundBlock> block(core::Height height, bool with_transactions) const;
    std::optional<FoundTransaction> transaction(const core::Hash& hash) const;
    std::optional<FoundTransaction> transaction(core::Height height, std::uint32_t index) const;
    /// Encoded (EIP-2718), in order.
    std::optional<std::vector<core::SharedBytes>> encoded_transactions(core::Height height) const;

  private:
    core::TransactionPtr recover(core::SharedBytes encoded) const;

    const ledger::LedgerSnapshot& snapshot_;
    const RecentBlocks& recent_;
};

}  // namespace sluice::node::rpc
