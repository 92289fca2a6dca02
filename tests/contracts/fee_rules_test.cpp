#include "contracts/fee_rules.hpp"

#include <gtest/gtest.h>

namespace sluice::contracts {
namespace {

core::Transaction transaction_with(std::uint64_t max_fee, std::uint64_t tip) {
    core::Transaction transaction;
    transaction.type = core::TransactionType::dynamic_fee;
    transaction.max_fee_per_gas = max_fee;
    transaction.max_priority_fee_per_gas = tip;
    transaction.gas_limit = 100'000;
    transaction.value = 3;
    return transaction;
}

core::Transaction with_blobs(core::Transaction transaction, std::size_t count, std::uint64_t max_fee) {
    transaction.type = core::TransactionType::blob;
    transaction.blob_hashes.resize(count);
    transaction.max_fee_per_blob_gas = max_fee;
    return transaction;
}

constexpr FeeRules free_of_charge{.mode = FeeMode::none, .base_fee = 7, .blob_base_fee = 1};
constexpr FeeRules market{.mode = FeeMode::ethereum, .base_fee = 7, .blob_base_fee = 2};

TEST(FeeRules, without_fees_the_price_is_the_base_fee_and_nothing_is_paid) {
    for (const std::uint64_t max_fee : {0, 7, 1'000}) {
        const core::Transaction transaction = transaction_with(max_fee, 0);
        EXPECT_EQ(free_of_charge.price_of(transaction), core::Uint256(7));
        EXPECT_EQ(free_of_charge.funds_needed(transaction), core::Uint256(3));
        EXPECT_TRUE(free_of_charge.prepayment(transaction).is_zero());
        EXPECT_TRUE(free_of_charge.repayment(transaction, 50'000).is_zero());
        EXPECT_TRUE(free_of_charge.reward(transaction, 50'000).is_zero());
    }
}

TEST(FeeRules, the_price_is_base_fee_and_tip_up_to_the_maximum) {
    EXPECT_EQ(market.price_of(transaction_with(20, 5)), core::Uint256(12));
    EXPECT_EQ(market.price_of(transaction_with(10, 5)), core::Uint256(10));
    EXPECT_EQ(market.price_of(transaction_with(7, 0)), core::Uint256(7));
    EXPECT_EQ(market.price_of(transaction_with(20, 20)), core::Uint256(20)) << "as types 0 and 1 have it";
}

TEST(FeeRules, funds_cover_value_and_the_dearest_price_of_gas_and_blobs) {
    EXPECT_EQ(market.funds_needed(transaction_with(20, 5)), core::Uint256(3 + 100'000 * 20));
    EXPECT_EQ(market.funds_needed(with_blobs(transaction_with(20, 5), 2, 9)),
              core::Uint256(3 + 100'000 * 20 + 2 * 131'072 * 9));
}

TEST(FeeRules, funds_that_no_account_can_have_are_none) {
    core::Transaction transaction = transaction_with(0, 0);
    transaction.max_fee_per_gas = core::Uint256::max();
    EXPECT_EQ(market.funds_needed(transaction), std::nullopt);
    transaction = transaction_with(1, 0);
    transaction.value = core::Uint256::max();
    EXPECT_EQ(market.funds_needed(transaction), std::nullopt);
    transaction = with_blobs(transaction_with(1, 0), 1, 0);
    transaction.max_fee_per_blob_gas = core::Uint256::max();
    EXPECT_EQ(market.funds_needed(transaction), std::nullopt);
}

TEST(FeeRules, what_is_neither_paid_back_nor_to_the_miner_is_burnt) {
    const core::Transaction transaction = with_blobs(transaction_with(20, 5), 2, 9);
    constexpr core::Gas used = 40'000;
    const core::Uint256 burnt = market.prepayment(transaction) -
                                market.repayment(transaction, transaction.gas_limit - used) -
                                market.reward(transaction, used);
    EXPECT_EQ(burnt, core::Uint256(used * 7 + 2 * 131'072 * 2));
    EXPECT_EQ(market.reward(transaction, used), core::Uint256(used * 5));
}

}  // namespace
}  // namespace sluice::contracts
