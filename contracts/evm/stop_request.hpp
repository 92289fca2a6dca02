/// How an execution whose result nobody depends on is given up before its gas is.
#pragma once

namespace sluice::contracts::evm {

/// Asked at the beginning of every message and at every jump, so that code without end asks again and again.
/// Only simulations and replays have one: blocks run until their gas is used up.
class StopRequest {
  public:
    virtual ~StopRequest() = default;
    /// Once true it stays true. Then no further message runs, the execution ends soon, and its outcome means
    /// nothing.
    virtual bool should_stop() = 0;
};

}  // namespace sluice::contracts::evm
