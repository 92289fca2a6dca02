/// One JSON-RPC request from its text to the text of its answer.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "node/rpc/services.hpp"

namespace sluice::node::rpc {

/// Reads and answers a request: one call or a batch. To be called on a worker; `done` comes once, from any
/// thread, with nothing where only notifications came. The calls of a batch see one snapshot and may run side
/// by side; its raw transactions go to the pool in their order.
void answer_request(const std::shared_ptr<Services>& services, Caller caller, std::string_view text,
                    std::function<void(std::optional<std::string>)> done);

}  // namespace sluice::node::rpc
