#include "node/sync_messages.hpp"

#include <gtest/gtest.h>

namespace sluice::node {
namespace {

core::SharedBytes bytes(std::initializer_list<std::uint8_t> values) {
    return core::share(core::Bytes(values));
}

std::vector<core::Bytes> one_of_each() {
    using ledger::StateChunk;
    using ledger::StatePart;
    const SnapshotOffer offer{4,
                              77,
                              {{{1, 2}, {3}, {core::Address{7}, core::Address{8}}}, {{}, {}, {}}},
                              false,
                              {bytes({1}), bytes({2, 3})},
                              {{4}, {}, {5, 6}},
                              {9}};
    const PartsRequest request{5,
                               {6},
                               {{StatePart::Kind::accounts, {}, {}, {}},
                                {StatePart::Kind::accounts, {}, {1, 15, 2}, {}},
                                {StatePart::Kind::storage, {3}, {4, 5}, {}},
                                {StatePart::Kind::code, {}, {}, {9}}}};
    const PartsAnswer answer{5,
                             {{StateChunk::Form::leaves, {{{1, 2}, {3}}, {{4}, {}}}, {}},
                              {StateChunk::Form::node, {}, {7, 8}},
                              {StateChunk::Form::code, {}, {}}}};
    return {encode(HeadNotice{7, {1, 2, 3}, 5}),
            encode(BlocksRequest{9, 100, 64}),
            encode(BlocksAnswer{9, {{bytes({1, 2}), bytes({3})}, {bytes({4}), bytes({})}}}),
            encode(BodyRequest{{5}}),
            encode(BodyAnswer{{5}, bytes({6, 7})}),
            encode(SnapshotRequest{1, 2, 3}),
            encode(offer),
            encode(request),
            encode(answer)};
}

TEST(SyncMessages, every_message_survives_its_encoding) {
    for (const auto& encoded : one_of_each()) {
        const auto decoded = decode_sync_message(encoded);
        ASSERT_TRUE(decoded);
        EXPECT_EQ(encode(*decoded), encoded);
    }
}

TEST(SyncMessages, a_message_cut_anywhere_is_refused) {
    for (const auto& encoded : one_of_each())
        for (std::size_t size = 0; size < encoded.size(); ++size)
            EXPECT_FALSE(decode_sync_message(core::ByteView(encoded).first(size))) << size;
}

TEST(SyncMessages, trailing_bytes_are_refused) {
    for (auto encoded : one_of_each()) {
        encoded.push_back(0);
        EXPECT_FALSE(decode_sync_message(encoded));
    }
}

TEST(SyncMessages, more_blocks_than_allowed_are_refused_before_reading_them) {
    core::Bytes encoded = encode(BlocksAnswer{1, {}});
    encoded[encoded.size() - 1] = 0xff;
    const auto decoded = decode_sync_message(encoded);
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error(), SyncMessageError::too_many_blocks);
}

TEST(SyncMessages, one_path_has_one_encoding) {
    auto encoded = encode(PartsRequest{5, {6}, {{ledger::StatePart::Kind::accounts, {}, {1, 15, 2}, {}}}});
    ASSERT_TRUE(decode_sync_message(encoded));
    encoded.back() |= 1;  // the half byte behind three nibbles
    EXPECT_FALSE(decode_sync_message(encoded));
    encoded = encode(
        PartsRequest{5, {6}, {{ledger::StatePart::Kind::accounts, {}, core::merkle::Nibbles(65, 1), {}}}});
    EXPECT_FALSE(decode_sync_message(encoded)) << "no key has so many nibbles";
}

TEST(SyncMessages, counts_are_refused_before_anything_is_read) {
    core::Bytes encoded = encode(PartsRequest{1, {}, {}});
    encoded.back() = 0xff;
    EXPECT_EQ(decode_sync_message(encoded).error(), SyncMessageError::too_many_parts);
    encoded = encode(PartsAnswer{1, {}});
    encoded.back() = 0xff;
    EXPECT_EQ(decode_sync_message(encoded).error(), SyncMessageError::too_many_parts);
    encoded = encode(PartsAnswer{1, {{ledger::StateChunk::Form::leaves, {}, {}}}});
    encoded[encoded.size() - 3] = 0xff;
    EXPECT_EQ(decode_sync_message(encoded).error(), SyncMessageError::too_many_parts);
    encoded = encode(SnapshotOffer{});
    encoded[1 + 8 + 8 + 2] = 0xff;
    EXPECT_EQ(decode_sync_message(encoded).error(), SyncMessageError::too_many_links);
}

TEST(SyncMessages, an_unknown_kind_is_refused) {
    const auto decoded = decode_sync_message(core::Bytes{99});
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error(), SyncMessageError::unknown_kind);
}

}  // namespace
}  // namespace sluice::node
