#include "core/state_root.hpp"

#include <gtest/gtest.h>

namespace sluice::core {
namespace {

Address address(std::uint8_t last) {
    Address made{};
    made[19] = last;
    return made;
}

AccountChange account(std::uint8_t last, std::uint64_t balance) {
    AccountChange change;
    change.address = address(last);
    change.account = Account{.nonce = 1, .balance = balance, .code_hash = empty_code_hash};
    return change;
}

TEST(StateRoot, an_empty_diff_has_the_empty_root) {
    EXPECT_EQ(state_root_of({}), empty_trie_root);
}

TEST(StateRoot, an_account_is_the_rlp_of_its_four_fields) {
    const auto encoded =
        encode_account({.nonce = 1, .balance = 2, .code_hash = empty_code_hash}, empty_trie_root);
    EXPECT_EQ(to_hex(encoded),
              "f8440102a056e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421a0c5d2460186f7233c92"
              "7e7db2dcc"
              "703c0e500b653ca82273b7bfad8045d85a470");
}

TEST(StateRoot, storage_values_lose_their_leading_zeros) {
    EXPECT_EQ(encode_storage_value(word_from_u64(0x1234)), (Bytes{0x82, 0x12, 0x34}));
    EXPECT_TRUE(encode_storage_value({}).empty());
}

TEST(StateRoot, zero_slots_count_as_absent) {
    StateDiff with_zero{{account(1, 5)}};
    with_zero.accounts[0].slots.push_back({word_from_u64(1), {}});
    EXPECT_EQ(state_root_of(with_zero), state_root_of({{account(1, 5)}}));
}

TEST(StateRoot, every_part_of_an_account_reaches_the_root) {
    const StateDiff plain{{account(1, 5), account(2, 6)}};
    StateDiff other = plain;
    other.accounts[1].account->balance = 7;
    EXPECT_NE(state_root_of(other), state_root_of(plain));
    other = plain;
    other.accounts[0].slots.push_back({word_from_u64(1), word_from_u64(1)});
    EXPECT_NE(state_root_of(other), state_root_of(plain));
}

}  // namespace
}  // namespace sluice::core
