/// Blocks, receipts, certificates, validator sets and where transactions are: rows by height and by hash.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ledger/kv_store.hpp"
#include "ledger/ledger_snapshot.hpp"

namespace sluice::ledger {

/// Receipts of one row.
inline constexpr std::size_t receipts_per_group = 32;
/// Bytes of a block in one row: a transaction is read without the rest of its block.
inline constexpr std::size_t block_piece_bytes = 64 * 1024;

struct LedgerHead {
    core::Height height = 0;
    core::Hash hash{};
    bool operator==(const LedgerHead&) const = default;
};

/// What is there of the blocks below the head. Genesis is always whole; so are header, certificate and next
/// set of every block that changed the validators.
struct KeptBlocks {
    core::Height first_header = 0;  ///< headers and certificates from this height on; 0: all
    core::Height first_body = 0;    ///< bodies and receipts from this height on, which is not below the other
    bool operator==(const KeptBlocks&) const = default;
};

/// What the rows of a block are made of.
struct BlockRows {
    const core::Header& header;
    const core::Hash& hash;
    core::ByteView encoded_block;
    std::span<const core::Hash> transaction_hashes;
    std::span<const core::Receipt> receipts;
    const core::CommitCertificate* certificate = nullptr;  ///< null for genesis
};
/// Adds header, its hash, and the certificate if there is one.
void write_header(const core::Header& header, const core::Hash& hash,
                  const core::CommitCertificate* certificate, WriteBatch& to);
/// Adds them, and the head. CHECKs that the encoded block holds as many transactions as there are hashes.
void write_block(const BlockRows& block, WriteBatch& to);
void write_validators(core::Height from, const core::ValidatorSet& set, WriteBatch& to);
void write_format(WriteBatch& to);
void write_index_rows(std::span<const IndexRow> rows, WriteBatch& to);
void write_kept_blocks(const KeptBlocks& kept, WriteBatch& to);
/// Drops the oldest bodies and receipts that are not among the newest `history` heights, a few at a time, so
/// that no batch grows by more than a few blocks. `head` is the height that the batch adds. Returns what is
/// kept then. Headers, certificates and the places of transactions stay.
KeptBlocks prune_bodies(const KvReader& rows, const KeptBlocks& kept, core::Height head, core::Height history,
                        WriteBatch& to);

/// Where each transaction's EIP-2718 bytes lie within an encoded block; nothing if it is not the RLP of a
/// block.
struct ByteRange {
    std::uint32_t offset = 0;
    std::uint32_t size = 0;
};
std::optional<std::vector<ByteRange>> transaction_ranges(core::ByteView encoded_block);

/// Reads. Absent rows give nothing; rows that cannot be decoded throw StorageFailure.
std::optional<std::uint32_t> read_format(const KvReader& rows);
std::optional<LedgerHead> read_head(const KvReader& rows);
/// Without a row everything is there.
KeptBlocks read_kept_blocks(const KvReader& rows);
std::optional<core::Bytes> read_encoded_header(const KvReader& rows, core::Height height);
std::optional<core::Header> read_header(const KvReader& rows, core::Height height);
std::optional<core::Height> read_block_height(const KvReader& rows, const core::Hash& hash);
std::optional<core::Bytes> read_encoded_block(const KvReader& rows, core::Height height);
std::optional<core::CommitCertificate> read_certificate(const KvReader& rows, core::Height height);
/// All encoded receipts of a block; none for a block without transactions.
std::vector<core::Bytes> read_encoded_receipts(const KvReader& rows, core::Height height);
std::vector<core::Receipt> read_receipts(const KvReader& rows, core::Height height);
std::optional<PlacedReceipt> read_receipt(const KvReader& rows, core::Height height, std::uint32_t index);
std::optional<TransactionPlace> read_transaction_place(const KvReader& rows, const core::Hash& hash);
core::Bytes read_encoded_transaction(const KvReader& rows, const TransactionPlace& place);
/// The newest set that began at or below `height`.
std::optional<core::ValidatorSet> read_validators(const KvReader& rows, core::Height height);
/// Heights of all sets but the first, rising.
std::vector<core::Height> read_validator_changes(const KvReader& rows);

}  // namespace sluice::ledger
