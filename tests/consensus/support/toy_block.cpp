#include "support/toy_block.hpp"

#include <algorithm>
#include <sstream>

namespace sluice::consensus::testing {

core::Bytes encode(const ToyBlock& block) {
    std::ostringstream text;
    text << block.height << ' ' << core::to_hex(block.parent) << ' ' << core::to_hex(block.proposer) << ' '
         << block.salt << ' ' << (block.change ? core::to_hex(*block.change) : "-") << ' '
         << (block.good ? 1 : 0);
    return core::to_bytes(core::view(text.str()));
}

std::optional<ToyBlock> decode_toy_block(core::ByteView payload) {
    std::istringstream text{std::string(core::text_view(payload))};
    ToyBlock block;
    std::string parent;
    std::string proposer;
    std::string change;
    if (!(text >> block.height >> parent >> proposer >> block.salt >> change >> block.good))
        return std::nullopt;
    if (!core::from_hex_exactly(parent, block.parent)) return std::nullopt;
    if (!core::from_hex_exactly(proposer, block.proposer)) return std::nullopt;
    if (change != "-" && !core::from_hex_exactly(change, block.change.emplace())) return std::nullopt;
    return block;
}

std::optional<core::Hash> toy_digest(core::ByteView payload) {
    if (payload.empty() || payload[0] < '0' || payload[0] > '9') return std::nullopt;
    return core::keccak256(payload);
}

core::ValidatorSet next_set(const core::ValidatorSet& now, const ToyBlock& block) {
    if (!block.change) return now;
    std::vector<core::Address> members(now.members().begin(), now.members().end());
    const auto member = std::find(members.begin(), members.end(), *block.change);
    if (member == members.end()) {
        members.push_back(*block.change);
    } else {
        members.erase(member);
    }
    return core::ValidatorSet::make(std::move(members)).value_or(now);
}

}  // namespace sluice::consensus::testing
