/// eth_ methods about the chain itself: blocks, fees, identity, progress.
#include <algorithm>

#include <fmt/format.h>

#include "core/check.hpp"
#include "node/rpc/block_reference.hpp"
#include "node/rpc/chain_json.hpp"
#include "node/rpc/limits.hpp"
#include "node/rpc/services.hpp"

namespace sluice::node::rpc {
namespace {

std::string quantity(std::uint64_t value) {
    return JsonWriter(24).quantity(value).take();
}

Answer chain_id(const ReadCall& call) {
    return quantity(call.node().chain().identity.chain_id);
}

Answer network_version(const ReadCall& call) {
    return fmt::format("\"{}\"", call.node().chain().identity.chain_id);
}

Answer block_number(const ReadCall& call) {
    return quantity(call.snapshot->height());
}

Answer accounts(const ReadCall&) {
    return std::string("[]");
}

Answer coinbase(const ReadCall& call) {
    return JsonWriter().data(call.node().chain().node_address).take();
}

Answer gas_price(const ReadCall&) {
    return quantity(core::base_fee_wei);
}

Answer no_tip(const ReadCall&) {
    return quantity(0);
}

Answer block_at(const ReadCall& call, const std::optional<core::Height>& height, bool with_transactions) {
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    if (!height) return std::string("null");
    const auto block = call.reader().block(*height, with_transactions);
    if (!block) return std::string("null");
    JsonWriter json(2'000 + (with_transactions ? 1'200 : 70) * block->transaction_hashes.size());
    write_block(json, *block, with_transactions, call.node().chain().identity.chain_id);
    return json.take();
}

Answer block_by_number(const ReadCall& call) {
    const auto block = call.arguments.get(0, read_block_number);
    const bool with_transactions = call.arguments.get_or(1, read_boolean, false);
    return block_at(call, find_height(block, *call.snapshot), with_transactions);
}

Answer block_by_hash(const ReadCall& call) {
    const auto hash = call.arguments.get(0, read_hash);
    const bool with_transactions = call.arguments.get_or(1, read_boolean, false);
    return block_at(call, find_block(*call.snapshot, hash), with_transactions);
}

/// Hashes cost little; senders of an old block must be recovered.
bool wants_transactions(const Arguments& arguments) {
    const Json* full = arguments.find(1);
    return full != nullptr && full->is_boolean() && full->get<bool>();
}

Answer count_at(const ReadCall& call, const std::optional<core::Height>& height) {
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    const auto block = height ? call.reader().block(*height, false) : std::nullopt;
    return block ? quantity(block->transaction_hashes.size()) : std::string("null");
}

Answer transaction_count_by_number(const ReadCall& call) {
    const auto block = call.arguments.get(0, read_block_number);
    return count_at(call, find_height(block, *call.snapshot));
}

Answer transaction_count_by_hash(const ReadCall& call) {
    const auto hash = call.arguments.get(0, read_hash);
    return count_at(call, find_block(*call.snapshot, hash));
}

/// There are no uncles: zero of a block that exists, null otherwise.
Answer uncles_at(const ReadCall& call, const std::optional<core::Height>& height) {
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    return height ? quantity(0) : std::string("null");
}

Answer uncle_count_by_number(const ReadCall& call) {
    const auto block = call.arguments.get(0, read_block_number);
    return uncles_at(call, find_height(block, *call.snapshot));
}

Answer uncle_count_by_hash(const ReadCall& call) {
    const auto hash = call.arguments.get(0, read_hash);
    return uncles_at(call, find_block(*call.snapshot, hash));
}

Answer no_uncle(const ReadCall& call) {
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    return std::string("null");
}

Reading<double> read_percentile(const Json& value) {
    if (!value.is_number()) return core::fail(std::string("expected a number"));
    const double percentile = value.get<double>();
    if (percentile < 0 || percentile > 100) return core::fail(std::string("invalid reward percentile"));
    return percentile;
}

Reading<std::vector<double>> read_percentiles(const Json& value) {
    auto percentiles = read_list(value, limits::fee_percentiles_max, read_percentile);
    if (percentiles && !std::is_sorted(percentiles->begin(), percentiles->end()))
        return core::fail(std::string("invalid reward percentile: they must rise"));
    return percentiles;
}

std::string ratio_of(const core::Header& header) {
    if (header.gas_limit == 0) return "0";
    return fmt::format("{:.6g}",
                       static_cast<double>(header.gas_used) / static_cast<double>(header.gas_limit));
}

Answer fee_history(const ReadCall& call) {
    const auto asked = call.arguments.get(0, read_number);
    const auto newest = call.arguments.get(1, read_block_number);
    const auto percentiles = call.arguments.get_or(2, read_percentiles, std::vector<double>{});
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    const auto last = find_height(newest, *call.snapshot);
    if (!last) return core::fail(server_error("request beyond head block"));
    const auto count = std::min({asked, limits::fee_history_blocks_max, *last + 1});
    const core::Height first = *last + 1 - count;

    JsonWriter json(64 * count + 128);
    json.begin_object();
    json.key("oldestBlock").quantity(count == 0 ? 0 : first);
    json.key("baseFeePerGas").begin_array();
    for (std::uint64_t i = 0; count > 0 && i <= count; ++i)
        json.quantity(core::base_fee_wei);
    json.end_array();
    json.key("gasUsedRatio").begin_array();
    for (core::Height height = first; height < first + count; ++height)
        json.raw(ratio_of(*call.snapshot->header(height)));
    json.end_array();
    if (!percentiles.empty()) {
        json.key("reward").begin_array();
        for (std::uint64_t i = 0; i < count; ++i) {
            json.begin_array();
            // Nobody is paid for gas, so every percentile of the tips is zero.
            for (std::size_t p = 0; p < percentiles.size(); ++p)
                json.quantity(std::uint64_t{0});
            json.end_array();
        }
        json.end_array();
    }
    json.end_object();
    return json.take();
}

void syncing(NodeCall call) {
    auto& node = call.services->node;
    node.status(
        [answer = std::move(call.answer), first = call.services->first_height](const StatusPicture& picture) {
            if (!picture.node.syncing) return answer(std::string("false"));
            JsonWriter json;
            json.begin_object();
            json.key("startingBlock").quantity(first);
            json.key("currentBlock").quantity(picture.node.height);
            json.key("highestBlock").quantity(std::max(picture.node.best_known_height, picture.node.height));
            json.end_object();
            answer(json.take());
        });
}

}  // namespace

// clang-format off
std::vector<Method> chain_methods() {
    const Parameter number{"blockNumber", "BlockNumberOrTag"};
    const Parameter hash{"blockHash", "Hash"};
    const Parameter full{"fullTransactions", "Boolean", false};
    const Parameter index{"index", "Quantity"};
    constexpr auto anyone = Role::anyone;
    constexpr auto read = Access::read;
    return {
        {"eth_chainId", "The chain's id (EIP-155)", {}, "Quantity", read, anyone, chain_id},
        {"net_version", "The chain's id in decimal digits", {}, "Text", read, anyone, network_version},
        {"eth_blockNumber", "Height of the newest block; it is final", {}, "Quantity", read, anyone, block_number},
        {"eth_accounts", "Always empty: no keys live in the node", {}, "[Address]", read, anyone, accounts},
        {"eth_coinbase", "The address of this node", {}, "Address", read, anyone, coinbase},
        {"eth_gasPrice", "7 wei, and nothing is charged", {}, "Quantity", read, anyone, gas_price},
        {"eth_baseFee", "7 wei, the base fee of every block", {}, "Quantity", read, anyone, gas_price},
        {"eth_maxPriorityFeePerGas", "Always 0: nobody is paid for gas", {}, "Quantity", read, anyone, no_tip},
        {"eth_feeHistory", "Base fees and use of gas of recent blocks",
         {{"blockCount", "Quantity"}, {"newestBlock", "BlockNumberOrTag"}, {"rewardPercentiles", "Any", false}},
         "FeeHistory", read, anyone, fee_history},
        {"eth_getBlockByNumber", "A block by height or tag", {number, full}, "Block?", Access::heavy, anyone,
         block_by_number, wants_transactions},
        {"eth_getBlockByHash", "A block by hash", {hash, full}, "Block?", Access::heavy, anyone, block_by_hash,
         wants_transactions},
        {"eth_getBlockTransactionCountByNumber", "Transactions of a block", {number}, "Quantity?", read, anyone,
         transaction_count_by_number},
        {"eth_getBlockTransactionCountByHash", "Transactions of a block", {hash}, "Quantity?", read, anyone,
         transaction_count_by_hash},
        {"eth_getUncleCountByBlockNumber", "Always 0: there are no uncles", {number}, "Quantity?", read, anyone,
         uncle_count_by_number},
        {"eth_getUncleCountByBlockHash", "Always 0: there are no uncles", {hash}, "Quantity?", read, anyone,
         uncle_count_by_hash},
        {"eth_getUncleByBlockNumberAndIndex", "Always null: there are no uncles", {number, index}, "Block?", read,
         anyone, no_uncle},
        {"eth_getUncleByBlockHashAndIndex", "Always null: there are no uncles", {hash, index}, "Block?", read,
         anyone, no_uncle},
        {"eth_syncing", "False, or how far this node is behind", {}, "Syncing", Access::node, anyone, syncing},
    };
}
// clang-format on

}  // namespace sluice::node::rpc
