/// Accounts as they were before an execution, and what it changed of them: the answer of prestateTracer.
#pragma once

#include <string>

#include "contracts/journaled_state.hpp"
#include "node/rpc/touched_state.hpp"

namespace sluice::node::rpc {

/// {address: {balance, nonce, code, storage}} of all that was touched, but for contracts that were made on
/// the way.
std::string write_prestate(const TouchedState& touched, contracts::JournaledState& before);
/// {pre, post}: only accounts that changed, in `post` only what differs.
std::string write_state_difference(const TouchedState& touched, contracts::JournaledState& before,
                                   contracts::JournaledState& after);

}  // namespace sluice::node::rpc
