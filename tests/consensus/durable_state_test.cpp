#include "consensus/durable_state.hpp"

#include <gtest/gtest.h>

#include "support/dice.hpp"
#include "support/forgery.hpp"

namespace sluice::consensus::testing {
namespace {

class DurableStateTest : public ::testing::Test {
  protected:
    ToyChain chain_ = toy_chain(4);
    Forger forger_{chain_};
    core::SharedBytes payload_ = toy_payload("A");
    Hash digest_ = digest_of(payload_);

    VoteRecord body(Height height = 1, View view = 0) const {
        return body_record(height, view, digest_, *payload_);
    }
    VoteRecord prepare(Height height = 1, View view = 0) const {
        return sent_record(forger_.prepare(0, height, view, digest_));
    }
    VoteRecord commit(Height height = 1, View view = 0) const {
        return sent_record(forger_.commit(0, height, view, digest_));
    }
    VoteRecord lock(Height height = 1, View view = 0) const {
        return lock_record(forger_.lock(height, view, digest_, {0, 1, 2}));
    }
    VoteRecord view_change(Height height, View view) const {
        std::optional<core::CommitCertificate> head;
        if (height > 1) head = forger_.certificate(height - 1, 0, digest_, {0, 1, 2});
        return sent_record(forger_.view_change(0, height, view, head));
    }
};

TEST_F(DurableStateTest, empty_log_is_a_beginning) {
    const auto state = recover({}, 0);
    ASSERT_TRUE(state.has_value());
    EXPECT_EQ(state->promised, 0u);
    EXPECT_EQ(state->entry, Entry{});
    EXPECT_FALSE(state->lock.has_value());
}

TEST_F(DurableStateTest, votes_of_the_height_at_work_come_back) {
    const std::vector<VoteRecord> records = {body(), prepare(), lock(), commit()};
    const auto state = recover(records, 0);
    ASSERT_TRUE(state.has_value());
    EXPECT_EQ(state->own.prepare->digest, digest_);
    EXPECT_EQ(state->own.commit->digest, digest_);
    EXPECT_EQ(state->lock->digest, digest_);
    EXPECT_EQ(*state->bodies.at(digest_), *payload_);
}

TEST_F(DurableStateTest, own_proposal_comes_back_with_its_body) {
    const PrePrepare proposal = forger_.pre_prepare(0, 1, 0, payload_);
    const VoteRecord record = sent_record(proposal);
    EXPECT_LT(record.payload.size(), 200u);
    const auto state = recover(std::vector{body(), record, prepare()}, 0);
    ASSERT_TRUE(state.has_value());
    EXPECT_EQ(*state->own.pre_prepare->payload, *payload_);
    EXPECT_EQ(state->own.pre_prepare->envelope, proposal.envelope);
}

TEST_F(DurableStateTest, finished_heights_leave_only_their_promise) {
    const auto state = recover(std::vector{body(), prepare(1, 0), lock(), commit(), view_change(1, 4)}, 1);
    ASSERT_TRUE(state.has_value());
    EXPECT_EQ(state->promised, 4u);
    EXPECT_FALSE(state->lock.has_value());
    EXPECT_FALSE(state->own.prepare.has_value());
    EXPECT_FALSE(state->view_change.has_value());
    EXPECT_TRUE(state->bodies.empty());
}

TEST_F(DurableStateTest, votes_of_an_older_view_bind_by_promise_and_lock_only) {
    const auto state = recover(std::vector{body(), prepare(), lock(), commit(), view_change(1, 1),
                                           entered_record({.view = 1, .new_view = std::nullopt, .above = 0})},
                               0);
    ASSERT_TRUE(state.has_value());
    EXPECT_EQ(state->promised, 1u);
    EXPECT_EQ(state->entry.view, 1u);
    EXPECT_EQ(state->lock->view, 0u);
    EXPECT_FALSE(state->own.prepare.has_value());
    EXPECT_FALSE(state->own.commit.has_value());
    EXPECT_FALSE(state->view_change.has_value());
}

TEST_F(DurableStateTest, waiting_view_change_comes_back_byte_for_byte) {
    const ViewChange message = forger_.view_change(0, 1, 3);
    const auto state = recover(std::vector{sent_record(message)}, 0);
    ASSERT_TRUE(state.has_value());
    EXPECT_EQ(state->view_change, message);
    EXPECT_EQ(state->promised, 3u);
    EXPECT_EQ(state->entry.view, 0u);
}

TEST_F(DurableStateTest, view_entered_by_new_view_comes_back_with_what_it_demands) {
    const NewView new_view = forger_.new_view(
        1, 1, 1,
        {forger_.view_change(0, 1, 1), forger_.view_change(1, 1, 1),
         forger_.view_change(2, 1, 1, std::nullopt, forger_.lock(1, 0, digest_, {0, 1, 2}))});
    const Entry entry{.view = 1, .new_view = new_view, .above = 0};
    const auto state = recover(std::vector{entered_record(entry)}, 0);
    ASSERT_TRUE(state.has_value());
    EXPECT_EQ(state->entry, entry);
    EXPECT_EQ(state->entry.first_height(), 1u);
}

TEST_F(DurableStateTest, votes_above_the_next_height_prove_that_the_ledger_lost_blocks) {
    EXPECT_EQ(recover(std::vector{body(5), prepare(5)}, 3).error(), RecoveryError::head_behind_votes);
    EXPECT_EQ(recover(std::vector{view_change(5, 1)}, 3).error(), RecoveryError::head_behind_votes);
    EXPECT_EQ(recover(std::vector{lock(5)}, 3).error(), RecoveryError::head_behind_votes);
    EXPECT_TRUE(recover(std::vector{body(4), prepare(4)}, 3).has_value());
}

TEST_F(DurableStateTest, older_records_after_a_rotation_change_nothing) {
    const std::vector<VoteRecord> older = {
        body(),   prepare(),         lock(),
        commit(), view_change(1, 1), entered_record({.view = 1, .new_view = std::nullopt, .above = 0})};
    const std::vector<VoteRecord> newer = {
        view_change(1, 2), entered_record({.view = 2, .new_view = std::nullopt, .above = 0}),
        prepare(1, 2),     lock(1, 2),
        commit(1, 2),      view_change(1, 5)};
    std::vector<VoteRecord> in_order = older;
    in_order.insert(in_order.end(), newer.begin(), newer.end());
    const auto expected = recover(in_order, 0);
    ASSERT_TRUE(expected.has_value());
    std::vector<VoteRecord> rotated = records_of(*expected, 0);
    rotated.insert(rotated.end(), older.begin(), older.end());
    const auto partly = recover(rotated, 0);
    ASSERT_TRUE(partly.has_value());
    EXPECT_EQ(partly->promised, 5u);
    EXPECT_EQ(partly->entry.view, 2u);
    EXPECT_EQ(partly->lock->view, 2u);
    EXPECT_EQ(partly->own.prepare, expected->own.prepare);
    EXPECT_EQ(partly->own.commit, expected->own.commit);
    EXPECT_EQ(partly->view_change, expected->view_change);
    rotated.insert(rotated.end(), newer.begin(), newer.end());
    const auto whole = recover(rotated, 0);
    ASSERT_TRUE(whole.has_value());
    EXPECT_EQ(whole->own.commit, expected->own.commit);
    EXPECT_EQ(whole->view_change, expected->view_change);
}

TEST_F(DurableStateTest, vote_or_lock_without_its_body_is_not_what_one_replica_wrote) {
    EXPECT_EQ(recover(std::vector{prepare()}, 0).error(), RecoveryError::body_missing);
    EXPECT_EQ(recover(std::vector{lock()}, 0).error(), RecoveryError::body_missing);
    EXPECT_EQ(recover(std::vector{sent_record(forger_.pre_prepare(0, 1, 0, payload_))}, 0).error(),
              RecoveryError::body_missing);
}

TEST_F(DurableStateTest, rejoin_floor_is_remembered) {
    const RejoinFloor floor{.height = 44, .view = 3};
    const auto state = recover(std::vector{rejoin_record(floor)}, 10);
    ASSERT_TRUE(state.has_value());
    EXPECT_EQ(state->rejoin, floor);
}

TEST_F(DurableStateTest, word_of_the_operator_is_told_from_reports_of_others) {
    const RejoinFloor floor{.height = 11, .view = 0, .by_operator = true};
    EXPECT_EQ(recover(std::vector{rejoin_record(floor)}, 10)->rejoin, floor);
    VoteRecord strange = rejoin_record(floor);
    strange.payload = {2};
    EXPECT_EQ(recover(std::vector{strange}, 10).error(), RecoveryError::undecodable_record);
}

TEST_F(DurableStateTest, lost_log_is_remembered_until_the_floor_is_known) {
    const auto lost = recover(std::vector{lost_record(10)}, 12);
    ASSERT_TRUE(lost.has_value());
    EXPECT_TRUE(lost->log_lost);
    EXPECT_EQ(records_of(*lost, 12), std::vector{lost_record(12)});
    const RejoinFloor floor{.height = 15, .view = 1};
    const auto agreed = recover(std::vector{lost_record(10), rejoin_record(floor)}, 12);
    ASSERT_TRUE(agreed.has_value());
    EXPECT_FALSE(agreed->log_lost);
    EXPECT_EQ(agreed->rejoin, floor);
}

TEST_F(DurableStateTest, rotated_log_recovers_to_the_same_state) {
    const std::vector<std::vector<VoteRecord>> logs = {
        {body(), prepare(), lock(), commit()},
        {body(), prepare(), lock(), commit(), view_change(1, 2)},
        {view_change(1, 2), entered_record({.view = 2, .new_view = std::nullopt, .above = 0}), body(1, 2),
         sent_record(forger_.pre_prepare(2, 1, 2, payload_)), prepare(1, 2)},
        {rejoin_record({.height = 9, .view = 1}), view_change(1, 5)},
    };
    for (const auto& records : logs) {
        for (const Height head : {Height{0}, Height{1}}) {
            const auto before = recover(records, head);
            ASSERT_TRUE(before.has_value());
            const auto after = recover(records_of(*before, head), head);
            ASSERT_TRUE(after.has_value());
            EXPECT_EQ(after->promised, before->promised);
            EXPECT_EQ(after->entry, before->entry);
            EXPECT_EQ(after->lock, before->lock);
            EXPECT_EQ(after->own.prepare, before->own.prepare);
            EXPECT_EQ(after->own.commit, before->own.commit);
            EXPECT_EQ(after->own.pre_prepare.has_value(), before->own.pre_prepare.has_value());
            EXPECT_EQ(after->view_change, before->view_change);
            EXPECT_EQ(after->rejoin, before->rejoin);
        }
    }
}

TEST_F(DurableStateTest, damaged_records_are_refused_and_never_crash) {
    Dice dice(3);
    const std::vector<VoteRecord> good = {
        body(),   prepare(),         lock(),
        commit(), view_change(1, 2), entered_record({.view = 2, .new_view = std::nullopt, .above = 0})};
    ASSERT_TRUE(recover(good, 0).has_value());
    for (int i = 0; i < 5'000; ++i) {
        std::vector<VoteRecord> records = good;
        VoteRecord& victim = records[dice.between(0, records.size() - 1)];
        switch (dice.between(0, 3)) {
            case 0:
                victim.payload.resize(dice.between(0, victim.payload.size()));
                break;
            case 1:
                victim.payload[dice.between(0, victim.payload.size() - 1)] ^= 0x40;
                break;
            case 2:
                victim.kind = static_cast<RecordKind>(dice.between(0, 9));
                break;
            default:
                victim.view += dice.between(1, 3);
                break;
        }
        static_cast<void>(recover(records, 0));
    }
    std::vector<VoteRecord> records = good;
    records[1].payload.push_back(0);
    EXPECT_EQ(recover(records, 0).error(), RecoveryError::undecodable_record);
    records = good;
    records[0].kind = static_cast<RecordKind>(77);
    EXPECT_EQ(recover(records, 0).error(), RecoveryError::undecodable_record);
}

}  // namespace
}  // namespace sluice::consensus::testing
