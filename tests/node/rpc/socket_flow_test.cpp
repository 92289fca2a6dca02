#include "node/rpc/socket_flow.hpp"

#include <gtest/gtest.h>

#include "node/rpc/limits.hpp"

namespace sluice::node::rpc {
namespace {

struct Socket final : network::WebSocket {
    void send_text(std::string) override {}
    std::size_t queued_bytes() const override { return 0; }
    void close() override {}
    void pause_reading() override { is_paused = true; }
    void resume_reading() override { is_paused = false; }
    std::uint64_t id() const override { return 1; }
    const std::string& remote_ip() const override { return text; }
    const std::string& authorization() const override { return text; }
    std::string text;
    bool is_paused = false;
};

struct SocketFlowTest : testing::Test {
    std::shared_ptr<SocketRequestBytes> all = std::make_shared<SocketRequestBytes>(0);
    std::shared_ptr<Socket> socket = std::make_shared<Socket>();
    SocketFlow flow{socket, all};
};

TEST_F(SocketFlowTest, a_socket_with_too_many_requests_is_read_again_when_half_are_answered) {
    for (std::size_t i = 0; i < limits::socket_requests_max; ++i)
        flow.began(1);
    EXPECT_TRUE(socket->is_paused);
    for (std::size_t i = 0; i < limits::socket_requests_max / 2; ++i)
        flow.ended(1);
    EXPECT_FALSE(socket->is_paused);
}

TEST_F(SocketFlowTest, few_but_large_requests_pause_a_socket_too) {
    flow.began(limits::socket_request_bytes_max / 2);
    EXPECT_FALSE(socket->is_paused);
    flow.began(limits::socket_request_bytes_max / 2);
    EXPECT_TRUE(socket->is_paused);
    flow.ended(limits::socket_request_bytes_max / 2);
    EXPECT_FALSE(socket->is_paused);
}

TEST_F(SocketFlowTest, where_all_sockets_hold_too_much_each_may_have_one_request_at_a_time) {
    *all = limits::sockets_request_bytes_max;
    flow.began(1);
    EXPECT_TRUE(socket->is_paused);
    flow.ended(1);
    EXPECT_FALSE(socket->is_paused);
}

TEST_F(SocketFlowTest, answered_requests_give_their_bytes_back) {
    flow.began(10);
    EXPECT_EQ(all->load(), 10u);
    flow.ended(10);
    EXPECT_EQ(all->load(), 0u);
}

}  // namespace
}  // namespace sluice::node::rpc
