#include "core/merkle_node.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <new>

#include "core/rlp.hpp"

namespace sluice::core::merkle {

namespace {

constexpr std::uint8_t hash_item_prefix = 0xa0;
constexpr std::uint8_t no_child = 0x80;

/// A node with room for `trailing_bytes` behind it, in one allocation that `destroy` frees.
template <typename Kind>
Kind* allocate(std::size_t trailing_bytes) {
    const std::size_t bytes = sizeof(Kind) + trailing_bytes;
    CHECK(bytes <= std::numeric_limits<std::uint32_t>::max());
    Kind* node = new (::operator new(bytes)) Kind;
    node->own_bytes = static_cast<std::uint32_t>(bytes);
    return node;
}

template <typename Kind>
std::uint8_t* trailing_bytes_of(Kind* node) {
    return reinterpret_cast<std::uint8_t*>(node + 1);
}

std::size_t child_item_size(const Node& child) {
    return child.reference.is_hash() ? 1 + Reference::hash_bytes : child.reference.size;
}

void append_child_item(Bytes& to, const Node& child) {
    if (child.reference.is_hash()) to.push_back(hash_item_prefix);
    append(to, child.reference.view());
}

std::size_t branch_payload_size(const Branch& branch) {
    std::size_t size = rlp::encoded_size(branch.value()) + 16 - branch.children().size();
    for (const NodePtr& child : branch.children())
        size += child_item_size(*child);
    return size;
}

std::size_t extension_payload_size(const Extension& extension) {
    return rlp::encoded_size(extension.hex_prefix()) + child_item_size(*extension.child);
}

/// A node whose encoding has so many bytes is named by its hash, or is embedded, which is settled here.
void settle_reference(Node& node, std::size_t encoded_bytes) {
    if (encoded_bytes >= Reference::hash_bytes) {
        node.reference.size = Reference::hash_bytes;
        return;
    }
    Bytes encoded;
    encode_node(node, encoded);
    node.reference.size = static_cast<std::uint8_t>(encoded.size());
    std::copy(encoded.begin(), encoded.end(), node.reference.bytes.begin());
}

void encode_extension(const Extension& extension, Bytes& to) {
    rlp::encode_list_prefix(to, extension_payload_size(extension));
    rlp::encode_bytes(to, extension.hex_prefix());
    append_child_item(to, *extension.child);
}

void encode_branch(const Branch& branch, Bytes& to) {
    rlp::encode_list_prefix(to, branch_payload_size(branch));
    auto child = branch.children().begin();
    for (unsigned nibble = 0; nibble < 16; ++nibble) {
        if (branch.has_child(nibble)) {
            append_child_item(to, **child++);
        } else {
            to.push_back(no_child);
        }
    }
    rlp::encode_bytes(to, branch.value());
}

/// The parts that `with_child` and `with_children` keep. Both make nodes that lie in the store.
void copy_identity(const Node& from, Node& to) {
    to.epoch = from.epoch;
    to.reference = from.reference;
}

Extension* extension_of(ByteView hex_prefix, NodePtr child) {
    Extension* extension = allocate<Extension>(hex_prefix.size());
    std::copy(hex_prefix.begin(), hex_prefix.end(), trailing_bytes_of(extension));
    extension->hex_prefix_bytes = static_cast<std::uint32_t>(hex_prefix.size());
    extension->held_bytes = extension->own_bytes + held_bytes(child);
    extension->child = std::move(child);
    return extension;
}

Branch* branch_of(Children children, ByteView value) {
    const auto count = std::ranges::count_if(children, [](const NodePtr& child) { return bool(child); });
    Branch* branch = allocate<Branch>(static_cast<std::size_t>(count) * sizeof(NodePtr));
    branch->held_bytes = branch->own_bytes + value.size();
    auto* place = reinterpret_cast<NodePtr*>(branch + 1);
    for (unsigned nibble = 0; nibble < children.size(); ++nibble) {
        if (!children[nibble]) continue;
        branch->held_bytes += held_bytes(children[nibble]);
        branch->occupied = static_cast<std::uint16_t>(branch->occupied | 1u << nibble);
        new (place++) NodePtr(std::move(children[nibble]));
    }
    if (!value.empty()) branch->value_bytes = std::make_unique<const Bytes>(to_bytes(value));
    return branch;
}

template <typename Kind>
void destroy_as(Node* node) {
    static_cast<Kind*>(node)->~Kind();
}

}  // namespace

const NodePtr& Branch::child(unsigned nibble) const {
    static const NodePtr none;
    if (!has_child(nibble)) return none;
    const unsigned before = occupied & ((1u << nibble) - 1);
    return children()[static_cast<std::size_t>(std::popcount(before))];
}

void prefetch_fields(const NodePtr& node) {
    const char* begin = reinterpret_cast<const char*>(node.get());
    __builtin_prefetch(begin);
    __builtin_prefetch(begin + sizeof(Node) - 1);
}

std::uint64_t held_bytes(const NodePtr& node) {
    if (!node) return 0;
    if (node->kind == NodeKind::branch) return as_branch(*node).held_bytes;
    if (node->kind == NodeKind::extension) return as_extension(*node).held_bytes;
    return node->own_bytes;
}

void encode_node(const Node& node, Bytes& to) {
    CHECK(node.kind != NodeKind::unloaded);
    to.clear();
    if (node.kind == NodeKind::leaf) {
        append(to, as_leaf(node).encoded());
    } else if (node.kind == NodeKind::extension) {
        encode_extension(as_extension(node), to);
    } else {
        encode_branch(as_branch(node), to);
    }
}

NodePtr unloaded_node(const Reference& reference) {
    CHECK(reference.is_hash());
    Node* node = new (::operator new(sizeof(Node))) Node(NodeKind::unloaded);
    node->own_bytes = sizeof(Node);
    node->reference = reference;
    return NodePtr::adopt(node);
}

NodePtr new_leaf(Path path, ByteView value) {
    Bytes hex_prefix;
    hex_prefix.reserve(hex_prefix_size(path.size()));
    append_hex_prefix(hex_prefix, path, true);
    const std::size_t payload_bytes = rlp::encoded_size(hex_prefix) + rlp::encoded_size(value);
    Bytes encoded;
    encoded.reserve(rlp::list_size(payload_bytes));
    rlp::encode_list_prefix(encoded, payload_bytes);
    rlp::encode_bytes(encoded, hex_prefix);
    const std::size_t path_end_byte = encoded.size();
    rlp::encode_bytes(encoded, value);

    Leaf* leaf = allocate<Leaf>(encoded.size());
    std::copy(encoded.begin(), encoded.end(), trailing_bytes_of(leaf));
    leaf->encoded_bytes = static_cast<std::uint32_t>(encoded.size());
    leaf->path_end_byte = static_cast<std::uint32_t>(path_end_byte);
    leaf->path_begin = static_cast<std::uint32_t>(2 * path_end_byte - path.size());
    leaf->value_begin = static_cast<std::uint32_t>(encoded.size() - value.size());
    settle_reference(*leaf, encoded.size());
    return NodePtr::adopt(leaf);
}

NodePtr new_extension(Path path, NodePtr child) {
    Bytes hex_prefix;
    append_hex_prefix(hex_prefix, path, false);
    Extension* extension = extension_of(hex_prefix, std::move(child));
    settle_reference(*extension, rlp::list_size(extension_payload_size(*extension)));
    return NodePtr::adopt(extension);
}

NodePtr new_branch(Children children, ByteView value) {
    Branch* branch = branch_of(std::move(children), value);
    settle_reference(*branch, rlp::list_size(branch_payload_size(*branch)));
    return NodePtr::adopt(branch);
}

NodePtr with_child(const Extension& extension, NodePtr child) {
    Extension* copy = extension_of(extension.hex_prefix(), std::move(child));
    copy_identity(extension, *copy);
    return NodePtr::adopt(copy);
}

NodePtr with_children(const Branch& branch, Children children) {
    Branch* copy = branch_of(std::move(children), branch.value());
    copy_identity(branch, *copy);
    return NodePtr::adopt(copy);
}

void destroy(Node* node) noexcept {
    const std::size_t bytes = node->own_bytes;
    switch (node->kind) {
        case NodeKind::unloaded:
            destroy_as<Node>(node);
            break;
        case NodeKind::leaf:
            destroy_as<Leaf>(node);
            break;
        case NodeKind::extension:
            destroy_as<Extension>(node);
            break;
        case NodeKind::branch: {
            const std::span<const NodePtr> children = as_branch(*node).children();
            for (const NodePtr& child : children)
                prefetch_fields(child);
            std::destroy(children.begin(), children.end());
            destroy_as<Branch>(node);
            break;
        }
    }
    ::operator delete(node, bytes);
}

}  // namespace sluice::core::merkle
