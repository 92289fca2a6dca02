#include "contracts/native/ordered_set.hpp"

#include <gtest/gtest.h>

#include <set>

#include "contracts/native/row_key.hpp"
#include "tests/contracts/memory_state.hpp"

namespace sluice::contracts::native {
namespace {

using test::MemoryState;

class OrderedSetTest : public testing::Test {
  protected:
    std::size_t stored_slots() {
        std::size_t count = 0;
        state.for_each_storage_change(address,
                                      [&](const core::Word&, const core::Word&, const core::Word& now) {
                                          if (now != core::Word{}) ++count;
                                      });
        return count;
    }
    static constexpr core::Address address{0x01};
    /// An account whose storage may be written.
    static MemoryState with_account() {
        MemoryState memory;
        memory.put(address, {.nonce = 1, .balance = {}});
        return memory;
    }
    MemoryState view = with_account();
    JournaledState state{view};
    OrderedSet set{Storage(state, address), row_key(7, std::uint32_t{9})};
};

TEST_F(OrderedSetTest, an_empty_set_has_no_first) {
    EXPECT_EQ(set.first(), std::nullopt);
    EXPECT_EQ(set.after(0), std::nullopt);
    EXPECT_FALSE(set.erase(5));
}

TEST_F(OrderedSetTest, insert_and_erase_say_whether_they_changed_anything) {
    EXPECT_TRUE(set.insert(5));
    EXPECT_FALSE(set.insert(5));
    EXPECT_TRUE(set.contains(5));
    EXPECT_TRUE(set.erase(5));
    EXPECT_FALSE(set.erase(5));
    EXPECT_FALSE(set.contains(5));
}

TEST_F(OrderedSetTest, nothing_stays_in_storage_when_the_last_member_goes) {
    for (const std::uint64_t number : {0ull, 255ull, 256ull, 70'000ull, (1ull << 48) - 1})
        set.insert(number);
    EXPECT_GT(stored_slots(), 0u);
    for (const std::uint64_t number : {256ull, 0ull, (1ull << 48) - 1, 255ull, 70'000ull})
        set.erase(number);
    EXPECT_EQ(stored_slots(), 0u);
}

TEST_F(OrderedSetTest, numbers_at_the_edges_of_words_are_found_in_order) {
    const std::vector<std::uint64_t> numbers{
        0, 1, 7, 8, 255, 256, 65'535, 65'536, (1ull << 40), (1ull << 48) - 1};
    for (auto at = numbers.rbegin(); at != numbers.rend(); ++at)
        set.insert(*at);
    EXPECT_EQ(set.first(), 0u);
    for (std::size_t i = 0; i + 1 < numbers.size(); ++i)
        EXPECT_EQ(set.after(numbers[i]), numbers[i + 1]);
    EXPECT_EQ(set.after(numbers.back()), std::nullopt);
    EXPECT_EQ(set.after(300), 65'535u);
}

TEST_F(OrderedSetTest, agrees_with_a_model_under_random_changes) {
    std::set<std::uint64_t> model;
    std::uint64_t random = 88;
    for (int step = 0; step < 4'000; ++step) {
        random = random * 6364136223846793005ull + 1442695040888963407ull;
        // Clusters and far jumps: both dense words and deep paths occur.
        const std::uint64_t number = (random >> 60 & 1) != 0 ? random >> 58 : random >> (16 + (random & 31));
        const bool inserts = (random >> 33 & 3) != 0;
        if (inserts)
            EXPECT_EQ(set.insert(number), model.insert(number).second);
        else
            EXPECT_EQ(set.erase(number), model.erase(number) == 1);
        const std::uint64_t probe = random >> 20;
        const auto expected = model.upper_bound(probe);
        EXPECT_EQ(set.after(probe), expected == model.end() ? std::nullopt : std::optional(*expected));
        EXPECT_EQ(set.first(), model.empty() ? std::nullopt : std::optional(*model.begin()));
    }
}

TEST_F(OrderedSetTest, storage_depends_on_the_members_only) {
    const MemoryState other_view = with_account();
    JournaledState other_state(other_view);
    const OrderedSet other{Storage(other_state, address), row_key(7, std::uint32_t{9})};
    for (const std::uint64_t number : {9ull, 5'000ull, 77ull, 1'000'000ull})
        set.insert(number);
    for (const std::uint64_t number : {1'000'000ull, 3ull, 77ull, 5'000ull, 9ull})
        other.insert(number);
    other.erase(3);
    EXPECT_EQ(state.take_diff(), other_state.take_diff());
}

}  // namespace
}  // namespace sluice::contracts::native
