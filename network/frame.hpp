/// Length-prefixed frames on a byte stream (docs/formats/wire.md, "Frames").
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "network/channel.hpp"
#include "network/gossip.hpp"

namespace sluice::network {

enum class FrameError : std::uint8_t {
    unknown_channel,
    unknown_kind,
    body_too_long,          ///< longer than its channel allows; nothing was reserved for it
    gossip_on_control,      ///< control messages concern two neighbours and are never relayed
    too_many_hops,          ///< no honest node sends it so far
    before_authentication,  ///< another channel than control before the handshake is done
};
std::string_view describe(FrameError error);

/// A received frame. Without `gossip` it was meant for this node alone.
struct Frame {
    Channel channel = Channel::control;
    std::optional<GossipHeader> gossip;
    core::Bytes body;
};

/// Bytes of a frame before its body: a fixed part, and what a gossiped frame adds to it.
inline constexpr std::size_t frame_prefix_bytes = 6;
inline constexpr std::size_t gossip_header_bytes = 29;

/// Appends everything of a frame but its body, which the caller puts right behind.
/// Preconditions: the body fits the channel; no gossip on the control channel.
void append_frame_header(core::Bytes& to, Channel channel, const std::optional<GossipHeader>& gossip,
                         std::size_t body_bytes);

/// Cuts a stream of bytes into frames. Memory grows with the bytes that have arrived, never by what a length
/// field claims. After an error the stream cannot be followed any further.
class FrameReader {
  public:
    /// Takes bytes off the front of `input`: up to the end of one frame, which it returns, or all of them.
    core::Result<std::optional<Frame>, FrameError> read(core::ByteView& input);
    /// Other channels than control are accepted from here on.
    void open_all_channels() { only_control_ = false; }

  private:
    core::Result<void, FrameError> read_header(core::ByteView& input);
    core::Result<void, FrameError> parse_prefix();
    core::Result<void, FrameError> parse_gossip();
    void take_header_bytes(core::ByteView& input, std::size_t wanted);

    bool only_control_ = true;
    std::array<std::uint8_t, frame_prefix_bytes + gossip_header_bytes> header_{};
    std::size_t header_filled_ = 0;
    std::size_t header_wanted_ = frame_prefix_bytes;
    bool header_done_ = false;
    std::size_t body_bytes_ = 0;
    Frame frame_;
};

}  // namespace sluice::network
