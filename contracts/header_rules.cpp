#include "contracts/header_rules.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "core/merkle.hpp"

namespace sluice::contracts {

namespace {

constexpr std::uint64_t extra_data_version = 1;

core::Hash receipts_root(const std::vector<core::Receipt>& receipts) {
    std::vector<core::Bytes> encoded;
    encoded.reserve(receipts.size());
    for (const core::Receipt& receipt : receipts)
        encoded.push_back(core::encode(receipt));
    const std::vector<core::ByteView> views(encoded.begin(), encoded.end());
    return core::merkle::ordered_root(views);
}

/// Fields that have one value in every block of Sluice.
std::optional<HeaderFault> check_constants(const core::Header& header) {
    if (header.ommers_hash != core::empty_list_hash) return HeaderFault::ommers_hash;
    if (!header.difficulty.is_zero()) return HeaderFault::difficulty;
    if (header.nonce != decltype(header.nonce){}) return HeaderFault::nonce;
    if (header.base_fee != core::Uint256(core::base_fee_wei)) return HeaderFault::base_fee;
    if (header.withdrawals_root != core::empty_trie_root) return HeaderFault::withdrawals_root;
    if (header.blob_gas_used != 0) return HeaderFault::blob_gas_used;
    if (header.excess_blob_gas != 0) return HeaderFault::excess_blob_gas;
    if (header.parent_beacon_root != core::Hash{}) return HeaderFault::parent_beacon_root;
    if (header.requests_hash != core::empty_requests_hash) return HeaderFault::requests_hash;
    return std::nullopt;
}

/// Extra data, and the fields that must agree with it.
std::optional<HeaderFault> check_extra(const core::Header& header, const core::Header& parent,
                                       const core::ValidatorSet& validators) {
    const auto extra = core::decode_extra_data(header.extra_data);
    if (!extra || extra->version != extra_data_version) return HeaderFault::extra_data;
    if (extra->time_ms <= core::time_ms_of(parent)) return HeaderFault::time_ms;
    if (header.timestamp != extra->time_ms / 1000) return HeaderFault::timestamp;
    const auto parent_extra = core::decode_extra_data(parent.extra_data);
    const bool is_named = parent_extra && parent_extra->next_validators_hash == extra->validators_hash;
    if (!is_named || extra->validators_hash != validators.hash()) return HeaderFault::validators_hash;
    return std::nullopt;
}

}  // namespace

std::string_view describe(HeaderFault fault) {
    switch (fault) {
        case HeaderFault::height:
            return "height is not the parent's plus one";
        case HeaderFault::parent_hash:
            return "parent hash is not the parent's hash";
        case HeaderFault::ommers_hash:
            return "ommers hash is not that of the empty list";
        case HeaderFault::miner:
            return "miner is no validator of this height";
        case HeaderFault::difficulty:
            return "difficulty is not zero";
        case HeaderFault::gas_limit:
            return "gas limit is not the chain's";
        case HeaderFault::gas_used_above_limit:
            return "gas used is above the gas limit";
        case HeaderFault::extra_data:
            return "extra data is malformed";
        case HeaderFault::time_ms:
            return "time is not later than the parent's";
        case HeaderFault::timestamp:
            return "timestamp does not agree with the milliseconds";
        case HeaderFault::validators_hash:
            return "validators are not those that the parent named";
        case HeaderFault::mix_hash:
            return "mix hash does not follow from the parent's hash";
        case HeaderFault::nonce:
            return "nonce is not zero";
        case HeaderFault::base_fee:
            return "base fee is not 7 wei";
        case HeaderFault::withdrawals_root:
            return "withdrawals root is not that of the empty list";
        case HeaderFault::blob_gas_used:
            return "blob gas used is not zero";
        case HeaderFault::excess_blob_gas:
            return "excess blob gas is not zero";
        case HeaderFault::parent_beacon_root:
            return "parent beacon root is not zero";
        case HeaderFault::requests_hash:
            return "requests hash is not that of no requests";
        case HeaderFault::transactions_root:
            return "transactions root differs";
        case HeaderFault::receipts_root:
            return "receipts root differs";
        case HeaderFault::bloom:
            return "logs bloom differs";
        case HeaderFault::gas_used:
            return "gas used differs";
        case HeaderFault::next_validators_hash:
            return "next validators differ";
        case HeaderFault::state_root:
            return "state root differs";
    }
    return "";
}

BlockContext context_after(const core::Header& parent, const core::Hash& parent_hash, const NextBlock& next) {
    return {.height = parent.height + 1,
            .time_ms = next.time_ms,
            .parent_hash = parent_hash,
            .miner = next.miner,
            .gas_limit = next.parameters.block_gas_limit,
            .transaction_gas_limit = next.parameters.transaction_gas_limit,
            .chain_id = next.chain_id,
            .base_fee = core::Uint256(core::base_fee_wei),
            .mix_hash = core::mix_hash_after(parent_hash),
            .validators = next.validators,
            .queues = next.queues};
}

BlockContext context_of(const core::Header& header, std::uint64_t chain_id, core::Gas transaction_gas_limit,
                        std::shared_ptr<const core::ValidatorSet> validators,
                        std::shared_ptr<const native::QueueIndex> queues) {
    return {.height = header.height,
            .time_ms = core::time_ms_of(header),
            .parent_hash = header.parent_hash,
            .miner = header.miner,
            .gas_limit = header.gas_limit,
            .transaction_gas_limit = transaction_gas_limit,
            .chain_id = chain_id,
            .base_fee = header.base_fee,
            .mix_hash = header.mix_hash,
            .validators = std::move(validators),
            .queues = std::move(queues)};
}

core::Header assemble_header(const BlockContext& block, const ExecutionResult& result,
                             const core::Hash& state_root) {
    CHECK(block.validators != nullptr && result.next_validators != nullptr);
    core::Header header;
    header.parent_hash = block.parent_hash;
    header.miner = block.miner;
    header.state_root = state_root;
    header.transactions_root = core::transactions_root(result.transactions);
    header.receipts_root = receipts_root(result.receipts);
    header.bloom = result.bloom;
    header.height = block.height;
    header.gas_limit = block.gas_limit;
    header.gas_used = result.gas_used;
    header.timestamp = block.timestamp();
    header.extra_data = core::encode(core::ExtraData{.version = extra_data_version,
                                                     .time_ms = block.time_ms,
                                                     .validators_hash = block.validators->hash(),
                                                     .next_validators_hash = result.next_validators->hash()});
    header.mix_hash = block.mix_hash;
    header.base_fee = block.base_fee;
    header.requests_hash = core::empty_requests_hash;
    return header;
}

std::optional<HeaderFault> check_header_form(const core::Header& header, const core::Header& parent,
                                             const core::Hash& parent_hash, core::Gas gas_limit,
                                             const core::ValidatorSet& validators) {
    if (header.height != parent.height + 1) return HeaderFault::height;
    if (header.parent_hash != parent_hash) return HeaderFault::parent_hash;
    if (!validators.index_of(header.miner)) return HeaderFault::miner;
    if (header.gas_limit != gas_limit) return HeaderFault::gas_limit;
    if (header.gas_used > header.gas_limit) return HeaderFault::gas_used_above_limit;
    if (header.mix_hash != core::mix_hash_after(parent_hash)) return HeaderFault::mix_hash;
    if (const auto fault = check_constants(header)) return fault;
    return check_extra(header, parent, validators);
}

std::optional<HeaderFault> check_header_result(const core::Header& header, const ExecutionResult& result,
                                               const core::Hash& state_root) {
    CHECK(!result.fault && result.next_validators != nullptr);
    if (header.gas_used != result.gas_used) return HeaderFault::gas_used;
    if (header.bloom != result.bloom) return HeaderFault::bloom;
    const auto extra = core::decode_extra_data(header.extra_data);
    if (!extra || extra->next_validators_hash != result.next_validators->hash())
        return HeaderFault::next_validators_hash;
    if (header.transactions_root != core::transactions_root(result.transactions))
        return HeaderFault::transactions_root;
    if (header.receipts_root != receipts_root(result.receipts)) return HeaderFault::receipts_root;
    if (header.state_root != state_root) return HeaderFault::state_root;
    return std::nullopt;
}

}  // namespace sluice::contracts
