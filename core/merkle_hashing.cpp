#include "core/merkle_hashing.hpp"

#include "crypto/keccak_batch.hpp"

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
    if (encodings_.size() < nodes.size()) encodings_.resize(nodes.size());
    inputs_.clear();
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (nodes[i]->kind != NodeKind::leaf) encode_node(*nodes[i], encodings_[i]);
        inputs_.push_back(nodes[i]->kind == NodeKind::leaf ? as_leaf(*nodes[i]).encoded() : encodings_[i]);
    }
    hashes_.resize(nodes.size());
    crypto::keccak256_each(inputs_, hashes_);
    for (std::size_t i = 0; i < nodes.size(); ++i)
        nodes[i].unfinished().reference = Reference::of_hash(hashes_[i]);
    nodes.clear();
}

}  // namespace sluice::core::merkle
