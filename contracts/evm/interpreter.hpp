/// Running bytecode: from its first instruction to the one that ends it.
#pragma once

#include "contracts/evm/frame.hpp"

namespace sluice::contracts::evm {

/// Runs the frame's code with `frame.gas`; afterwards `status`, `gas` and `output` say how it ended (no gas
/// is left but after success and REVERT). Every step costs gas, so it ends. The state keeps changes of a
/// failed run; undoing them is the caller's.
void interpret(Frame& frame);

}  // namespace sluice::contracts::evm
