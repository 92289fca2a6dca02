#include "network/send_queue.hpp"

#include <gtest/gtest.h>

namespace sluice::network {
namespace {

constexpr std::size_t limit = 10 * kibibyte;

SendQueue small_queue() {
    return SendQueue({limit, limit, limit, limit});
}

OutgoingFrame frame(Channel channel, std::uint8_t mark, std::size_t size = 1) {
    return {.channel = channel, .gossip = {}, .body = core::share(core::Bytes(size, mark))};
}

std::vector<int> drain(SendQueue& queue) {
    std::vector<int> marks;
    while (const auto next = queue.pop())
        marks.push_back((*next).body->front());
    return marks;
}

TEST(SendQueue, sends_in_order_of_importance_and_within_a_channel_in_order_of_arrival) {
    SendQueue queue = small_queue();
    EXPECT_TRUE(queue.push(frame(Channel::transactions, 40)));
    EXPECT_TRUE(queue.push(frame(Channel::sync, 30)));
    EXPECT_TRUE(queue.push(frame(Channel::consensus, 20)));
    EXPECT_TRUE(queue.push(frame(Channel::consensus, 21)));
    EXPECT_TRUE(queue.push(frame(Channel::control, 10)));
    EXPECT_EQ(drain(queue), (std::vector{10, 20, 21, 30, 40}));
    EXPECT_TRUE(queue.is_empty());
}

TEST(SendQueue, full_lane_of_transactions_forgets_the_oldest) {
    SendQueue queue = small_queue();
    for (int mark = 1; mark <= 20; ++mark) {
        EXPECT_TRUE(queue.push(frame(Channel::transactions, static_cast<std::uint8_t>(mark), kibibyte)));
        EXPECT_LE(queue.bytes(), limit);
    }
    const std::vector<int> left = drain(queue);
    EXPECT_EQ(left.size() + queue.dropped_transactions(), 20u);
    EXPECT_EQ(left.back(), 20);
    EXPECT_EQ(left.front(), static_cast<int>(21 - left.size()));
}

TEST(SendQueue, flood_of_transactions_leaves_consensus_untouched) {
    SendQueue queue = small_queue();
    EXPECT_TRUE(queue.push(frame(Channel::consensus, 1)));
    for (int i = 0; i < 1'000; ++i)
        EXPECT_TRUE(queue.push(frame(Channel::transactions, 9, kibibyte)));
    EXPECT_EQ(drain(queue).front(), 1);
}

TEST(SendQueue, full_lane_of_consensus_or_sync_is_reported_and_takes_nothing_more) {
    for (const Channel channel : {Channel::control, Channel::consensus, Channel::sync}) {
        SendQueue queue = small_queue();
        std::size_t taken = 0;
        while (queue.push(frame(channel, 1, kibibyte)))
            ++taken;
        EXPECT_GT(taken, 5u);
        EXPECT_LE(queue.bytes(), limit);
        EXPECT_EQ(drain(queue).size(), taken);
    }
}

TEST(SendQueue, empty_frames_are_not_free) {
    SendQueue queue = small_queue();
    std::size_t taken = 0;
    while (taken < 10'000 && queue.push({.channel = Channel::sync, .gossip = {}, .body = core::share({})}))
        ++taken;
    EXPECT_LT(taken, 1'000u);
}

TEST(SendQueue, cleared_queue_is_empty) {
    SendQueue queue = small_queue();
    EXPECT_TRUE(queue.push(frame(Channel::sync, 1)));
    queue.clear();
    EXPECT_TRUE(queue.is_empty());
    EXPECT_FALSE(queue.pop().has_value());
}

}  // namespace
}  // namespace sluice::network
