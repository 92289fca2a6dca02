/// What an operator does with a stopped node's data: verify the ledger, look at the votes.
#pragma once

#include <ostream>

#include "node/startup.hpp"

namespace sluice::node {

/// Checks the whole ledger and writes a report; `stopped` (0) only when it is whole, else `failed`.
core::Result<ExitCode, StartFailure> verify_db(const NodeConfig& config, bool full, bool json,
                                               std::ostream& out);

/// Writes every record of the vote log; `stopped` (0) only when it is whole, else `needs_operator`.
core::Result<ExitCode, StartFailure> dump_votes(const NodeConfig& config, bool json, std::ostream& out);

}  // namespace sluice::node
