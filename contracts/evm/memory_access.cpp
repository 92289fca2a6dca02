#include "contracts/evm/memory_access.hpp"

namespace sluice::contracts::evm {

namespace {

/// 3 gas per word and a square that keeps memory small.
constexpr std::int64_t memory_gas(std::uint64_t words) {
    return static_cast<std::int64_t>(3 * words + words * words / 512);
}

}  // namespace

std::int64_t grow_memory(Frame& frame, std::uint64_t end, std::int64_t gas) {
    const std::uint64_t words = words_of(end);
    gas -= memory_gas(words) - memory_gas(frame.memory_bytes / 32);
    if (gas < 0) return gas;
    if (words * 32 > memory_bytes_max) return -1;
    frame.store.memory.grow(words * 32);
    frame.memory = frame.store.memory.data();
    frame.memory_bytes = frame.store.memory.size();
    return gas;
}

}  // namespace sluice::contracts::evm
