/// Bytecode as tests write it down: opcodes, pushes and pieces, joined by `code`.
///
///     code(push(2), push(1), op::add, return_top())
#pragma once

#include "contracts/evm/opcodes.hpp"
#include "core/uint256.hpp"

namespace sluice::contracts::test {

namespace op = evm::op;

inline void join(core::Bytes& to, std::uint8_t opcode) {
    to.push_back(opcode);
}
inline void join(core::Bytes& to, const core::Bytes& piece) {
    core::append(to, piece);
}

/// Opcodes and pieces one after the other.
template <typename... Parts>
core::Bytes code(const Parts&... parts) {
    core::Bytes joined;
    (join(joined, parts), ...);
    return joined;
}

/// PUSH of exactly `bytes` bytes (1 to 32).
inline core::Bytes push_bytes(std::size_t bytes, const core::Uint256& value) {
    const core::Word word = value.to_word();
    core::Bytes piece{static_cast<std::uint8_t>(op::push1 + bytes - 1)};
    piece.insert(piece.end(), word.end() - static_cast<std::ptrdiff_t>(bytes), word.end());
    return piece;
}
/// The shortest PUSH with data that holds the value.
inline core::Bytes push(const core::Uint256& value) {
    return push_bytes(value.is_zero() ? 1 : (value.bit_length() + 7) / 8, value);
}
inline core::Bytes push(const core::Address& address) {
    return push_bytes(20, core::Uint256::from_be(address));
}

inline core::Bytes duplicate(unsigned n) {
    return {static_cast<std::uint8_t>(op::dup1 + n - 1)};
}
inline core::Bytes exchange(unsigned n) {
    return {static_cast<std::uint8_t>(op::swap1 + n - 1)};
}

inline core::Bytes repeat(std::size_t times, const core::Bytes& piece) {
    core::Bytes all;
    for (std::size_t i = 0; i < times; ++i)
        join(all, piece);
    return all;
}

/// Pushes the operands so that the first one is on top, then the opcode.
template <typename... Operands>
core::Bytes apply(std::uint8_t opcode, const Operands&... operands) {
    core::Bytes pushes;
    ((pushes = code(push(core::Uint256(operands)), pushes)), ...);
    return code(pushes, opcode);
}

inline core::Bytes mstore(const core::Uint256& offset, const core::Uint256& value) {
    return apply(op::mstore, offset, value);
}
inline core::Bytes sstore(const core::Uint256& key, const core::Uint256& value) {
    return apply(op::sstore, key, value);
}
inline core::Bytes return_memory(const core::Uint256& offset, const core::Uint256& bytes) {
    return apply(op::return_, offset, bytes);
}
/// Returns the topmost word.
inline core::Bytes return_top() {
    return code(push(0), op::mstore, return_memory(0, 32));
}

/// Runs `body`, which leaves the stack as it finds it, `times` times; the counter is on top of the stack
/// meanwhile. `before` runs once, and what it pushes lies below the counter.
inline core::Bytes loop(std::uint64_t times, const core::Bytes& body, const core::Bytes& before = {}) {
    const core::Bytes start = code(before, push_bytes(4, times));
    return code(start, op::jumpdest, body, push(1), exchange(1), op::sub, duplicate(1),
                push_bytes(2, start.size()), op::jumpi, op::pop);
}

/// Init code that deploys `runtime`.
inline core::Bytes deploying(const core::Bytes& runtime) {
    const std::size_t size = runtime.size();
    const core::Bytes head = code(push_bytes(2, size), push_bytes(1, 12), push(0), op::codecopy,
                                  push_bytes(2, size), push(0), op::return_);
    core::Bytes init = head;
    // The copy starts right behind the head.
    init[4] = static_cast<std::uint8_t>(head.size());
    return code(init, runtime);
}

}  // namespace sluice::contracts::test
