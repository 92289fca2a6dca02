/// The root of a Merkle-Patricia trie from keys that come sorted, holding only one path in memory.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "core/ids.hpp"

namespace sluice::ledger {

/// For verification: written apart from core::merkle, so that one checks the other.
class SortedTrieRoot {
  public:
    /// `key` is above every key before it; `value` is not empty.
    void add(const core::Hash& key, core::ByteView value);
    /// Of everything that was added. Single use.
    core::Hash finish();

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

    std::vector<OpenBranch> open_;   ///< by depth, growing
    std::optional<core::Hash> key_;  ///< the newest, whose leaf waits to learn what it shares with the next
    core::Bytes value_;
};

}  // namespace sluice::ledger
