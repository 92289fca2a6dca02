/// Consensus messages of validators whose set is not known here yet: they wait for the block that names it.
#pragma once

#include <deque>
#include <utility>
#include <vector>

#include "core/bytes.hpp"
#include "core/ids.hpp"

namespace sluice::node {

/// When the set changes, the first votes and the proposal of the next height overtake the block that says so
/// on every slower node. Without this they would be lost until they are sent again. Bounded: where there are
/// too many, the oldest of the neighbour that has most here leaves first.
class EarlyMessages {
  public:
    static constexpr std::size_t messages_max = 256;
    static constexpr std::size_t bytes_max = 32u << 20;

    /// `from` is the neighbour that handed it over.
    void keep(const core::Address& from, core::SharedBytes encoded);
    /// Everything, in the order of coming.
    std::vector<std::pair<core::Address, core::SharedBytes>> take();

    std::size_t size() const { return kept_.size(); }

  private:
    /// So that a message costs more than its bytes.
    static constexpr std::size_t message_overhead_bytes = 64;
    void drop_one();

    std::deque<std::pair<core::Address, core::SharedBytes>> kept_;
    std::size_t bytes_ = 0;
};

}  // namespace sluice::node
