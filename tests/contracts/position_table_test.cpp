#include "contracts/position_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sluice::contracts {
namespace {

TEST(PositionTable, finds_what_was_inserted_and_nothing_else) {
    PositionTable table;
    std::vector<std::uint64_t> keys;
    for (std::uint64_t i = 0; i < 10'000; ++i) {
        const std::uint64_t key = mix_limb(7, i);
        table.insert(key, static_cast<std::uint32_t>(keys.size()));
        keys.push_back(key);
    }
    for (std::uint32_t i = 0; i < keys.size(); ++i)
        ASSERT_EQ(table.find(keys[i], [&](std::uint32_t at) { return keys[at] == keys[i]; }), i);
    EXPECT_EQ(table.find(mix_limb(7, 10'001), [](std::uint32_t) { return false; }), PositionTable::none);
}

TEST(PositionTable, keeps_entries_of_one_hash_apart) {
    PositionTable table;
    for (std::uint32_t position = 0; position < 200; ++position)
        table.insert(42, position);
    for (std::uint32_t wanted = 0; wanted < 200; ++wanted)
        EXPECT_EQ(table.find(42, [&](std::uint32_t at) { return at == wanted; }), wanted);
}

TEST(PositionTable, forgets_everything_when_cleared) {
    PositionTable table;
    table.insert(1, 1);
    table.clear();
    EXPECT_EQ(table.find(1, [](std::uint32_t) { return true; }), PositionTable::none);
    table.insert(1, 5);
    EXPECT_EQ(table.find(1, [](std::uint32_t) { return true; }), 5u);
}

TEST(MixLimb, spreads_keys_that_differ_in_one_bit) {
    std::vector<std::uint64_t> hashes;
    for (int bit = 0; bit < 64; ++bit)
        hashes.push_back(mix_limb(99, std::uint64_t{1} << bit) & 0xffff);
    std::sort(hashes.begin(), hashes.end());
    const auto distinct = std::unique(hashes.begin(), hashes.end()) - hashes.begin();
    EXPECT_GE(distinct, 60);
}

}  // namespace
}  // namespace sluice::contracts
