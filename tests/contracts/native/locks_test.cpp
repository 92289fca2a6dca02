#include <gtest/gtest.h>

#include "tests/contracts/native/day_chain.hpp"
#include "tests/contracts/native/robot.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;

class LocksTest : public testing::Test {
  protected:
    LocksTest() { chain.issue(0, 1'000); }

    LockOrder order(core::Minor amount = 300, std::uint64_t operation = 1) const {
        return {.operation = core::word_from_u64(operation),
                .payer = bank_bic(0),
                .beneficiary = bank_bic(1),
                .currency = eur,
                .amount = amount,
                .expiry_ms = expiry};
    }
    LockId lock(const LockOrder& wanted, const core::Address& by = maker_of(0)) {
        const auto placed = results::placed_lock(chain.send(by, calls::lock(wanted)).output);
        EXPECT_TRUE(placed.has_value() && placed->is_new);
        return placed ? placed->id : LockId{};
    }
    LockInfo info(const LockId& id) const { return *results::lock(chain.look(calls::lock_of(id)).output); }
    std::vector<LockInfo> locks(std::size_t bank, bool incoming = false) const {
        return *results::locks(chain.look(calls::locks_of({bank_bic(bank), eur, incoming})).output);
    }
    std::optional<bool> closed(const core::Address& by, const ContractCall& call) {
        const auto result = results::flag(chain.send(by, call).output);
        return result ? std::optional(*result) : std::nullopt;
    }

    SettlementChain chain;
    const core::UnixMs expiry = genesis_time_ms + hour_ms;
};

TEST_F(LocksTest, locking_takes_money_out_of_the_balance_and_says_so) {
    const LockId id = lock(order());
    EXPECT_EQ(id, lock_id(bank_bic(0), core::word_from_u64(1)));
    EXPECT_EQ(chain.balance(0), 700);
    EXPECT_EQ(chain.position(0).locked, 300u);
    const auto events = chain.events();
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(std::get<AccountEntryEvent>(events[0]),
              (AccountEntryEvent{bank_bic(0), eur, 2, -300, 700, id}));
    EXPECT_EQ(std::get<LockedEvent>(events[1]), (LockedEvent{id, bank_bic(0), bank_bic(1), eur, 300, expiry,
                                                             core::Address{}, core::word_from_u64(1)}));
    EXPECT_EQ(info(id), (LockInfo{id, core::word_from_u64(1), bank_bic(0), bank_bic(1), eur, 300, expiry,
                                  core::Address{}, LockStatus::open}));
}

TEST_F(LocksTest, release_pays_the_beneficiary_once) {
    const LockId id = lock(order());
    EXPECT_EQ(closed(maker_of(0), calls::release(id)), true);
    EXPECT_EQ(chain.balance(0), 700);
    EXPECT_EQ(chain.balance(1), 300);
    EXPECT_EQ(chain.position(0).locked, 0u);
    EXPECT_EQ(events_of<LockClosedEvent>(chain.events()).at(0),
              (LockClosedEvent{id, bank_bic(0), bank_bic(1), eur, 300, true}));
    EXPECT_EQ(closed(maker_of(0), calls::release(id)), false);
    EXPECT_EQ(chain.balance(1), 300);
    EXPECT_EQ(info(id).status, LockStatus::released);
    EXPECT_EQ(chain.refusal(maker_of(1), calls::refund(id)), reason::too_late);
}

TEST_F(LocksTest, the_beneficiary_may_give_it_back_before_its_time) {
    const LockId id = lock(order());
    EXPECT_EQ(closed(maker_of(1), calls::refund(id)), true);
    EXPECT_EQ(chain.balance(0), 1'000);
    EXPECT_EQ(chain.position(0).locked, 0u);
    EXPECT_EQ(info(id).status, LockStatus::refunded);
    EXPECT_EQ(closed(maker_of(2), calls::refund(id)), false);
    EXPECT_EQ(chain.refusal(maker_of(0), calls::release(id)), reason::too_late);
}

TEST_F(LocksTest, nobody_else_closes_a_lock_before_its_expiry) {
    const LockId id = lock(order());
    EXPECT_EQ(chain.refusal(maker_of(1), calls::release(id)), reason::forbidden);
    EXPECT_EQ(chain.refusal(maker_of(0), calls::refund(id)), reason::forbidden);
    EXPECT_EQ(chain.refusal(maker_of(2), calls::refund(id)), reason::forbidden);
    EXPECT_EQ(chain.refusal(approver_of(0), calls::release(id)), reason::forbidden);
    EXPECT_EQ(chain.refusal(maker_of(0), calls::release(LockId{1})), reason::unknown_reference);
    EXPECT_EQ(chain.refusal(maker_of(0), calls::refund(LockId{1})), reason::unknown_reference);
}

TEST_F(LocksTest, a_repeated_lock_changes_nothing_and_another_content_is_a_duplicate) {
    const LockId id = lock(order());
    const auto again = results::placed_lock(chain.send(maker_of(0), calls::lock(order())).output);
    EXPECT_EQ(again->id, id);
    EXPECT_FALSE(again->is_new);
    EXPECT_EQ(chain.balance(0), 700);
    EXPECT_EQ(chain.refusal(maker_of(0), calls::lock(order(301))), reason::duplicate);
    closed(maker_of(0), calls::release(id));
    EXPECT_EQ(chain.refusal(maker_of(0), calls::lock(order(301))), reason::duplicate) << "used up";
    LockOrder other = order();
    other.expiry_ms += 1;
    EXPECT_EQ(chain.refusal(maker_of(0), calls::lock(other)), reason::duplicate);
}

TEST_F(LocksTest, operation_ids_of_two_lockers_do_not_meet) {
    chain.issue(1, 500);
    LockOrder other = order(200);
    std::swap(other.payer, other.beneficiary);
    const LockId first = lock(order());
    const LockId second = lock(other, maker_of(1));
    EXPECT_NE(first, second);
    EXPECT_EQ(chain.position(1).locked, 200u);
}

TEST_F(LocksTest, a_lock_expires_by_itself_in_the_millisecond_after_its_last) {
    const LockId id = lock(order());
    EXPECT_EQ(chain.next_due(), expiry + 1);
    chain.block({}, expiry);
    EXPECT_EQ(info(id).status, LockStatus::open);
    chain.block({}, expiry + 1);
    EXPECT_EQ(info(id).status, LockStatus::refunded);
    EXPECT_EQ(chain.balance(0), 1'000);
    EXPECT_EQ(chain.next_due(), std::nullopt);
    EXPECT_EQ(events_of<LockClosedEvent>(chain.events()).size(), 1u);
}

TEST_F(LocksTest, release_works_until_the_expiry_and_not_after_it) {
    const LockId first = lock(order(100, 1));
    const LockId second = lock(order(100, 2));
    chain.send(maker_of(0), calls::release(first), expiry);
    EXPECT_EQ(info(first).status, LockStatus::released);
    const CallOutcome late = chain.send(maker_of(0), calls::release(second), expiry + 1);
    EXPECT_EQ(decode_refusal(late.output)->code, reason::too_late);
    EXPECT_EQ(info(second).status, LockStatus::refunded);
}

TEST_F(LocksTest, after_the_expiry_anybody_may_give_it_back) {
    const LockId id = lock(order());
    EXPECT_TRUE(chain.send(maker_of(2), calls::refund(id), expiry + 1).succeeded());
    EXPECT_EQ(events_of<LockClosedEvent>(chain.events()).size(), 1u) << "and the system does not again";
    EXPECT_EQ(chain.balance(0), 1'000);
}

TEST_F(LocksTest, an_order_out_of_its_rules_is_refused) {
    const auto refusal = [&](auto change, const core::Address& by = maker_of(0)) {
        LockOrder wanted = order();
        change(wanted);
        return chain.refusal(by, calls::lock(wanted));
    };
    EXPECT_EQ(refusal([](LockOrder& o) { o.amount = 0; }), reason::zero_amount);
    EXPECT_EQ(refusal([](LockOrder& o) { o.amount = amount_max + 1; }), reason::amount_too_large);
    EXPECT_EQ(refusal([](LockOrder& o) { o.amount = 1'001; }), reason::insufficient_funds);
    EXPECT_EQ(refusal([](LockOrder& o) { o.beneficiary = o.payer; }), reason::bad_creditor);
    EXPECT_EQ(refusal([](LockOrder& o) { o.beneficiary = bank_bic(99); }), reason::bad_bank);
    EXPECT_EQ(refusal([](LockOrder& o) { o.payer = bank_bic(99); }), reason::bad_bank);
    EXPECT_EQ(refusal([](LockOrder& o) { o.currency = {'G', 'B', 'P'}; }), reason::unknown_currency);
    EXPECT_EQ(refusal([](LockOrder& o) { o.expiry_ms = genesis_time_ms; }), reason::too_late);
    EXPECT_EQ(refusal([](LockOrder& o) { o.expiry_ms = genesis_time_ms + 401 * day_ms; }), reason::bad_date);
    EXPECT_EQ(refusal([](LockOrder& o) { o.expiry_ms = ~0ull; }), reason::bad_date);
    EXPECT_EQ(refusal([](LockOrder&) {}, maker_of(1)), reason::forbidden);
    EXPECT_EQ(refusal([](LockOrder&) {}, admin_of(0)), reason::forbidden);
}

TEST_F(LocksTest, a_lock_does_not_overtake_the_payers_queue) {
    chain.pay({.payer = 0, .payee = 1, .amount = 2'000});
    EXPECT_EQ(chain.refusal(maker_of(0), calls::lock(order(1))), reason::insufficient_funds);
}

TEST_F(LocksTest, what_four_eyes_must_see_is_not_locked_by_one_key) {
    chain.send(admin_of(0), calls::set_approval_threshold(eur, 300));
    EXPECT_EQ(chain.refusal(maker_of(0), calls::lock(order(300))), reason::forbidden);
    lock(order(299));
}

TEST_F(LocksTest, an_agent_locks_releases_and_refunds_under_a_mandate) {
    const core::Address agent = add_robot(chain);
    EXPECT_EQ(chain.refusal(maker_of(2), through(agent, calls::lock(order()))), reason::forbidden);
    chain.send(admin_of(0), calls::set_approval_threshold(eur, 100));
    set_mandate(chain, 0, agent, MandateAct::lock, 500);
    const LockId first = lock_id(agent, core::word_from_u64(1));
    EXPECT_TRUE(chain.send(maker_of(2), through(agent, calls::lock(order()))).succeeded());
    EXPECT_EQ(info(first).agent, agent);
    EXPECT_EQ(chain.refusal(maker_of(2), through(agent, calls::lock(order(201, 2)))),
              reason::amount_too_large)
        << "beyond the day's amount";
    EXPECT_EQ(chain.refusal(maker_of(0), calls::release(first)), reason::forbidden)
        << "the agent's to decide";
    EXPECT_TRUE(chain.send(maker_of(2), through(agent, calls::release(first))).succeeded());
    EXPECT_EQ(chain.balance(1), 300);
    EXPECT_TRUE(chain.send(maker_of(2), through(agent, calls::lock(order(200, 2)))).succeeded());
    EXPECT_EQ(closed(maker_of(2), through(agent, calls::refund(lock_id(agent, core::word_from_u64(2))))),
              true);
    EXPECT_EQ(chain.balance(0), 700);
}

TEST_F(LocksTest, a_repeated_lock_of_an_agent_counts_once_against_its_mandate) {
    const core::Address agent = add_robot(chain);
    set_mandate(chain, 0, agent, MandateAct::lock, 300);
    for (int time = 0; time < 2; ++time)
        EXPECT_TRUE(chain.send(maker_of(2), through(agent, calls::lock(order()))).succeeded());
    EXPECT_EQ(chain.position(0).locked, 300u);
}

TEST_F(LocksTest, a_released_lock_counts_against_the_limits_of_its_payer) {
    set_limit(chain, 0, 1, 300);
    EXPECT_EQ(chain.refusal(maker_of(0), calls::lock(order(301))), reason::bilateral_limit_reached);
    closed(maker_of(0), calls::release(lock(order(200, 2))));
    EXPECT_EQ(chain.refusal(maker_of(0), calls::lock(order(101, 3))), reason::bilateral_limit_reached);
    lock(order(100, 3));
}

TEST_F(LocksTest, open_locks_count_against_the_limits_until_they_go_back) {
    set_limit(chain, 0, 1, 300);
    const LockId first = lock(order(200, 1));
    EXPECT_EQ(chain.refusal(maker_of(0), calls::lock(order(101, 2))), reason::bilateral_limit_reached);
    closed(maker_of(1), calls::refund(first));
    const LockId second = lock(order(300, 2));
    EXPECT_EQ(chain.refusal(maker_of(0), calls::lock(order(1, 3))), reason::bilateral_limit_reached);
    closed(maker_of(0), calls::release(second));
    EXPECT_EQ(chain.refusal(maker_of(0), calls::lock(order(1, 3))), reason::bilateral_limit_reached)
        << "a release counts no second time and gives nothing back";
}

TEST_F(LocksTest, a_beneficiary_s_limit_is_freed_by_what_it_got_and_not_by_what_it_waits_for) {
    chain.issue(1, 1'000);
    set_limit(chain, 1, 0, 100);
    LockOrder back = order(101, 9);
    std::swap(back.payer, back.beneficiary);
    const LockId id = lock(order(50));
    EXPECT_EQ(chain.refusal(maker_of(1), calls::lock(back)), reason::bilateral_limit_reached);
    closed(maker_of(0), calls::release(id));
    lock(back, maker_of(1));
}

TEST_F(LocksTest, a_lock_of_yesterday_that_goes_back_gives_today_nothing) {
    set_limit(chain, 0, 1, 300);
    LockOrder wanted = order(300, 1);
    wanted.expiry_ms = genesis_time_ms + 2 * day_ms;
    const LockId id = lock(wanted);
    chain.block({}, genesis_time_ms + day_ms);
    closed(maker_of(1), calls::refund(id));
    wanted.operation = core::word_from_u64(2);
    wanted.amount = 301;
    EXPECT_EQ(chain.refusal(maker_of(0), calls::lock(wanted)), reason::bilateral_limit_reached);
}

TEST_F(LocksTest, what_must_be_screened_is_not_locked) {
    const core::Address agent = add_robot(chain);
    set_mandate(chain, 0, agent, MandateAct::lock, 1'000);
    EXPECT_TRUE(chain.send(operator_key(), calls::require_screening(bank_bic(0), eur, 300)).succeeded());
    EXPECT_EQ(chain.refusal(maker_of(0), calls::lock(order(300))), reason::regulatory);
    EXPECT_EQ(chain.refusal(maker_of(2), through(agent, calls::lock(order(300)))), reason::regulatory);
    lock(order(299));
}

TEST_F(LocksTest, a_frozen_bank_releases_nothing_of_its_own_but_its_agents_keep_their_promise) {
    const core::Address agent = add_robot(chain);
    set_mandate(chain, 0, agent, MandateAct::lock, 1'000);
    const LockId first = lock(order(100, 1));
    const LockId second = lock(order(100, 2));
    EXPECT_TRUE(chain.send(maker_of(2), through(agent, calls::lock(order(100, 3)))).succeeded());
    const LockId third = lock_id(agent, core::word_from_u64(3));
    chain.send(operator_key(), calls::freeze({bank_bic(0), eur, no_limit, true, "court order 12"}));
    EXPECT_EQ(chain.refusal(maker_of(0), calls::release(first)), reason::blocked_account);
    EXPECT_EQ(closed(maker_of(1), calls::refund(first)), true);
    EXPECT_TRUE(chain.send(maker_of(2), through(agent, calls::release(third))).succeeded());
    EXPECT_EQ(info(third).status, LockStatus::released);
    chain.send(operator_key(), calls::freeze({bank_bic(0), eur, no_limit, false, "lifted"}));
    EXPECT_EQ(closed(maker_of(0), calls::release(second)), true);
}

TEST_F(LocksTest, a_suspended_party_stops_locking_and_release_but_not_the_way_back) {
    const LockId id = lock(order());
    for (const std::size_t bank : {0u, 1u}) {
        chain.send(operator_key(), calls::set_status(bank_bic(bank), ParticipantStatus::suspended, ""));
        EXPECT_EQ(chain.refusal(maker_of(0), calls::release(id)), reason::blocked_account);
        EXPECT_EQ(chain.refusal(maker_of(0), calls::lock(order(1, 2))), reason::blocked_account);
        if (bank == 0)
            chain.send(operator_key(), calls::set_status(bank_bic(0), ParticipantStatus::active, ""));
    }
    chain.block({}, expiry + 1);
    EXPECT_EQ(info(id).status, LockStatus::refunded);
}

TEST_F(LocksTest, a_payer_with_locked_money_cannot_withdraw) {
    lock(order(1'000));
    EXPECT_EQ(chain.refusal(operator_key(), calls::set_status(bank_bic(0), ParticipantStatus::withdrawn, "")),
              reason::forbidden);
}

TEST_F(LocksTest, released_money_lets_the_queue_of_the_beneficiary_try) {
    chain.pay({.payer = 1, .payee = 2, .amount = 300});
    const LockId id = lock(order());
    closed(maker_of(0), calls::release(id));
    EXPECT_EQ(chain.balance(2), 300);
}

TEST_F(LocksTest, refunded_money_lets_the_queue_of_the_payer_try) {
    const LockId id = lock(order());
    chain.pay({.payer = 0, .payee = 2, .amount = 900});
    EXPECT_EQ(chain.balance(2), 0);
    closed(maker_of(1), calls::refund(id));
    EXPECT_EQ(chain.balance(2), 900);
}

TEST_F(LocksTest, open_locks_are_listed_for_both_sides) {
    std::vector<LockId> ids;
    for (std::uint64_t operation = 1; operation <= 4; ++operation)
        ids.push_back(lock(order(10 * operation, operation)));
    EXPECT_EQ(locks(0).size(), 4u);
    EXPECT_EQ(locks(1, true).size(), 4u);
    EXPECT_TRUE(locks(1).empty());
    closed(maker_of(0), calls::release(ids[1]));
    closed(maker_of(1), calls::refund(ids[0]));
    std::vector<core::Minor> left;
    for (const LockInfo& each : locks(0))
        left.push_back(each.amount);
    std::sort(left.begin(), left.end());
    EXPECT_EQ(left, (std::vector<core::Minor>{30, 40}));
    EXPECT_EQ(locks(1, true).size(), 2u);
    closed(maker_of(0), calls::release(ids[3]));
    closed(maker_of(0), calls::release(ids[2]));
    EXPECT_TRUE(locks(0).empty());
    EXPECT_EQ(chain.next_due(), std::nullopt);
}

TEST(LocksOverNight, stay_and_outside_the_day_money_only_goes_back) {
    DayChain chain;
    chain.issue(0, 1'000);
    const auto order = [](std::uint64_t operation) {
        return LockOrder{core::word_from_u64(operation), bank_bic(0), bank_bic(1), eur, 100, at(12, 0, 1)};
    };
    const auto id = [](std::uint64_t operation) {
        return lock_id(bank_bic(0), core::word_from_u64(operation));
    };
    chain.block({{maker_of(0), calls::lock(order(1))}, {maker_of(0), calls::lock(order(2))}});
    chain.idle_until(at(19));
    ASSERT_EQ(chain.phase(), Phase::closed);
    EXPECT_EQ(chain.refusal(maker_of(0), calls::lock(order(3))), reason::too_late);
    EXPECT_EQ(chain.refusal(maker_of(0), calls::release(id(1))), reason::too_late);
    EXPECT_EQ(chain.refusal(maker_of(0), calls::facade_transfer(eur, maker_of(1), 1)), reason::too_late);
    EXPECT_TRUE(chain.send(maker_of(1), calls::refund(id(2))).succeeded());
    EXPECT_EQ(chain.balance(0), 900);
    chain.idle_until(at(7, 0, 1));
    EXPECT_TRUE(chain.send(maker_of(0), calls::release(id(1)), at(7, 0, 1)).succeeded());
    EXPECT_EQ(chain.balance(1), 100);
}

TEST_F(LocksTest, more_expired_locks_than_steps_end_over_several_blocks) {
    constexpr std::size_t per_block = 100;
    constexpr std::size_t blocks = 21;
    static_assert(per_block * blocks > 2'000);
    chain.issue(0, 10'000);
    std::uint64_t operation = 0;
    for (std::size_t block = 0; block < blocks; ++block) {
        std::vector<Sent> sent;
        for (std::size_t i = 0; i < per_block; ++i)
            sent.push_back({maker_of(0), calls::lock(order(1, ++operation))});
        chain.block(sent);
    }
    EXPECT_EQ(chain.position(0).locked, per_block * blocks);
    chain.block({}, expiry + 1);
    EXPECT_EQ(chain.position(0).locked, per_block * blocks - 2'000);
    EXPECT_LE(*chain.next_due(), core::time_ms_of(chain.head));
    chain.block({});
    EXPECT_EQ(chain.position(0).locked, 0u);
}

}  // namespace
}  // namespace sluice::contracts
