/// Memory, and what is copied into it or hashed out of it. `top` is the topmost operand; each returns the gas
/// that is left, less than zero where the call fails.
#pragma once

#include "contracts/evm/memory_access.hpp"
#include "contracts/evm/word_bytes.hpp"

namespace sluice::contracts::evm {

using core::Uint256;

// Those that hardly ever need more than what is there have a second form, `_at_hand`: it does the work if
// that costs nothing more and cannot fail, or does nothing and returns false.

/// True if the bytes are in use already.
[[gnu::always_inline]] inline bool is_at_hand(const Frame& frame, const Uint256& offset,
                                              std::uint64_t bytes) {
    return !is_beyond_memory(offset) && offset.limbs[0] + bytes <= frame.memory_bytes;
}

[[gnu::always_inline]] inline bool mload_at_hand(Frame& frame, Uint256* top) {
    if (!is_at_hand(frame, top[0], 32)) [[unlikely]]
        return false;
    load_word(top[0], frame.memory + top[0].limbs[0]);
    return true;
}
[[gnu::always_inline]] inline bool mstore_at_hand(Frame& frame, Uint256* top) {
    if (!is_at_hand(frame, top[0], 32)) [[unlikely]]
        return false;
    store_word(frame.memory + top[0].limbs[0], top[-1]);
    return true;
}
[[gnu::always_inline]] inline bool mstore8_at_hand(Frame& frame, Uint256* top) {
    if (!is_at_hand(frame, top[0], 1)) [[unlikely]]
        return false;
    frame.memory[top[0].limbs[0]] = static_cast<std::uint8_t>(top[-1].limbs[0]);
    return true;
}
/// Where 32 bytes of the input are there.
[[gnu::always_inline]] inline bool calldataload_at_hand(Frame& frame, Uint256* top) {
    const std::uint64_t offset = top[0].limbs[0];
    const std::uint64_t size = frame.input.size();
    if (!top[0].fits_u64() || offset >= size || size - offset < 32) [[unlikely]]
        return false;
    load_word(top[0], frame.input.data() + offset);
    return true;
}

std::int64_t mload(Frame& frame, Uint256* top, std::int64_t gas);
std::int64_t mstore(Frame& frame, Uint256* top, std::int64_t gas);
std::int64_t mstore8(Frame& frame, Uint256* top, std::int64_t gas);
/// 32 bytes of the input; what is beyond its end is zero.
std::int64_t calldataload(Frame& frame, Uint256* top, std::int64_t gas);

[[gnu::always_inline]] inline std::int64_t msize(Frame& frame, Uint256* top, std::int64_t gas) {
    top[1] = Uint256(frame.memory_bytes);
    return gas;
}

std::int64_t keccak256(Frame& frame, Uint256* top, std::int64_t gas);
std::int64_t calldatacopy(Frame& frame, Uint256* top, std::int64_t gas);
std::int64_t codecopy(Frame& frame, Uint256* top, std::int64_t gas);
std::int64_t returndatacopy(Frame& frame, Uint256* top, std::int64_t gas);
/// EIP-5656.
std::int64_t mcopy(Frame& frame, Uint256* top, std::int64_t gas);
std::int64_t extcodecopy(Frame& frame, Uint256* top, std::int64_t gas);

/// RETURN and REVERT: names the output.
[[gnu::always_inline]] inline std::int64_t give_output(Frame& frame, Uint256* top, std::int64_t gas) {
    gas = reach(frame, top[0], top[-1], gas);
    if (gas < 0) [[unlikely]]
        return gas;
    frame.output = region(frame, top[0], top[-1]);
    return gas;
}

}  // namespace sluice::contracts::evm
