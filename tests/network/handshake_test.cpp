#include "network/handshake.hpp"

#include <gtest/gtest.h>

#include "network/limits.hpp"

namespace sluice::network {
namespace {

crypto::LocalSigner signer_of(std::uint8_t seed) {
    std::array<std::uint8_t, 32> bytes{};
    bytes.back() = seed;
    return crypto::LocalSigner(crypto::PrivateKey(std::span<const std::uint8_t, 32>(bytes)));
}

/// One TLS session between a sender and a receiver of HELLO, with the receiver's view of it.
struct Session {
    crypto::LocalSigner sender = signer_of(1);
    crypto::LocalSigner receiver = signer_of(2);
    OwnIdentity sender_identity{.chain_id = 5,
                                .genesis_hash = {7},
                                .role = PeerRole::validator,
                                .name = "bank-a",
                                .software_version = "1"};
    OwnIdentity receiver_identity = sender_identity;
    SessionFacts sender_facts{.own_spki = {1}, .peer_spki = {2}, .exporter = {3}, .certified = {}};
    SessionFacts receiver_facts{.own_spki = {2}, .peer_spki = {1}, .exporter = {3}, .certified = {}};

    core::Result<PeerIdentity, Refusal> check(const Hello& hello) {
        return check_hello(hello, receiver_identity, receiver_facts, receiver.address());
    }
    core::Result<PeerIdentity, Refusal> greet() {
        return check(make_hello(sender_identity, sender_facts, sender));
    }
    CloseReason refusal() {
        const auto checked = greet();
        return checked ? CloseReason::none : checked.error().reason;
    }
};

TEST(Handshake, proves_address_role_name_and_version) {
    Session session;
    const auto peer = session.greet();
    ASSERT_TRUE(peer.has_value());
    EXPECT_EQ(*peer, (PeerIdentity{session.sender.address(), PeerRole::validator, "bank-a", "1"}));
}

TEST(Handshake, survives_the_wire) {
    Session session;
    const auto decoded = decode_control_message(
        encode(make_hello(session.sender_identity, session.sender_facts, session.sender)));
    ASSERT_TRUE(decoded.has_value());
    EXPECT_TRUE(session.check(std::get<Hello>(*decoded)).has_value());
}

TEST(Handshake, hello_relayed_into_another_tls_session_is_refused) {
    Session session;
    session.receiver_facts.exporter = {4};
    EXPECT_EQ(session.refusal(), CloseReason::bad_signature);
}

TEST(Handshake, hello_under_another_certificate_of_the_sender_is_refused) {
    Session session;
    session.receiver_facts.peer_spki = {9};
    EXPECT_EQ(session.refusal(), CloseReason::bad_signature);
}

TEST(Handshake, hello_meant_for_another_receiver_is_refused) {
    Session session;
    session.receiver_facts.own_spki = {9};
    EXPECT_EQ(session.refusal(), CloseReason::bad_signature);
}

TEST(Handshake, hello_reflected_to_its_sender_is_refused) {
    Session session;
    const Hello hello = make_hello(session.sender_identity, session.sender_facts, session.sender);
    const auto checked =
        check_hello(hello, session.sender_identity, session.sender_facts, session.sender.address());
    ASSERT_FALSE(checked.has_value());
    EXPECT_EQ(checked.error().reason, CloseReason::bad_signature);
}

TEST(Handshake, claiming_another_address_is_refused) {
    Session session;
    Hello hello = make_hello(session.sender_identity, session.sender_facts, session.sender);
    hello.address = signer_of(3).address();
    EXPECT_EQ(session.check(hello).error().reason, CloseReason::bad_signature);
}

TEST(Handshake, every_signed_field_is_covered) {
    Session session;
    const Hello good = make_hello(session.sender_identity, session.sender_facts, session.sender);
    for (int field = 0; field < 5; ++field) {
        Hello hello = good;
        if (field == 0) hello.role = PeerRole::observer;
        if (field == 1) hello.name = "bank-b";
        if (field == 2) hello.software_version = "2";
        if (field == 3) hello.name = "bank-a1", hello.software_version = "";
        if (field == 4) hello.signature.recovery_id ^= 1;
        EXPECT_EQ(session.check(hello).error().reason, CloseReason::bad_signature) << field;
    }
}

TEST(Handshake, high_s_form_of_a_signature_is_refused) {
    Session session;
    Hello hello = make_hello(session.sender_identity, session.sender_facts, session.sender);
    // n - s, with the other recovery id, recovers the same key.
    constexpr std::array<std::uint8_t, 32> n{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                             0xff, 0xff, 0xff, 0xff, 0xfe, 0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48,
                                             0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41};
    int borrow = 0;
    for (std::size_t i = 32; i-- > 0;) {
        const int difference = n[i] - hello.signature.s[i] - borrow;
        borrow = difference < 0 ? 1 : 0;
        hello.signature.s[i] = static_cast<std::uint8_t>(difference + 256 * borrow);
    }
    hello.signature.recovery_id ^= 1;
    EXPECT_EQ(session.check(hello).error().reason, CloseReason::bad_signature);
}

TEST(Handshake, other_chain_and_other_genesis_are_told_apart_and_named) {
    Session other_chain;
    other_chain.receiver_identity.chain_id = 6;
    EXPECT_EQ(other_chain.refusal(), CloseReason::wrong_chain);
    EXPECT_EQ(other_chain.greet().error().detail, "chain id of one is 5, of the other 6");

    Session other_genesis;
    other_genesis.receiver_identity.genesis_hash = {8};
    EXPECT_EQ(other_genesis.refusal(), CloseReason::wrong_genesis);
    EXPECT_NE(other_genesis.greet().error().detail.find("0x07"), std::string::npos);
    EXPECT_NE(other_genesis.greet().error().detail.find("0x08"), std::string::npos);
}

TEST(Handshake, own_key_at_the_other_end_is_refused) {
    Session session;
    const Hello hello = make_hello(session.sender_identity, session.sender_facts, session.sender);
    const auto checked =
        check_hello(hello, session.receiver_identity, session.receiver_facts, session.sender.address());
    EXPECT_EQ(checked.error().reason, CloseReason::self_connection);
}

TEST(Handshake, certificate_that_names_another_validator_is_refused) {
    Session session;
    session.receiver_facts.certified = {signer_of(3).address()};
    EXPECT_EQ(session.refusal(), CloseReason::certificate_of_another);
    session.receiver_facts.certified.push_back(session.sender.address());
    EXPECT_EQ(session.refusal(), CloseReason::none);
}

TEST(Handshake, long_or_unprintable_own_names_are_cut_before_they_are_signed) {
    Session session;
    session.sender_identity.name = "bank\t" + std::string(200, 'x');
    const auto peer = session.greet();
    ASSERT_TRUE(peer.has_value());
    EXPECT_EQ(peer->name, "bank?" + std::string(peer_name_bytes_max - 5, 'x'));
}

TEST(Handshake, exactly_one_of_two_ends_decides) {
    const core::Address a = signer_of(1).address();
    const core::Address b = signer_of(2).address();
    EXPECT_NE(decides(a, b), decides(b, a));
}

}  // namespace
}  // namespace sluice::network
