/// Half-bytes of hashed keys: how rows that are sorted by hash fall into the subtrees of a trie.
#pragma once

#include <span>

#include "core/ids.hpp"

namespace sluice::ledger {

inline std::uint8_t nibble_of(const core::Hash& key, std::size_t at) {
    return at % 2 == 0 ? static_cast<std::uint8_t>(key[at / 2] >> 4) : key[at / 2] & 15;
}

inline bool lies_under(const core::Hash& key, std::span<const std::uint8_t> path) {
    for (std::size_t i = 0; i < path.size(); ++i)
        if (nibble_of(key, i) != path[i]) return false;
    return true;
}

/// The least key under `path`.
inline core::Hash first_under(std::span<const std::uint8_t> path) {
    core::Hash key{};
    for (std::size_t i = 0; i < path.size(); ++i)
        key[i / 2] = static_cast<std::uint8_t>(key[i / 2] | (i % 2 == 0 ? path[i] << 4 : path[i]));
    return key;
}

}  // namespace sluice::ledger
