/// One batch of changes applied to a trie: each touched node is copied once, the rest is shared.
#pragma once

#include <vector>

#include "core/merkle_hashing.hpp"

namespace sluice::core::merkle {

/// Applies one batch; single use, one thread.
///
/// Branches never change their path (it is the common prefix of the keys below), while leaves and extensions
/// come, go and are absorbed by what lies above them. Each path under which the store holds a node and the
/// trie has none any more is noted in `vacated`. It may have one again later: whoever stores the trie has to
/// look.
class Update {
  public:
    /// Nodes with an epoch up to `stored_epoch` lie in the store; new ones get the next epoch.
    Update(const NodeSource& source, std::uint32_t stored_epoch)
        : source_(source), stored_epoch_(stored_epoch) {}

    /// The root after `changes`; the same pointer when nothing changes. Changes are sorted, each key once.
    NodePtr apply(const NodePtr& root, std::span<const Change> changes);
    std::vector<Nibbles> take_vacated() { return std::move(vacated_); }

  private:
    struct Entry {
        Path path;
        ByteView value;
    };
    using Changes = std::span<const Change>;
    /// What hangs below a branch, or below one that is about to be made.
    struct Family {
        std::uint16_t occupied = 0;
        std::span<const NodePtr> children{};  ///< one for each bit of `occupied`
        ByteView value{};
    };

    // All of these work on the node at `path_`, and `replaces` says whether the store has one there.
    NodePtr update(const NodePtr& node, Changes changes);
    NodePtr update_leaf(const NodePtr& node, Changes changes, bool replaces);
    NodePtr update_extension(const NodePtr& node, Changes changes, bool replaces);
    NodePtr split_extension(const Extension& extension, std::size_t shared, Changes changes, bool replaces);
    NodePtr update_branch(const NodePtr& node, Changes changes, bool replaces);
    NodePtr update_children(const Family& family, Changes changes, bool replaces, const NodePtr& unchanged);
    NodePtr reduced(Children children, ByteView value, bool replaces);
    NodePtr build(std::span<const Entry> entries, std::size_t skip, bool replaces);
    NodePtr build_branch(std::span<const Entry> entries, std::size_t skip, bool replaces);
    NodePtr attach(Path prefix, const NodePtr& node, bool replaces);

    NodePtr make_leaf(Path path, ByteView value, bool replaces);
    NodePtr make_extension(Path path, NodePtr child, bool replaces);
    NodePtr make_branch(Children children, ByteView value, bool replaces);
    NodePtr finish_node(NodePtr node, bool replaces);

    NodePtr load(const NodePtr& node) const;
    bool is_in_store(const Node& node) const;
    Path rest_of(const Change& change) const { return Path(change.key).without_first(path_.size()); }
    std::vector<Entry> insertions(Changes changes) const;
    void descend(Path by) { by.append_to(path_); }
    void ascend(std::size_t by) { path_.resize(path_.size() - by); }

    const NodeSource& source_;
    std::uint32_t stored_epoch_;
    Nibbles path_;
    std::vector<Nibbles> vacated_;
    NodeHashing hashing_;
};

}  // namespace sluice::core::merkle
