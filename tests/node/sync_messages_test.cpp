#include "node/sync_messages.hpp"

#include <gtest/gtest.h>

namespace sluice::node {
namespace {

core::SharedBytes bytes(std::initializer_list<std::uint8_t> values) {
    return core::share(core::Bytes(values));
}

std::vector<core::Bytes> one_of_each() {
    return {encode(HeadNotice{7, {1, 2, 3}}), encode(BlocksRequest{9, 100, 64}),
            encode(BlocksAnswer{9, {{bytes({1, 2}), bytes({3})}, {bytes({4}), bytes({})}}}),
            encode(BodyRequest{{5}}), encode(BodyAnswer{{5}, bytes({6, 7})})};
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

TEST(SyncMessages, an_unknown_kind_is_refused) {
    const auto decoded = decode_sync_message(core::Bytes{99});
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error(), SyncMessageError::unknown_kind);
}

}  // namespace
}  // namespace sluice::node
