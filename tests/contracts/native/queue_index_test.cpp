/// Queues in memory: pieces that are shared, and content that is the state's.
#include "contracts/native/queue_index.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/contracts/native/settlement_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;

class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t below(std::uint64_t bound) {
        state_ = state_ * 6364136223846793005ull + 1442695040888963407ull;
        return (state_ >> 33) % bound;
    }

  private:
    std::uint64_t state_;
};

TEST(AccountQueue, follows_a_plain_sorted_map_through_thousands_of_changes) {
    Random random(11);
    std::map<std::pair<Priority, std::uint64_t>, QueuedPayment> plain;
    AccountQueue queue(7);
    std::uint64_t arrivals = 0;
    for (int round = 0; round < 2'000; ++round) {
        std::vector<QueuePlace> gone;
        std::vector<QueuedPayment> came;
        const bool shrinks = round % 400 > 300;
        // Mostly from the head, as payments settle; some from anywhere, as they are cancelled.
        for (auto each = plain.begin(); each != plain.end() && gone.size() < (shrinks ? 20u : 3u); ++each)
            if (random.below(4) == 0) gone.push_back({{7, 1}, each->first.first, each->first.second});
        for (const QueuePlace& place : gone)
            plain.erase({place.priority, place.arrival});
        for (std::uint64_t n = random.below(12); n > 0; --n) {
            const QueuedPayment payment{.arrival = ++arrivals,
                                        .amount = 1 + random.below(1'000),
                                        .payee = 3,
                                        .priority = static_cast<Priority>(random.below(4))};
            came.push_back(payment);
            plain[{payment.priority, payment.arrival}] = payment;
        }
        std::sort(came.begin(), came.end(), [](const auto& a, const auto& b) {
            return std::pair{a.priority, a.arrival} < std::pair{b.priority, b.arrival};
        });
        queue = queue.with(gone, came);
        ASSERT_EQ(queue.size(), plain.size());
        std::vector<QueuedPayment> expected;
        for (const auto& each : plain)
            expected.push_back(each.second);
        ASSERT_EQ(queue.payments(), expected) << "round " << round;
        const std::size_t some = std::min<std::size_t>(plain.size(), 5);
        ASSERT_EQ(queue.first(some),
                  std::vector(expected.begin(), expected.begin() + static_cast<int>(some)));
    }
    EXPECT_GT(plain.size(), 1'000u) << "the queue has many pieces";
}

TEST(QueueIndex, equals_the_state_after_thousands_of_acts) {
    // The chain compares them after every block.
    constexpr std::size_t banks = 5;
    SettlementChain chain(banks);
    for (std::size_t bank = 0; bank < banks; ++bank)
        chain.issue(bank, 2'000);
    Random random(5);
    std::uint64_t number = 0;
    std::vector<PaymentDraft> drafts;
    for (int block = 0; block < 150; ++block) {
        std::vector<Sent> acts;
        for (std::uint64_t n = random.below(25); n > 0; --n) {
            if (drafts.empty() || random.below(3) != 0) {
                const std::size_t payer = random.below(banks);
                drafts.push_back({.payer = payer,
                                  .payee = (payer + 1 + random.below(banks - 1)) % banks,
                                  .amount = 1 + random.below(4'000),
                                  .number = ++number,
                                  .priority = static_cast<Priority>(1 + random.below(3)),
                                  .currency = random.below(3) == 0 ? usd : eur,
                                  .value_date = 0});
                drafts.back().value_date = drafts.back().currency == usd ? 20'260'203 : genesis_date;
                acts.push_back(submit(drafts.back()));
                continue;
            }
            const PaymentDraft& draft = drafts[random.below(drafts.size())];
            const std::uint64_t kind = random.below(4);
            const PaymentId id = id_of(draft);
            const Priority priority = static_cast<Priority>(1 + random.below(3));
            acts.push_back({maker_of(draft.payer), kind == 0   ? calls::cancel(id, reason::by_customer)
                                                   : kind == 1 ? calls::hold(id)
                                                   : kind == 2 ? calls::unhold(id)
                                                               : calls::set_priority(id, priority)});
        }
        chain.block(acts);
        ASSERT_FALSE(testing::Test::HasFailure()) << "block " << block;
    }
    JournaledState journal(chain.state);
    EXPECT_GT(QueueIndex::read(journal)->of(1).payments, 20u) << "something is queued";
    EXPECT_GT(QueueIndex::read(journal)->of(2).payments, 5u);
}

TEST(QueueIndex, without_changes_the_same_index_goes_on) {
    SettlementChain chain(3);
    chain.pay({.payer = 0, .payee = 1, .amount = 100, .number = 1});
    const auto index = chain.last.queues;
    chain.issue(2, 5);
    EXPECT_EQ(chain.last.queues, index);
}

TEST(QueueIndex, a_change_of_one_account_shares_the_others) {
    SettlementChain chain(3);
    chain.pay({.payer = 0, .payee = 1, .amount = 100, .number = 1});
    const AccountQueue* first = chain.last.queues->of(1).find(1);
    ASSERT_NE(first, nullptr);
    const auto before = chain.last.queues;
    chain.pay({.payer = 1, .payee = 2, .amount = 500, .number = 2});
    EXPECT_EQ(chain.last.queues->of(1).find(1), first);
    EXPECT_NE(chain.last.queues->of(1).find(2), nullptr);
    EXPECT_EQ(before->of(1).find(2), nullptr) << "the old index is as it was";
}

}  // namespace
}  // namespace sluice::contracts
