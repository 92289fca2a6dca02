#include "node/rpc/deadline.hpp"

#include <fmt/format.h>

namespace sluice::node::rpc {
namespace {

constexpr unsigned questions_between_looks = 256;

}  // namespace

bool Deadline::should_stop() {
    if (has_passed_) return true;
    if (until_next_look_-- != 0) return false;
    until_next_look_ = questions_between_looks;
    has_passed_ = std::chrono::steady_clock::now() >= ends_at_;
    return has_passed_;
}

Error took_too_long(std::chrono::milliseconds time_max) {
    const std::chrono::duration<double> seconds = time_max;
    return limit_exceeded(fmt::format("the call took longer than {} s", seconds.count()));
}

}  // namespace sluice::node::rpc
