#include "node/block_sync.hpp"

#include <gtest/gtest.h>

namespace sluice::node {
namespace {

core::Address peer(std::uint8_t number) {
    core::Address address{};
    address.back() = number;
    return address;
}

/// Who was asked for blocks, in order.
class Asked final : public Outbox {
  public:
    struct Question {
        core::Address to{};
        BlocksRequest request;
    };
    void broadcast(network::Channel, core::SharedBytes) override {}
    void send(const core::Address& to, network::Channel, core::SharedBytes bytes) override {
        questions.push_back({to, std::get<BlocksRequest>(*decode_sync_message(*bytes))});
    }
    void punish(const core::Address&, std::string_view) override {}

    std::vector<Question> questions;
};

class BlockSyncTest : public testing::Test {
  protected:
    void advance(std::int64_t to_ms) { sync.advance({core::Instant{to_ms * 1000}, 0}, head); }
    /// Lets time pass in small steps while nobody answers.
    void nobody_answers(std::int64_t until_ms) {
        for (; now_ms < until_ms; now_ms += 100)
            advance(now_ms);
    }
    void join(std::uint8_t number, core::Height claimed) {
        sync.peer_up(peer(number));
        sync.peer_has(peer(number), claimed);
    }
    BlocksAnswer blocks(const BlocksRequest& request, std::size_t count) const {
        BlocksAnswer answer{request.request_id, {}};
        for (std::size_t i = 0; i < count; ++i)
            answer.blocks.push_back({core::share(core::Bytes{1}), core::share(core::Bytes{2})});
        return answer;
    }

    Asked outbox;
    BlockSync sync{outbox};
    core::Height head = 10;
    std::int64_t now_ms = 0;
};

TEST_F(BlockSyncTest, a_peer_that_does_not_answer_is_followed_by_another) {
    join(1, 50);
    join(2, 50);
    nobody_answers(4'000);
    ASSERT_EQ(outbox.questions.size(), 2u);
    EXPECT_NE(outbox.questions[0].to, outbox.questions[1].to);
    EXPECT_EQ(outbox.questions[0].request.from, 11u);
}

// Where no answer came through for a while, as in a network that has just healed, somebody is asked all the
// same.
TEST_F(BlockSyncTest, somebody_is_asked_although_all_of_them_have_failed_to_answer) {
    join(1, 50);
    join(2, 50);
    nobody_answers(13'000);
    ASSERT_GE(outbox.questions.size(), 4u);
    for (std::size_t i = 1; i < outbox.questions.size(); ++i)
        EXPECT_NE(outbox.questions[i - 1].to, outbox.questions[i].to) << "question " << i;
}

TEST_F(BlockSyncTest, the_only_peer_is_asked_again_as_soon_as_it_has_not_answered) {
    join(1, 50);
    nobody_answers(7'000);
    EXPECT_EQ(outbox.questions.size(), 3u);
}

TEST_F(BlockSyncTest, one_that_did_not_answer_is_left_alone_while_another_one_does) {
    join(1, 5'000);
    join(2, 5'000);
    advance(0);
    const auto silent = outbox.questions.front().to;
    for (now_ms = 3'000; now_ms < 10'000; now_ms += 500) {
        advance(now_ms);
        const auto& last = outbox.questions.back();
        EXPECT_NE(last.to, silent);
        sync.answer(last.to, blocks(last.request, 1));
        ++head;
    }
}

// Importing takes a moment; what was received with the block at work must be there when it is done.
TEST_F(BlockSyncTest, one_answer_is_asked_for_once_and_imported_to_its_end) {
    join(1, 50);
    advance(0);
    sync.answer(peer(1), blocks(outbox.questions.front().request, 40));
    for (; head < 50; ++head) {
        ASSERT_TRUE(sync.take_next(head).has_value()) << "height " << head + 1;
        advance(++now_ms);  // the block is at work
    }
    advance(++now_ms);
    EXPECT_EQ(outbox.questions.size(), 1u);
}

// A peer may serve an old block in the place of the next one: importing that comes to nothing.
TEST_F(BlockSyncTest, a_block_whose_import_came_to_nothing_is_asked_for_again) {
    join(1, 50);
    advance(0);
    sync.answer(peer(1), blocks(outbox.questions.front().request, 3));
    ASSERT_TRUE(sync.take_next(head).has_value());
    advance(1);
    EXPECT_FALSE(sync.take_next(head).has_value());
    advance(2);
    EXPECT_EQ(outbox.questions.back().request.from, head + 1);
}

TEST_F(BlockSyncTest, what_was_received_goes_when_the_block_before_it_did_not_hold) {
    join(1, 50);
    join(2, 50);
    advance(0);
    const auto liar = outbox.questions.front().to;
    sync.answer(liar, blocks(outbox.questions.front().request, 3));
    ASSERT_TRUE(sync.take_next(head).has_value());
    advance(1);
    sync.refused(liar);
    advance(2);
    EXPECT_EQ(outbox.questions.back().request.from, head + 1);
    EXPECT_NE(outbox.questions.back().to, liar);
}

// Whoever claims what nobody else has, and does not deliver, is not asked for it over and over.
TEST_F(BlockSyncTest, a_claim_that_others_do_not_share_is_not_pursued_without_end) {
    join(1, 1'000);
    join(2, 10);
    nobody_answers(13'000);
    EXPECT_EQ(outbox.questions.size(), 1u);
}

TEST_F(BlockSyncTest, what_is_certain_to_exist_is_asked_even_of_those_who_have_failed_to_answer) {
    join(1, 50);
    join(2, 10);
    sync.certified(50);
    nobody_answers(7'000);
    EXPECT_EQ(outbox.questions.size(), 3u);
}

TEST_F(BlockSyncTest, a_height_that_does_not_exist_costs_an_answer_and_nothing_else) {
    join(1, ~0ull);
    join(2, 12);
    advance(0);
    for (int i = 0; i < 4; ++i) {
        const auto last = outbox.questions.back();
        sync.answer(last.to, blocks(last.request, last.to == peer(1) ? 0 : 2));
        advance(++now_ms);
    }
    const auto next = sync.take_next(head);
    ASSERT_TRUE(next.has_value());
    EXPECT_EQ(next->second, peer(2));
}

TEST_F(BlockSyncTest, one_whose_block_did_not_hold_is_not_asked_again) {
    join(1, 50);
    join(2, 50);
    advance(0);
    const auto liar = outbox.questions.front().to;
    sync.answer(liar, blocks(outbox.questions.front().request, 3));
    ASSERT_TRUE(sync.take_next(head).has_value());
    sync.refused(liar);
    EXPECT_FALSE(sync.take_next(head).has_value());
    nobody_answers(20'000);
    ASSERT_GE(outbox.questions.size(), 3u);
    for (std::size_t i = 1; i < outbox.questions.size(); ++i)
        EXPECT_NE(outbox.questions[i].to, liar);
}

TEST_F(BlockSyncTest, an_answer_that_nobody_asked_for_is_not_kept) {
    join(1, 50);
    join(2, 50);
    advance(0);
    const auto& asked = outbox.questions.front();
    sync.answer(asked.to == peer(1) ? peer(2) : peer(1), blocks(asked.request, 1));
    sync.answer(asked.to, blocks({asked.request.request_id + 1, 11, 1}, 1));
    EXPECT_FALSE(sync.take_next(head).has_value());
}

TEST_F(BlockSyncTest, blocks_that_wait_here_are_bounded) {
    join(1, 1'000'000);
    for (now_ms = 0; now_ms < 20; ++now_ms) {
        advance(now_ms);
        const auto last = outbox.questions.back();
        sync.answer(last.to, blocks(last.request, last.request.count));
    }
    EXPECT_EQ(outbox.questions.size(), 2u);
}

}  // namespace
}  // namespace sluice::node
