/// How long one call may run.
#pragma once

#include <chrono>

#include "contracts/evm/stop_request.hpp"
#include "node/rpc/errors.hpp"

namespace sluice::node::rpc {

/// Begins when it is made. One thread.
class Deadline final : public contracts::evm::StopRequest {
  public:
    explicit Deadline(std::chrono::milliseconds time_max)
        : ends_at_(std::chrono::steady_clock::now() + time_max) {}

    /// Looks at the clock only now and then, so that it may be asked often.
    bool should_stop() override;
    /// Whether anybody was told to stop.
    bool has_passed() const { return has_passed_; }

  private:
    std::chrono::steady_clock::time_point ends_at_;
    unsigned until_next_look_ = 0;
    bool has_passed_ = false;
};

/// -32005 "the call took longer than N s".
Error took_too_long(std::chrono::milliseconds time_max);

}  // namespace sluice::node::rpc
