/// EXP, the one arithmetic instruction whose price depends on an operand (EIP-160).
#pragma once

#include "contracts/evm/frame.hpp"
#include "core/uint256_evm.hpp"

namespace sluice::contracts::evm {

inline constexpr std::int64_t exp_gas_per_byte = 50;

[[gnu::noinline]] inline std::int64_t exp(Frame&, core::Uint256* top, std::int64_t gas) {
    gas -= exp_gas_per_byte * ((top[-1].bit_length() + 7) / 8);
    if (gas < 0) return gas;
    top[-1] = core::power(top[0], top[-1]);
    return gas;
}

}  // namespace sluice::contracts::evm
