#include "core/merkle_decode.hpp"

#include <algorithm>
#include <utility>

#include "core/rlp.hpp"

namespace sluice::core::merkle {

namespace {

constexpr std::size_t branch_items = 17;
constexpr std::size_t path_items = 2;

/// The items of a node, at most 17.
struct Items {
    std::array<rlp::Item, branch_items> items;
    std::size_t count = 0;
};

std::optional<Items> split_items(ByteView encoded) {
    const Result<rlp::Item, rlp::Error> list = rlp::decode_exact(encoded);
    if (!list || !list->is_list) return std::nullopt;
    Items split;
    for (ByteView rest = list->payload; !rest.empty(); ++split.count) {
        if (split.count == branch_items) return std::nullopt;
        const Result<rlp::Item, rlp::Error> item = rlp::decode_item(rest, rest);
        if (!item) return std::nullopt;
        split.items[split.count] = *item;
    }
    return split;
}

/// The reference that an item holds: a hash, an embedded node, or nothing.
std::optional<ByteView> decode_reference(const rlp::Item& item) {
    if (!item.is_list) {
        if (!item.payload.empty() && item.payload.size() != Reference::hash_bytes) return std::nullopt;
        return item.payload;
    }
    // Embedded nodes are shorter than a hash, so the nesting that this call follows is bounded too.
    if (item.encoded.size() >= Reference::hash_bytes || !decode_node(item.encoded)) return std::nullopt;
    return item.encoded;
}

std::optional<DecodedNode> decode_branch(const Items& items) {
    DecodedNode node;
    node.kind = NodeKind::branch;
    std::size_t entries = 0;
    for (std::size_t i = 0; i < node.children.size(); ++i) {
        const std::optional<ByteView> reference = decode_reference(items.items[i]);
        if (!reference) return std::nullopt;
        node.children[i] = *reference;
        if (!reference->empty()) ++entries;
    }
    if (items.items.back().is_list) return std::nullopt;
    node.value = items.items.back().payload;
    if (!node.value.empty()) ++entries;
    if (entries < 2) return std::nullopt;
    return node;
}

std::optional<DecodedNode> decode_leaf_or_extension(const Items& items) {
    if (items.items[0].is_list) return std::nullopt;
    const std::optional<HexPrefix> prefix = decode_hex_prefix(items.items[0].payload);
    if (!prefix) return std::nullopt;
    DecodedNode node;
    node.path = prefix->path;
    if (prefix->is_leaf) {
        node.value = items.items[1].payload;
        if (items.items[1].is_list || node.value.empty()) return std::nullopt;
        return node;
    }
    node.kind = NodeKind::extension;
    const std::optional<ByteView> child = decode_reference(items.items[1]);
    if (!child || child->empty() || node.path.empty()) return std::nullopt;
    node.children[0] = *child;
    return node;
}

NodePtr node_of_reference(ByteView reference) {
    if (reference.empty()) return {};
    Reference copy;
    copy.size = static_cast<std::uint8_t>(reference.size());
    std::copy(reference.begin(), reference.end(), copy.bytes.begin());
    return copy.is_hash() ? unloaded_node(copy) : load_node(reference, copy);
}

}  // namespace

std::optional<DecodedNode> decode_node(ByteView encoded) {
    const std::optional<Items> items = split_items(encoded);
    if (!items) return std::nullopt;
    if (items->count == branch_items) return decode_branch(*items);
    if (items->count == path_items) return decode_leaf_or_extension(*items);
    return std::nullopt;
}

Step step(const DecodedNode& node, Path& rest) {
    if (node.kind == NodeKind::leaf) return {true, rest == node.path ? node.value : ByteView{}, {}};
    if (node.kind == NodeKind::extension) {
        if (!rest.starts_with(node.path)) return {true, {}, {}};
        rest = rest.without_first(node.path.size());
        return {false, {}, node.children[0]};
    }
    if (rest.empty()) return {true, node.value, {}};
    const ByteView child = node.children[rest[0]];
    rest = rest.without_first(1);
    return {child.empty(), {}, child};
}

NodePtr load_node(ByteView encoded, const Reference& reference) {
    const std::optional<DecodedNode> decoded = decode_node(encoded);
    CHECK(decoded.has_value());
    NodePtr node;
    if (decoded->kind == NodeKind::leaf) {
        node = new_leaf(decoded->path, decoded->value);
    } else if (decoded->kind == NodeKind::extension) {
        node = new_extension(decoded->path, node_of_reference(decoded->children[0]));
    } else {
        Children children;
        for (std::size_t i = 0; i < children.size(); ++i)
            children[i] = node_of_reference(decoded->children[i]);
        node = new_branch(std::move(children), decoded->value);
    }
    node.unfinished().reference = reference;
    return node;
}

Bytes load_encoded(const NodeSource& source, const Nibbles& path, const Reference& reference) {
    std::optional<Bytes> encoded = source.load(path);
    if (!encoded || Reference::of_hash(keccak256(*encoded)) != reference) throw DamagedTrie{path};
    // A shorter node would be embedded in its parent; a hash that names one was made by no trie.
    if (!path.empty() && encoded->size() < Reference::hash_bytes) throw DamagedTrie{path};
    if (!decode_node(*encoded)) throw DamagedTrie{path};
    return std::move(*encoded);
}

}  // namespace sluice::core::merkle
