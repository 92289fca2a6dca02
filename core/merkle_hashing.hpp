/// Fills in the hashes of new nodes, many at a time, children before parents.
#pragma once

#include <vector>

#include "core/merkle_node.hpp"

namespace sluice::core::merkle {

/// Collects nodes as an update makes them, and hashes them in groups small enough to stay in the processor's
/// cache. One thread.
class NodeHashing {
  public:
    /// Takes note of a new node that lies `depth` nibbles below the root. Its children were added before it.
    void add(const NodePtr& node, std::size_t depth);
    /// Hashes everything that was added.
    void finish();

  private:
    void hash_level(std::vector<NodePtr>& nodes);

    std::vector<std::vector<NodePtr>> by_depth_;
    std::size_t pending_ = 0;
    // Kept from level to level for their memory.
    std::vector<Bytes> encodings_;
    std::vector<ByteView> inputs_;
    std::vector<Hash> hashes_;
};

}  // namespace sluice::core::merkle
