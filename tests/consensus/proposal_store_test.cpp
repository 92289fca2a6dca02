#include "consensus/proposal_store.hpp"

#include <gtest/gtest.h>

#include "consensus/limits.hpp"
#include "support/forgery.hpp"

namespace sluice::consensus::testing {
namespace {

constexpr std::size_t big = core::limits::block_bytes_max;

class ProposalStoreTest : public ::testing::Test {
  protected:
    PrePrepare proposal(Height height, View view, std::size_t bytes, std::size_t sender = 0) const {
        PrePrepare message;
        message.envelope = {.height = height,
                            .view = view,
                            .validators_hash = set_.hash(),
                            .sender = static_cast<ValidatorIndex>(sender),
                            .signature = {}};
        message.payload = core::share(core::Bytes(bytes, static_cast<std::uint8_t>(height * 16 + view)));
        message.digest = core::keccak256(core::ByteView(*message.payload).first(1));
        return message;
    }

    core::ValidatorSet set_ = toy_validators(4);
    ProposalStore store_;
    ProposalStore::Position now_{.height = 1, .view = 0};
};

TEST_F(ProposalStoreTest, keeps_the_first_proposal_of_a_height_and_view) {
    EXPECT_EQ(store_.add(proposal(1, 0, 10), now_), ProposalStore::Outcome::stored);
    EXPECT_EQ(store_.add(proposal(1, 0, 10), now_), ProposalStore::Outcome::repeated);
    PrePrepare other = proposal(1, 0, 10);
    other.digest[0] ^= 1;
    EXPECT_EQ(store_.add(other, now_), ProposalStore::Outcome::conflicting);
    EXPECT_EQ(store_.find(1, 0)->digest, proposal(1, 0, 10).digest);
    EXPECT_EQ(store_.size(), 1u);
}

TEST_F(ProposalStoreTest, tc57_ten_thousand_proposals_for_one_view_leave_one) {
    for (int i = 0; i < 10'000; ++i) {
        PrePrepare other = proposal(1, 0, 100);
        other.digest[1] = static_cast<std::uint8_t>(i);
        other.digest[2] = static_cast<std::uint8_t>(i / 256);
        store_.add(other, now_);
    }
    EXPECT_EQ(store_.size(), 1u);
    EXPECT_EQ(store_.bytes(), 100u);
}

TEST_F(ProposalStoreTest, tc56_bytes_of_one_sender_are_bounded_whatever_it_sends) {
    for (Height height = 1; height <= 8; ++height) {
        store_.add(proposal(height, 0, big), now_);
        EXPECT_LE(store_.bytes(), limits::proposal_bytes_per_sender_max);
    }
    EXPECT_NE(store_.find(1, 0), nullptr);
}

TEST_F(ProposalStoreTest, bytes_of_all_are_bounded_and_the_furthest_leaves_first) {
    for (std::size_t sender = 0; sender < 20; ++sender) {
        store_.add(proposal(8, sender, big, sender), now_);
        EXPECT_LE(store_.bytes(), limits::proposal_bytes_max);
    }
    EXPECT_EQ(store_.add(proposal(1, 0, big, 50), now_), ProposalStore::Outcome::stored);
    EXPECT_LE(store_.bytes(), limits::proposal_bytes_max);
}

TEST_F(ProposalStoreTest, proposal_at_work_is_never_pushed_out) {
    store_.add(proposal(1, 0, big, 0), now_);
    for (std::size_t sender = 1; sender < 30; ++sender) {
        store_.add(proposal(1, sender, big, sender), now_);
        store_.add(proposal(2, sender, big, sender), now_);
    }
    EXPECT_NE(store_.find(1, 0), nullptr);
}

TEST_F(ProposalStoreTest, newcomer_of_less_use_than_all_others_finds_no_room) {
    for (std::size_t sender = 0; sender < 8; ++sender) {
        store_.add(proposal(1, sender, big, sender), now_);
    }
    EXPECT_EQ(store_.add(proposal(5, 0, big, 9), now_), ProposalStore::Outcome::no_room);
}

TEST_F(ProposalStoreTest, body_is_found_by_digest_wherever_it_came_from) {
    const PrePrepare message = proposal(1, 3, 10);
    store_.add(message, now_);
    EXPECT_EQ(store_.body(message.digest), message.payload);
    const core::SharedBytes fetched = toy_payload("fetched");
    EXPECT_TRUE(store_.add_body(digest_of(fetched), fetched, now_));
    EXPECT_EQ(store_.body(digest_of(fetched)), fetched);
    EXPECT_EQ(store_.body(Hash{}), nullptr);
}

TEST_F(ProposalStoreTest, fetched_bodies_count_and_push_out_proposals_not_each_other) {
    for (std::size_t sender = 0; sender < 8; ++sender) {
        store_.add(proposal(2, sender, big, sender), now_);
    }
    for (std::uint8_t i = 0; i < 12; ++i) {
        Hash digest{};
        digest[0] = i;
        const bool stored = store_.add_body(digest, core::share(core::Bytes(big, i)), now_);
        EXPECT_EQ(stored, i < 8);
        EXPECT_LE(store_.bytes(), limits::proposal_bytes_max);
    }
}

TEST_F(ProposalStoreTest, finished_heights_and_other_sets_are_forgotten) {
    store_.add(proposal(1, 0, 10), now_);
    store_.add(proposal(2, 0, 10), now_);
    store_.add_body(Hash{}, core::share(core::Bytes(10, 0)), now_);
    store_.forget(1, set_.hash());
    EXPECT_EQ(store_.find(1, 0), nullptr);
    EXPECT_NE(store_.find(2, 0), nullptr);
    EXPECT_EQ(store_.bytes(), 10u);
    store_.forget(1, toy_validators(5).hash());
    EXPECT_EQ(store_.bytes(), 0u);
    EXPECT_EQ(store_.size(), 0u);
}

}  // namespace
}  // namespace sluice::consensus::testing
