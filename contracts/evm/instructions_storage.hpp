/// Storage, transient storage, logs and self-destruction: what changes the state without a call. Each returns
/// the gas that is left.
#pragma once

#include "contracts/evm/frame.hpp"

namespace sluice::contracts::evm {

using core::Uint256;

std::int64_t sload(Frame& frame, Uint256* top, std::int64_t gas);
/// EIP-2200, EIP-2929, EIP-3529.
std::int64_t sstore(Frame& frame, Uint256* top, std::int64_t gas);
/// EIP-1153.
std::int64_t tload(Frame& frame, Uint256* top, std::int64_t gas);
std::int64_t tstore(Frame& frame, Uint256* top, std::int64_t gas);
/// LOG0 to LOG4.
template <std::size_t Topics>
std::int64_t log(Frame& frame, Uint256* top, std::int64_t gas);
/// EIP-6780 from Cancun on.
std::int64_t selfdestruct(Frame& frame, Uint256* top, std::int64_t gas);

}  // namespace sluice::contracts::evm
