#include "core/merkle_update.hpp"

#include <algorithm>
#include <utility>

#include "core/merkle_decode.hpp"

namespace sluice::core::merkle {

namespace {

/// Runs shorter than this are searched one by one.
constexpr std::size_t short_run = 12;

bool key_less(const Change& a, const Change& b) {
    return std::lexicographical_compare(a.key.begin(), a.key.end(), b.key.begin(), b.key.end());
}

/// How many elements at the front of a sorted run have this nibble.
template <typename T, typename NibbleOf>
std::size_t group_size(std::span<const T> sorted, NibbleOf nibble_of, unsigned nibble) {
    const auto same = [&](const T& element) { return nibble_of(element) == nibble; };
    if (sorted.size() > short_run)
        return static_cast<std::size_t>(std::partition_point(sorted.begin(), sorted.end(), same) -
                                        sorted.begin());
    std::size_t count = 0;
    while (count < sorted.size() && same(sorted[count]))
        ++count;
    return count;
}

/// Changes by the nibble at one depth of their keys.
using Groups = std::array<std::span<const Change>, 16>;

Groups group_by_nibble(std::span<const Change> changes, std::size_t depth) {
    Groups groups;
    for (unsigned nibble = 0; nibble < groups.size(); ++nibble) {
        const auto nibble_of = [&](const Change& change) { return Path(change.key)[depth]; };
        groups[nibble] = changes.first(group_size(changes, nibble_of, nibble));
        changes = changes.subspan(groups[nibble].size());
    }
    return groups;
}

}  // namespace

NodePtr Update::apply(const NodePtr& root, Changes changes) {
    for (std::size_t i = 1; i < changes.size(); ++i)
        CHECK(key_less(changes[i - 1], changes[i]));
    NodePtr updated = update(root, changes);
    hashing_.finish();
    return updated;
}

NodePtr Update::update(const NodePtr& node, Changes changes) {
    if (changes.empty()) return node;
    if (!node) return build(insertions(changes), 0, false);
    const NodePtr loaded = load(node);
    const bool replaces = is_in_store(*loaded);
    NodePtr updated;
    switch (loaded->kind) {
        case NodeKind::leaf:
            updated = update_leaf(loaded, changes, replaces);
            break;
        case NodeKind::extension:
            updated = update_extension(loaded, changes, replaces);
            break;
        case NodeKind::branch:
            updated = update_branch(loaded, changes, replaces);
            break;
        case NodeKind::unloaded:
            CHECK(false);
            break;
    }
    // What was only looked at is not kept in memory.
    if (updated == loaded) return node;
    if (replaces && (!updated || !has_place_in_store(*updated, path_.size()))) vacated_.push_back(path_);
    return updated;
}

NodePtr Update::update_leaf(const NodePtr& node, Changes changes, bool replaces) {
    const Leaf& leaf = as_leaf(*node);
    if (changes.size() == 1 && rest_of(changes[0]) == leaf.path()) {
        const ByteView value = changes[0].value;
        if (std::ranges::equal(value, leaf.value())) return node;
        return value.empty() ? NodePtr{} : make_leaf(leaf.path(), value, replaces);
    }
    std::vector<Entry> entries;
    entries.reserve(changes.size() + 1);
    bool placed = false;
    for (const Change& change : changes) {
        const Path rest = rest_of(change);
        const std::strong_ordering order = placed ? std::strong_ordering::greater : rest <=> leaf.path();
        if (!placed && order > 0) entries.push_back({leaf.path(), leaf.value()});
        if (order >= 0) placed = true;
        if (!change.value.empty()) entries.push_back({rest, change.value});
    }
    if (!placed) entries.push_back({leaf.path(), leaf.value()});
    if (entries.size() == 1 && entries[0].path == leaf.path() &&
        std::ranges::equal(entries[0].value, leaf.value()))
        return node;
    return build(entries, 0, replaces);
}

NodePtr Update::update_extension(const NodePtr& node, Changes changes, bool replaces) {
    const Extension& extension = as_extension(*node);
    const Path path = extension.path();
    // Deleting what is not there must not split the extension.
    std::vector<Change> effective;
    effective.reserve(changes.size());
    for (const Change& change : changes)
        if (!change.value.empty() || rest_of(change).starts_with(path)) effective.push_back(change);
    if (effective.empty()) return node;

    const std::size_t shared = std::min(common_prefix(path, rest_of(effective.front())),
                                        common_prefix(path, rest_of(effective.back())));
    if (shared < path.size()) return split_extension(extension, shared, effective, replaces);
    descend(path);
    const NodePtr child = update(extension.child, effective);
    ascend(path.size());
    if (child == extension.child) return node;
    return attach(path, child, replaces);
}

/// The extension becomes a branch behind its first `shared` nibbles.
NodePtr Update::split_extension(const Extension& extension, std::size_t shared, Changes changes,
                                bool replaces) {
    const Path path = extension.path();
    const Path behind = path.without_first(shared + 1);
    descend(path.first(shared + 1));
    const NodePtr child = behind.empty() ? extension.child : make_extension(behind, extension.child, false);
    ascend(1);
    const Family family{static_cast<std::uint16_t>(1u << path[shared]), {&child, 1}, {}};
    const NodePtr branch = update_children(family, changes, shared == 0 && replaces, {});
    ascend(shared);
    return attach(path.first(shared), branch, replaces);
}

NodePtr Update::update_branch(const NodePtr& node, Changes changes, bool replaces) {
    const Branch& branch = as_branch(*node);
    return update_children({branch.occupied, branch.children(), branch.value()}, changes, replaces, node);
}

/// The node at `path_` that has this family after the changes; `unchanged` if they change nothing.
NodePtr Update::update_children(const Family& family, Changes changes, bool replaces,
                                const NodePtr& unchanged) {
    // Each child is read below, if only to count its owners, and waiting for memory is most of what a change
    // costs.
    for (const NodePtr& child : family.children)
        prefetch_fields(child);
    const std::size_t depth = path_.size();
    ByteView value = family.value;
    if (2 * changes.front().key.size() == depth) {
        value = changes.front().value;
        changes = changes.subspan(1);
    }
    const Groups groups = group_by_nibble(changes, depth);
    bool is_changed = !std::ranges::equal(value, family.value);
    Children children;
    auto old_child = family.children.begin();
    for (unsigned nibble = 0; nibble < children.size(); ++nibble)
        if ((family.occupied >> nibble & 1) != 0) children[nibble] = *old_child++;
    for (unsigned nibble = 0; nibble < children.size(); ++nibble) {
        if (groups[nibble].empty()) continue;
        path_.push_back(static_cast<std::uint8_t>(nibble));
        NodePtr child = update(children[nibble], groups[nibble]);
        path_.pop_back();
        is_changed |= child != children[nibble];
        children[nibble] = std::move(child);
    }
    if (is_changed) return reduced(std::move(children), value, replaces);
    CHECK(unchanged);
    return unchanged;
}

/// A branch, or what stands for one that has fewer than two entries.
NodePtr Update::reduced(Children children, ByteView value, bool replaces) {
    const auto has_child = [](const NodePtr& child) { return static_cast<bool>(child); };
    const auto count = std::ranges::count_if(children, has_child);
    if (count + (value.empty() ? 0 : 1) >= 2) return make_branch(std::move(children), value, replaces);
    if (count == 0) return value.empty() ? NodePtr{} : make_leaf({}, value, replaces);
    const auto only = std::ranges::find_if(children, has_child);
    const Bytes nibble = pack(Nibbles{static_cast<std::uint8_t>(only - children.begin())});
    return attach(Path(nibble, 0, 1), *only, replaces);
}

/// A subtree from sorted entries, of which the first `skip` nibbles are covered already.
NodePtr Update::build(std::span<const Entry> entries, std::size_t skip, bool replaces) {
    if (entries.empty()) return {};
    const Path first = entries.front().path.without_first(skip);
    if (entries.size() == 1) return make_leaf(first, entries.front().value, replaces);
    const std::size_t shared = common_prefix(first, entries.back().path.without_first(skip));
    if (shared == 0) return build_branch(entries, skip, replaces);
    descend(first.first(shared));
    NodePtr branch = build_branch(entries, skip + shared, false);
    ascend(shared);
    return make_extension(first.first(shared), std::move(branch), replaces);
}

NodePtr Update::build_branch(std::span<const Entry> entries, std::size_t skip, bool replaces) {
    ByteView value;
    if (entries.front().path.size() == skip) {
        value = entries.front().value;
        entries = entries.subspan(1);
    }
    Children children;
    for (unsigned nibble = 0; nibble < children.size(); ++nibble) {
        const std::size_t count = group_size(
            entries, [&](const Entry& entry) { return entry.path[skip]; }, nibble);
        if (count == 0) continue;
        path_.push_back(static_cast<std::uint8_t>(nibble));
        children[nibble] = build(entries.first(count), skip + 1, false);
        path_.pop_back();
        entries = entries.subspan(count);
    }
    return make_branch(std::move(children), value, replaces);
}

/// The node at `path_` through which `node`, which lies `prefix` further down, is reached: a branch gets an
/// extension above it, a leaf or an extension is absorbed and its own place is given up.
NodePtr Update::attach(Path prefix, const NodePtr& node, bool replaces) {
    if (!node || prefix.empty()) return node;
    descend(prefix);
    const NodePtr loaded = load(node);
    if (loaded->kind != NodeKind::branch && is_in_store(*loaded)) vacated_.push_back(path_);
    ascend(prefix.size());
    if (loaded->kind == NodeKind::branch) return make_extension(prefix, node, replaces);

    const bool is_leaf = loaded->kind == NodeKind::leaf;
    Nibbles nibbles;
    prefix.append_to(nibbles);
    (is_leaf ? as_leaf(*loaded).path() : as_extension(*loaded).path()).append_to(nibbles);
    const Bytes packed = pack(nibbles);
    const Path whole(packed, 0, nibbles.size());
    return is_leaf ? make_leaf(whole, as_leaf(*loaded).value(), replaces)
                   : make_extension(whole, as_extension(*loaded).child, replaces);
}

NodePtr Update::make_leaf(Path path, ByteView value, bool replaces) {
    return finish_node(new_leaf(path, value), replaces);
}

NodePtr Update::make_extension(Path path, NodePtr child, bool replaces) {
    return finish_node(new_extension(path, std::move(child)), replaces);
}

NodePtr Update::make_branch(Children children, ByteView value, bool replaces) {
    return finish_node(new_branch(std::move(children), value), replaces);
}

NodePtr Update::finish_node(NodePtr node, bool replaces) {
    node.unfinished().epoch = stored_epoch_ + 1;
    node.unfinished().replaces_stored = replaces && has_place_in_store(*node, path_.size());
    hashing_.add(node, path_.size());
    return node;
}

NodePtr Update::load(const NodePtr& node) const {
    if (node->kind != NodeKind::unloaded) return node;
    return load_node(load_encoded(source_, path_, node->reference), node->reference);
}

bool Update::is_in_store(const Node& node) const {
    return node.epoch <= stored_epoch_ ? has_place_in_store(node, path_.size()) : node.replaces_stored;
}

std::vector<Update::Entry> Update::insertions(Changes changes) const {
    std::vector<Entry> entries;
    entries.reserve(changes.size());
    for (const Change& change : changes)
        if (!change.value.empty()) entries.push_back({rest_of(change), change.value});
    return entries;
}

}  // namespace sluice::core::merkle
