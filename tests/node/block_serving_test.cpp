// Peers that do not keep the first blocks: whom a node asks, and when it sees that nobody can help.
#include <gtest/gtest.h>

#include "node/block_sync.hpp"

namespace sluice::node {
namespace {

core::Address peer(std::uint8_t number) {
    core::Address address{};
    address[0] = number;
    return address;
}

class Asked final : public Outbox {
  public:
    void broadcast(network::Channel, core::SharedBytes) override {}
    void send(const core::Address& to, network::Channel, core::SharedBytes bytes) override {
        if (std::holds_alternative<BlocksRequest>(*decode_sync_message(*bytes))) peers.push_back(to);
    }
    void punish(const core::Address&, std::string_view) override {}

    std::vector<core::Address> peers;
};

class Serving : public ::testing::Test {
  protected:
    void says(std::uint8_t number, core::Height height, core::Height first_block) {
        sync_.peer_up(peer(number));
        sync_.peer_has(peer(number), height, first_block);
    }
    Asked asked_;
    BlockSync sync_{asked_};
};

TEST_F(Serving, only_a_peer_that_keeps_the_block_is_asked_for_it) {
    says(1, 100, 50);
    says(2, 100, 0);
    says(3, 100, 2);
    sync_.advance({{1}, 0}, 0);
    EXPECT_EQ(asked_.peers, std::vector{peer(2)});
}

TEST_F(Serving, a_heartbeat_does_not_change_from_where_on_a_peer_serves) {
    says(1, 100, 50);
    sync_.peer_has(peer(1), 101);
    sync_.advance({{1}, 0}, 0);
    EXPECT_TRUE(asked_.peers.empty());
    sync_.advance({{2}, 0}, 49);
    EXPECT_EQ(asked_.peers.size(), 1u);
}

TEST_F(Serving, unserved_is_who_is_behind_and_finds_nobody_with_the_next_block) {
    EXPECT_FALSE(sync_.is_unserved(0)) << "nobody is ahead";
    says(1, 100, 50);
    EXPECT_TRUE(sync_.is_unserved(0));
    EXPECT_TRUE(sync_.is_unserved(48));
    EXPECT_FALSE(sync_.is_unserved(49));
    EXPECT_FALSE(sync_.is_unserved(100));
    says(2, 90, 0);
    EXPECT_FALSE(sync_.is_unserved(0));
    sync_.peer_down(peer(2));
    EXPECT_TRUE(sync_.is_unserved(0));
}

}  // namespace
}  // namespace sluice::node
