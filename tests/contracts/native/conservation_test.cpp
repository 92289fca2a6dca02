#include "contracts/native/conservation.hpp"

#include <gtest/gtest.h>

#include "tests/contracts/native/settlement_chain.hpp"

namespace sluice::contracts::native {
namespace {

using namespace test;
using Law = MoneyFault::Law;

/// Changes of a block that no settlement contract makes.
class ConservationTest : public testing::Test {
  protected:
    void SetUp() override {
        chain.issue(0, 1'000);
        chain.issue(1, 1'000);
    }
    static AccountId account(std::uint32_t bank, CurrencyIndex currency = 1) { return {bank + 1, currency}; }
    /// Books on an account without its counterpart.
    std::vector<MoneyFault> after(const std::vector<std::pair<AccountId, core::SignedMinor>>& changes) {
        JournaledState state(chain.state);
        for (const auto& [id, delta] : changes) {
            Account each(Storage(state, accounts_address), id);
            each.book(delta);
            each.store();
        }
        const std::vector<MoneyFault> faults = find_money_faults(state);
        const bool is_conserved = settlement_registry().hooks.check_money(state) == MoneyVerdict::conserved;
        EXPECT_EQ(is_conserved, faults.empty());
        const core::StateDiff diff = state.take_diff();
        EXPECT_EQ(find_money_faults(diff, chain.state), faults);
        return faults;
    }
    SettlementChain chain;
};

TEST_F(ConservationTest, a_transfer_conserves_money) {
    EXPECT_TRUE(after({{account(0), -400}, {account(1), 400}}).empty());
}

TEST_F(ConservationTest, money_from_nowhere_is_found) {
    EXPECT_EQ(after({{account(0), 1}}), (std::vector<MoneyFault>{{Law::conservation, {0, 1}, 1}}));
}

TEST_F(ConservationTest, a_transfer_between_currencies_breaks_both) {
    EXPECT_EQ(after({{account(0, 1), -5}, {account(0, 2), 5}}),
              (std::vector<MoneyFault>{{Law::conservation, {0, 1}, -5}, {Law::conservation, {0, 2}, 5}}));
}

TEST_F(ConservationTest, a_balance_below_its_floor_is_found_though_money_is_conserved) {
    EXPECT_EQ(after({{account(0), -1'001}, {account(1), 1'001}}),
              (std::vector<MoneyFault>{{Law::floor, account(0), -1}}));
    chain.set_credit_line(0, 1);
    EXPECT_TRUE(after({{account(0), -1'001}, {account(1), 1'001}}).empty());
}

TEST_F(ConservationTest, locked_money_counts) {
    JournaledState state(chain.state);
    Account each(Storage(state, accounts_address), account(0));
    each.lock(10);
    each.store();
    EXPECT_EQ(find_money_faults(state), (std::vector<MoneyFault>{{Law::conservation, {0, 1}, 10}}));
}

TEST_F(ConservationTest, an_audit_of_the_whole_state_finds_what_no_block_did) {
    const auto audit_of = [&] {
        MoneyAudit audit;
        chain.state.for_each_slot(
            accounts_address, [&](const core::Word& key, const core::Word& value) { audit.add(key, value); });
        return audit;
    };
    EXPECT_TRUE(audit_of().faults().empty());
    EXPECT_EQ(audit_of().held(1), 2'000);
    EXPECT_EQ(audit_of().held(2), 0);
    const core::Word key = account_slot_key(AccountSlot::money, account(1));
    core::Word value = chain.state.storage(accounts_address, key);
    value[31] ^= 1;
    chain.state.put_slot(accounts_address, key, value);
    ASSERT_EQ(audit_of().faults().size(), 1u);
    EXPECT_EQ(audit_of().faults()[0].law, Law::conservation);
    chain.state.put_slot(accounts_address, key, core::Word(core::Uint256(~std::uint64_t{0}).to_word()));
    EXPECT_FALSE(audit_of().faults().empty()) << "whatever a damaged slot says, the sums do not overflow";
    core::Word all_ones;
    all_ones.fill(0xff);
    chain.state.put_slot(accounts_address, key, all_ones);
    EXPECT_FALSE(audit_of().faults().empty());
}

TEST(AccountSlots, are_told_by_their_keys) {
    const AccountId id{7, 3};
    EXPECT_EQ(account_slot_of(account_slot_key(AccountSlot::money, id)).kind, AccountSlot::money);
    EXPECT_EQ(account_slot_of(account_slot_key(AccountSlot::money, id)).id, id);
    EXPECT_EQ(account_slot_of(account_slot_key(AccountSlot::terms, id)).kind, AccountSlot::terms);
    EXPECT_EQ(account_slot_of(account_slot_key(AccountSlot::totals, id)).id, (AccountId{0, 3}));
    EXPECT_EQ(account_slot_of(core::Word{}).kind, AccountSlot::other);
    core::Word padded = account_slot_key(AccountSlot::money, id);
    padded[20] = 1;
    EXPECT_EQ(account_slot_of(padded).kind, AccountSlot::other);
}

}  // namespace
}  // namespace sluice::contracts::native
