#include "node/rpc/trace_budget.hpp"

namespace sluice::node::rpc {

bool TraceBudget::spend(std::size_t bytes) {
    if (fault_) return false;
    if (bytes > bytes_left_) {
        fault_ =
            limit_exceeded("the trace is too large: disable memory, stack or storage, or use callTracer");
        return false;
    }
    bytes_left_ -= bytes;
    if (deadline_.should_stop())
        fault_ = limit_exceeded("the trace took too long: ask for a longer timeout, up to the node's limit");
    return !fault_;
}

}  // namespace sluice::node::rpc
