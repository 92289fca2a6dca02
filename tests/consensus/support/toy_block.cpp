#include "support/toy_block.hpp"

#include <algorithm>

namespace sluice::consensus::testing {

namespace {

constexpr std::uint8_t first_byte = 0x0b;

}  // namespace

core::Bytes encode(const ToyBlock& block) {
    core::Bytes bytes{first_byte};
    core::append_be64(bytes, block.height);
    core::append(bytes, block.parent);
    core::append(bytes, block.proposer);
    bytes.push_back(block.good ? 1 : 0);
    bytes.push_back(block.change ? 1 : 0);
    if (block.change) core::append(bytes, *block.change);
    core::append(bytes, core::view(block.salt));
    return bytes;
}

std::optional<ToyBlock> decode_toy_block(core::ByteView payload) {
    core::ByteReader from(payload);
    ToyBlock block;
    if (from.u8() != first_byte) return std::nullopt;
    block.height = from.be64();
    from.fill(block.parent);
    from.fill(block.proposer);
    block.good = from.u8() != 0;
    if (from.u8() != 0) from.fill(block.change.emplace());
    if (!from.ok()) return std::nullopt;
    block.salt = core::text_view(from.rest());
    return block;
}

std::optional<core::Hash> toy_digest(core::ByteView payload) {
    if (payload.empty() || payload[0] != first_byte) return std::nullopt;
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
