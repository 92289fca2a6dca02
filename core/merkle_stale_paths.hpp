/// Paths under which the store holds a node that the trie may have lost, since it was last stored.
#pragma once

#include <vector>

#include "core/merkle.hpp"

namespace sluice::core::merkle {

/// A persistent bag: copies are cheap and share what they hold, as tries do.
class StalePaths {
  public:
    StalePaths with(std::vector<Nibbles> more) const;
    /// Everything that was added, sorted, each path once.
    std::vector<Nibbles> sorted() const;

  private:
    using Chunk = std::vector<Nibbles>;
    /// Each at least twice as long as the next, so that adding costs amortised logarithmic time.
    std::vector<std::shared_ptr<const Chunk>> chunks_;
};

}  // namespace sluice::core::merkle
