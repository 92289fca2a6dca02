#include "ledger/state_records.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/state_root.hpp"
#include "tests/ledger/chain_builder.hpp"

namespace sluice::ledger {
namespace {

using test::address;
using test::word;

AccountRecord record(std::uint64_t nonce) {
    AccountRecord made{address(nonce), test::account(nonce, nonce * 1000), core::empty_trie_root};
    if (nonce % 2) made.storage_root = core::keccak256(word(nonce));
    made.slots = nonce * 100;
    made.slots_high = nonce * 200;
    if (nonce % 3) made.account.code_hash = core::keccak256(word(nonce + 1));
    return made;
}

TEST(AccountRecord, comes_back_as_it_was_written) {
    for (std::uint64_t nonce = 0; nonce < 12; ++nonce)
        EXPECT_EQ(decode_account_record(encode(record(nonce))), record(nonce));
    AccountRecord rich = record(5);
    rich.account.balance = core::Uint256::from_be(core::Bytes(32, 0xff));
    EXPECT_EQ(decode_account_record(encode(rich)), rich);
}

TEST(AccountRecord, refuses_every_cut_and_every_addition) {
    const core::Bytes whole = encode(record(5));
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_EQ(decode_account_record(core::ByteView(whole).first(size)), std::nullopt) << size;
    core::Bytes longer = whole;
    longer.push_back(0);
    EXPECT_EQ(decode_account_record(longer), std::nullopt);
}

TEST(SlotValue, is_stored_without_leading_zeros) {
    EXPECT_TRUE(trimmed(word(0)).empty());
    EXPECT_EQ(core::to_hex(trimmed(word(0x1234))), "1234");
    core::Word full;
    full.fill(0xee);
    for (const core::Word& value : {word(0), word(1), word(0x80), word(0xffff), full})
        EXPECT_EQ(word_from_trimmed(trimmed(value)), value);
    EXPECT_EQ(word_from_trimmed(core::Bytes{0, 1}), std::nullopt);
    EXPECT_EQ(word_from_trimmed(core::Bytes(33, 1)), std::nullopt);
}

TEST(SlotValue, has_the_leaf_that_the_vocabulary_gives_it) {
    core::Word full;
    full.fill(0xee);
    for (const core::Word& value : {word(1), word(0x7f), word(0x80), word(0xff), word(0x1234), full})
        EXPECT_EQ(core::to_bytes(slot_leaf(value).view()), core::encode_storage_value(value));
    for (const core::Word& value : {word(1), word(0x7f), word(0x80), word(0xff), word(0x1234), full})
        EXPECT_EQ(word_from_leaf(slot_leaf(value).view()), value);
    for (const core::Bytes& bad : {core::Bytes{}, core::Bytes{0x80}, core::Bytes{0}, core::Bytes{0xc0}})
        EXPECT_EQ(word_from_leaf(bad), std::nullopt);
}

TEST(StateHead, comes_back_as_it_was_written) {
    const StateHead head{10, core::keccak256(word(1)), 5, core::keccak256(word(2)), 3, no_archive, 7, 9, 128};
    EXPECT_EQ(decode_state_head(encode(head)), head);
    EXPECT_EQ(head.oldest_readable(), 2u);
    EXPECT_EQ((StateHead{.first_diff = 3, .archive_from = 1}).oldest_readable(), 1u);
    core::Bytes bytes = encode(head);
    bytes.pop_back();
    EXPECT_EQ(decode_state_head(bytes), std::nullopt);
    EXPECT_EQ(decode_state_head(encode(StateHead{.height = 1, .stored_height = 2})), std::nullopt);
    EXPECT_EQ(decode_state_head(encode(StateHead{.derived_leaves = 0})), std::nullopt);
}

TEST(StateHead, stores_the_levels_whose_subtrees_are_large) {
    const StateHead head{.derived_leaves = 128};
    EXPECT_EQ(head.stored_levels(0), 0u);
    EXPECT_EQ(head.stored_levels(127), 0u);
    EXPECT_EQ(head.stored_levels(128), 1u);
    EXPECT_EQ(head.stored_levels(128 * 16 - 1), 1u);
    EXPECT_EQ(head.stored_levels(128 * 16), 2u);
    EXPECT_EQ(head.stored_levels(1'000'000), 4u);
    EXPECT_EQ((StateHead{.derived_leaves = 1}).stored_levels(~std::uint64_t{0}), 16u);
}

ReverseDiff sample_diff() {
    ReverseDiff diff;
    for (std::uint64_t i = 1; i < 6; ++i) {
        OverwrittenAccount account{address(i), std::nullopt, i == 3, {}};
        if (i % 2) account.before = record(i);
        for (std::uint64_t key = 0; key < i; ++key)
            account.slots.push_back({core::keccak256(word(key)), word(key)});
        std::sort(account.slots.begin(), account.slots.end(),
                  [](const auto& a, const auto& b) { return a.slot_hash < b.slot_hash; });
        diff.push_back(account);
    }
    std::sort(diff.begin(), diff.end(), [](const auto& a, const auto& b) { return a.address < b.address; });
    return diff;
}

TEST(ReverseDiff, comes_back_as_it_was_written) {
    EXPECT_EQ(decode_reverse_diff(encode(sample_diff())), sample_diff());
    EXPECT_EQ(decode_reverse_diff(encode(ReverseDiff{})), ReverseDiff{});
}

TEST(ReverseDiff, refuses_every_cut_and_claims_beyond_its_end) {
    const core::Bytes whole = encode(sample_diff());
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_EQ(decode_reverse_diff(core::ByteView(whole).first(size)), std::nullopt) << size;
    EXPECT_EQ(decode_reverse_diff(core::Bytes(4, 0xff)), std::nullopt);
}

TEST(ReverseDiff, finds_accounts_and_slots) {
    const ReverseDiff diff = sample_diff();
    EXPECT_EQ(find_account(diff, address(9)), nullptr);
    const OverwrittenAccount* account = find_account(diff, address(4));
    ASSERT_NE(account, nullptr);
    EXPECT_EQ(account->address, address(4));
    for (std::uint64_t key = 0; key < 4; ++key) {
        const OverwrittenSlot* slot = find_slot(*account, core::keccak256(word(key)));
        ASSERT_NE(slot, nullptr);
        EXPECT_EQ(slot->before, word(key));
    }
    EXPECT_EQ(find_slot(*account, core::keccak256(word(4))), nullptr);
}

TEST(Fingerprints, name_every_key_of_a_diff) {
    const auto all = fingerprints_of(sample_diff());
    EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
    EXPECT_EQ(all.size(), 20u);
    for (const OverwrittenAccount& account : sample_diff()) {
        EXPECT_TRUE(std::binary_search(all.begin(), all.end(), fingerprint(account.address)));
        for (const OverwrittenSlot& slot : account.slots)
            EXPECT_TRUE(
                std::binary_search(all.begin(), all.end(), fingerprint(account.address, slot.slot_hash)));
    }
    EXPECT_EQ(decode_fingerprints(encode(all)), all);
    EXPECT_EQ(decode_fingerprints(core::Bytes(3)), std::nullopt);
}

TEST(Fingerprints, tell_native_contracts_apart) {
    core::Address first{};
    first[18] = 0x5e;
    core::Address second = first;
    second[19] = 3;
    EXPECT_NE(fingerprint(first), fingerprint(second));
    EXPECT_NE(fingerprint(first, core::keccak256(word(1))), fingerprint(second, core::keccak256(word(1))));
}

}  // namespace
}  // namespace sluice::ledger
