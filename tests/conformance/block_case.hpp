/// One BlockchainTests fixture: a chain of blocks, valid and invalid, from a genesis state.
#pragma once

#include "contracts/evm/machine.hpp"
#include "tests/conformance/fixture_json.hpp"
#include "tests/conformance/verdict.hpp"

namespace sluice::conformance {

/// Imports every block of the fixture: a valid one must be accepted with all its roots, an invalid one
/// refused for the reason that the fixture names; the last valid block must be the expected head.
Verdict run_block_case(const Json& test, contracts::evm::Machine& machine);

}  // namespace sluice::conformance
