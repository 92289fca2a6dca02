/// A Merkle-Patricia trie, or one node of it, from keys that come sorted, holding only one path in memory.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "core/ids.hpp"

namespace sluice::ledger {

/// Written apart from core::merkle, so that one checks the other.
class SortedTrie {
  public:
    /// All keys share their first `depth` nibbles, and the node wanted is the one below them.
    explicit SortedTrie(std::size_t depth = 0) : depth_(depth) {}
    /// `key` is above every key before it; `value` is not empty.
    void add(const core::Hash& key, core::ByteView value);
    /// The encoding of that node; nothing if no key was added. Single use.
    std::optional<core::Bytes> node();
    /// Its hash: the root, if depth is 0. Single use.
    core::Hash root();

  private:
    /// A branch below which more keys may follow. Always on the way to the newest key.
    struct OpenBranch {
        std::size_t depth = 0;  ///< nibbles above it
        std::array<core::Bytes, 16>
            children;  ///< as they stand in the branch's list; empty where there is none
    };

    OpenBranch& branch_at(std::size_t depth);
    void close_leaf(std::size_t shared);
    void close_branches_below(std::size_t shared);
    std::uint8_t nibble(std::size_t at) const;

    std::size_t depth_;
    std::vector<OpenBranch> open_;   ///< by depth, growing
    std::optional<core::Hash> key_;  ///< the newest, whose leaf waits to learn what it shares with the next
    core::Bytes value_;
};

}  // namespace sluice::ledger
