#include <fstream>

#include "network/limits.hpp"
#include "tests/network/raw_peer.hpp"
#include "tests/network/transport_fixture.hpp"

namespace sluice::network {
namespace {

using namespace std::chrono_literals;

class TransportRefusalTest : public TransportTest {
  protected:
    /// Node 1 listens; `other` dials it. Both must refuse with `reason`, and neither come up.
    void expect_both_refuse(TestNode& other, CloseReason reason) {
        listener_ = make_node(1);
        open(*listener_);
        open(other, {listener_->target()});
        start(*listener_);
        start(other);
        EXPECT_TRUE(reach([&] { return listener_->was_refused_for(reason); })) << describe(reason);
        EXPECT_TRUE(reach([&] { return other.was_refused_for(reason); })) << describe(reason);
        EXPECT_TRUE(listener_->ups.empty());
        EXPECT_TRUE(other.ups.empty());
    }
    /// A raw peer with the certificate of node 2, connected to node 1 and through TLS.
    std::unique_ptr<RawPeer> connected_raw_peer(const TransportLimits& limits = {}) {
        listener_ = make_node(1);
        listener_->config.limits = limits;
        open(*listener_);
        start(*listener_);
        raw_node_ = make_node(2);
        auto raw = std::make_unique<RawPeer>(io_, raw_node_->config.tls);
        raw->connect(listener_->transport->port());
        EXPECT_TRUE(reach([&] { return raw->is_secured() && raw->received<Hello>() != nullptr; }));
        return raw;
    }
    std::unique_ptr<RawPeer> greeted_raw_peer(const TransportLimits& limits = {}) {
        auto raw = connected_raw_peer(limits);
        raw->send_control(raw->hello(raw_node_->signer, listener_->config));
        raw->send_control(Accept{});
        EXPECT_TRUE(reach([&] { return listener_->ups.size() == 1; }));
        return raw;
    }

    std::unique_ptr<TestNode> listener_;
    std::unique_ptr<TestNode> raw_node_;
};

TEST_F(TransportRefusalTest, other_genesis_is_refused_and_both_sides_name_both_hashes) {
    auto other = make_node(2);
    other->config.genesis_hash.fill(0x48);
    expect_both_refuse(*other, CloseReason::wrong_genesis);
    for (const TestNode* node : {listener_.get(), other.get()}) {
        EXPECT_NE(node->refusals.front().detail.find("0x4747"), std::string::npos)
            << node->refusals.front().detail;
        EXPECT_NE(node->refusals.front().detail.find("0x4848"), std::string::npos);
    }
}

TEST_F(TransportRefusalTest, other_chain_id_is_refused_on_both_sides) {
    auto other = make_node(2);
    other->config.chain_id = 1;
    expect_both_refuse(*other, CloseReason::wrong_chain);
}

TEST_F(TransportRefusalTest, certificate_of_another_authority_is_refused_on_both_sides) {
    const CertificateAndKey foreign = *make_authority("Another consortium", system_now_s(), 30);
    auto other = make_node(2, foreign, request_for(2));
    expect_both_refuse(*other, CloseReason::certificate_refused);
}

TEST_F(TransportRefusalTest, expired_certificate_is_refused_with_the_reason) {
    NodeCertificateRequest request = request_for(2);
    request.now_s -= 40 * 86'400;
    auto other = make_node(2, authority_, request);
    expect_both_refuse(*other, CloseReason::certificate_refused);
    EXPECT_TRUE(std::any_of(
        listener_->refusals.begin(), listener_->refusals.end(),
        [](const RefusedPeer& refused) { return refused.detail.find("expired") != std::string::npos; }));
}

TEST_F(TransportRefusalTest, listener_with_an_expired_certificate_is_refused_by_the_dialler) {
    NodeCertificateRequest request = request_for(1);
    request.now_s -= 40 * 86'400;
    auto stale = make_node(1, authority_, request);
    auto fresh = make_node(2);
    open(*stale);
    open(*fresh, {stale->target()});
    start(*stale);
    start(*fresh);
    EXPECT_TRUE(reach([&] { return fresh->was_refused_for(CloseReason::certificate_refused); }));
    EXPECT_TRUE(reach([&] { return stale->was_refused_for(CloseReason::certificate_refused); }));
}

TEST_F(TransportRefusalTest, certificate_of_one_bank_with_the_validator_key_of_another_is_refused) {
    auto other = make_node(2, authority_, request_for(3));
    expect_both_refuse(*other, CloseReason::certificate_of_another);
}

TEST_F(TransportRefusalTest, peer_without_certificate_is_refused) {
    listener_ = make_node(1);
    open(*listener_);
    start(*listener_);
    RawPeer raw(io_, {});
    raw.connect(listener_->transport->port());
    EXPECT_TRUE(reach([&] { return listener_->was_refused_for(CloseReason::certificate_refused); }));
    EXPECT_TRUE(reach([&] { return raw.is_closed(); }));
    EXPECT_EQ(raw.received<Hello>(), nullptr);
}

TEST_F(TransportRefusalTest, plain_text_on_the_port_is_refused) {
    listener_ = make_node(1);
    open(*listener_);
    start(*listener_);
    boost::asio::ip::tcp::socket socket(io_);
    socket.connect({boost::asio::ip::make_address("127.0.0.1"), listener_->transport->port()});
    socket.send(boost::asio::buffer(std::string("GET / HTTP/1.1\r\nHost: x\r\n\r\n")));
    EXPECT_TRUE(reach([&] { return listener_->was_refused_for(CloseReason::tls_failed); }));
}

TEST_F(TransportRefusalTest, hello_of_another_protocol_version_is_refused_and_told_why) {
    auto raw = connected_raw_peer();
    core::Bytes hello = encode(raw->hello(raw_node_->signer, listener_->config));
    hello[8] = 99;
    raw->send_frame(Channel::control, hello);
    EXPECT_TRUE(reach([&] { return listener_->was_refused_for(CloseReason::wrong_protocol_version); }));
    EXPECT_TRUE(reach([&] { return raw->received<Close>() != nullptr; }));
    EXPECT_EQ(raw->received<Close>()->reason, CloseReason::wrong_protocol_version);
    EXPECT_TRUE(reach([&] { return raw->is_closed(); }));
}

TEST_F(TransportRefusalTest, hello_recorded_on_one_connection_is_refused_on_another) {
    auto first = connected_raw_peer();
    const Hello recorded = first->hello(raw_node_->signer, listener_->config);
    RawPeer second(io_, raw_node_->config.tls);
    second.connect(listener_->transport->port());
    ASSERT_TRUE(reach([&] { return second.is_secured(); }));
    second.send_control(recorded);
    EXPECT_TRUE(reach([&] { return listener_->was_refused_for(CloseReason::bad_signature); }));
    EXPECT_TRUE(listener_->ups.empty());
}

TEST_F(TransportRefusalTest, claiming_to_be_another_validator_is_refused) {
    auto raw = connected_raw_peer();
    Hello hello = raw->hello(raw_node_->signer, listener_->config);
    hello.address = signer_of(3).address();
    raw->send_control(hello);
    EXPECT_TRUE(reach([&] { return listener_->was_refused_for(CloseReason::bad_signature); }));
}

TEST_F(TransportRefusalTest, peer_that_says_nothing_is_dropped_at_the_deadline) {
    auto raw = connected_raw_peer({.handshake = 300ms});
    EXPECT_TRUE(reach([&] { return listener_->was_refused_for(CloseReason::handshake_timeout); }));
    EXPECT_TRUE(reach([&] { return raw->is_closed(); }));
}

TEST_F(TransportRefusalTest, data_before_the_handshake_is_malformed) {
    auto raw = connected_raw_peer();
    raw->send_frame(Channel::consensus, {1});
    EXPECT_TRUE(reach([&] { return listener_->was_refused_for(CloseReason::malformed); }));
    EXPECT_TRUE(listener_->messages.empty());
}

TEST_F(TransportRefusalTest, accept_before_hello_and_second_hello_are_malformed) {
    auto raw = connected_raw_peer();
    raw->send_control(Accept{});
    EXPECT_TRUE(reach([&] { return listener_->was_refused_for(CloseReason::malformed); }));

    auto again = connected_raw_peer();
    again->send_control(again->hello(raw_node_->signer, listener_->config));
    again->send_control(again->hello(raw_node_->signer, listener_->config));
    EXPECT_TRUE(reach([&] { return listener_->was_refused_for(CloseReason::malformed); }));
}

TEST_F(TransportRefusalTest, oversize_frame_closes_and_shuts_the_sender_out) {
    auto raw = greeted_raw_peer();
    raw->send({0xff, 0xff, 0xff, 0xff, 1, 0});
    EXPECT_TRUE(reach([&] { return listener_->downs.size() == 1; }));
    EXPECT_EQ(listener_->downs.front().second, CloseReason::malformed);
    EXPECT_TRUE(reach([&] { return raw->is_closed(); }));
    RawPeer again(io_, raw_node_->config.tls);
    again.connect(listener_->transport->port());
    ASSERT_TRUE(reach([&] { return again.is_secured(); }));
    again.send_control(again.hello(raw_node_->signer, listener_->config));
    EXPECT_TRUE(reach([&] { return again.received<Close>() != nullptr; }));
    EXPECT_EQ(again.received<Close>()->reason, CloseReason::banned);
}

TEST_F(TransportRefusalTest, slow_reader_loses_old_transactions_and_at_last_its_connection) {
    TransportLimits limits;
    limits.transactions_queue_bytes = 1 * mebibyte;
    limits.consensus_queue_bytes = 4 * mebibyte;
    auto raw = greeted_raw_peer(limits);
    raw->stop_reading();
    const core::Address address = raw_node_->address();
    const auto gossip = core::share(core::Bytes(64 * kibibyte, 1));
    for (int i = 0; i < 400; ++i) {
        listener_->transport->send(address, Channel::transactions, gossip);
        settle();
    }
    EXPECT_TRUE(reach([&] {
        const auto peers = listener_->transport->status()->peers;
        return peers.size() == 1 && peers.front().dropped_transactions > 0;
    }));
    EXPECT_TRUE(listener_->downs.empty());
    const auto proposal = core::share(core::Bytes(1 * mebibyte, 2));
    for (int i = 0; i < 40; ++i)
        listener_->transport->send(address, Channel::consensus, proposal);
    EXPECT_TRUE(reach([&] { return listener_->downs.size() == 1; }));
    EXPECT_EQ(listener_->downs.front().second, CloseReason::slow_consumer);
}

TEST_F(TransportRefusalTest, flooding_peer_is_slowed_to_its_rate_and_loses_nothing) {
    TransportLimits limits;
    limits.messages_per_second = 500;
    auto raw = greeted_raw_peer(limits);
    const auto begin = std::chrono::steady_clock::now();
    core::Bytes burst;
    for (int i = 0; i < 900; ++i)
        append_frame_header(burst, Channel::sync, {}, 0);
    raw->send(burst);
    ASSERT_TRUE(reach([&] { return listener_->messages.size() == 900; }));
    raw->send_frame(Channel::sync, {1});
    ASSERT_TRUE(reach([&] { return listener_->messages.size() == 901; }));
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 700ms);
}

TEST_F(TransportRefusalTest, files_that_do_not_fit_are_named) {
    auto a = make_node(1);
    auto b = make_node(2);
    const auto kind_of = [&](const TlsFiles& files) {
        TransportConfig config = a->config;
        config.tls = files;
        const auto created = Transport::create(io_, a->signer, config, {});
        EXPECT_FALSE(created.has_value());
        return created ? TransportError::Kind::cannot_listen : created.error().kind;
    };
    using Kind = TransportError::Kind;
    TlsFiles files = a->config.tls;
    files.key_file = b->config.tls.key_file;
    EXPECT_EQ(kind_of(files), Kind::key_does_not_match);
    files = a->config.tls;
    files.key_file = "/nonexistent.key";
    EXPECT_EQ(kind_of(files), Kind::bad_key);
    files = a->config.tls;
    files.certificate_file = directory_.write("empty.pem", "");
    EXPECT_EQ(kind_of(files), Kind::bad_certificate);
    files = a->config.tls;
    files.authority_file = "/nonexistent.pem";
    EXPECT_EQ(kind_of(files), Kind::bad_authority);
    files = a->config.tls;
    files.revocation_file = "/nonexistent.crl";
    EXPECT_EQ(kind_of(files), Kind::bad_revocation_list);
}

TEST_F(TransportRefusalTest, port_in_use_is_an_error_that_names_it) {
    auto a = make_node(1);
    open(*a);
    TransportConfig config = a->config;
    config.listen_port = a->transport->port();
    const auto second = Transport::create(io_, a->signer, config, {});
    ASSERT_FALSE(second.has_value());
    EXPECT_EQ(second.error().kind, TransportError::Kind::cannot_listen);
    EXPECT_NE(second.error().message.find(std::to_string(config.listen_port)), std::string::npos);
}

}  // namespace
}  // namespace sluice::network
