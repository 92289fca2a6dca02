/// One case of a GeneralStateTests fixture: a transaction over a state, and what must come out of it.
#pragma once

#include "contracts/evm/machine.hpp"
#include "tests/conformance/fixture_state.hpp"
#include "tests/conformance/forks.hpp"
#include "tests/conformance/verdict.hpp"

namespace sluice::conformance {

/// What all cases of one test share. Refers to the JSON it was read from.
struct StateTest {
    explicit StateTest(const Json& test);

    const Json& environment;
    const Json& transaction;
    FixtureState before;
    core::Address sender{};
    std::uint64_t chain_id = 1;
};

/// Runs one row of `post`: decodes and recovers the signed bytes (or builds and signs the transaction where
/// the fixture has none), executes, and compares reason, logs and state root.
Verdict run_state_case(const StateTest& test, const Json& post, contracts::evm::Revision revision,
                       contracts::evm::Machine& machine);

}  // namespace sluice::conformance
