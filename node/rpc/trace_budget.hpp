/// What one trace may cost: how much text it may gather and how long it may watch.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "node/rpc/errors.hpp"

namespace sluice::node::rpc {

/// Counts along; once something is spent, tracers stop gathering and the call ends with an error. Execution
/// itself is bounded by its gas. One thread.
class TraceBudget {
  public:
    TraceBudget(std::size_t bytes_max, std::chrono::milliseconds time_max)
        : bytes_left_(bytes_max), ends_at_(std::chrono::steady_clock::now() + time_max) {}

    /// False once the budget is spent. Asks for the time only now and then.
    bool spend(std::size_t bytes);
    bool is_spent() const { return fault_.has_value(); }
    const std::optional<Error>& fault() const { return fault_; }

  private:
    std::size_t bytes_left_;
    std::chrono::steady_clock::time_point ends_at_;
    unsigned until_time_check_ = 0;
    std::optional<Error> fault_;
};

}  // namespace sluice::node::rpc
