/// Reaching into the memory of a call and paying for its growth (Yellow Paper, appendix H.1).
#pragma once

#include "contracts/evm/frame.hpp"

namespace sluice::contracts::evm {

/// Pays for memory up to `end` bytes, which is more than there is, and grows it; less than zero if the gas
/// does not suffice. `end` is at most 2 * memory_bytes_max.
[[gnu::cold, gnu::noinline]] std::int64_t grow_memory(Frame& frame, std::uint64_t end, std::int64_t gas);

/// True for a number that no memory offset or size can be: nobody can pay for it.
constexpr bool is_beyond_memory(const core::Uint256& number) {
    return (number.limbs[1] | number.limbs[2] | number.limbs[3] | number.limbs[0] >> 32) != 0;
}

/// Makes `bytes` bytes at `offset` usable (`bytes` is not 0); the gas that is left, or less than zero.
[[gnu::always_inline]] inline std::int64_t reach(Frame& frame, const core::Uint256& offset,
                                                 std::uint64_t bytes, std::int64_t gas) {
    if (is_beyond_memory(offset)) [[unlikely]]
        return -1;
    const std::uint64_t end = offset.limbs[0] + bytes;
    if (end > frame.memory_bytes) [[unlikely]]
        return grow_memory(frame, end, gas);
    return gas;
}

/// The same for a region whose size is a number of the stack; nothing is needed for size 0, wherever it is.
[[gnu::always_inline]] inline std::int64_t reach(Frame& frame, const core::Uint256& offset,
                                                 const core::Uint256& bytes, std::int64_t gas) {
    if (is_beyond_memory(bytes)) [[unlikely]]
        return -1;
    if (bytes.limbs[0] == 0) return gas;
    return reach(frame, offset, bytes.limbs[0], gas);
}

constexpr std::uint64_t words_of(std::uint64_t bytes) {
    return (bytes + 31) / 32;
}

/// A region of memory that has been reached.
inline core::ByteView region(const Frame& frame, const core::Uint256& offset, const core::Uint256& bytes) {
    if (bytes.limbs[0] == 0) return {};
    return {frame.memory + offset.limbs[0], bytes.limbs[0]};
}

}  // namespace sluice::contracts::evm
