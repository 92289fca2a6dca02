#include "node/mempool.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace sluice::node {
namespace {

PoolLimits small_limits() {
    return {.transactions = 8, .bytes = 1000, .sender_transactions = 5, .nonce_gap = 4, .lifetime_ms = 1000};
}

/// A transaction as the pool sees it; only sender, nonce, size and hash matter to it.
core::TransactionPtr make(std::uint8_t sender, std::uint64_t nonce, std::uint8_t variant = 0,
                          std::size_t size_bytes = 100) {
    core::RecoveredTransaction made;
    made.transaction.nonce = nonce;
    made.encoded = core::share(core::Bytes(size_bytes, sender));
    made.sender[0] = sender;
    made.hash[0] = sender;
    made.hash[1] = static_cast<std::uint8_t>(nonce);
    made.hash[2] = variant;
    return std::make_shared<const core::RecoveredTransaction>(std::move(made));
}

std::vector<std::pair<int, std::uint64_t>> order_of(const std::vector<core::TransactionPtr>& transactions) {
    std::vector<std::pair<int, std::uint64_t>> order;
    for (const auto& t : transactions)
        order.emplace_back(t->sender[0], t->transaction.nonce);
    return order;
}

std::vector<std::pair<int, std::uint64_t>> executable_order(const Mempool& pool) {
    return order_of(pool.executable(100, 1'000'000));
}

using Order = std::vector<std::pair<int, std::uint64_t>>;

TEST(Mempool, executable_transactions_come_in_order_of_arrival) {
    Mempool pool(small_limits());
    EXPECT_EQ(pool.add(make(1, 0), 0, 10), PoolVerdict::added);
    EXPECT_EQ(pool.add(make(2, 7), 7, 11), PoolVerdict::added);
    EXPECT_EQ(pool.add(make(1, 1), 0, 12), PoolVerdict::added);
    EXPECT_EQ(executable_order(pool), (Order{{1, 0}, {2, 7}, {1, 1}}));
}

TEST(Mempool, a_transaction_behind_a_nonce_gap_waits_until_the_gap_closes) {
    Mempool pool(small_limits());
    pool.add(make(1, 2), 0, 10);
    EXPECT_FALSE(pool.has_executable());
    pool.add(make(1, 0), 0, 11);
    EXPECT_EQ(executable_order(pool), (Order{{1, 0}}));
    pool.add(make(1, 1), 0, 12);
    EXPECT_EQ(executable_order(pool), (Order{{1, 0}, {1, 1}, {1, 2}}));
}

core::TransactionPtr moving(std::uint8_t sender, std::uint64_t nonce, std::uint64_t value) {
    core::RecoveredTransaction made = *make(sender, nonce);
    made.transaction.value = core::Uint256(value);
    return std::make_shared<const core::RecoveredTransaction>(std::move(made));
}

TEST(Mempool, a_transaction_that_its_sender_can_no_longer_fund_leaves_and_those_behind_it_wait) {
    Mempool pool(small_limits());
    pool.add(moving(1, 0, 90), 0, 10);
    pool.add(moving(1, 1, 90), 0, 11);
    pool.add(make(1, 2), 0, 12);
    const std::vector mined{moving(1, 0, 90)};
    pool.remove_mined(mined);
    pool.retest_funds(mined[0]->sender, core::Uint256(10));
    EXPECT_FALSE(pool.has_executable());
    EXPECT_EQ(pool.size(), 1u);
}

TEST(Mempool, a_transaction_that_its_sender_can_still_fund_stays) {
    Mempool pool(small_limits());
    pool.add(moving(1, 0, 90), 0, 10);
    pool.retest_funds(moving(1, 0, 90)->sender, core::Uint256(90));
    EXPECT_EQ(executable_order(pool), (Order{{1, 0}}));
}

TEST(Mempool, the_same_transaction_again_is_already_known) {
    Mempool pool(small_limits());
    pool.add(make(1, 0), 0, 10);
    EXPECT_EQ(pool.add(make(1, 0), 0, 11), PoolVerdict::already_known);
    EXPECT_EQ(pool.size(), 1u);
}

TEST(Mempool, another_transaction_with_the_same_nonce_does_not_replace) {
    Mempool pool(small_limits());
    pool.add(make(1, 0), 0, 10);
    EXPECT_EQ(pool.add(make(1, 0, 1), 0, 11), PoolVerdict::replacement_underpriced);
    EXPECT_NE(pool.find(make(1, 0)->hash), nullptr);
}

TEST(Mempool, a_used_nonce_is_too_low) {
    Mempool pool(small_limits());
    EXPECT_EQ(pool.add(make(1, 3), 4, 10), PoolVerdict::nonce_too_low);
    EXPECT_EQ(pool.size(), 0u);
}

TEST(Mempool, a_nonce_far_ahead_is_refused) {
    Mempool pool(small_limits());
    EXPECT_EQ(pool.add(make(1, 5), 0, 10), PoolVerdict::nonce_gap_too_large);
    EXPECT_EQ(pool.add(make(1, 4), 0, 10), PoolVerdict::added);
}

TEST(Mempool, a_sender_cannot_fill_the_pool_alone) {
    auto limits = small_limits();
    limits.nonce_gap = 100;
    Mempool pool(limits);
    for (std::uint64_t nonce = 0; nonce < 5; ++nonce)
        EXPECT_EQ(pool.add(make(1, nonce), 0, 1), PoolVerdict::added);
    EXPECT_EQ(pool.add(make(1, 5), 0, 1), PoolVerdict::sender_full);
    EXPECT_EQ(pool.add(make(2, 0), 0, 1), PoolVerdict::added);
}

TEST(Mempool, a_full_pool_refuses_and_keeps_what_it_has) {
    Mempool by_count(small_limits());
    for (std::uint8_t sender = 1; sender <= 8; ++sender)
        by_count.add(make(sender, 0), 0, 1);
    EXPECT_EQ(by_count.add(make(9, 0), 0, 1), PoolVerdict::pool_full);
    EXPECT_EQ(by_count.size(), 8u);

    Mempool by_bytes(small_limits());
    EXPECT_EQ(by_bytes.add(make(1, 0, 0, 900), 0, 1), PoolVerdict::added);
    EXPECT_EQ(by_bytes.add(make(2, 0, 0, 101), 0, 1), PoolVerdict::pool_full);
    EXPECT_EQ(by_bytes.add(make(3, 0, 0, 100), 0, 1), PoolVerdict::added);
}

TEST(Mempool, mined_transactions_leave_and_their_followers_stay_executable) {
    Mempool pool(small_limits());
    const auto first = make(1, 0);
    pool.add(first, 0, 1);
    pool.add(make(1, 1), 0, 2);
    pool.remove_mined(std::vector{first});
    EXPECT_EQ(executable_order(pool), (Order{{1, 1}}));
    EXPECT_EQ(pool.bytes(), 100u);
}

TEST(Mempool, a_mined_stranger_with_our_nonce_displaces_what_waited) {
    Mempool pool(small_limits());
    pool.add(make(1, 0), 0, 1);
    pool.remove_mined(std::vector{make(1, 0, 9)});
    EXPECT_EQ(pool.size(), 0u);
    EXPECT_FALSE(pool.has_executable());
}

TEST(Mempool, a_mined_stranger_that_closes_a_gap_makes_followers_executable) {
    Mempool pool(small_limits());
    pool.add(make(1, 2), 0, 1);
    pool.remove_mined(std::vector{make(1, 0), make(1, 1)});
    EXPECT_EQ(executable_order(pool), (Order{{1, 2}}));
}

TEST(Mempool, dropping_one_sends_its_followers_back_to_waiting) {
    Mempool pool(small_limits());
    for (std::uint64_t nonce = 0; nonce < 3; ++nonce)
        pool.add(make(1, nonce), 0, 1);
    pool.drop(make(1, 1)->hash);
    EXPECT_EQ(executable_order(pool), (Order{{1, 0}}));
    pool.add(make(1, 1, 7), 0, 2);
    EXPECT_EQ(executable_order(pool), (Order{{1, 0}, {1, 1}, {1, 2}}));
}

TEST(Mempool, transactions_leave_after_their_lifetime) {
    Mempool pool(small_limits());
    pool.add(make(1, 0), 0, 100);
    pool.add(make(2, 0), 0, 600);
    EXPECT_EQ(pool.expire(1099), 0u);
    EXPECT_EQ(pool.expire(1100), 1u);
    EXPECT_EQ(executable_order(pool), (Order{{2, 0}}));
}

TEST(Mempool, the_next_nonce_counts_executable_transactions_only) {
    Mempool pool(small_limits());
    EXPECT_EQ(pool.next_nonce(make(1, 0)->sender), std::nullopt);
    pool.add(make(1, 4), 4, 1);
    pool.add(make(1, 6), 4, 1);
    EXPECT_EQ(pool.next_nonce(make(1, 0)->sender), 5u);
}

TEST(Mempool, those_that_wait_for_a_nonce_never_keep_out_what_can_run) {
    auto limits = small_limits();
    limits.waiting_transactions = 3;
    Mempool pool(limits);
    for (std::uint8_t sender = 1; sender <= 3; ++sender)
        EXPECT_EQ(pool.add(make(sender, 2), 0, 1), PoolVerdict::added);
    EXPECT_EQ(pool.add(make(4, 2), 0, 1), PoolVerdict::pool_full);
    EXPECT_EQ(pool.add(make(4, 0), 0, 1), PoolVerdict::added);
    EXPECT_EQ(pool.add(make(1, 0), 0, 1), PoolVerdict::added);
    EXPECT_EQ(pool.add(make(1, 1), 0, 1), PoolVerdict::added) << "with it the third one can run";
    EXPECT_EQ(pool.executable_size(), 4u);
    EXPECT_EQ(pool.add(make(4, 2), 0, 1), PoolVerdict::added) << "its place is free again";
}

TEST(Mempool, waiting_bytes_and_those_of_a_sender_are_bounded) {
    auto limits = small_limits();
    limits.waiting_bytes = 150;
    limits.sender_bytes = 250;
    Mempool pool(limits);
    EXPECT_EQ(pool.add(make(1, 2), 0, 1), PoolVerdict::added);
    EXPECT_EQ(pool.add(make(2, 2), 0, 1), PoolVerdict::pool_full);
    EXPECT_EQ(pool.add(make(1, 0), 0, 1), PoolVerdict::added);
    EXPECT_EQ(pool.add(make(1, 1), 0, 1), PoolVerdict::sender_full);
}

TEST(Mempool, one_sender_may_let_only_so_many_wait) {
    auto limits = small_limits();
    limits.sender_waiting = 2;
    Mempool pool(limits);
    EXPECT_EQ(pool.add(make(1, 2), 0, 1), PoolVerdict::added);
    EXPECT_EQ(pool.add(make(1, 3), 0, 1), PoolVerdict::added);
    EXPECT_EQ(pool.add(make(1, 4), 0, 1), PoolVerdict::sender_full);
    EXPECT_EQ(pool.add(make(1, 0), 0, 1), PoolVerdict::added);
}

TEST(Mempool, only_what_can_run_is_gossiped_again_and_as_much_as_fits) {
    Mempool pool(small_limits());
    pool.add(make(1, 1), 0, 1);
    for (std::uint8_t sender = 2; sender <= 4; ++sender)
        pool.add(make(sender, 0), 0, 1);
    EXPECT_EQ(order_of(pool.executable_older_than(2, 100, 1'000)), (Order{{2, 0}, {3, 0}, {4, 0}}));
    EXPECT_EQ(pool.executable_older_than(2, 100, 250).size(), 2u);
    EXPECT_EQ(pool.executable_older_than(1, 100, 1'000).size(), 0u);
}

TEST(Mempool, a_selection_stops_at_its_bounds) {
    Mempool pool(small_limits());
    for (std::uint8_t sender = 1; sender <= 4; ++sender)
        pool.add(make(sender, 0), 0, 1);
    EXPECT_EQ(pool.executable(2, 1'000'000).size(), 2u);
    EXPECT_EQ(pool.executable(100, 250).size(), 2u);
}

TEST(Mempool, sums_stay_right_through_random_histories) {
    std::mt19937 random(7);
    auto limits = small_limits();
    limits.transactions = 40;
    limits.bytes = 100'000;
    limits.waiting_transactions = 3;
    Mempool pool(limits);
    core::UnixMs now = 1;
    for (int i = 0; i < 20'000; ++i) {
        now += random() % 20;
        const auto transaction = make(static_cast<std::uint8_t>(1 + random() % 6), random() % 30,
                                      static_cast<std::uint8_t>(random() % 2));
        switch (random() % 6) {
            case 0:
                pool.drop(transaction->hash);
                break;
            case 1:
                pool.remove_mined(std::vector{transaction});
                break;
            case 2:
                pool.expire(now);
                break;
            default:
                pool.add(transaction, 0, now);
        }
        ASSERT_EQ(pool.executable_older_than(now + 1, 1000, 1'000'000).size(), pool.executable_size());
        ASSERT_EQ(pool.bytes(), 100 * pool.size());
        std::map<int, std::uint64_t> last;
        for (const auto& [sender, nonce] : executable_order(pool)) {
            if (last.contains(sender)) {
                ASSERT_EQ(nonce, last[sender] + 1);
            }
            last[sender] = nonce;
        }
    }
    pool.expire(now + limits.lifetime_ms);
    EXPECT_EQ(pool.size(), 0u);
    EXPECT_EQ(pool.bytes(), 0u);
    for (std::uint8_t sender = 1; sender <= 3; ++sender)
        EXPECT_EQ(pool.add(make(sender, 3), 0, now), PoolVerdict::added) << "no room was lost";
}

}  // namespace
}  // namespace sluice::node
