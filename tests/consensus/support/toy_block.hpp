/// Blocks of a chain that carries nothing but its own order and changes of its validators.
#pragma once

#include <optional>
#include <string>

#include "core/ids.hpp"
#include "core/validator_set.hpp"

namespace sluice::consensus::testing {

/// As bytes: 0x0b, height (8), parent (32), proposer (20), good (1), whether there is a change (1), the
/// change (20), and the salt to the end.
struct ToyBlock {
    core::Height height = 0;
    core::Hash parent{};
    core::Address proposer{};
    std::string salt;                     ///< makes blocks differ
    std::optional<core::Address> change;  ///< joins the set of height + 1, or leaves it if it is a member
    bool good = true;                     ///< whether it executes to what it claims
};

core::Bytes encode(const ToyBlock& block);
std::optional<ToyBlock> decode_toy_block(core::ByteView payload);
/// keccak256 of the bytes of a block; nothing for other bytes.
std::optional<core::Hash> toy_digest(core::ByteView payload);
/// The set of the next height.
core::ValidatorSet next_set(const core::ValidatorSet& now, const ToyBlock& block);

}  // namespace sluice::consensus::testing
