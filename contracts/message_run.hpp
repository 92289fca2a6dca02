/// One message, from value transfer to undoing: what `call` and the instructions of bytecode share.
#pragma once

#include "contracts/call.hpp"

namespace sluice::contracts {

/// How a message ended.
struct MessageResult {
    CallStatus status = CallStatus::succeeded;
    core::Gas gas_left = 0;
    /// Lies in the machine's store of the message's depth: valid until the next message of that depth.
    core::ByteView output;
    bool succeeded() const { return status == CallStatus::succeeded; }
};

/// `call` without copying the output. `message.gas` is below 2^63; `caller_gas` is what the caller has beside
/// it, for an observer.
MessageResult run_message(Execution& execution, const Message& message, core::Gas caller_gas);

}  // namespace sluice::contracts
