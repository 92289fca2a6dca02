#include "network/frame.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/check.hpp"

namespace sluice::network {

namespace {

enum Kind : std::uint8_t { direct = 0, gossiped = 1 };

}  // namespace

std::string_view describe(FrameError error) {
    constexpr std::array<std::string_view, 6> sentences{
        "the frame names a channel that does not exist",
        "the frame is neither direct nor gossiped",
        "the frame is longer than its channel allows",
        "a control frame must not be gossiped",
        "the frame claims more hops than any node makes",
        "a frame of another channel than control came before the handshake was done",
    };
    return sentences[static_cast<std::size_t>(error)];
}

void append_frame_header(core::Bytes& to, Channel channel, const std::optional<GossipHeader>& gossip,
                         std::size_t body_bytes) {
    CHECK(body_bytes <= frame_bytes_max[index_of(channel)]);
    core::append_be32(to, static_cast<std::uint32_t>(body_bytes));
    to.push_back(static_cast<std::uint8_t>(channel));
    to.push_back(gossip ? gossiped : direct);
    if (!gossip) return;
    CHECK(channel != Channel::control);
    core::append(to, gossip->origin);
    core::append_be64(to, gossip->sequence);
    to.push_back(gossip->hops);
}

core::Result<std::optional<Frame>, FrameError> FrameReader::read(core::ByteView& input) {
    if (!header_done_) {
        if (const auto read = read_header(input); !read) return core::fail(read.error());
        if (!header_done_) return std::nullopt;
    }
    const std::size_t missing = body_bytes_ - frame_.body.size();
    const std::size_t taken = std::min(missing, input.size());
    if (frame_.body.empty()) frame_.body.reserve(std::min(body_bytes_, std::max(taken, read_chunk_bytes)));
    frame_.body.insert(frame_.body.end(), input.begin(), input.begin() + static_cast<std::ptrdiff_t>(taken));
    input = input.subspan(taken);
    if (taken < missing) return std::nullopt;

    Frame complete = std::move(frame_);
    frame_ = Frame{};
    header_filled_ = 0;
    header_wanted_ = frame_prefix_bytes;
    header_done_ = false;
    return complete;
}

core::Result<void, FrameError> FrameReader::read_header(core::ByteView& input) {
    if (header_filled_ < frame_prefix_bytes) {
        take_header_bytes(input, frame_prefix_bytes);
        if (header_filled_ < frame_prefix_bytes) return {};
        if (const auto parsed = parse_prefix(); !parsed) return parsed;
    }
    take_header_bytes(input, header_wanted_);
    if (header_filled_ < header_wanted_) return {};
    header_done_ = true;
    return frame_.gossip ? parse_gossip() : core::Result<void, FrameError>{};
}

core::Result<void, FrameError> FrameReader::parse_prefix() {
    const std::uint8_t channel = header_[4];
    const std::uint8_t kind = header_[5];
    if (channel >= channel_count) return core::fail(FrameError::unknown_channel);
    if (kind > gossiped) return core::fail(FrameError::unknown_kind);
    frame_.channel = static_cast<Channel>(channel);
    if (only_control_ && frame_.channel != Channel::control)
        return core::fail(FrameError::before_authentication);
    if (kind == gossiped && frame_.channel == Channel::control)
        return core::fail(FrameError::gossip_on_control);
    body_bytes_ = core::read_be32(header_.data());
    if (body_bytes_ > frame_bytes_max[channel]) return core::fail(FrameError::body_too_long);
    if (kind == gossiped) {
        frame_.gossip.emplace();
        header_wanted_ = frame_prefix_bytes + gossip_header_bytes;
    }
    return {};
}

core::Result<void, FrameError> FrameReader::parse_gossip() {
    core::ByteReader reader(core::ByteView(header_).subspan(frame_prefix_bytes));
    reader.fill(frame_.gossip->origin);
    frame_.gossip->sequence = reader.be64();
    frame_.gossip->hops = reader.u8();
    CHECK(reader.done());
    if (frame_.gossip->hops >= gossip_hops_max) return core::fail(FrameError::too_many_hops);
    return {};
}

void FrameReader::take_header_bytes(core::ByteView& input, std::size_t wanted) {
    CHECK(header_filled_ <= wanted);
    const std::size_t taken = std::min(wanted - header_filled_, input.size());
    std::copy_n(input.begin(), taken, header_.begin() + static_cast<std::ptrdiff_t>(header_filled_));
    header_filled_ += taken;
    input = input.subspan(taken);
}

}  // namespace sluice::network
