/// Trie nodes in memory (Yellow Paper, D): what they hold, what they weigh, how they are encoded.
///
/// A batch of changes copies tens of thousands of nodes whose neighbours are cold in the cache, so nodes are
/// one allocation each, of the size that their contents need, and count their owners themselves.
#pragma once

#include <array>
#include <bit>
#include <utility>

#include "core/merkle_path.hpp"

namespace sluice::core::merkle {

enum class NodeKind : std::uint8_t {
    unloaded,  ///< only the reference is known; the rest lies in the store under the node's path
    leaf,
    extension,
    branch,
};

struct Node;

/// An owner of a node that nobody changes; null by default. Copies may live in several threads.
class NodePtr {
  public:
    NodePtr() = default;
    NodePtr(const NodePtr& other) : node_(other.node_) { acquire(); }
    NodePtr(NodePtr&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
    NodePtr& operator=(NodePtr other) noexcept {
        std::swap(node_, other.node_);
        return *this;
    }
    ~NodePtr() { release(); }
    /// Takes over the ownership that a new node begins with.
    static NodePtr adopt(Node* node) { return NodePtr(node); }

    const Node* get() const { return node_; }
    const Node& operator*() const { return *node_; }
    const Node* operator->() const { return node_; }
    explicit operator bool() const { return node_ != nullptr; }
    friend bool operator==(const NodePtr&, const NodePtr&) = default;
    /// For the thread that made the node, until it hands the node on.
    Node& unfinished() const { return *node_; }

  private:
    explicit NodePtr(Node* node) : node_(node) {}
    void acquire() const;
    void release();

    Node* node_ = nullptr;
};

/// How a parent names a node: by its hash, or by its whole encoding where that is shorter than a hash.
struct Reference {
    static constexpr std::size_t hash_bytes = 32;
    std::array<std::uint8_t, hash_bytes> bytes{};
    std::uint8_t size = 0;

    bool is_hash() const { return size == hash_bytes; }
    /// The hash, or the encoding of an embedded node.
    ByteView view() const { return ByteView(bytes).first(size); }
    static Reference of_hash(const Hash& hash) { return {hash, hash_bytes}; }
    friend bool operator==(const Reference&, const Reference&) = default;
};

/// What all kinds have; `kind` says to which type a pointer may be cast. Variable contents lie behind the
/// struct.
struct Node {
    explicit Node(NodeKind node_kind) : kind(node_kind) {}
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    std::uint32_t owners = 1;  ///< counted atomically, as a std::shared_ptr counts
    /// Bytes of the allocation.
    std::uint32_t own_bytes = 0;
    /// Which round of storing made it: stored exactly when this is at most the trie's `stored_epoch`.
    std::uint32_t epoch = 0;
    NodeKind kind;
    /// The store held a node under this path when this one was made: losing it must be reported.
    bool replaces_stored = false;
    Reference reference;
};

struct Leaf : Node {
    Leaf() : Node(NodeKind::leaf) {}
    /// RLP[hex prefix, value]; path and value are parts of it.
    ByteView encoded() const { return {reinterpret_cast<const std::uint8_t*>(this + 1), encoded_bytes}; }
    Path path() const { return Path(encoded(), path_begin, std::size_t{2} * path_end_byte); }
    ByteView value() const { return encoded().subspan(value_begin); }

    std::uint32_t encoded_bytes = 0;
    std::uint32_t path_begin = 0;  ///< nibble of `encoded`
    std::uint32_t path_end_byte = 0;
    std::uint32_t value_begin = 0;
};

struct Extension : Node {
    Extension() : Node(NodeKind::extension) {}
    ByteView hex_prefix() const {
        return {reinterpret_cast<const std::uint8_t*>(this + 1), hex_prefix_bytes};
    }
    Path path() const { return decode_hex_prefix(hex_prefix())->path; }

    NodePtr child;  ///< always a branch
    std::uint64_t held_bytes = 0;
    std::uint32_t hex_prefix_bytes = 0;
};

struct Branch : Node {
    Branch() : Node(NodeKind::branch) {}
    /// The children that there are, in the order of their nibbles.
    std::span<const NodePtr> children() const {
        return {reinterpret_cast<const NodePtr*>(this + 1),
                static_cast<std::size_t>(std::popcount(occupied))};
    }
    bool has_child(unsigned nibble) const { return (occupied >> nibble & 1) != 0; }
    /// Null where there is none.
    const NodePtr& child(unsigned nibble) const;
    /// Of the key that ends here; empty where none does.
    ByteView value() const { return value_bytes ? ByteView(*value_bytes) : ByteView{}; }

    std::uint16_t occupied = 0;  ///< bit n: there is a child under nibble n
    std::unique_ptr<const Bytes> value_bytes;
    std::uint64_t held_bytes = 0;
};

/// Children by nibble, null where there is none.
using Children = std::array<NodePtr, 16>;

inline const Leaf& as_leaf(const Node& node) {
    CHECK(node.kind == NodeKind::leaf);
    return static_cast<const Leaf&>(node);
}
inline const Extension& as_extension(const Node& node) {
    CHECK(node.kind == NodeKind::extension);
    return static_cast<const Extension&>(node);
}
inline const Branch& as_branch(const Node& node) {
    CHECK(node.kind == NodeKind::branch);
    return static_cast<const Branch&>(node);
}

/// Nodes lie in the store under a path of their own unless they are embedded in their parent; the root always
/// does.
inline bool has_place_in_store(const Node& node, std::size_t depth) {
    return depth == 0 || node.reference.is_hash();
}

/// Tells the processor that the fields of `Node` will be read soon: the cache misses of several nodes then
/// overlap instead of adding up.
void prefetch_fields(const NodePtr& node);

/// Approximate bytes of memory of a node and all below it.
std::uint64_t held_bytes(const NodePtr& node);

/// Replaces `to` by the encoding. Precondition: loaded, and the children's references are filled in.
void encode_node(const Node& node, Bytes& to);

/// A node of which only the reference is known. It counts as stored.
NodePtr unloaded_node(const Reference& reference);

/// New nodes. Of the reference only the size is set, from which `has_place_in_store` can be answered; the
/// hash is filled in later, many nodes at a time. An embedded node is complete.
NodePtr new_leaf(Path path, ByteView value);
NodePtr new_extension(Path path, NodePtr child);
NodePtr new_branch(Children children, ByteView value);

/// A stored node with other children, which have the same references.
NodePtr with_child(const Extension& extension, NodePtr child);
NodePtr with_children(const Branch& branch, Children children);

/// Frees a node without owners.
void destroy(Node* node) noexcept;

inline void NodePtr::acquire() const {
    if (node_ != nullptr) __atomic_fetch_add(&node_->owners, 1, __ATOMIC_RELAXED);
}
inline void NodePtr::release() {
    if (node_ != nullptr && __atomic_fetch_sub(&node_->owners, 1, __ATOMIC_ACQ_REL) == 1) destroy(node_);
}

}  // namespace sluice::core::merkle
