/// What a store has to do to hold a trie, and letting go of what it holds.
#pragma once

#include "core/merkle_node.hpp"
#include "core/merkle_stale_paths.hpp"

namespace sluice::core::merkle {

/// Which nodes a store has to take.
struct Unstored {
    std::uint32_t stored_epoch = 0;  ///< nodes of later epochs
    std::size_t depth_max = 0;       ///< that lie at most so many nibbles below the root
};
/// Visits each stale path that has no node now, with an empty encoding, then each unstored node, parents
/// first.
void visit_unstored(const NodePtr& root, const Unstored& wanted, const StalePaths& stale,
                    const std::function<void(const StoredNode&)>& visit);

/// Which part of a trie stays in memory.
struct Eviction {
    std::size_t keep_depth = 0;  ///< nibbles below the root down to which nodes stay
    /// Nodes up to this epoch have been through an eviction of at most this depth, and are not walked again.
    std::uint32_t evicted_epoch = 0;
};
/// The same node, with everything deeper replaced by references; the same pointer where nothing is. All of it
/// lies in the store.
NodePtr evicted(const NodePtr& root, const Eviction& eviction);

}  // namespace sluice::core::merkle
