/// What one trace may cost: how much text it may gather and how long it may take.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "node/rpc/deadline.hpp"
#include "node/rpc/errors.hpp"

namespace sluice::node::rpc {

/// Counts along; once something is spent, tracers stop gathering, execution is given up, and the call ends
/// with an error. One thread.
class TraceBudget final : public contracts::evm::StopRequest {
  public:
    TraceBudget(std::size_t bytes_max, std::chrono::milliseconds time_max)
        : bytes_left_(bytes_max), deadline_(time_max) {}

    /// False once the budget is spent.
    bool spend(std::size_t bytes);
    bool should_stop() override { return !spend(0); }
    bool is_out_of_time() const { return deadline_.has_passed(); }
    bool is_spent() const { return fault_.has_value(); }
    const std::optional<Error>& fault() const { return fault_; }

  private:
    std::size_t bytes_left_;
    Deadline deadline_;
    std::optional<Error> fault_;
};

}  // namespace sluice::node::rpc
