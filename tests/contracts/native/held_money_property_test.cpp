/// Random locks, releases, refunds, expiries and façade transfers: after each block the chain of the tests
/// checks that no money came or went; here entries are added up as well.
#include <gtest/gtest.h>

#include "tests/contracts/native/robot.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;

constexpr std::size_t banks = 4;
constexpr std::size_t robots = 2;

class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ull + 1) {}
    std::size_t below(std::size_t bound) {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return static_cast<std::size_t>(state_ >> 11) % bound;
    }

  private:
    std::uint64_t state_;
};

class HeldMoney : public testing::TestWithParam<std::uint64_t> {
  protected:
    HeldMoney() : chain(banks), random(GetParam()) {
        for (std::size_t bank = 0; bank < banks; ++bank)
            chain.issue(bank, 1'000);
        for (std::uint8_t number = 0; number < robots; ++number) {
            const core::Address robot = add_robot(chain, number);
            chain.send(admin_of(number), calls::set_holder(robot, HolderStatus::active));
        }
    }

    /// A bank's settlement address, or a holder.
    core::Address somebody() {
        const std::size_t choice = random.below(banks + robots);
        return choice < banks ? maker_of(choice) : robot_address(static_cast<std::uint8_t>(choice - banks));
    }
    /// What makes `who` do something.
    Sent act_of(const core::Address& who, const ContractCall& call) {
        const bool is_robot = who[0] == robot_address(0)[0];
        return is_robot ? Sent{maker_of(0), through(who, call)} : Sent{who, call};
    }
    LockId some_lock() { return locks.empty() ? LockId{} : locks[random.below(locks.size())]; }
    Sent lock() {
        const std::size_t payer = random.below(banks);
        const core::Word operation = core::word_from_u64(1 + random.below(40));
        const LockOrder order{.operation = operation,
                              .payer = bank_bic(payer),
                              .beneficiary = bank_bic(random.below(banks)),
                              .currency = eur,
                              .amount = random.below(400),
                              .expiry_ms = core::time_ms_of(chain.head) + 1'000 * random.below(8)};
        locks.push_back(lock_id(order.payer, operation));
        return {maker_of(payer), calls::lock(order)};
    }
    Sent act() {
        const core::Minor amount = random.below(400);
        switch (random.below(8)) {
            case 0:
            case 1:
                return lock();
            case 2:
                return {maker_of(random.below(banks)), calls::release(some_lock())};
            case 3:
                return {maker_of(random.below(banks)), calls::refund(some_lock())};
            case 4:
                return act_of(somebody(), calls::facade_transfer(eur, somebody(), random.below(400)));
            case 5:
                return act_of(somebody(), calls::facade_approve(eur, somebody(), random.below(600)));
            case 6:
                return act_of(somebody(),
                              calls::facade_transfer_from(eur, somebody(), somebody(), random.below(300)));
            default:
                return submit({.payer = random.below(banks),
                               .payee = random.below(banks),
                               .amount = amount,
                               .number = ++payments});
        }
    }
    void count_entries() {
        for (const SettlementEvent& event : chain.events()) {
            if (const auto* bank = std::get_if<AccountEntryEvent>(&event))
                count(word_of(bank->bic), bank->entry, bank->delta, bank->balance);
            if (const auto* holder = std::get_if<HolderEntryEvent>(&event))
                count(word_of(holder->holder), holder->entry, holder->delta, holder->balance);
            closed += std::holds_alternative<LockClosedEvent>(event) ? 1 : 0;
        }
    }
    void count(const core::Word& owner, std::uint64_t entry, core::SignedMinor delta,
               core::SignedMinor balance) {
        auto& [entries, sum] = statements[owner];
        EXPECT_EQ(entry, ++entries);
        sum += delta;
        EXPECT_EQ(balance, sum);
    }
    /// What accounts and holders have, and what is locked.
    core::SignedMinor all_money() const {
        core::SignedMinor sum = 0;
        for (std::size_t bank = 0; bank < banks; ++bank) {
            const PositionInfo position = chain.position(bank);
            // Within a set that settles at once an entry may pass below the floor; no block ends there.
            EXPECT_GE(position.balance, 0);
            sum += position.balance + static_cast<core::SignedMinor>(position.locked);
        }
        for (std::uint8_t number = 0; number < robots; ++number) {
            const auto output = chain.look(calls::facade_balance(eur, robot_address(number))).output;
            sum += static_cast<core::SignedMinor>(results::amount(output).value());
        }
        return sum;
    }

    SettlementChain chain;
    Random random;
    std::vector<LockId> locks;
    std::uint64_t payments = 0;
    std::size_t closed = 0;
    std::map<core::Word, std::pair<std::uint64_t, core::SignedMinor>> statements;
};
INSTANTIATE_TEST_SUITE_P(Seeds, HeldMoney, testing::Range<std::uint64_t>(1, 11));

TEST_P(HeldMoney, is_never_created_or_lost_and_every_change_is_an_entry) {
    // The entries of the issues came before.
    for (std::size_t bank = 0; bank < banks; ++bank)
        statements[word_of(bank_bic(bank))] = {1, 1'000};
    for (std::size_t block = 0; block < 40; ++block) {
        std::vector<Sent> sent;
        for (std::size_t i = 1 + random.below(6); i > 0; --i)
            sent.push_back(act());
        chain.block(sent);
        count_entries();
        ASSERT_EQ(all_money(), 1'000 * static_cast<core::SignedMinor>(banks));
    }
    EXPECT_GT(closed, 5u) << "the script must do something";
    chain.block({}, core::time_ms_of(chain.head) + hour_ms);
    count_entries();
    for (std::size_t bank = 0; bank < banks; ++bank)
        EXPECT_EQ(chain.position(bank).locked, 0u) << "every lock has ended";
    EXPECT_EQ(all_money(), 1'000 * static_cast<core::SignedMinor>(banks));
}

}  // namespace
}  // namespace sluice::contracts
