/// The way of raw transactions into the pool: decode and recover on workers, ask the rules, hand over
/// together.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "node/rpc/errors.hpp"
#include "node/rpc/node_access.hpp"

namespace sluice::node::rpc {

/// What became of one raw transaction.
struct Submitted {
    core::TransactionPtr transaction;  ///< null if it could not be read
    std::optional<Error> error;
    bool is_known =
        false;  ///< the error says that this very transaction is here already, in the pool or in a block
    /// Nonces are missing in front of it: the sender's next one at the head. It waits in the pool.
    std::optional<std::uint64_t> missing_from;
};

/// Takes the transactions of one request, in order. Called on a worker; `done` comes on a worker. Long lists
/// are spread over the workers; all that pass go to the pool in one call.
void submit_transactions(NodeAccess& node, std::vector<core::SharedBytes> encoded,
                         std::function<void(std::vector<Submitted>)> done);

}  // namespace sluice::node::rpc
