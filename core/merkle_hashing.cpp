#include "core/merkle_hashing.hpp"

#include <utility>

namespace sluice::core::merkle {

namespace {

/// About 100 KiB of encodings at most.
constexpr std::size_t pending_max = 256;

}  // namespace

void NodeHashing::add(const NodePtr& node, std::size_t depth) {
    if (!node->reference.is_hash()) return;
    if (by_depth_.size() <= depth) by_depth_.resize(depth + 1);
    by_depth_[depth].push_back(node);
    if (++pending_ >= pending_max) finish();
}

void NodeHashing::finish() {
    // Deepest first: the encoding of a parent holds the hashes of its children.
    for (std::size_t depth = by_depth_.size(); depth-- > 0;)
        hash_level(by_depth_[depth]);
    pending_ = 0;
}

void NodeHashing::hash_level(std::vector<NodePtr>& nodes) {
    Bytes encoded;
    for (const NodePtr& node : nodes) {
        if (node->kind == NodeKind::leaf) {
            node.unfinished().reference = Reference::of_hash(keccak256(as_leaf(*node).encoded()));
        } else {
            encode_node(*node, encoded);
            node.unfinished().reference = Reference::of_hash(keccak256(encoded));
        }
    }
    nodes.clear();
}

}  // namespace sluice::core::merkle
