#include "node/rpc/block_reference.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "contracts/header_rules.hpp"
#include "core/check.hpp"
#include "node/rpc/chain_reading.hpp"

namespace sluice::node::rpc {
namespace {

using Kind = BlockReference::Kind;

BlockReference at_height(core::Height height) {
    return {Kind::height, height, {}};
}

Reading<BlockReference> read_hash_reference(const Json& value) {
    const auto hash = read_hash(value);
    if (!hash) return core::fail(hash.error());
    return BlockReference{Kind::hash, 0, *hash};
}

Reading<BlockReference> read_object_reference(const Json& object) {
    const auto number = object.find("blockNumber");
    const auto hash = object.find("blockHash");
    const bool has_number = number != object.end() && !number->is_null();
    const bool has_hash = hash != object.end() && !hash->is_null();
    if (has_number && has_hash)
        return core::fail(
            std::string("cannot specify both blockHash and blockNumber, choose one or the other"));
    if (has_number) return read_block_number(*number);
    if (has_hash) return read_hash_reference(*hash);
    return core::fail(std::string("a block object has blockHash or blockNumber"));
}

}  // namespace

Reading<BlockReference> read_block_number(const Json& value) {
    const auto* text = value.get_ptr<const std::string*>();
    if (text == nullptr) return core::fail(std::string("expected a block number or tag"));
    if (*text == "latest" || *text == "safe" || *text == "finalized") return BlockReference{};
    if (*text == "pending") return BlockReference{Kind::pending, 0, {}};
    if (*text == "earliest") return at_height(0);
    const auto height = read_u64(value);
    if (!height) return core::fail(height.error());
    return at_height(*height);
}

Reading<BlockReference> read_block_reference(const Json& value) {
    if (value.is_object()) return read_object_reference(value);
    const auto* text = value.get_ptr<const std::string*>();
    constexpr std::size_t hash_chars = 2 + 64;
    if (text != nullptr && text->size() == hash_chars) return read_hash_reference(value);
    return read_block_number(value);
}

std::optional<core::Height> find_height(const BlockReference& block, const ledger::LedgerSnapshot& snapshot) {
    switch (block.kind) {
        case Kind::latest:
        case Kind::pending:
            return snapshot.height();
        case Kind::height:
            return block.height <= snapshot.height() ? std::optional(block.height) : std::nullopt;
        case Kind::hash:
            return find_block(snapshot, block.hash);
    }
    return std::nullopt;
}

Error state_unavailable(core::Height height, const ledger::StateUnavailable& unavailable) {
    return server_error(
        fmt::format("state of block {} is not available: the oldest state kept here is that of block {}",
                    height, unavailable.oldest));
}

core::Result<CallableState, Error> open_state(const BlockReference& block,
                                              const ledger::LedgerSnapshot& snapshot) {
    const auto height = find_height(block, snapshot);
    if (!height) return core::fail(server_error("header not found"));
    auto view = snapshot.state_at(*height);
    if (!view) return core::fail(state_unavailable(*height, view.error()));
    return CallableState{*height, std::move(*view)};
}

contracts::BlockContext context_for(const BlockReference& block, const CallableState& state,
                                    const ledger::LedgerSnapshot& snapshot, const NodeAccess& node) {
    const auto parameters = contracts::chain_parameters(*state.view);
    const std::uint64_t chain_id = node.chain().identity.chain_id;
    contracts::BlockContext context;
    if (block.kind == Kind::pending) {
        const auto& head = snapshot.head();
        context = contracts::context_after(head, snapshot.hash(),
                                           {.miner = node.chain().node_address,
                                            .time_ms = std::max(node.wall_ms(), core::time_ms_of(head) + 1),
                                            .chain_id = chain_id,
                                            .parameters = parameters,
                                            .validators = nullptr,
                                            .queues = nullptr});
    } else {
        const auto header = snapshot.header(state.height);
        CHECK(header.has_value());
        context = contracts::context_of(*header, chain_id, parameters.transaction_gas_limit, nullptr);
    }
    context.table_seed = node.chain().table_seed;
    return context;
}

}  // namespace sluice::node::rpc
