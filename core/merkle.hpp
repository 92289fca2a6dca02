/// Merkle-Patricia tries (Yellow Paper, D): persistent values with lazily loaded nodes, roots and proofs.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/ids.hpp"
#include "core/result.hpp"

namespace sluice::core::merkle {

/// Half-bytes, one per element, each 0..15: the path from the root to a node.
using Nibbles = std::vector<std::uint8_t>;

/// Where nodes come from that are not in memory. Called from the thread that works on the trie.
class NodeSource {
  public:
    virtual ~NodeSource() = default;
    /// The encoded node stored under `path`, or nothing. The trie compares its hash with what the parent
    /// says.
    virtual std::optional<Bytes> load(std::span<const std::uint8_t> path) const = 0;
};

/// A source without nodes, for tries that live in memory whole.
const NodeSource& no_source();

/// One key with its new value; an empty value deletes.
struct Change {
    ByteView key;
    ByteView value;
};

/// A node that differs from what the source holds: an empty encoding says that nothing is stored there any
/// more.
struct StoredNode {
    Nibbles path;
    Bytes encoded;
};

/// An immutable trie. Copies are cheap and share nodes; a changed trie leaves the old one as it was.
/// A node that the source does not hold, or holds with another hash, is a damaged store: `DamagedTrie` is
/// thrown (the machine has failed, no input can cause it with an honest source).
class Trie {
  public:
    /// The empty trie.
    Trie();
    ~Trie();
    Trie(const Trie&);
    Trie& operator=(const Trie&);
    Trie(Trie&&) noexcept;
    Trie& operator=(Trie&&) noexcept;

    /// A trie of which only the root hash is known; nodes are loaded when needed.
    static Trie at_root(const Hash& root);

    Hash root() const;
    bool is_empty() const;
    std::optional<Bytes> find(ByteView key, const NodeSource& source) const;

    /// The trie after `changes`, which are sorted by key, each key once. Each touched node is copied and
    /// hashed once.
    Trie with(std::span<const Change> changes, const NodeSource& source) const;

    /// The nodes on the way to `key`, from the root (eth_getProof's order); ends where the key is or cannot
    /// be.
    std::vector<Bytes> prove(ByteView key, const NodeSource& source) const;

    /// What the nodes in memory alone say of `key`.
    struct Peek {
        bool decided = false;        ///< false: a node would have to be loaded
        std::optional<Bytes> value;  ///< once decided
    };
    /// As `find`, without a source: cheap, and never throws.
    Peek peek(ByteView key) const;

    /// No limit of depth.
    static constexpr std::size_t all_depths = ~std::size_t{0};
    /// Calls `visit` for every node that was made or removed since the trie was last marked stored, by path.
    /// Nodes deeper than `depth_max` nibbles are left out: a source may derive those instead of storing them.
    void for_each_unstored(const std::function<void(const StoredNode&)>& visit,
                           std::size_t depth_max = all_depths) const;
    /// The same trie, with every node taken as stored; nodes deeper than `keep_depth` nibbles are dropped
    /// from memory and will be loaded again when needed.
    Trie marked_stored(std::size_t keep_depth) const;
    /// Approximate bytes of memory held by this trie's nodes.
    std::size_t memory_bytes() const;

  private:
    struct State;
    std::shared_ptr<const State> state_;
};

/// Thrown when the store behind a trie is damaged.
struct DamagedTrie {
    Nibbles path;
};

/// Root of the trie that maps RLP(index) to items[index]: transactions and receipts roots.
Hash ordered_root(std::span<const ByteView> items);
/// Proof for one index of such a trie.
std::vector<Bytes> prove_ordered(std::span<const ByteView> items, std::size_t index);

enum class ProofError {
    missing_node,    ///< the proof ends before the key is decided
    wrong_hash,      ///< a node does not hash to what its parent says
    malformed_node,  ///< a node is no valid trie node
    unused_node,     ///< the proof has more nodes than needed
};

/// Checks a proof: the value under `key` in the trie with `root`, or nothing if the proof shows that there is
/// none.
Result<std::optional<Bytes>, ProofError> verify_proof(const Hash& root, ByteView key,
                                                      std::span<const Bytes> proof);
/// The same for an index of an ordered trie.
Result<std::optional<Bytes>, ProofError> verify_ordered_proof(const Hash& root, std::size_t index,
                                                              std::span<const Bytes> proof);

}  // namespace sluice::core::merkle
