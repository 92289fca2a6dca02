#include "contracts/journaled_state.hpp"

#include <gtest/gtest.h>

#include <random>

#include "tests/contracts/memory_state.hpp"

namespace sluice::contracts {
namespace {

using core::Address;
using core::Uint256;
using core::Word;
using test::MemoryState;

Address address(std::uint8_t number) {
    Address result{};
    result[19] = number;
    return result;
}
Word word(std::uint64_t number) {
    return core::word_from_u64(number);
}

class JournaledStateTest : public testing::Test {
  protected:
    JournaledStateTest() {
        view.put(address(1), {.nonce = 5, .balance = Uint256(100), .code_hash = core::empty_code_hash});
        view.put(address(2), {.nonce = 1, .balance = {}, .code_hash = core::empty_code_hash});
        view.put_slot(address(2), word(1), word(11));
        view.put_slot(address(2), word(2), word(22));
    }
    MemoryState view;
    JournaledState state{view};
};

TEST_F(JournaledStateTest, reads_through_and_asks_the_view_once) {
    EXPECT_EQ(state.nonce(address(1)), 5u);
    EXPECT_EQ(state.storage(address(2), word(1)), word(11));
    const std::size_t reads = view.reads;
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(state.balance(address(1)), Uint256(100));
        EXPECT_EQ(state.storage(address(2), word(1)), word(11));
        state.begin_transaction();
    }
    EXPECT_EQ(view.reads, reads);
}

TEST_F(JournaledStateTest, an_unchanged_state_has_an_empty_diff) {
    state.begin_transaction();
    state.set_storage(address(2), word(1), word(99));
    state.set_storage(address(2), word(1), word(11));
    state.set_balance(address(1), Uint256(1));
    state.set_balance(address(1), Uint256(100));
    state.touch(address(77));
    state.warm(address(78));
    state.finish_transaction();
    EXPECT_TRUE(state.take_diff().accounts.empty());
}

TEST_F(JournaledStateTest, the_diff_is_sorted_and_has_only_real_changes) {
    state.begin_transaction();
    state.set_storage(address(2), word(9), word(1));
    state.set_storage(address(2), word(1), word(0));
    state.set_storage(address(2), word(2), word(22));
    ASSERT_TRUE(state.transfer(address(1), address(9), Uint256(7)));
    ASSERT_TRUE(state.transfer(address(1), address(3), Uint256(3)));
    state.finish_transaction();
    const core::StateDiff diff = state.take_diff();
    ASSERT_EQ(diff.accounts.size(), 4u);
    EXPECT_EQ(diff.accounts[0].account->balance, Uint256(90));
    EXPECT_EQ(diff.accounts[1].address, address(2));
    ASSERT_EQ(diff.accounts[1].slots.size(), 2u);
    EXPECT_EQ(diff.accounts[1].slots[0], (core::SlotChange{word(1), word(0)}));
    EXPECT_EQ(diff.accounts[1].slots[1], (core::SlotChange{word(9), word(1)}));
    EXPECT_EQ(diff.accounts[2].address, address(3));
    EXPECT_EQ(diff.accounts[3].account->balance, Uint256(7));
    view.apply(diff);
    EXPECT_EQ(view.storage(address(2), word(1)), word(0));
}

TEST_F(JournaledStateTest, revert_takes_back_everything_since_the_checkpoint) {
    state.begin_transaction();
    state.set_nonce(address(1), 6);
    state.warm(address(2));
    const Checkpoint before = state.checkpoint();
    ASSERT_TRUE(state.transfer(address(1), address(50), Uint256(60)));
    state.set_nonce(address(1), 7);
    state.set_code(address(50), core::share({1, 2, 3}));
    state.set_storage(address(2), word(1), word(5));
    state.set_transient(address(2), word(1), word(6));
    state.add_log({address(2), {}, {}});
    state.add_refund(4800);
    state.create_account(address(60));
    state.destroy(address(2));
    EXPECT_TRUE(state.warm(address(3)));
    EXPECT_TRUE(state.warm(address(2), word(1)));

    state.revert_to(before);
    EXPECT_EQ(state.nonce(address(1)), 6u);
    EXPECT_EQ(state.balance(address(1)), Uint256(100));
    EXPECT_FALSE(state.exists(address(50)));
    EXPECT_FALSE(state.exists(address(60)));
    EXPECT_FALSE(state.was_created_in_transaction(address(60)));
    EXPECT_EQ(state.storage(address(2), word(1)), word(11));
    EXPECT_EQ(state.transient(address(2), word(1)), word(0));
    EXPECT_TRUE(state.logs().empty());
    EXPECT_EQ(state.refund(), 0);
    EXPECT_FALSE(state.is_warm(address(3)));
    EXPECT_TRUE(state.is_warm(address(2)));
    EXPECT_TRUE(state.warm(address(2), word(1)));
    state.finish_transaction();
    EXPECT_TRUE(state.exists(address(2)));
}

TEST_F(JournaledStateTest, original_value_is_that_before_the_transaction) {
    state.begin_transaction();
    state.set_storage(address(2), word(1), word(50));
    EXPECT_EQ(state.original_storage(address(2), word(1)), word(11));
    state.finish_transaction();
    state.begin_transaction();
    EXPECT_EQ(state.original_storage(address(2), word(1)), word(50));
    const Checkpoint before = state.checkpoint();
    state.set_storage(address(2), word(1), word(51));
    state.revert_to(before);
    state.set_storage(address(2), word(1), word(52));
    EXPECT_EQ(state.original_storage(address(2), word(1)), word(50));
    EXPECT_EQ(state.original_storage(address(2), word(7)), word(0));
}

TEST_F(JournaledStateTest, transient_data_logs_refund_and_warmth_end_with_the_transaction) {
    state.begin_transaction();
    state.set_transient(address(2), word(1), word(6));
    EXPECT_EQ(state.transient(address(2), word(1)), word(6));
    EXPECT_EQ(state.transient(address(1), word(1)), word(0));
    state.add_log({address(2), {}, {}});
    state.add_refund(10);
    EXPECT_TRUE(state.warm(address(1)));
    EXPECT_FALSE(state.warm(address(1)));
    state.finish_transaction();
    EXPECT_EQ(state.take_logs().size(), 1u);
    state.begin_transaction();
    EXPECT_EQ(state.transient(address(2), word(1)), word(0));
    EXPECT_EQ(state.refund(), 0);
    EXPECT_TRUE(state.logs().empty());
    EXPECT_FALSE(state.is_warm(address(1)));
    EXPECT_EQ(state.transient(address(2), word(1)), word(0));
}

TEST_F(JournaledStateTest, a_destroyed_account_goes_with_its_storage_at_the_end) {
    state.begin_transaction();
    state.set_storage(address(2), word(3), word(33));
    state.destroy(address(2));
    EXPECT_EQ(state.storage(address(2), word(1)), word(11));
    state.finish_transaction();
    EXPECT_FALSE(state.exists(address(2)));
    EXPECT_EQ(state.storage(address(2), word(2)), word(0));
    EXPECT_FALSE(state.has_storage(address(2)));
    const core::StateDiff diff = state.take_diff();
    ASSERT_EQ(diff.accounts.size(), 1u);
    EXPECT_FALSE(diff.accounts[0].account.has_value());
    view.apply(diff);
    EXPECT_FALSE(view.has_storage(address(2)));
}

TEST_F(JournaledStateTest, an_account_made_again_starts_without_its_old_storage) {
    state.begin_transaction();
    EXPECT_EQ(state.storage(address(2), word(1)), word(11));
    state.destroy(address(2));
    state.finish_transaction();
    state.begin_transaction();
    state.create_account(address(2));
    EXPECT_TRUE(state.was_created_in_transaction(address(2)));
    state.set_nonce(address(2), 1);
    EXPECT_EQ(state.storage(address(2), word(2)), word(0));
    state.set_storage(address(2), word(1), word(11));
    state.set_storage(address(2), word(5), word(55));
    state.finish_transaction();
    const core::StateDiff diff = state.take_diff();
    ASSERT_EQ(diff.accounts.size(), 1u);
    EXPECT_TRUE(diff.accounts[0].storage_cleared);
    EXPECT_EQ(diff.accounts[0].slots.size(), 2u);
    view.apply(diff);
    EXPECT_EQ(view.storage(address(2), word(1)), word(11));
    EXPECT_EQ(view.storage(address(2), word(2)), word(0));
    EXPECT_EQ(view.storage(address(2), word(5)), word(55));
}

TEST_F(JournaledStateTest, touching_ripemd_is_never_undone) {
    const core::Address ripemd = address(3);
    view.put(ripemd, {});
    view.put(address(4), {});
    JournaledState fresh(view);
    fresh.begin_transaction();
    const Checkpoint before = fresh.checkpoint();
    fresh.touch(ripemd);
    fresh.touch(address(4));
    fresh.revert_to(before);
    fresh.finish_transaction();
    EXPECT_FALSE(fresh.exists(ripemd));
    EXPECT_TRUE(fresh.exists(address(4)));
}

TEST_F(JournaledStateTest, touched_empty_accounts_go_at_the_end) {
    view.put(address(8), {});
    JournaledState fresh(view);
    fresh.begin_transaction();
    EXPECT_TRUE(fresh.exists(address(8)));
    EXPECT_TRUE(fresh.is_empty(address(8)));
    ASSERT_TRUE(fresh.transfer(address(1), address(8), Uint256(0)));
    ASSERT_TRUE(fresh.transfer(address(1), address(99), Uint256(0)));
    fresh.finish_transaction();
    EXPECT_FALSE(fresh.exists(address(8)));
    const core::StateDiff diff = fresh.take_diff();
    ASSERT_EQ(diff.accounts.size(), 1u);
    EXPECT_EQ(diff.accounts[0].address, address(8));
}

TEST_F(JournaledStateTest, transfer_refuses_what_is_not_there) {
    state.begin_transaction();
    EXPECT_FALSE(state.transfer(address(1), address(2), Uint256(101)));
    EXPECT_TRUE(state.transfer(address(1), address(1), Uint256(100)));
    EXPECT_FALSE(state.transfer(address(1), address(1), Uint256(101)));
    EXPECT_EQ(state.balance(address(1)), Uint256(100));
    state.set_balance(address(3), ~Uint256(0));
    EXPECT_FALSE(state.transfer(address(1), address(3), Uint256(1)));
    EXPECT_EQ(state.balance(address(1)), Uint256(100));
}

TEST_F(JournaledStateTest, code_is_read_by_hash_and_enters_the_diff_when_deployed) {
    view.put_code(address(4), {0xfe});
    state.begin_transaction();
    EXPECT_EQ(*state.code(address(4)), core::Bytes{0xfe});
    EXPECT_TRUE(state.code(address(1))->empty());
    EXPECT_TRUE(state.code(address(200))->empty());
    EXPECT_EQ(state.code_hash(address(1)), core::empty_code_hash);
    EXPECT_EQ(state.code_hash(address(200)), core::Hash{});
    const Checkpoint before = state.checkpoint();
    state.set_code(address(4), core::share({1}));
    state.set_code(address(4), core::share({2}));
    state.revert_to(before);
    EXPECT_EQ(*state.code(address(4)), core::Bytes{0xfe});
    state.set_code(address(1), core::share({7, 7}));
    state.finish_transaction();
    const core::StateDiff diff = state.take_diff();
    ASSERT_EQ(diff.accounts.size(), 1u);
    ASSERT_NE(diff.accounts[0].code, nullptr);
    EXPECT_EQ(*diff.accounts[0].code, (core::Bytes{7, 7}));
    EXPECT_EQ(diff.accounts[0].account->code_hash, core::keccak256(core::Bytes{7, 7}));
}

TEST_F(JournaledStateTest, has_storage_sees_the_view_and_the_block) {
    state.begin_transaction();
    EXPECT_TRUE(state.has_storage(address(2)));
    EXPECT_FALSE(state.has_storage(address(1)));
    state.set_storage(address(1), word(1), word(1));
    EXPECT_TRUE(state.has_storage(address(1)));
}

TEST_F(JournaledStateTest, storage_changes_are_visited_in_the_order_of_first_use) {
    state.begin_transaction();
    state.set_storage(address(2), word(40), word(1));
    EXPECT_FALSE(state.has_storage_changes(address(1)));
    state.storage(address(2), word(1));
    state.set_storage(address(2), word(30), word(2));
    state.set_storage(address(2), word(2), word(0));
    std::vector<std::pair<Word, Word>> seen;
    state.for_each_storage_change(address(2), [&](const Word& key, const Word& before, const Word& now) {
        state.storage(address(2), word(1000 + seen.size()));
        seen.emplace_back(key, now);
        EXPECT_EQ(before, key == word(2) ? word(22) : word(0));
    });
    const std::vector<std::pair<Word, Word>> expected{
        {word(40), word(1)}, {word(30), word(2)}, {word(2), word(0)}};
    EXPECT_EQ(seen, expected);
    EXPECT_TRUE(state.has_storage_changes(address(2)));
}

TEST_F(JournaledStateTest, the_table_seed_does_not_reach_the_diff) {
    std::vector<core::StateDiff> diffs;
    for (const std::uint64_t seed : {0ull, 1ull, 0xdeadbeefull}) {
        JournaledState seeded(view, seed);
        seeded.begin_transaction();
        for (std::uint64_t i = 0; i < 500; ++i)
            seeded.set_storage(address(2), word(i * 7919), word(i + 1));
        seeded.finish_transaction();
        diffs.push_back(seeded.take_diff());
    }
    EXPECT_EQ(diffs[0], diffs[1]);
    EXPECT_EQ(diffs[0], diffs[2]);
    EXPECT_EQ(diffs[0].accounts[0].slots.size(), 500u);
}

/// A naive state that copies itself at every checkpoint.
struct Model {
    std::map<std::pair<Address, Word>, Word> slots, transients;
    std::map<Address, Uint256> balances;
    std::map<Address, std::uint64_t> nonces;
    std::size_t logs = 0;
    bool operator==(const Model&) const = default;
};

/// Random walks over both, with nested checkpoints and transactions; they must agree wherever one looks.
class JournaledStateWalk : public testing::TestWithParam<unsigned> {};

TEST_P(JournaledStateWalk, agrees_with_a_state_that_copies_itself) {
    std::mt19937 random(GetParam());
    MemoryState view;
    Model model;
    for (std::uint8_t a = 0; a < 4; ++a) {
        view.put(address(a), {.nonce = 1, .balance = Uint256(1000), .code_hash = core::empty_code_hash});
        model.balances[address(a)] = Uint256(1000);
        model.nonces[address(a)] = 1;
        for (std::uint64_t k = 0; k < 4; k += 2) {
            view.put_slot(address(a), word(k), word(k + 1));
            model.slots[{address(a), word(k)}] = word(k + 1);
        }
    }
    JournaledState state(view, GetParam());
    std::vector<std::pair<Checkpoint, Model>> stack;
    state.begin_transaction();
    for (int step = 0; step < 4000; ++step) {
        const Address a = address(static_cast<std::uint8_t>(random() % 4));
        const Word key = word(random() % 4);
        const Word value = word(random() % 3);
        switch (random() % 10) {
            case 0:
            case 1:
            case 2:
                state.set_storage(a, key, value), model.slots[{a, key}] = value;
                break;
            case 3:
                state.set_transient(a, key, value), model.transients[{a, key}] = value;
                break;
            case 4: {
                const Address to = address(static_cast<std::uint8_t>(random() % 4));
                const Uint256 amount(random() % 400);
                const bool enough = model.balances[a] >= amount;
                ASSERT_EQ(state.transfer(a, to, amount), enough);
                if (enough) {
                    model.balances[a] = model.balances[a] - amount;
                    model.balances[to] = model.balances[to] + amount;
                }
                break;
            }
            case 5:
                state.set_nonce(a, ++model.nonces[a]);
                break;
            case 6:
                state.add_log({a, {}, {}}), ++model.logs;
                break;
            case 7:
                stack.emplace_back(state.checkpoint(), model);
                break;
            case 8:
                if (stack.empty()) break;
                state.revert_to(stack.back().first);
                model = stack.back().second;
                stack.pop_back();
                break;
            default:
                if (random() % 20 != 0) break;
                state.finish_transaction();
                state.begin_transaction();
                stack.clear();
                model.transients.clear();
                model.logs = 0;
        }
        ASSERT_EQ(state.storage(a, key), (model.slots[{a, key}]));
        ASSERT_EQ(state.transient(a, key), (model.transients[{a, key}]));
        ASSERT_EQ(state.balance(a), model.balances[a]);
        ASSERT_EQ(state.nonce(a), model.nonces[a]);
        ASSERT_EQ(state.logs().size(), model.logs);
    }
    state.finish_transaction();
    view.apply(state.take_diff());
    for (const auto& [where, value] : model.slots)
        EXPECT_EQ(view.storage(where.first, where.second), value);
    for (const auto& [who, balance] : model.balances)
        EXPECT_EQ(view.account(who)->balance, balance);
}

INSTANTIATE_TEST_SUITE_P(Seeds, JournaledStateWalk, testing::Range(1u, 9u));

TEST(JournaledStateDeathTest, storage_of_an_absent_account_is_refused) {
    MemoryState view;
    JournaledState state(view);
    EXPECT_DEATH(state.set_storage(address(1), word(1), word(1)), "exists");
}

}  // namespace
}  // namespace sluice::contracts
