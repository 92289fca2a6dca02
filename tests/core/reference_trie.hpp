/// A Merkle-Patricia trie computed from nothing, straight from the definitions of the Yellow Paper
/// (appendices B, C and D) and with no code of core/: the judge of core/merkle.
#pragma once

#include <map>
#include <string>

#include "core/ids.hpp"

namespace sluice::core::test {

/// Half-bytes.
using ReferencePath = Bytes;

/// Keys and values; no value is empty.
using Contents = std::map<Bytes, Bytes>;

class ReferenceTrie {
  public:
    explicit ReferenceTrie(const Contents& contents);
    const Hash& root() const { return root_; }
    /// Every node that is not embedded in another one, and the root, by path.
    const std::map<ReferencePath, Bytes>& nodes() const { return nodes_; }

  private:
    using Entries = std::map<ReferencePath, Bytes>;

    /// c(J, i): the encoding of the node below which `entries` hang, whose keys share their first `depth`
    /// nibbles.
    Bytes node(const Entries& entries, std::size_t depth);
    Bytes branch(const Entries& entries, std::size_t depth);
    /// n(J, i): what a parent says of it; empty string, encoding or hash, as RLP.
    Bytes reference(const Entries& entries, std::size_t depth);

    std::map<ReferencePath, Bytes> nodes_;
    Hash root_;
};

}  // namespace sluice::core::test
