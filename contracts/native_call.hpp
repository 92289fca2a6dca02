/// Messages to native contracts.
#pragma once

#include "contracts/message_run.hpp"

namespace sluice::contracts {

/// Runs the method that the input names. `message.code_address` is a native contract of the execution's
/// registry. Changes of state are not undone on failure; that is the caller's.
MessageResult call_native(Execution& execution, const Message& message);

}  // namespace sluice::contracts
