#include "core/merkle_storing.hpp"

#include <algorithm>
#include <utility>

namespace sluice::core::merkle {

namespace {

class UnstoredWalk {
  public:
    UnstoredWalk(const Unstored& wanted, const std::function<void(const StoredNode&)>& visit)
        : wanted_(wanted), visit_(visit) {}

    void walk(const NodePtr& node) {
        // Below an embedded node there are only embedded nodes: they are part of what was visited above.
        const std::size_t depth = current_.path.size();
        if (!node || node->epoch <= wanted_.stored_epoch || depth > wanted_.depth_max) return;
        if (!has_place_in_store(*node, depth)) return;
        encode_node(*node, current_.encoded);
        visit_(current_);
        if (node->kind == NodeKind::extension) walk_extension(as_extension(*node));
        if (node->kind == NodeKind::branch) walk_branch(as_branch(*node));
    }

  private:
    void walk_extension(const Extension& extension) {
        const std::size_t depth = current_.path.size();
        extension.path().append_to(current_.path);
        walk(extension.child);
        current_.path.resize(depth);
    }

    void walk_branch(const Branch& branch) {
        for (const NodePtr& child : branch.children())
            prefetch_fields(child);
        for (unsigned nibble = 0; nibble < 16; ++nibble) {
            if (!branch.has_child(nibble)) continue;
            current_.path.push_back(static_cast<std::uint8_t>(nibble));
            walk(branch.child(nibble));
            current_.path.pop_back();
        }
    }

    Unstored wanted_;
    const std::function<void(const StoredNode&)>& visit_;
    StoredNode current_;
};

/// Whether the trie keeps a node of its own in the store under `path`.
bool has_stored_node_at(const NodePtr& root, const Nibbles& path) {
    const Bytes packed = pack(path);
    Path rest(packed, 0, path.size());
    const NodePtr* node = &root;
    while (*node) {
        if (rest.empty()) return has_place_in_store(**node, path.size());
        // A stale path was walked by the change that made it stale, so nothing above it is unloaded.
        CHECK((*node)->kind != NodeKind::unloaded);
        if ((*node)->kind == NodeKind::leaf) return false;
        if ((*node)->kind == NodeKind::extension) {
            const Path covered = as_extension(**node).path();
            if (!rest.starts_with(covered)) return false;
            rest = rest.without_first(covered.size());
            node = &as_extension(**node).child;
        } else {
            node = &as_branch(**node).child(rest[0]);
            rest = rest.without_first(1);
        }
    }
    return false;
}

NodePtr evict(const NodePtr& node, std::size_t depth, const Eviction& eviction);

NodePtr evict_below_extension(const NodePtr& node, std::size_t depth, const Eviction& eviction) {
    const Extension& extension = as_extension(*node);
    NodePtr child = evict(extension.child, depth + extension.path().size(), eviction);
    return child == extension.child ? node : with_child(extension, std::move(child));
}

NodePtr evict_below_branch(const NodePtr& node, std::size_t depth, const Eviction& eviction) {
    const Branch& branch = as_branch(*node);
    for (const NodePtr& child : branch.children())
        prefetch_fields(child);
    Children children;
    bool is_changed = false;
    for (unsigned nibble = 0; nibble < children.size(); ++nibble) {
        children[nibble] = evict(branch.child(nibble), depth + 1, eviction);
        is_changed |= children[nibble] != branch.child(nibble);
    }
    return is_changed ? with_children(branch, std::move(children)) : node;
}

NodePtr evict(const NodePtr& node, std::size_t depth, const Eviction& eviction) {
    // Embedded nodes live and go with the node that holds them.
    if (!node || node->kind == NodeKind::unloaded || !has_place_in_store(*node, depth)) return node;
    if (depth > eviction.keep_depth) return unloaded_node(node->reference);
    if (node->epoch <= eviction.evicted_epoch || node->kind == NodeKind::leaf) return node;
    return node->kind == NodeKind::extension ? evict_below_extension(node, depth, eviction)
                                             : evict_below_branch(node, depth, eviction);
}

}  // namespace

void visit_unstored(const NodePtr& root, const Unstored& wanted, const StalePaths& stale,
                    const std::function<void(const StoredNode&)>& visit) {
    for (Nibbles& path : stale.sorted())
        if (path.size() <= wanted.depth_max && !has_stored_node_at(root, path)) visit({std::move(path), {}});
    UnstoredWalk(wanted, visit).walk(root);
}

NodePtr evicted(const NodePtr& root, const Eviction& eviction) {
    return evict(root, 0, eviction);
}

}  // namespace sluice::core::merkle
