#include "network/control_message.hpp"

#include <gtest/gtest.h>

#include <random>

#include "network/limits.hpp"

namespace sluice::network {
namespace {

Hello some_hello() {
    Hello hello;
    hello.chain_id = 20'022;
    hello.genesis_hash.fill(0x11);
    hello.role = PeerRole::validator;
    hello.address.fill(0x22);
    hello.name = "bank-a";
    hello.software_version = "sluiced 0.1.0";
    hello.signature.r.fill(0x33);
    hello.signature.s.fill(0x44);
    hello.signature.recovery_id = 1;
    return hello;
}

TEST(ControlMessage, every_kind_survives_encoding) {
    Neighbours neighbours;
    neighbours.addresses.resize(neighbours_max);
    neighbours.addresses.back().fill(9);
    const std::vector<ControlMessage> messages{some_hello(),
                                               Accept{},
                                               Close{CloseReason::wrong_genesis, "0x11 and 0x12"},
                                               Ping{0x0102030405060708ull},
                                               Pong{42},
                                               neighbours,
                                               Neighbours{}};
    for (const ControlMessage& message : messages) {
        const auto decoded = decode_control_message(encode(message));
        ASSERT_TRUE(decoded.has_value()) << message.index();
        EXPECT_EQ(*decoded, message) << message.index();
    }
}

TEST(ControlMessage, hello_is_laid_out_as_documented) {
    const core::Bytes bytes = encode(some_hello());
    EXPECT_EQ(core::to_hex(core::ByteView(bytes).first(17)),
              "01736c756963650001"
              "0000000000004e36");
    EXPECT_EQ(bytes.size(), 1u + 6 + 2 + 8 + 32 + 1 + 20 + 1 + 6 + 1 + 13 + 32 + 32 + 1);
}

TEST(ControlMessage, every_truncation_and_every_longer_form_is_malformed) {
    for (const ControlMessage& message :
         std::vector<ControlMessage>{some_hello(), Accept{}, Close{CloseReason::silent, "abc"}, Ping{1},
                                     Pong{1}, Neighbours{{core::Address{}, core::Address{}}}}) {
        core::Bytes bytes = encode(message);
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            const auto decoded = decode_control_message(core::ByteView(bytes).first(size));
            ASSERT_FALSE(decoded.has_value()) << message.index() << " cut to " << size;
            EXPECT_EQ(decoded.error(), CloseReason::malformed);
        }
        bytes.push_back(0);
        EXPECT_FALSE(decode_control_message(bytes).has_value()) << message.index();
    }
}

TEST(ControlMessage, hello_of_another_version_says_so_whatever_follows) {
    core::Bytes bytes = encode(some_hello());
    bytes[8] = 2;
    bytes.resize(12);
    const auto decoded = decode_control_message(bytes);
    ASSERT_FALSE(decoded.has_value());
    EXPECT_EQ(decoded.error(), CloseReason::wrong_protocol_version);
}

TEST(ControlMessage, hello_with_text_that_is_not_printable_is_malformed) {
    Hello hello = some_hello();
    hello.name = "bank\n\x1b[31m";
    EXPECT_FALSE(decode_control_message(encode(hello)).has_value());
}

TEST(ControlMessage, hello_with_unknown_role_or_recovery_id_is_malformed) {
    for (const int role : {0, 3, 255}) {
        Hello hello = some_hello();
        hello.role = static_cast<PeerRole>(role);
        EXPECT_FALSE(decode_control_message(encode(hello)).has_value()) << role;
    }
    Hello hello = some_hello();
    hello.signature.recovery_id = 2;
    EXPECT_FALSE(decode_control_message(encode(hello)).has_value());
}

TEST(ControlMessage, closing_text_is_made_printable) {
    const auto decoded = decode_control_message(encode(Close{CloseReason::misbehaved, "a\r\nb\x80"}));
    ASSERT_TRUE(decoded.has_value());
    EXPECT_EQ(std::get<Close>(*decoded).detail, "a??b?");
}

TEST(ControlMessage, closing_reason_of_a_newer_node_is_still_a_close) {
    const auto decoded = decode_control_message(core::Bytes{3, 200, 0});
    ASSERT_TRUE(decoded.has_value());
    EXPECT_EQ(std::get<Close>(*decoded).reason, CloseReason::none);
}

TEST(ControlMessage, more_neighbours_than_allowed_are_malformed) {
    core::Bytes bytes{6};
    core::append_be16(bytes, static_cast<std::uint16_t>(neighbours_max + 1));
    bytes.resize(bytes.size() + (neighbours_max + 1) * 20);
    EXPECT_FALSE(decode_control_message(bytes).has_value());
}

TEST(ControlMessage, random_bytes_never_crash) {
    std::mt19937 random(3);
    for (int round = 0; round < 20'000; ++round) {
        core::Bytes bytes(random() % 160);
        for (std::uint8_t& byte : bytes)
            byte = static_cast<std::uint8_t>(random());
        if (!bytes.empty()) bytes[0] = static_cast<std::uint8_t>(random() % 8);
        const auto decoded = decode_control_message(bytes);
        // Closing texts are cleaned and therefore do not survive; everything else has one form only.
        if (!decoded || std::holds_alternative<Close>(*decoded)) continue;
        EXPECT_EQ(encode(*decoded), bytes);
    }
}

TEST(CloseReason, every_reason_has_a_sentence) {
    for (int value = 0; value <= static_cast<int>(CloseReason::connection_lost); ++value) {
        EXPECT_GT(describe(static_cast<CloseReason>(value)).size(), 10u) << value;
    }
}

}  // namespace
}  // namespace sluice::network
