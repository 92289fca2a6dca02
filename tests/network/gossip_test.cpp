#include "network/gossip.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <random>

namespace sluice::network {
namespace {

core::Address node(std::size_t index) {
    core::Address address{};
    address[18] = static_cast<std::uint8_t>(index >> 8);
    address[19] = static_cast<std::uint8_t>(index);
    return address;
}

constexpr ShortHashKey key{1, 2};

TEST(RecentIds, an_id_is_new_once) {
    RecentIds ids(4);
    EXPECT_TRUE(ids.insert(1));
    EXPECT_FALSE(ids.insert(1));
}

TEST(RecentIds, forgets_the_least_recent_and_holds_no_more_than_its_capacity) {
    RecentIds ids(2);
    ids.insert(1);
    ids.insert(2);
    ids.insert(1);
    ids.insert(3);
    EXPECT_EQ(ids.size(), 2u);
    EXPECT_FALSE(ids.insert(1));
    EXPECT_TRUE(ids.insert(2));
}

TEST(RecentIds, stays_consistent_over_many_ids) {
    RecentIds ids(100);
    for (std::uint64_t id = 0; id < 10'000; ++id)
        EXPECT_TRUE(ids.insert(id));
    for (std::uint64_t id = 9'900; id < 10'000; ++id)
        EXPECT_FALSE(ids.insert(id));
    EXPECT_TRUE(ids.insert(9'899));
    EXPECT_EQ(ids.size(), 100u);
}

TEST(Gossip, own_message_goes_to_every_neighbour_and_is_not_delivered_here) {
    Gossip gossip(node(0), key, 1);
    gossip.neighbour_up(node(2));
    gossip.neighbour_up(node(1));
    const GossipDecision decision = gossip.originate(Channel::consensus, core::Bytes{1});
    EXPECT_FALSE(decision.deliver);
    EXPECT_EQ(decision.relay_to, (std::vector{node(1), node(2)}));
    EXPECT_EQ(decision.header.origin, node(0));
    EXPECT_EQ(decision.header.hops, 0);
}

TEST(Gossip, same_bytes_sent_again_by_their_origin_are_a_new_message) {
    Gossip sender(node(0), key, 1);
    Gossip receiver(node(1), key, 1);
    const core::Bytes vote{1, 2, 3};
    for (int round = 0; round < 3; ++round) {
        const auto sent = sender.originate(Channel::consensus, vote);
        EXPECT_TRUE(receiver.receive(node(0), sent.header, Channel::consensus, vote).deliver);
    }
}

TEST(Gossip, second_copy_is_neither_delivered_nor_relayed) {
    Gossip gossip(node(0), key, 1);
    for (std::size_t i = 1; i <= 3; ++i)
        gossip.neighbour_up(node(i));
    const GossipHeader header{.origin = node(9), .sequence = 5, .hops = 0};
    const GossipDecision first = gossip.receive(node(1), header, Channel::sync, core::Bytes{1});
    EXPECT_TRUE(first.deliver);
    EXPECT_EQ(first.relay_to, (std::vector{node(2), node(3)}));
    EXPECT_EQ(first.header.hops, 1);
    const GossipDecision second = gossip.receive(node(2), header, Channel::sync, core::Bytes{1});
    EXPECT_FALSE(second.deliver);
    EXPECT_TRUE(second.relay_to.empty());
    EXPECT_EQ(gossip.duplicates_suppressed(), 1u);
}

TEST(Gossip, other_hops_do_not_make_a_new_message) {
    Gossip gossip(node(0), key, 1);
    const core::Bytes body{1};
    EXPECT_TRUE(gossip.receive(node(1), {node(9), 5, 0}, Channel::sync, body).deliver);
    EXPECT_FALSE(gossip.receive(node(1), {node(9), 5, 4}, Channel::sync, body).deliver);
}

TEST(Gossip, other_body_under_the_same_origin_and_sequence_does_not_suppress_the_true_one) {
    Gossip gossip(node(0), key, 1);
    EXPECT_TRUE(gossip.receive(node(1), {node(9), 5, 0}, Channel::sync, core::Bytes{6}).deliver);
    EXPECT_TRUE(gossip.receive(node(2), {node(9), 5, 0}, Channel::sync, core::Bytes{7}).deliver);
    EXPECT_TRUE(gossip.receive(node(2), {node(9), 5, 0}, Channel::consensus, core::Bytes{7}).deliver);
}

TEST(Gossip, echo_of_an_own_message_is_dropped) {
    Gossip gossip(node(0), key, 1);
    gossip.neighbour_up(node(1));
    gossip.neighbour_up(node(2));
    const auto decision = gossip.receive(node(1), {node(0), 77, 1}, Channel::sync, core::Bytes{1});
    EXPECT_FALSE(decision.deliver);
    EXPECT_TRUE(decision.relay_to.empty());
}

TEST(Gossip, neighbour_that_is_connected_to_the_origin_is_spared) {
    Gossip gossip(node(0), key, 1);
    for (std::size_t i = 1; i <= 3; ++i)
        gossip.neighbour_up(node(i));
    gossip.neighbour_advertised(node(2), {node(0), node(9)});
    gossip.neighbour_advertised(node(3), {node(0)});
    const auto decision = gossip.receive(node(1), {node(9), 1, 0}, Channel::sync, core::Bytes{1});
    EXPECT_EQ(decision.relay_to, (std::vector{node(3)}));
}

TEST(Gossip, advertisement_replaces_the_one_before_and_ends_with_the_connection) {
    Gossip gossip(node(0), key, 1);
    gossip.neighbour_up(node(1));
    gossip.neighbour_advertised(node(1), {node(5), node(6)});
    gossip.neighbour_advertised(node(1), {node(6)});
    EXPECT_EQ(gossip.neighbours_of(node(1)), (std::vector{node(6)}));
    gossip.neighbour_down(node(1));
    gossip.neighbour_up(node(1));
    EXPECT_TRUE(gossip.neighbours_of(node(1)).empty());
    gossip.neighbour_advertised(node(7), {node(6)});
    EXPECT_TRUE(gossip.neighbours_of(node(7)).empty());
}

TEST(Gossip, message_at_the_hop_limit_is_delivered_but_goes_no_further) {
    Gossip gossip(node(0), key, 1);
    gossip.neighbour_up(node(1));
    gossip.neighbour_up(node(2));
    const GossipHeader header{.origin = node(9), .sequence = 1, .hops = gossip_hops_max - 1};
    const auto decision = gossip.receive(node(1), header, Channel::sync, core::Bytes{1});
    EXPECT_TRUE(decision.deliver);
    EXPECT_TRUE(decision.relay_to.empty());
}

/// A network of gossiping nodes whose messages arrive in a seeded random order.
class GossipNetwork {
  public:
    GossipNetwork(std::size_t size, std::uint32_t seed) : random_(seed) {
        for (std::size_t i = 0; i < size; ++i) {
            nodes_.emplace_back(node(i), ShortHashKey{i, 7}, 1000 * i);
            delivered_.push_back(0);
        }
    }

    void connect(std::size_t a, std::size_t b) {
        nodes_[a].neighbour_up(node(b));
        nodes_[b].neighbour_up(node(a));
    }
    void advertise_all() {
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            const auto neighbours = nodes_[i].neighbours();
            for (const core::Address& neighbour : neighbours) {
                nodes_[index_of(neighbour)].neighbour_advertised(node(i), neighbours);
            }
        }
    }
    /// Sends one message and runs until nothing is under way.
    void broadcast(std::size_t origin) {
        const core::Bytes body{static_cast<std::uint8_t>(origin)};
        put(origin, nodes_[origin].originate(Channel::consensus, body), body);
        while (!under_way_.empty()) {
            std::swap(under_way_[random_() % under_way_.size()], under_way_.back());
            const Message message = under_way_.back();
            under_way_.pop_back();
            const auto decision = nodes_[message.to].receive(node(message.from), message.header,
                                                             Channel::consensus, message.body);
            if (decision.deliver) ++delivered_[message.to];
            put(message.to, decision, message.body);
        }
    }
    void expect_everyone_but(std::size_t origin, int times) const {
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            EXPECT_EQ(delivered_[i], i == origin ? 0 : times) << "node " << i;
        }
    }
    std::uint64_t relayed() const {
        std::uint64_t sum = 0;
        for (const Gossip& gossip : nodes_)
            sum += gossip.messages_relayed();
        return sum;
    }
    std::uint64_t sent() const { return sent_; }

  private:
    struct Message {
        std::size_t from;
        std::size_t to;
        GossipHeader header;
        core::Bytes body;
    };
    static std::size_t index_of(const core::Address& address) {
        return static_cast<std::size_t>(address[18]) << 8 | address[19];
    }
    void put(std::size_t from, const GossipDecision& decision, const core::Bytes& body) {
        for (const core::Address& to : decision.relay_to) {
            under_way_.push_back({from, index_of(to), decision.header, body});
            ++sent_;
        }
    }

    std::mt19937 random_;
    std::vector<Gossip> nodes_;
    std::vector<int> delivered_;
    std::vector<Message> under_way_;
    std::uint64_t sent_ = 0;
};

TEST(GossipNetwork, full_mesh_delivers_once_to_each_and_relays_nothing) {
    for (const std::size_t size : {2u, 4u, 7u, 31u}) {
        GossipNetwork network(size, 1);
        for (std::size_t a = 0; a < size; ++a) {
            for (std::size_t b = a + 1; b < size; ++b)
                network.connect(a, b);
        }
        network.advertise_all();
        network.broadcast(0);
        network.expect_everyone_but(0, 1);
        EXPECT_EQ(network.relayed(), 0u);
        EXPECT_EQ(network.sent(), size - 1);
    }
}

TEST(GossipNetwork, full_mesh_without_advertisements_still_delivers_exactly_once) {
    GossipNetwork network(5, 1);
    for (std::size_t a = 0; a < 5; ++a) {
        for (std::size_t b = a + 1; b < 5; ++b)
            network.connect(a, b);
    }
    network.broadcast(3);
    network.expect_everyone_but(3, 1);
}

TEST(GossipNetwork, ring_delivers_exactly_once_to_each) {
    for (std::uint32_t seed = 0; seed < 20; ++seed) {
        GossipNetwork network(20, seed);
        for (std::size_t i = 0; i < 20; ++i)
            network.connect(i, (i + 1) % 20);
        network.advertise_all();
        network.broadcast(7);
        network.expect_everyone_but(7, 1);
    }
}

TEST(GossipNetwork, line_is_crossed_up_to_the_hop_limit) {
    GossipNetwork network(gossip_hops_max + 1, 1);
    for (std::size_t i = 0; i < gossip_hops_max; ++i)
        network.connect(i, i + 1);
    network.advertise_all();
    network.broadcast(0);
    network.expect_everyone_but(0, 1);
}

TEST(GossipNetwork, random_connected_networks_deliver_exactly_once_to_each) {
    for (std::uint32_t seed = 0; seed < 200; ++seed) {
        std::mt19937 random(seed);
        const std::size_t size = 3 + random() % 20;
        GossipNetwork network(size, seed);
        // A random tree keeps it connected; further links come on top.
        for (std::size_t i = 1; i < size; ++i)
            network.connect(i, random() % i);
        for (std::size_t extra = random() % (2 * size); extra > 0; --extra) {
            const std::size_t a = random() % size;
            const std::size_t b = random() % size;
            if (a != b) network.connect(a, b);
        }
        if (seed % 3 != 0) network.advertise_all();
        const std::size_t origin = random() % size;
        network.broadcast(origin);
        network.broadcast(origin);
        network.expect_everyone_but(origin, 2);
    }
}

TEST(GossipNetwork, mesh_with_one_broken_link_mends_it_with_few_relays) {
    GossipNetwork network(7, 1);
    for (std::size_t a = 0; a < 7; ++a) {
        for (std::size_t b = a + 1; b < 7; ++b) {
            if (a != 0 || b != 1) network.connect(a, b);
        }
    }
    network.advertise_all();
    network.broadcast(0);
    network.expect_everyone_but(0, 1);
    // Only node 1 does not hear node 0; each of the five others hands it one copy, and nobody anything else.
    EXPECT_EQ(network.relayed(), 5u);
}

}  // namespace
}  // namespace sluice::network
