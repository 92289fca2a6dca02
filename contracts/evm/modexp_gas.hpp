/// What the precompiled contract MODEXP costs, and how its input is laid out (EIP-198, EIP-2565, EIP-7883).
#pragma once

#include "contracts/evm/revision.hpp"
#include "core/ids.hpp"
#include "core/uint256.hpp"

namespace sluice::contracts::evm {

/// The three lengths at the front of the input; bytes that are missing count as zero.
struct ModexpLengths {
    core::Uint256 base;
    core::Uint256 exponent;
    core::Uint256 modulus;
};
ModexpLengths modexp_lengths(core::ByteView input);

/// The price under the rules of `revision`; `no_gas_suffices` where no limit could pay.
core::Gas modexp_gas(core::ByteView input, Revision revision);

}  // namespace sluice::contracts::evm
