/// One case of an Ethereum GeneralStateTest file, as something to measure.
#pragma once

#include <string>

#include "cli/bench/plain_state.hpp"
#include "cli/output.hpp"
#include "contracts/block_context.hpp"
#include "core/result.hpp"
#include "core/transaction.hpp"

namespace sluice::cli::bench {

/// Which of a file's cases: among the tests whose name contains `name` the first with that fork (the newest
/// one if empty), and the place in the fork's list.
struct CaseChoice {
    std::string name = {};
    std::string fork = {};
    std::size_t index = 0;
};

struct StateCase {
    std::string name;
    PlainState state;
    contracts::BlockContext block;
    core::TransactionPtr transaction;
};

/// The error is a sentence that says where the file is not what it should be. Any JSON is possible.
core::Result<StateCase, std::string> read_state_case(const Json& file, const CaseChoice& choice);

}  // namespace sluice::cli::bench
