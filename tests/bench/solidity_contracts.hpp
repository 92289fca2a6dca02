/// Contracts as the Solidity compiler makes them: sources and their runtime bytecode lie in `evm/`.
/// After a change there: scripts/contract-tests --bench-bytecode
#pragma once

#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "core/uint256.hpp"

namespace sluice::bench {

/// Runtime bytecode of `evm/NAME.hex`; ends the program where there is none.
core::Bytes solidity_code(const std::string& name);
/// A call as Solidity's ABI encodes it, with static arguments.
core::Bytes encode_call(const std::string& signature, const std::vector<core::Uint256>& arguments);

/// A call of a contract that only computes.
struct PureCall {
    const char* name;
    core::Bytes code;
    core::Bytes input;
    core::Word expected;  ///< first word of the answer: proof that the work was done
};
std::vector<PureCall> pure_calls();

}  // namespace sluice::bench
