/// What waits for one peer: four bounded lanes, emptied in order of importance.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "core/bytes.hpp"
#include "network/channel.hpp"
#include "network/gossip.hpp"

namespace sluice::network {

struct OutgoingFrame {
    Channel channel = Channel::control;
    std::optional<GossipHeader> gossip;
    core::SharedBytes body;
};

/// A full lane of transactions forgets its oldest frames; any other full lane means that the peer is lost.
/// One thread.
class SendQueue {
  public:
    explicit SendQueue(const std::array<std::size_t, channel_count>& bytes_max) : bytes_max_(bytes_max) {}

    /// False if the frame does not fit and may not be dropped: disconnect the peer.
    [[nodiscard]] bool push(OutgoingFrame frame);
    /// The frame to send next; first in, first out within a channel.
    std::optional<OutgoingFrame> pop();
    /// Forgets everything: only a parting word is still to be sent.
    void clear();

    bool is_empty() const { return bytes_ == 0; }
    /// Bodies and headers waiting.
    std::size_t bytes() const { return bytes_; }
    std::uint64_t dropped_transactions() const { return dropped_transactions_; }

  private:
    struct Lane {
        std::deque<OutgoingFrame> frames;
        std::size_t bytes = 0;
    };
    OutgoingFrame take_front(Lane& lane);

    std::array<std::size_t, channel_count> bytes_max_;
    std::array<Lane, channel_count> lanes_;
    std::size_t bytes_ = 0;
    std::uint64_t dropped_transactions_ = 0;
};

}  // namespace sluice::network
