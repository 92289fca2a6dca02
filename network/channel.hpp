/// The four lanes of a peer connection.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "network/limits.hpp"

namespace sluice::network {

/// A lane with its own frame limit and send queue, in sending priority: the lowest value goes first.
enum class Channel : std::uint8_t {
    control = 0,       ///< handshake, pings, neighbours: the network's own
    consensus = 1,     ///< votes and proposals
    sync = 2,          ///< block requests and answers, status
    transactions = 3,  ///< gossip of pending transactions; dropped first
};
inline constexpr std::size_t channel_count = 4;

/// Longest frame body of each channel, by its value.
inline constexpr std::array<std::size_t, channel_count> frame_bytes_max{
    control_frame_bytes_max, consensus_frame_bytes_max, sync_frame_bytes_max, transactions_frame_bytes_max};

/// Most bytes that may wait for one peer on each channel, by its value.
inline constexpr std::array<std::size_t, channel_count> queue_bytes_max{
    control_queue_bytes_max, consensus_queue_bytes_max, sync_queue_bytes_max, transactions_queue_bytes_max};

/// The channel's place in the tables above.
constexpr std::size_t index_of(Channel channel) {
    return static_cast<std::size_t>(channel);
}

constexpr std::string_view name_of(Channel channel) {
    constexpr std::array<std::string_view, channel_count> names{"control", "consensus", "sync",
                                                                "transactions"};
    return names[index_of(channel)];
}

}  // namespace sluice::network
