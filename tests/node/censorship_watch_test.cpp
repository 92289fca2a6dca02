#include "node/censorship_watch.hpp"

#include <gtest/gtest.h>

#include "core/limits.hpp"

namespace sluice::node {
namespace {

constexpr core::Gas block_gas = 1'000'000;

class CensorshipWatchTest : public ::testing::Test {
  protected:
    static core::TransactionPtr transaction(std::uint8_t sender) {
        core::RecoveredTransaction made;
        made.transaction.gas_limit = 100'000;
        made.encoded = core::share(core::Bytes(100, sender));
        made.sender[0] = sender;
        made.hash[0] = sender;
        return std::make_shared<const core::RecoveredTransaction>(std::move(made));
    }

    /// A block that used so much gas and holds nothing of the pool.
    CensorshipWatch::Findings block(core::Gas gas_used = 0) {
        core::Block block;
        block.header.gas_limit = block_gas;
        block.header.gas_used = gas_used;
        return watch_.on_block(block, 500, pool_);
    }
    void blocks(unsigned count, core::Gas gas_used = 0) {
        for (unsigned i = 0; i < count; ++i) {
            const auto findings = block(gas_used);
            suspicions_ += findings.passed_over.size();
            gossiped_ += findings.to_gossip.size();
        }
    }

    Mempool pool_;
    CensorshipWatch watch_;
    std::size_t suspicions_ = 0;
    std::size_t gossiped_ = 0;
};

TEST_F(CensorshipWatchTest, eight_blocks_with_room_after_the_first_raise_suspicion) {
    pool_.add(transaction(1), 0, 1);
    blocks(8);
    EXPECT_EQ(suspicions_, 0u);
    blocks(1);
    EXPECT_EQ(suspicions_, 1u);
}

TEST_F(CensorshipWatchTest, what_was_passed_over_four_times_is_gossiped_once_more) {
    pool_.add(transaction(1), 0, 1);
    blocks(4);
    EXPECT_EQ(gossiped_, 0u);
    blocks(2);
    EXPECT_EQ(gossiped_, 1u);
}

TEST_F(CensorshipWatchTest, full_blocks_count_neither_way) {
    pool_.add(transaction(1), 0, 1);
    blocks(8);
    blocks(20, block_gas - 99'999);
    EXPECT_EQ(suspicions_, 0u);
    blocks(1, block_gas - 100'000);
    EXPECT_EQ(suspicions_, 1u);
}

TEST_F(CensorshipWatchTest, mined_transactions_are_forgotten) {
    pool_.add(transaction(1), 0, 1);
    blocks(8);
    const std::vector mined{transaction(1)};
    pool_.remove_mined(mined);
    pool_.add(transaction(2), 0, 1);
    blocks(8);
    EXPECT_EQ(suspicions_, 0u);
}

TEST_F(CensorshipWatchTest, another_primary_begins_with_a_clean_slate) {
    pool_.add(transaction(1), 0, 1);
    blocks(8);
    watch_.clear();
    blocks(8);
    EXPECT_EQ(suspicions_, 0u);
    blocks(1);
    EXPECT_EQ(suspicions_, 1u);
}

TEST_F(CensorshipWatchTest, several_old_transactions_are_watched_side_by_side) {
    for (std::uint8_t sender = 1; sender <= 20; ++sender)
        pool_.add(transaction(sender), 0, 1);
    blocks(9);
    EXPECT_EQ(suspicions_, CensorshipWatch::watched_max);
}

}  // namespace
}  // namespace sluice::node
