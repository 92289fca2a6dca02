#include "tests/network/transport_fixture.hpp"

namespace sluice::network {
namespace {

using namespace std::chrono_literals;

core::SharedBytes bytes(std::size_t size, std::uint8_t value) {
    return core::share(core::Bytes(size, value));
}

TEST_F(TransportTest, two_nodes_meet_and_learn_who_the_other_is) {
    auto a = make_node(1);
    auto b = make_node(2);
    b->config.role = PeerRole::observer;
    open(*a);
    open(*b, {a->target()});
    start(*a);
    start(*b);
    ASSERT_TRUE(reach([&] { return a->ups.size() == 1 && b->ups.size() == 1; }));
    EXPECT_EQ(a->ups.front(), (PeerIdentity{b->address(), PeerRole::observer, "node-2", "test"}));
    EXPECT_EQ(b->ups.front(), (PeerIdentity{a->address(), PeerRole::validator, "node-1", "test"}));
    EXPECT_TRUE(a->refusals.empty());
    EXPECT_TRUE(b->refusals.empty());
}

TEST_F(TransportTest, messages_arrive_in_order_on_every_channel_and_in_both_directions) {
    auto a = make_node(1);
    auto b = make_node(2);
    open(*a);
    open(*b, {a->target()});
    start(*a);
    start(*b);
    ASSERT_TRUE(reach([&] { return a->ups.size() == 1 && b->ups.size() == 1; }));
    for (std::uint8_t i = 0; i < 100; ++i) {
        a->transport->send(b->address(), Channel::consensus, bytes(100, i));
        b->transport->send(a->address(), Channel::sync, bytes(100, i));
        a->transport->broadcast(Channel::transactions, bytes(100, i));
    }
    ASSERT_TRUE(reach([&] { return a->messages.size() == 100 && b->messages.size() == 200; }));
    std::uint8_t next_consensus = 0;
    std::uint8_t next_transactions = 0;
    for (const ReceivedMessage& message : b->messages) {
        std::uint8_t& next = message.channel == Channel::consensus ? next_consensus : next_transactions;
        EXPECT_EQ(message.body->front(), next++);
        EXPECT_EQ(message.from, a->address());
        EXPECT_EQ(message.origin, a->address());
    }
}

TEST_F(TransportTest, largest_and_empty_messages_cross_unharmed) {
    auto a = make_node(1);
    auto b = make_node(2);
    open(*a);
    open(*b, {a->target()});
    start(*a);
    start(*b);
    ASSERT_TRUE(reach([&] { return b->ups.size() == 1 && a->ups.size() == 1; }));
    a->transport->send(b->address(), Channel::sync, bytes(sync_frame_bytes_max, 7));
    a->transport->send(b->address(), Channel::sync, bytes(0, 0));
    a->transport->send(b->address(), Channel::sync, bytes(write_chunk_bytes + 1, 8));
    ASSERT_TRUE(reach([&] { return b->messages.size() == 3; }));
    EXPECT_EQ(*b->messages[0].body, core::Bytes(sync_frame_bytes_max, 7));
    EXPECT_TRUE(b->messages[1].body->empty());
    EXPECT_EQ(*b->messages[2].body, core::Bytes(write_chunk_bytes + 1, 8));
}

TEST_F(TransportTest, simultaneous_dialling_leaves_one_connection) {
    for (int round = 0; round < 5; ++round) {
        auto a = make_node(1);
        auto b = make_node(2);
        open(*a);
        open(*b, {a->target()});
        // Each knows the other's port only once both are open.
        const auto port_of_a = a->target();
        a->transport.reset();
        settle();
        a->config.listen_port = port_of_a.port;
        open(*a, {b->target()});
        start(*a);
        start(*b);
        ASSERT_TRUE(reach([&] { return a->ups.size() == 1 && b->ups.size() == 1; }));
        for (int i = 0; i < 5; ++i)
            ASSERT_TRUE(reach([&, ticks = 0]() mutable { return ++ticks > 3; }));
        EXPECT_EQ(a->transport->status()->peers.size(), 1u);
        EXPECT_EQ(b->transport->status()->peers.size(), 1u);
        EXPECT_TRUE(a->downs.empty());
        EXPECT_TRUE(b->downs.empty());
        EXPECT_NE(a->transport->status()->peers.front().dialled,
                  b->transport->status()->peers.front().dialled);
    }
}

TEST_F(TransportTest, node_that_comes_up_later_is_found_and_a_restarted_one_is_found_again) {
    auto a = make_node(1);
    auto b = make_node(2);
    open(*a);
    const PeerTarget target = a->target();
    a->transport.reset();
    settle();
    open(*b, {target});
    start(*b);
    ASSERT_TRUE(reach([&] { return b->was_refused_for(CloseReason::unreachable); }));
    a->config.listen_port = target.port;
    for (std::size_t life = 1; life <= 2; ++life) {
        open(*a);
        start(*a);
        ASSERT_TRUE(reach([&] { return b->ups.size() == life && a->ups.size() == life; }));
        a->transport->stop();
        ASSERT_TRUE(reach([&] { return b->downs.size() == life; }));
        EXPECT_EQ(b->downs.back(), (std::pair{a->address(), CloseReason::shutting_down}));
        a->transport.reset();
        settle();
    }
}

TEST_F(TransportTest, broadcast_crosses_a_node_that_stands_between) {
    auto a = make_node(1);
    auto b = make_node(2);
    auto c = make_node(3);
    open(*b);
    open(*a, {b->target()});
    open(*c, {b->target()});
    for (TestNode* node : {a.get(), b.get(), c.get()})
        start(*node);
    ASSERT_TRUE(reach([&] { return a->ups.size() == 1 && c->ups.size() == 1 && b->ups.size() == 2; }));
    a->transport->broadcast(Channel::consensus, bytes(10, 1));
    a->transport->broadcast(Channel::consensus, bytes(10, 1));
    ASSERT_TRUE(reach([&] { return b->messages.size() == 2 && c->messages.size() == 2; }));
    EXPECT_EQ(c->messages.front().from, b->address());
    EXPECT_EQ(c->messages.front().origin, a->address());
    EXPECT_TRUE(a->messages.empty());
}

TEST_F(TransportTest, full_mesh_relays_nothing) {
    std::vector<std::unique_ptr<TestNode>> nodes;
    std::vector<PeerTarget> targets;
    for (std::uint8_t seed = 1; seed <= 4; ++seed) {
        nodes.push_back(make_node(seed));
        open(*nodes.back(), targets);
        targets.push_back(nodes.back()->target());
    }
    for (const auto& node : nodes)
        start(*node);
    const auto knows_all = [&](const auto& node) {
        const auto status = node->transport->status();
        return status->peers.size() == 3 &&
               std::all_of(status->peers.begin(), status->peers.end(),
                           [](const PeerStatus& peer) { return peer.neighbours.size() == 3; });
    };
    ASSERT_TRUE(reach([&] { return std::all_of(nodes.begin(), nodes.end(), knows_all); }));
    for (const auto& node : nodes)
        node->transport->broadcast(Channel::consensus, bytes(50, 1));
    const auto has_all = [](const auto& node) { return node->messages.size() == 3; };
    ASSERT_TRUE(reach([&] { return std::all_of(nodes.begin(), nodes.end(), has_all); }));
    const auto is_fresh = [&](const auto& node) {
        const auto peers = node->transport->status()->peers;
        return std::all_of(peers.begin(), peers.end(),
                           [](const PeerStatus& peer) { return peer.frames_out >= 2; });
    };
    ASSERT_TRUE(reach([&] { return std::all_of(nodes.begin(), nodes.end(), is_fresh); }));
    for (const auto& node : nodes) {
        EXPECT_EQ(node->transport->status()->messages_relayed, 0u);
        EXPECT_EQ(node->transport->status()->duplicates_suppressed, 0u);
    }
}

TEST_F(TransportTest, peer_off_the_allow_list_is_refused_and_one_taken_off_is_disconnected) {
    auto a = make_node(1);
    auto b = make_node(2);
    bool is_b_allowed = false;
    a->is_allowed = [&](const core::Address&, PeerRole) { return is_b_allowed; };
    open(*a);
    open(*b, {a->target()});
    start(*a);
    start(*b);
    ASSERT_TRUE(reach([&] { return a->was_refused_for(CloseReason::not_allowed); }));
    ASSERT_TRUE(reach([&] { return b->was_refused_for(CloseReason::not_allowed); }));
    EXPECT_EQ(a->refusals.front().address, b->address());
    EXPECT_TRUE(b->refusals.front().refused_by_peer);
    is_b_allowed = true;
    ASSERT_TRUE(reach([&] { return a->ups.size() == 1; }));
    is_b_allowed = false;
    a->transport->recheck_allowed();
    ASSERT_TRUE(reach([&] { return a->downs.size() == 1 && b->downs.size() == 1; }));
    EXPECT_EQ(b->downs.front().second, CloseReason::not_allowed);
}

TEST_F(TransportTest, misbehaving_peer_is_shut_out_for_a_while_and_then_comes_back) {
    auto a = make_node(1);
    auto b = make_node(2);
    open(*a);
    open(*b, {a->target()});
    start(*a);
    start(*b);
    ASSERT_TRUE(reach([&] { return a->ups.size() == 1 && b->ups.size() == 1; }));
    a->transport->disconnect(b->address(), CloseReason::misbehaved);
    ASSERT_TRUE(reach([&] { return b->downs.size() == 1; }));
    EXPECT_EQ(b->downs.front().second, CloseReason::misbehaved);
    ASSERT_TRUE(reach([&] { return b->was_refused_for(CloseReason::banned); }));
    ASSERT_TRUE(reach([&] { return a->ups.size() == 2; }));
}

TEST_F(TransportTest, unexpected_identity_at_a_configured_address_is_refused) {
    auto a = make_node(1);
    auto b = make_node(2);
    open(*a);
    PeerTarget target = a->target();
    target.expected = signer_of(9).address();
    open(*b, {target});
    start(*a);
    start(*b);
    ASSERT_TRUE(reach([&] { return b->was_refused_for(CloseReason::unexpected_address); }));
    EXPECT_TRUE(b->ups.empty());
    EXPECT_TRUE(a->ups.empty());
}

TEST_F(TransportTest, node_that_reaches_itself_notices_and_stops_dialling) {
    auto a = make_node(1);
    open(*a);
    const PeerTarget own = a->target();
    a->transport.reset();
    settle();
    a->config.listen_port = own.port;
    open(*a, {own});
    start(*a);
    ASSERT_TRUE(reach([&] { return a->refusals.size() >= 2; }));
    EXPECT_EQ(a->refusals.front().reason, CloseReason::self_connection);
    EXPECT_TRUE(a->ups.empty());
    ASSERT_TRUE(reach([&] { return a->transport->status()->absent.empty(); }));
}

TEST_F(TransportTest, second_process_with_the_key_of_a_live_peer_cannot_take_its_place) {
    auto a = make_node(1);
    auto b = make_node(2);
    auto twin = make_node(2);
    open(*a);
    open(*b, {a->target()});
    open(*twin, {a->target()});
    start(*a);
    start(*b);
    ASSERT_TRUE(reach([&] { return a->ups.size() == 1 && b->ups.size() == 1; }));
    start(*twin);
    ASSERT_TRUE(reach([&] { return twin->was_refused_for(CloseReason::already_connected); }));
    a->transport->send(b->address(), Channel::sync, bytes(1, 1));
    ASSERT_TRUE(reach([&] { return b->messages.size() == 1; }));
    EXPECT_TRUE(b->downs.empty());
    EXPECT_TRUE(twin->ups.empty());
}

TEST_F(TransportTest, silent_peer_is_given_up) {
    auto a = make_node(1);
    auto b = make_node(2);
    a->config.limits.silence = 200ms;
    a->config.limits.ping = 1h;
    b->config.limits.ping = 1h;
    open(*a);
    open(*b, {a->target()});
    start(*a);
    start(*b);
    ASSERT_TRUE(reach([&] { return a->downs.size() == 1; }));
    EXPECT_EQ(a->downs.front(), (std::pair{b->address(), CloseReason::silent}));
}

TEST_F(TransportTest, pings_keep_an_idle_connection_alive_and_measure_the_round_trip) {
    auto a = make_node(1);
    auto b = make_node(2);
    for (TestNode* node : {a.get(), b.get()}) {
        node->config.limits.silence = 1'500ms;
        node->config.limits.ping = 100ms;
    }
    open(*a);
    open(*b, {a->target()});
    start(*a);
    start(*b);
    ASSERT_TRUE(reach([&] {
        const auto peers = a->transport->status()->peers;
        return peers.size() == 1 && peers.front().connected_ms > 2'000 && peers.front().round_trip_us > 0;
    }));
    EXPECT_TRUE(a->downs.empty());
}

TEST_F(TransportTest, status_names_configured_peers_that_are_absent_and_why) {
    auto a = make_node(1);
    open(*a, {{.host = "127.0.0.1", .port = 1, .expected = signer_of(7).address()}});
    start(*a);
    ASSERT_TRUE(reach([&] {
        const auto absent = a->transport->status()->absent;
        return absent.size() == 1 && absent.front().attempts >= 1;
    }));
    EXPECT_EQ(a->transport->status()->absent.front().last_reason, CloseReason::unreachable);
    EXPECT_EQ(a->transport->status()->absent.front().target.port, 1);
}

TEST_F(TransportTest, no_callback_comes_after_stop_and_the_loop_runs_out_of_work) {
    auto a = make_node(1);
    auto b = make_node(2);
    open(*a);
    open(*b, {a->target()});
    start(*a);
    start(*b);
    ASSERT_TRUE(reach([&] { return a->ups.size() == 1 && b->ups.size() == 1; }));
    b->transport->broadcast(Channel::sync, bytes(10, 1));
    a->transport->stop();
    b->transport->stop();
    io_.restart();
    io_.run();
    EXPECT_TRUE(a->downs.empty());
    EXPECT_TRUE(a->messages.empty());
    EXPECT_TRUE(b->downs.empty());
}

TEST_F(TransportTest, renewed_certificate_is_used_for_new_connections) {
    auto a = make_node(1);
    auto b = make_node(2);
    open(*a);
    open(*b, {a->target()});
    directory_.write("1.pem", "spoilt");
    EXPECT_FALSE(a->transport->reload_certificates().has_value());
    const CertificateAndKey renewed = *make_node_certificate(authority_, request_for(1));
    directory_.write("1.pem", renewed.certificate_pem);
    directory_.write("1.key", renewed.key_pem);
    EXPECT_TRUE(a->transport->reload_certificates().has_value());
    start(*a);
    start(*b);
    EXPECT_TRUE(reach([&] { return a->ups.size() == 1 && b->ups.size() == 1; }));
}

}  // namespace
}  // namespace sluice::network
