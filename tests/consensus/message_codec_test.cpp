#include "consensus/message_codec.hpp"

#include <gtest/gtest.h>

#include "core/limits.hpp"
#include "support/dice.hpp"
#include "support/forgery.hpp"

namespace sluice::consensus::testing {
namespace {

class MessageCodecTest : public ::testing::Test {
  protected:
    ToyChain chain_ = toy_chain(4);
    Forger forger_{chain_};
    Hash digest_ = digest_of(toy_payload("A"));

    std::vector<Message> one_of_each() const {
        const auto head = forger_.certificate(1, 0, digest_, {0, 1, 2});
        const auto lock = forger_.lock(2, 1, digest_, {0, 1, 3});
        const ViewChange bare = forger_.view_change(0, 1, 3);
        const ViewChange full = forger_.view_change(1, 2, 3, head, lock);
        return {forger_.pre_prepare(0, 1, 0, toy_payload("A")),
                forger_.prepare(1, 2, 3, digest_),
                forger_.commit(2, 2, 3, digest_),
                bare,
                full,
                forger_.new_view(3, 2, 3, {full, full, full}),
                forger_.sign(Heartbeat{.envelope = {}, .clock = 1'700'000'000'123, .version = 7}, 0, 9, 2),
                forger_.sign(StatusReport{.envelope = {}, .recovering = true, .nonce = digest_}, 2, 9, 2),
                head};
    }
};

TEST_F(MessageCodecTest, every_kind_survives_the_way_there_and_back) {
    for (const Message& message : one_of_each()) {
        const core::Bytes bytes = encode(message);
        const auto decoded = decode_message(bytes);
        ASSERT_TRUE(decoded.has_value()) << name_of(message) << ": " << describe(decoded.error());
        EXPECT_EQ(decoded->index(), message.index());
        EXPECT_EQ(encode(*decoded), bytes) << name_of(message);
    }
}

TEST_F(MessageCodecTest, no_kind_is_larger_than_its_bound) {
    for (const Message& message : one_of_each()) {
        const core::Bytes bytes = encode(message);
        EXPECT_LE(bytes.size(), encoded_bytes_max(bytes[0], 4)) << name_of(message);
    }
    EXPECT_EQ(encoded_bytes_max(0, 4), 0u);
    EXPECT_EQ(encoded_bytes_max(99, 4), 0u);
}

TEST_F(MessageCodecTest, largest_message_of_the_largest_set_fits_a_frame) {
    for (std::uint8_t type = 1; type <= 8; ++type) {
        EXPECT_LE(encoded_bytes_max(type, core::limits::validators_max), core::limits::frame_bytes_max);
    }
}

TEST_F(MessageCodecTest, every_shorter_prefix_is_refused) {
    for (const Message& message : one_of_each()) {
        const core::Bytes bytes = encode(message);
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            const auto decoded = decode_message(core::ByteView(bytes).first(size));
            EXPECT_FALSE(decoded.has_value()) << name_of(message) << " cut to " << size;
        }
    }
}

TEST_F(MessageCodecTest, one_more_byte_is_refused) {
    for (const Message& message : one_of_each()) {
        core::Bytes bytes = encode(message);
        bytes.push_back(0);
        const auto decoded = decode_message(bytes);
        ASSERT_FALSE(decoded.has_value()) << name_of(message);
        EXPECT_EQ(decoded.error(), DecodeError::trailing_bytes) << name_of(message);
    }
}

TEST_F(MessageCodecTest, unknown_types_and_nothing_at_all_are_refused) {
    EXPECT_EQ(decode_message({}).error(), DecodeError::empty);
    for (const std::uint8_t type : {0, 9, 255}) {
        EXPECT_EQ(decode_message(core::Bytes{type}).error(), DecodeError::unknown_type);
    }
}

TEST_F(MessageCodecTest, any_accepted_mutation_is_canonical) {
    Dice dice(7);
    for (const Message& message : one_of_each()) {
        const core::Bytes original = encode(message);
        for (int i = 0; i < 2'000; ++i) {
            core::Bytes bytes = original;
            const std::uint64_t flips = dice.between(1, 3);
            for (std::uint64_t flip = 0; flip < flips; ++flip) {
                bytes[dice.between(0, bytes.size() - 1)] ^= static_cast<std::uint8_t>(dice.between(1, 255));
            }
            const auto decoded = decode_message(bytes);
            if (decoded) {
                EXPECT_EQ(encode(*decoded), bytes) << name_of(message);
            }
        }
    }
}

TEST_F(MessageCodecTest, random_bytes_never_crash_it) {
    Dice dice(11);
    for (int i = 0; i < 20'000; ++i) {
        core::Bytes bytes(dice.between(0, 400));
        for (std::uint8_t& byte : bytes) {
            byte = static_cast<std::uint8_t>(dice.next());
        }
        if (!bytes.empty()) bytes[0] = static_cast<std::uint8_t>(dice.between(0, 9));
        const auto decoded = decode_message(bytes);
        if (decoded) {
            EXPECT_EQ(encode(*decoded), bytes);
        }
    }
}

/// Offset of the count of signatures in a bare certificate: type, height, view, digest.
constexpr std::size_t certificate_count_at = 1 + 8 + 8 + 32;
constexpr std::size_t envelope_end = 1 + 8 + 8 + 32 + 2 + 65;

TEST_F(MessageCodecTest, tc58_list_of_more_signatures_than_a_set_can_have_is_refused_before_it_is_read) {
    core::Bytes bytes = encode(Message(forger_.certificate(1, 0, digest_, {0, 1, 2})));
    bytes[certificate_count_at] = 0xff;
    bytes[certificate_count_at + 1] = 0xff;
    EXPECT_EQ(decode_message(bytes).error(), DecodeError::malformed);
    bytes.resize(bytes.size() + 65535 * certificate_signature_bytes);
    EXPECT_EQ(decode_message(bytes).error(), DecodeError::malformed);
}

TEST_F(MessageCodecTest, tc58_new_view_with_a_million_view_changes_is_refused) {
    core::Bytes bytes = encode(Message(forger_.new_view(3, 1, 3, {})));
    bytes[envelope_end] = 0xff;
    bytes[envelope_end + 1] = 0xff;
    bytes.resize(bytes.size() + 1'000'000);
    EXPECT_EQ(decode_message(bytes).error(), DecodeError::too_many_items);
}

TEST_F(MessageCodecTest, tc59_proposal_that_claims_more_than_there_is_allocates_nothing) {
    core::Bytes bytes = encode(Message(forger_.pre_prepare(0, 1, 0, toy_payload("A"))));
    bytes[envelope_end + 32] = 0xff;
    EXPECT_EQ(decode_message(bytes).error(), DecodeError::too_large);
    bytes[envelope_end + 32] = 0x00;
    bytes[envelope_end + 33] = 0x7f;
    EXPECT_EQ(decode_message(bytes).error(), DecodeError::truncated);
}

TEST_F(MessageCodecTest, tc31_proposal_of_one_byte_over_the_limit_is_refused) {
    PrePrepare message = forger_.pre_prepare(0, 1, 0, toy_payload("A"));
    message.payload = core::share(core::Bytes(core::limits::block_bytes_max, 1));
    EXPECT_TRUE(decode_message(encode(Message(message))).has_value());
    message.payload = core::share(core::Bytes(core::limits::block_bytes_max + 1, 1));
    EXPECT_EQ(decode_message(encode(Message(message))).error(), DecodeError::too_large);
}

TEST_F(MessageCodecTest, flags_other_than_zero_and_one_are_refused) {
    core::Bytes bytes = encode(Message(forger_.view_change(0, 1, 3)));
    for (const std::size_t at : {envelope_end, envelope_end + 1}) {
        core::Bytes other = bytes;
        other[at] = 2;
        EXPECT_EQ(decode_message(other).error(), DecodeError::malformed);
    }
    core::Bytes recovery = encode(Message(forger_.prepare(0, 1, 3, digest_)));
    recovery[envelope_end - 1] = 2;
    EXPECT_EQ(decode_message(recovery).error(), DecodeError::malformed);
}

}  // namespace
}  // namespace sluice::consensus::testing
