/// Encoded nodes taken apart: strict, total, without copies.
#pragma once

#include "core/merkle_node.hpp"

namespace sluice::core::merkle {

/// The parts of an encoded node, as views into it.
struct DecodedNode {
    NodeKind kind = NodeKind::leaf;  ///< never unloaded
    Path path;                       ///< of a leaf or extension
    ByteView value;                  ///< of a leaf or branch
    /// References: 32 bytes are a hash, fewer an embedded node, none no child. An extension has only the
    /// first.
    std::array<ByteView, 16> children{};
};

/// Nothing on bytes that no trie contains: RLP that is not canonical, other item counts, bad hex prefixes,
/// leaves without value, extensions without path or child, branches with fewer than two entries, children
/// that are neither a hash nor a well-formed embedded node.
std::optional<DecodedNode> decode_node(ByteView encoded);

/// Where the way of a key goes on behind a node.
struct Step {
    bool ends = false;  ///< the key is decided here: `value` is what it has
    ByteView value;     ///< empty when there is none
    ByteView child;     ///< reference of the next node when it does not end
};
/// Follows `rest`, and takes off what the node covers.
Step step(const DecodedNode& node, Path& rest);

/// The node in memory, with `reference` as its own; its children are unloaded or embedded.
/// Precondition: `encoded` decodes.
NodePtr load_node(ByteView encoded, const Reference& reference);

/// The encoding that the store holds under `path`. Throws DamagedTrie where it has none, or another one than
/// `reference` says, or one that no trie contains.
Bytes load_encoded(const NodeSource& source, const Nibbles& path, const Reference& reference);

}  // namespace sluice::core::merkle
