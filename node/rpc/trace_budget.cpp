#include "node/rpc/trace_budget.hpp"

namespace sluice::node::rpc {
namespace {

constexpr unsigned steps_between_time_checks = 256;

}  // namespace

bool TraceBudget::spend(std::size_t bytes) {
    if (fault_) return false;
    if (bytes > bytes_left_) {
        fault_ =
            limit_exceeded("the trace is too large: disable memory, stack or storage, or use callTracer");
        return false;
    }
    bytes_left_ -= bytes;
    if (until_time_check_-- == 0) {
        until_time_check_ = steps_between_time_checks;
        if (std::chrono::steady_clock::now() > ends_at_)
            fault_ =
                limit_exceeded("the trace took too long: ask for a longer timeout, up to the node's limit");
    }
    return !fault_;
}

}  // namespace sluice::node::rpc
