/// Instructions that send messages (Yellow Paper, appendix H.2, 0xf0 to 0xfa; EIP-150, EIP-1014, EIP-2929,
/// EIP-3860, EIP-7702). Each returns the gas that is left.
#pragma once

#include "contracts/evm/frame.hpp"

namespace sluice::contracts::evm {

using core::Uint256;

std::int64_t call(Frame& frame, Uint256* top, std::int64_t gas);
std::int64_t callcode(Frame& frame, Uint256* top, std::int64_t gas);
std::int64_t delegatecall(Frame& frame, Uint256* top, std::int64_t gas);
std::int64_t staticcall(Frame& frame, Uint256* top, std::int64_t gas);
std::int64_t create(Frame& frame, Uint256* top, std::int64_t gas);
std::int64_t create2(Frame& frame, Uint256* top, std::int64_t gas);

}  // namespace sluice::contracts::evm
