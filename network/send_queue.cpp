#include "network/send_queue.hpp"

#include <utility>

#include "core/check.hpp"

namespace sluice::network {

namespace {

/// A frame's share of the queue: its body, and what keeping any frame costs, so that a million empty frames
/// are not free.
std::size_t cost_bytes(const OutgoingFrame& frame) {
    return frame.body->size() + sizeof(OutgoingFrame);
}

}  // namespace

bool SendQueue::push(OutgoingFrame frame) {
    CHECK(frame.body != nullptr);
    Lane& lane = lanes_[index_of(frame.channel)];
    const std::size_t limit = bytes_max_[index_of(frame.channel)];
    const std::size_t cost = cost_bytes(frame);
    if (frame.channel == Channel::transactions) {
        while (!lane.frames.empty() && lane.bytes + cost > limit) {
            take_front(lane);
            ++dropped_transactions_;
        }
    } else if (lane.bytes + cost > limit) {
        return false;
    }
    lane.bytes += cost;
    bytes_ += cost;
    lane.frames.push_back(std::move(frame));
    return true;
}

std::optional<OutgoingFrame> SendQueue::pop() {
    for (Lane& lane : lanes_) {
        if (!lane.frames.empty()) return take_front(lane);
    }
    return std::nullopt;
}

void SendQueue::clear() {
    lanes_ = {};
    bytes_ = 0;
}

OutgoingFrame SendQueue::take_front(Lane& lane) {
    OutgoingFrame frame = std::move(lane.frames.front());
    lane.frames.pop_front();
    const std::size_t cost = cost_bytes(frame);
    CHECK(lane.bytes >= cost);
    lane.bytes -= cost;
    bytes_ -= cost;
    return frame;
}

}  // namespace sluice::network
