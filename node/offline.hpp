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

/// What `sluiced repair` may do.
struct RepairOptions {
    bool discard_whole_ledger = false;  ///< also set a ledger aside in which no fault is found
};
/// Checks the ledger in full. One that is damaged is kept beside under another name and begun anew at
/// genesis; one that is whole and behind the vote log stays. Either way the vote log stays as it is, and once
/// started the node fetches what is missing from others, without a voice until it has what the log knows. Cut
/// short at any point it may be run again. Returns sentences on what was found and what happens next.
core::Result<std::string, StartFailure> repair(const NodeConfig& config, const RepairOptions& options);

}  // namespace sluice::node
