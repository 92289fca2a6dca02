#include "network/frame.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace sluice::network {
namespace {

core::Bytes encode_frame(Channel channel, const std::optional<GossipHeader>& gossip,
                         const core::Bytes& body) {
    core::Bytes bytes;
    append_frame_header(bytes, channel, gossip, body.size());
    core::append(bytes, body);
    return bytes;
}

GossipHeader some_header() {
    GossipHeader header;
    header.origin.fill(0xab);
    header.sequence = 0x0102030405060708ull;
    header.hops = 3;
    return header;
}

FrameReader open_reader() {
    FrameReader reader;
    reader.open_all_channels();
    return reader;
}

FrameError error_of(const core::Bytes& bytes) {
    FrameReader reader = open_reader();
    core::ByteView input(bytes);
    const auto read = reader.read(input);
    EXPECT_FALSE(read.has_value());
    return read ? FrameError::unknown_kind : read.error();
}

TEST(Frame, direct_frame_has_six_bytes_before_its_body) {
    EXPECT_EQ(encode_frame(Channel::sync, {}, {0xaa, 0xbb}), (core::Bytes{0, 0, 0, 2, 2, 0, 0xaa, 0xbb}));
}

TEST(Frame, gossiped_frame_carries_origin_sequence_and_hops) {
    const core::Bytes bytes = encode_frame(Channel::consensus, some_header(), {0xcc});
    core::Bytes expected{0, 0, 0, 1, 1, 1};
    expected.insert(expected.end(), 20, 0xab);
    for (const std::uint8_t byte : {1, 2, 3, 4, 5, 6, 7, 8, 3, 0xcc})
        expected.push_back(byte);
    EXPECT_EQ(bytes, expected);
    EXPECT_EQ(bytes.size(), frame_prefix_bytes + gossip_header_bytes + 1);
}

TEST(Frame, stream_cut_at_any_byte_gives_the_same_frames) {
    core::Bytes stream = encode_frame(Channel::control, {}, {1, 2, 3});
    core::append(stream, encode_frame(Channel::consensus, some_header(), core::Bytes(70, 7)));
    core::append(stream, encode_frame(Channel::transactions, {}, {}));
    for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
        FrameReader reader = open_reader();
        std::vector<Frame> frames;
        for (std::size_t at = 0; at < stream.size(); at += piece) {
            core::ByteView input = core::ByteView(stream).subspan(at, std::min(piece, stream.size() - at));
            for (;;) {
                auto read = reader.read(input);
                ASSERT_TRUE(read.has_value());
                if (!read->has_value()) break;
                frames.push_back(std::move(**read));
            }
        }
        ASSERT_EQ(frames.size(), 3u) << "pieces of " << piece;
        EXPECT_EQ(frames[0].channel, Channel::control);
        EXPECT_EQ(frames[0].body, (core::Bytes{1, 2, 3}));
        EXPECT_EQ(frames[1].gossip, some_header());
        EXPECT_EQ(frames[1].body, core::Bytes(70, 7));
        EXPECT_EQ(frames[2].channel, Channel::transactions);
        EXPECT_FALSE(frames[2].gossip.has_value());
        EXPECT_TRUE(frames[2].body.empty());
    }
}

TEST(Frame, body_at_the_limit_of_its_channel_is_read_and_one_byte_more_is_refused) {
    const std::size_t limit = control_frame_bytes_max;
    const core::Bytes fitting = encode_frame(Channel::control, {}, core::Bytes(limit, 1));
    FrameReader reader;
    core::ByteView input(fitting);
    const auto read = reader.read(input);
    ASSERT_TRUE(read.has_value() && read->has_value());
    EXPECT_EQ((*read)->body.size(), limit);

    core::Bytes too_long;
    core::append_be32(too_long, static_cast<std::uint32_t>(limit + 1));
    too_long.push_back(0);
    too_long.push_back(0);
    EXPECT_EQ(error_of(too_long), FrameError::body_too_long);
}

TEST(Frame, every_channel_refuses_a_claim_of_four_gigabytes_from_the_header_alone) {
    for (std::uint8_t channel = 0; channel < channel_count; ++channel) {
        EXPECT_EQ(error_of({0xff, 0xff, 0xff, 0xff, channel, 0}), FrameError::body_too_long);
    }
}

TEST(Frame, memory_grows_with_what_has_arrived_and_not_with_the_claim) {
    FrameReader reader = open_reader();
    core::Bytes start;
    append_frame_header(start, Channel::consensus, {}, consensus_frame_bytes_max);
    start.push_back(1);
    core::ByteView input(start);
    auto read = reader.read(input);
    ASSERT_TRUE(read.has_value());
    EXPECT_FALSE(read->has_value());
    core::Bytes rest(consensus_frame_bytes_max - 1, 1);
    input = rest;
    read = reader.read(input);
    ASSERT_TRUE(read.has_value() && read->has_value());
    EXPECT_EQ((*read)->body.size(), consensus_frame_bytes_max);
    // The reservation of the first byte was one read's worth; the vector then grew by what came.
    EXPECT_TRUE(input.empty());
}

TEST(Frame, unknown_channel_and_kind_are_refused) {
    EXPECT_EQ(error_of({0, 0, 0, 0, 4, 0}), FrameError::unknown_channel);
    EXPECT_EQ(error_of({0, 0, 0, 0, 1, 2}), FrameError::unknown_kind);
}

TEST(Frame, control_messages_cannot_be_gossiped) {
    EXPECT_EQ(error_of({0, 0, 0, 0, 0, 1}), FrameError::gossip_on_control);
}

TEST(Frame, message_with_as_many_hops_as_the_limit_is_refused) {
    GossipHeader header = some_header();
    header.hops = gossip_hops_max;
    EXPECT_EQ(error_of(encode_frame(Channel::sync, header, {1})), FrameError::too_many_hops);
}

TEST(Frame, only_control_passes_before_authentication) {
    FrameReader reader;
    const core::Bytes bytes = encode_frame(Channel::consensus, {}, {1});
    core::ByteView input(bytes);
    const auto read = reader.read(input);
    ASSERT_FALSE(read.has_value());
    EXPECT_EQ(read.error(), FrameError::before_authentication);
}

TEST(Frame, random_bytes_give_frames_or_a_reason_and_never_more_than_came_in) {
    std::mt19937 random(7);
    for (int round = 0; round < 5'000; ++round) {
        core::Bytes bytes(random() % 200);
        for (std::uint8_t& byte : bytes)
            byte = static_cast<std::uint8_t>(random() % 4 == 0 ? random() : 0);
        FrameReader reader = open_reader();
        core::ByteView input(bytes);
        std::size_t body_bytes = 0;
        while (!input.empty()) {
            const auto read = reader.read(input);
            if (!read || !read->has_value()) break;
            body_bytes += (*read)->body.size();
        }
        EXPECT_LE(body_bytes, bytes.size());
    }
}

}  // namespace
}  // namespace sluice::network
