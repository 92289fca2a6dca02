/// Records of the vote log in the two forms that they have: consensus knows what they mean, the ledger stores
/// them.
#pragma once

#include <span>
#include <vector>

#include "consensus/durable_state.hpp"
#include "ledger/vote_log.hpp"

namespace sluice::node {

std::vector<ledger::VoteRecord> to_ledger(std::span<const consensus::VoteRecord> records);
std::vector<consensus::VoteRecord> to_consensus(std::span<const ledger::VoteRecord> records);

}  // namespace sluice::node
