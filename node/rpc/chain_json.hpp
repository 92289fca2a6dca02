/// Blocks, transactions, receipts and logs as ethereum/execution-apis writes them.
#pragma once

#include <optional>

#include "core/receipt.hpp"
#include "node/rpc/chain_reading.hpp"
#include "node/rpc/json_writer.hpp"

namespace sluice::node::rpc {

/// Where a transaction stands; nothing while it is pending.
struct TransactionPosition {
    BlockPlace block;
    std::uint32_t index = 0;
};

/// `chain_id` fills the field of transactions that carry none.
void write_transaction(JsonWriter& json, const core::RecoveredTransaction& transaction,
                       const std::optional<TransactionPosition>& position, std::uint64_t chain_id);

/// The member "accessList" of an open object.
void write_access_list(JsonWriter& json, std::span<const core::AccessListEntry> list);

/// The header's fields as members of an open object.
void write_header_fields(JsonWriter& json, const core::Header& header, const core::Hash& hash);
/// A whole block: transactions as objects if they are there and wanted, else as hashes.
void write_block(JsonWriter& json, const FoundBlock& block, bool with_transactions, std::uint64_t chain_id);

/// What a receipt says beside itself.
struct ReceiptFigures {
    core::Gas gas_used = 0;             ///< of this transaction alone
    std::uint64_t first_log_index = 0;  ///< logs of the block before it
};
void write_receipt(JsonWriter& json, const core::RecoveredTransaction& transaction,
                   const TransactionPosition& position, const core::Receipt& receipt,
                   const ReceiptFigures& figures);

void write_log(JsonWriter& json, const core::Log& log, const TransactionPosition& position,
               const core::Hash& transaction_hash, std::uint64_t log_index);

}  // namespace sluice::node::rpc
