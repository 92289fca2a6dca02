#include "contracts/evm/code.hpp"

#include <gtest/gtest.h>

#include "contracts/creation.hpp"
#include "contracts/evm/code_cache.hpp"
#include "contracts/evm/frame_pool.hpp"

namespace sluice::contracts::evm {
namespace {

bool is_destination(const Code& code, std::size_t at) {
    return (code.destinations()[at / 64] >> (at % 64) & 1) != 0;
}

TEST(Code, marks_jumpdests_but_not_in_the_data_of_pushes) {
    Code code;
    code.assign(core::Bytes{0x5b, 0x60, 0x5b, 0x5b, 0x7f, 0x5b});
    EXPECT_TRUE(is_destination(code, 0));
    EXPECT_FALSE(is_destination(code, 1));
    EXPECT_FALSE(is_destination(code, 2));
    EXPECT_TRUE(is_destination(code, 3));
    EXPECT_FALSE(is_destination(code, 5));
    EXPECT_EQ(code.size(), 6u);
}

TEST(Code, agrees_with_a_plain_reading_of_any_bytes) {
    std::uint64_t random = 1;
    Code code;
    for (int round = 0; round < 200; ++round) {
        core::Bytes bytes(static_cast<std::size_t>(round));
        for (std::uint8_t& byte : bytes) {
            random = random * 6364136223846793005ull + 1442695040888963407ull;
            const auto high = static_cast<std::uint8_t>(random >> 56);
            byte = high < 100 ? std::uint8_t{0x5b} : high;
        }
        std::vector<bool> expected(bytes.size(), false);
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            if (bytes[at] == 0x5b) expected[at] = true;
            if (bytes[at] >= 0x60 && bytes[at] <= 0x7f) at += bytes[at] - 0x5fu;
        }
        code.assign(bytes);
        for (std::size_t at = 0; at < bytes.size(); ++at)
            ASSERT_EQ(is_destination(code, at), expected[at]) << round << " " << at;
    }
}

TEST(Code, is_followed_by_33_zeros_whatever_was_there_before) {
    Code code;
    code.assign(core::Bytes(100, 0xff));
    code.assign(core::Bytes{0x7f});
    for (std::size_t at = 1; at < 34; ++at)
        EXPECT_EQ(code.begin()[at], 0) << at;
}

core::Hash hash_in_first_set(std::uint8_t number) {
    core::Hash hash{};
    hash[31] = number;
    return hash;
}

class CodeCacheTest : public testing::Test {
  protected:
    CodeCache::Pin find(std::uint8_t number) {
        return cache.find(hash_in_first_set(number), [&] {
            ++loads;
            return core::share({number});
        });
    }
    CodeCache cache;
    int loads = 0;
};

TEST_F(CodeCacheTest, loads_a_code_once) {
    EXPECT_EQ(*find(1).code().begin(), 1);
    EXPECT_EQ(*find(1).code().begin(), 1);
    EXPECT_EQ(loads, 1);
}

TEST_F(CodeCacheTest, gives_up_the_oldest_code_of_a_full_set_in_a_later_round) {
    for (std::uint8_t number = 1; number <= CodeCache::ways + 1; ++number) {
        find(number);
        cache.end_round();
    }
    EXPECT_EQ(*find(3).code().begin(), 3);
    EXPECT_EQ(loads, 5);
    EXPECT_EQ(*find(1).code().begin(), 1);
    EXPECT_EQ(loads, 6);
}

TEST_F(CodeCacheTest, loads_a_code_once_in_a_round_however_many_share_its_set) {
    const std::uint8_t many = 5 * CodeCache::ways;
    for (int times = 0; times < 3; ++times)
        for (std::uint8_t number = 1; number <= many; ++number)
            EXPECT_EQ(*find(number).code().begin(), number);
    EXPECT_EQ(loads, many);
    cache.end_round();
    for (std::uint8_t number = 1; number <= many; ++number)
        EXPECT_EQ(*find(number).code().begin(), number);
    EXPECT_LE(loads, 2 * many) << "what the sets cannot hold is loaded anew in the next round";
}

TEST_F(CodeCacheTest, keeps_code_in_place_while_it_is_pinned) {
    std::vector<CodeCache::Pin> pins;
    for (std::uint8_t number = 1; number <= 3 * CodeCache::ways; ++number)
        pins.push_back(find(number));
    for (std::uint8_t number = 1; number <= 3 * CodeCache::ways; ++number)
        EXPECT_EQ(pins[number - 1].code().begin(), find(number).code().begin());
}

TEST(FramePool, keeps_addresses_while_it_grows) {
    FramePool pool;
    FrameStore* const first = &pool.at(0);
    pool.at(1'024);
    EXPECT_EQ(&pool.at(0), first);
}

TEST(FramePool, gives_large_memories_back) {
    FramePool pool;
    pool.at(5).memory.grow(1 << 20);
    pool.trim();
    EXPECT_EQ(pool.at(5).memory.data(), nullptr);
    pool.at(5).memory.grow(4'096);
    pool.trim();
    EXPECT_NE(pool.at(5).memory.data(), nullptr);
}

TEST(Memory, is_zero_where_it_grows_after_being_used) {
    Memory memory;
    memory.grow(64);
    std::fill(memory.data(), memory.data() + 64, std::uint8_t{0xff});
    memory.clear();
    memory.grow(32);
    memory.grow(100'000 / 32 * 32);
    for (const std::uint8_t byte : memory.bytes())
        ASSERT_EQ(byte, 0);
}

}  // namespace
}  // namespace sluice::contracts::evm
