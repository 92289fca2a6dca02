#include "contracts/native/selector.hpp"

#include <gtest/gtest.h>

#include "core/bytes.hpp"

namespace sluice::contracts::native {
namespace {

TEST(Selector, is_what_solidity_computes) {
    // ERC-20, as every wallet knows it.
    EXPECT_EQ(core::to_hex(selector_of("transfer(address,uint256)")), "a9059cbb");
    EXPECT_EQ(core::to_hex(selector_of("balanceOf(address)")), "70a08231");
    EXPECT_EQ(core::to_hex(selector_of("Error(string)")), "08c379a0");
    EXPECT_EQ(core::to_hex(selector_of("Panic(uint256)")), "4e487b71");
}

TEST(Selector, topic_is_the_hash_of_the_event) {
    EXPECT_EQ(core::to_hex(topic_of("Transfer(address,address,uint256)")),
              "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");
}

TEST(ConstexprKeccak, agrees_with_the_run_time_function_at_every_length_over_three_blocks) {
    std::string text;
    for (std::size_t size = 0; size <= 3 * 136 + 1; ++size) {
        ASSERT_EQ(constexpr_keccak256(text), core::keccak256(core::view(text))) << size;
        text.push_back(static_cast<char>(size * 31 + 200));
    }
}

}  // namespace
}  // namespace sluice::contracts::native
