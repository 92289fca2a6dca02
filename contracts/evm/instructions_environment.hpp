/// What code asks of its message, its transaction, its block and other accounts (0x30 to 0x4a). Each returns
/// the gas that is left.
#pragma once

#include "contracts/evm/frame.hpp"
#include "contracts/evm/word_bytes.hpp"

namespace sluice::contracts::evm {

using core::Uint256;

[[gnu::always_inline]] inline std::int64_t address(Frame& frame, Uint256* top, std::int64_t gas) {
    top[1] = from_address(frame.message.recipient);
    return gas;
}
[[gnu::always_inline]] inline std::int64_t origin(Frame& frame, Uint256* top, std::int64_t gas) {
    top[1] = from_address(frame.execution.origin);
    return gas;
}
[[gnu::always_inline]] inline std::int64_t caller(Frame& frame, Uint256* top, std::int64_t gas) {
    top[1] = from_address(frame.message.sender);
    return gas;
}
[[gnu::always_inline]] inline std::int64_t callvalue(Frame& frame, Uint256* top, std::int64_t gas) {
    top[1] = frame.message.value;
    return gas;
}
[[gnu::always_inline]] inline std::int64_t calldatasize(Frame& frame, Uint256* top, std::int64_t gas) {
    top[1] = Uint256(frame.input.size());
    return gas;
}
[[gnu::always_inline]] inline std::int64_t codesize(Frame& frame, Uint256* top, std::int64_t gas) {
    top[1] = Uint256(frame.code_bytes);
    return gas;
}
[[gnu::always_inline]] inline std::int64_t returndatasize(Frame& frame, Uint256* top, std::int64_t gas) {
    top[1] = Uint256(frame.return_data.size());
    return gas;
}
[[gnu::always_inline]] inline std::int64_t gasprice(Frame& frame, Uint256* top, std::int64_t gas) {
    top[1] = frame.execution.gas_price;
    return gas;
}
[[gnu::always_inline]] inline std::int64_t coinbase(Frame& frame, Uint256* top, std::int64_t gas) {
    top[1] = from_address(frame.execution.block.miner);
    return gas;
}
[[gnu::always_inline]] inline std::int64_t timestamp(Frame& frame, Uint256* top, std::int64_t gas) {
    top[1] = Uint256(frame.execution.block.timestamp());
    return gas;
}
[[gnu::always_inline]] inline std::int64_t number(Frame& frame, Uint256* top, std::int64_t gas) {
    top[1] = Uint256(frame.execution.block.height);
    return gas;
}
[[gnu::always_inline]] inline std::int64_t gaslimit(Frame& frame, Uint256* top, std::int64_t gas) {
    top[1] = Uint256(frame.execution.block.gas_limit);
    return gas;
}
[[gnu::always_inline]] inline std::int64_t chainid(Frame& frame, Uint256* top, std::int64_t gas) {
    top[1] = Uint256(frame.execution.block.chain_id);
    return gas;
}
[[gnu::always_inline]] inline std::int64_t basefee(Frame& frame, Uint256* top, std::int64_t gas) {
    top[1] = frame.execution.block.base_fee;
    return gas;
}
[[gnu::always_inline]] inline std::int64_t blobbasefee(Frame& frame, Uint256* top, std::int64_t gas) {
    top[1] = frame.execution.block.blob_base_fee;
    return gas;
}
/// What is left after this instruction.
[[gnu::always_inline]] inline std::int64_t gas(Frame&, Uint256* top, std::int64_t gas_left) {
    top[1] = Uint256(static_cast<std::uint64_t>(gas_left));
    return gas_left;
}

/// DIFFICULTY before Paris (EIP-4399).
std::int64_t prevrandao(Frame& frame, Uint256* top, std::int64_t gas);
std::int64_t blockhash(Frame& frame, Uint256* top, std::int64_t gas);
std::int64_t blobhash(Frame& frame, Uint256* top, std::int64_t gas);
std::int64_t balance(Frame& frame, Uint256* top, std::int64_t gas);
std::int64_t selfbalance(Frame& frame, Uint256* top, std::int64_t gas);
std::int64_t extcodesize(Frame& frame, Uint256* top, std::int64_t gas);
std::int64_t extcodehash(Frame& frame, Uint256* top, std::int64_t gas);

}  // namespace sluice::contracts::evm
