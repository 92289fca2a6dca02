#include "node/rpc/chain_json.hpp"

#include "contracts/creation.hpp"

namespace sluice::node::rpc {
namespace {

using core::TransactionType;

void write_authorizations(JsonWriter& json, const core::Transaction& transaction) {
    json.key("authorizationList").begin_array();
    for (const auto& authorization : transaction.authorization_list) {
        json.begin_object();
        json.key("chainId").quantity(authorization.chain_id);
        json.key("address").data(authorization.address);
        json.key("nonce").quantity(authorization.nonce);
        json.key("yParity").quantity(std::uint64_t{authorization.y_parity});
        json.key("r").quantity(authorization.r);
        json.key("s").quantity(authorization.s);
        json.end_object();
    }
    json.end_array();
}

void write_signature(JsonWriter& json, const core::Transaction& transaction) {
    json.key("v").quantity(core::v_of(transaction));
    json.key("r").quantity(core::Uint256::from_be(transaction.signature.r));
    json.key("s").quantity(core::Uint256::from_be(transaction.signature.s));
    if (transaction.type != TransactionType::legacy)
        json.key("yParity").quantity(std::uint64_t{transaction.signature.recovery_id});
}

void write_fees(JsonWriter& json, const core::Transaction& transaction, const TransactionPosition* position) {
    const bool has_fee_fields =
        transaction.type == TransactionType::dynamic_fee || transaction.type == TransactionType::set_code;
    if (!has_fee_fields) {
        json.key("gasPrice").quantity(transaction.max_fee_per_gas);
        return;
    }
    // Nothing is paid for gas; every mined transaction has the base fee as its effective price.
    json.key("gasPrice")
        .quantity(position != nullptr ? position->block.base_fee : transaction.max_fee_per_gas);
    json.key("maxFeePerGas").quantity(transaction.max_fee_per_gas);
    json.key("maxPriorityFeePerGas").quantity(transaction.max_priority_fee_per_gas);
}

void write_position(JsonWriter& json, const TransactionPosition* position) {
    if (position == nullptr) {
        for (const auto* name : {"blockHash", "blockNumber", "blockTimestamp", "transactionIndex"})
            json.key(name).null();
        return;
    }
    json.key("blockHash").data(position->block.hash);
    json.key("blockNumber").quantity(position->block.height);
    json.key("blockTimestamp").quantity(position->block.timestamp);
    json.key("transactionIndex").quantity(std::uint64_t{position->index});
}

void write_recipient(JsonWriter& json, const core::Transaction& transaction) {
    json.key("to");
    if (transaction.to)
        json.data(*transaction.to);
    else
        json.null();
}

}  // namespace

void write_access_list(JsonWriter& json, std::span<const core::AccessListEntry> list) {
    json.key("accessList").begin_array();
    for (const auto& entry : list) {
        json.begin_object().key("address").data(entry.address).key("storageKeys").begin_array();
        for (const auto& key : entry.storage_keys)
            json.data(key);
        json.end_array().end_object();
    }
    json.end_array();
}

void write_transaction(JsonWriter& json, const core::RecoveredTransaction& recovered,
                       const std::optional<TransactionPosition>& position, std::uint64_t chain_id) {
    const auto& transaction = recovered.transaction;
    const auto* place = position ? &*position : nullptr;
    json.begin_object();
    write_position(json, place);
    json.key("hash").data(recovered.hash);
    json.key("from").data(recovered.sender);
    write_recipient(json, transaction);
    json.key("type").quantity(static_cast<std::uint64_t>(transaction.type));
    json.key("nonce").quantity(transaction.nonce);
    json.key("gas").quantity(transaction.gas_limit);
    json.key("value").quantity(transaction.value);
    json.key("input").data(transaction.data);
    write_fees(json, transaction, place);
    if (transaction.type != TransactionType::legacy && transaction.type != TransactionType::system)
        write_access_list(json, transaction.access_list);
    if (transaction.type == TransactionType::set_code) write_authorizations(json, transaction);
    if (transaction.chain_id || transaction.type != TransactionType::legacy)
        json.key("chainId").quantity(transaction.chain_id.value_or(chain_id));
    write_signature(json, transaction);
    json.end_object();
}

void write_header_fields(JsonWriter& json, const core::Header& header, const core::Hash& hash) {
    json.key("number").quantity(header.height);
    json.key("hash").data(hash);
    json.key("parentHash").data(header.parent_hash);
    json.key("sha3Uncles").data(header.ommers_hash);
    json.key("miner").data(header.miner);
    json.key("stateRoot").data(header.state_root);
    json.key("transactionsRoot").data(header.transactions_root);
    json.key("receiptsRoot").data(header.receipts_root);
    json.key("logsBloom").data(header.bloom);
    json.key("difficulty").quantity(header.difficulty);
    json.key("gasLimit").quantity(header.gas_limit);
    json.key("gasUsed").quantity(header.gas_used);
    json.key("timestamp").quantity(header.timestamp);
    json.key("extraData").data(header.extra_data);
    json.key("mixHash").data(header.mix_hash);
    json.key("nonce").data(header.nonce);
    json.key("baseFeePerGas").quantity(header.base_fee);
    json.key("withdrawalsRoot").data(header.withdrawals_root);
    json.key("blobGasUsed").quantity(header.blob_gas_used);
    json.key("excessBlobGas").quantity(header.excess_blob_gas);
    json.key("parentBeaconBlockRoot").data(header.parent_beacon_root);
    json.key("requestsHash").data(header.requests_hash);
}

void write_block(JsonWriter& json, const FoundBlock& block, bool with_transactions, std::uint64_t chain_id) {
    json.begin_object();
    write_header_fields(json, block.header, block.hash);
    json.key("size").quantity(std::uint64_t{block.size_bytes});
    json.key("uncles").begin_array().end_array();
    json.key("withdrawals").begin_array().end_array();
    json.key("transactions").begin_array();
    if (with_transactions) {
        TransactionPosition position{block.place(), 0};
        for (const auto& transaction : block.transactions) {
            write_transaction(json, *transaction, position, chain_id);
            ++position.index;
        }
    } else {
        for (const auto& hash : block.transaction_hashes)
            json.data(hash);
    }
    json.end_array().end_object();
}

void write_receipt(JsonWriter& json, const core::RecoveredTransaction& recovered,
                   const TransactionPosition& position, const core::Receipt& receipt,
                   const ReceiptFigures& figures) {
    const auto& transaction = recovered.transaction;
    json.begin_object();
    json.key("transactionHash").data(recovered.hash);
    json.key("transactionIndex").quantity(std::uint64_t{position.index});
    json.key("blockHash").data(position.block.hash);
    json.key("blockNumber").quantity(position.block.height);
    json.key("from").data(recovered.sender);
    write_recipient(json, transaction);
    json.key("contractAddress");
    if (transaction.to || !receipt.succeeded)
        json.null();
    else
        json.data(contracts::creation_address(recovered.sender, transaction.nonce));
    json.key("type").quantity(std::uint64_t{receipt.type});
    json.key("status").quantity(std::uint64_t{receipt.succeeded ? 1u : 0u});
    json.key("gasUsed").quantity(figures.gas_used);
    json.key("cumulativeGasUsed").quantity(receipt.cumulative_gas_used);
    json.key("effectiveGasPrice").quantity(position.block.base_fee);
    json.key("logsBloom").data(receipt.bloom);
    json.key("logs").begin_array();
    std::uint64_t log_index = figures.first_log_index;
    for (const auto& log : receipt.logs)
        write_log(json, log, position, recovered.hash, log_index++);
    json.end_array().end_object();
}

void write_log(JsonWriter& json, const core::Log& log, const TransactionPosition& position,
               const core::Hash& transaction_hash, std::uint64_t log_index) {
    json.begin_object();
    json.key("address").data(log.address);
    json.key("topics").begin_array();
    for (const auto& topic : log.topics)
        json.data(topic);
    json.end_array();
    json.key("data").data(log.data);
    json.key("blockNumber").quantity(position.block.height);
    json.key("blockHash").data(position.block.hash);
    json.key("blockTimestamp").quantity(position.block.timestamp);
    json.key("transactionHash").data(transaction_hash);
    json.key("transactionIndex").quantity(std::uint64_t{position.index});
    json.key("logIndex").quantity(log_index);
    json.key("removed").boolean(false);
    json.end_object();
}

}  // namespace sluice::node::rpc
