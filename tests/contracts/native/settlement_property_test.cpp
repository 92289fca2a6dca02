/// Laws that hold for every script of acts: money, floors, order of queues, names that do not matter.
#include <gtest/gtest.h>

#include <numeric>
#include <set>

#include "tests/contracts/native/settlement_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;

constexpr std::size_t banks = 6;

/// A small generator: the same numbers on every machine.
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ull + 1) {}
    std::uint64_t below(std::uint64_t bound) {
        state_ = state_ * 6364136223846793005ull + 1442695040888963407ull;
        return (state_ >> 33) % bound;
    }

  private:
    std::uint64_t state_;
};

/// One step of a script, in terms of roles 0 … banks-1 that a run maps to banks.
struct Step {
    enum class Kind {
        issue,
        pay,
        repeat,
        cancel,
        hold,
        unhold,
        raise,
        redeem,
        decide,
        suspend,
        activate,
        idle
    };
    Kind kind{};
    std::size_t bank = 0;
    std::size_t other = 0;
    std::uint64_t number = 0;
    std::uint64_t amount = 0;
    Priority priority = Priority::normal;
    bool expires = false;
};

std::vector<std::vector<Step>> random_script(std::uint64_t seed, std::size_t blocks) {
    Random random(seed);
    std::vector<std::vector<Step>> script;
    std::uint64_t payments = 0;
    for (std::size_t block = 0; block < blocks; ++block) {
        std::vector<Step>& steps = script.emplace_back();
        const std::size_t count = 1 + random.below(8);
        for (std::size_t i = 0; i < count; ++i) {
            Step step{.bank = random.below(banks), .amount = 1 + random.below(400)};
            step.other = (step.bank + 1 + random.below(banks - 1)) % banks;
            const std::uint64_t choice = random.below(100);
            using K = Step::Kind;
            step.kind = choice < 8    ? K::issue
                        : choice < 62 ? K::pay
                        : choice < 68 ? K::repeat
                        : choice < 74 ? K::cancel
                        : choice < 79 ? K::hold
                        : choice < 84 ? K::unhold
                        : choice < 88 ? K::raise
                        : choice < 91 ? K::redeem
                        : choice < 94 ? K::decide
                        : choice < 96 ? K::suspend
                        : choice < 99 ? K::activate
                                      : K::idle;
            step.priority = static_cast<Priority>(1 + random.below(3));
            step.expires = random.below(4) == 0;
            step.number = step.kind == K::pay ? ++payments : payments == 0 ? 0 : 1 + random.below(payments);
            steps.push_back(step);
        }
    }
    return script;
}

/// Plays a script with role r as bank `bank_of[r]`.
class ScriptRun {
  public:
    explicit ScriptRun(std::vector<std::size_t> bank_of) : bank_of_(std::move(bank_of)), chain(banks) {}

    void play(const std::vector<Step>& steps) {
        std::vector<Sent> sent;
        for (const Step& step : steps)
            if (auto each = sent_of(step)) sent.push_back(std::move(*each));
        chain.block(sent, core::time_ms_of(chain.head) + 1'000);
        check_queues();
    }
    /// Status of every payment and balance of every role: what must not depend on names.
    std::pair<std::vector<Status>, std::vector<core::SignedMinor>> result() const {
        std::vector<Status> statuses;
        for (const auto& [number, draft] : drafts_)
            statuses.push_back(chain.status(draft));
        std::vector<core::SignedMinor> balances;
        for (const std::size_t bank : bank_of_)
            balances.push_back(chain.balance(bank));
        return {statuses, balances};
    }
    const std::map<std::uint64_t, PaymentDraft>& drafts() const { return drafts_; }

  private:
    std::optional<Sent> sent_of(const Step& step);
    std::optional<Sent> on_payment(const Step& step, ContractCall (*call)(const PaymentId&)) const {
        const auto found = drafts_.find(step.number);
        if (found == drafts_.end()) return std::nullopt;
        return Sent{maker_of(found->second.payer), call(id_of(found->second))};
    }
    void check_queues() const;

    std::vector<std::size_t> bank_of_;
    std::map<std::uint64_t, PaymentDraft> drafts_;
    std::uint64_t issues_ = 0;

  public:
    SettlementChain chain;
};

std::optional<Sent> ScriptRun::sent_of(const Step& step) {
    const std::size_t bank = bank_of_[step.bank];
    switch (step.kind) {
        case Step::Kind::issue:
            return Sent{issuer_key(),
                        calls::issue({bank_bic(bank), eur, step.amount, core::word_from_u64(++issues_)})};
        case Step::Kind::pay: {
            const core::UnixMs now = core::time_ms_of(chain.head);
            PaymentDraft& draft = drafts_[step.number];
            draft = {.payer = bank,
                     .payee = bank_of_[step.other],
                     .amount = step.amount,
                     .number = step.number,
                     .priority = step.priority,
                     .latest = step.expires ? now + 500 + step.amount * 20 : 0};
            return submit(draft);
        }
        case Step::Kind::repeat: {
            const auto found = drafts_.find(step.number);
            if (found == drafts_.end()) return std::nullopt;
            PaymentDraft again = found->second;
            if (step.amount % 3 == 0) ++again.amount;
            return submit(again);
        }
        case Step::Kind::cancel:
            return on_payment(step, [](const PaymentId& id) { return calls::cancel(id, {}); });
        case Step::Kind::hold:
            return on_payment(step, calls::hold);
        case Step::Kind::unhold:
            return on_payment(step, calls::unhold);
        case Step::Kind::raise:
            return on_payment(step,
                              [](const PaymentId& id) { return calls::set_priority(id, Priority::high); });
        case Step::Kind::redeem:
            return Sent{maker_of(bank),
                        calls::request_redeem(eur, step.amount, uetr_of(1'000 + step.amount))};
        case Step::Kind::decide:
            return Sent{issuer_key(), calls::approve_redeem(bank_bic(bank), uetr_of(1'000 + step.amount),
                                                            step.amount % 2 == 0)};
        case Step::Kind::suspend:
            return Sent{operator_key(), calls::set_status(bank_bic(bank), ParticipantStatus::suspended, "")};
        case Step::Kind::activate:
            return Sent{operator_key(), calls::set_status(bank_bic(bank), ParticipantStatus::active, "")};
        case Step::Kind::idle:
            return std::nullopt;
    }
    return std::nullopt;
}

/// After a block nothing that could settle is left, and each queue is in order and agrees with the sums.
void ScriptRun::check_queues() const {
    std::map<std::size_t, core::SignedMinor> net;
    for (std::size_t bank = 0; bank < banks; ++bank) {
        const PositionInfo position = chain.position(bank);
        EXPECT_GE(position.available, 0);
        std::pair<Priority, std::uint64_t> before{Priority::urgent, 0};
        for (const PaymentId& id : chain.queue(bank)) {
            const PaymentInfo payment = chain.payment(id);
            EXPECT_EQ(payment.status, Status::queued);
            const std::pair place{payment.priority, payment.arrival};
            EXPECT_LT(before, place);
            before = place;
            net[bank] -= static_cast<core::SignedMinor>(payment.amount);
            for (std::size_t payee = 0; payee < banks; ++payee)
                if (payment.payee == bank_bic(payee))
                    net[payee] += static_cast<core::SignedMinor>(payment.amount);
        }
        const auto info = results::participant(chain.look(calls::participant(bank_bic(bank))).output);
        if (chain.queue(bank).empty() || info->status != ParticipantStatus::active) continue;
        EXPECT_GT(static_cast<core::SignedMinor>(chain.payment(chain.queue(bank)[0]).amount),
                  position.available)
            << "a head that fits";
    }
    for (std::size_t bank = 0; bank < banks; ++bank)
        EXPECT_EQ(chain.position(bank).net_queued, net[bank]);
}

std::vector<std::size_t> same_order() {
    std::vector<std::size_t> order(banks);
    std::iota(order.begin(), order.end(), 0u);
    return order;
}

class RandomScripts : public testing::TestWithParam<std::uint64_t> {};
INSTANTIATE_TEST_SUITE_P(Seeds, RandomScripts, testing::Range<std::uint64_t>(1, 16));

TEST_P(RandomScripts, keep_money_floors_and_queue_order_in_every_block) {
    ScriptRun run(same_order());
    for (const auto& steps : random_script(GetParam(), 40))
        run.play(steps);
    const auto [statuses, balances] = run.result();
    EXPECT_GT(std::count(statuses.begin(), statuses.end(), Status::settled), 5)
        << "the script must do something";
}

TEST_P(RandomScripts, do_not_depend_on_names_or_numbers_of_banks) {
    const auto script = random_script(GetParam(), 30);
    ScriptRun straight(same_order());
    std::vector<std::size_t> turned = same_order();
    std::reverse(turned.begin(), turned.end());
    std::rotate(turned.begin(), turned.begin() + static_cast<std::ptrdiff_t>(GetParam() % banks),
                turned.end());
    ScriptRun renamed(turned);
    for (const auto& steps : script) {
        straight.play(steps);
        renamed.play(steps);
    }
    EXPECT_EQ(straight.result(), renamed.result());
}

TEST_P(RandomScripts, pay_each_payment_once_and_number_entries_without_gaps) {
    ScriptRun run(same_order());
    std::map<PaymentId, std::size_t> settled;
    std::map<BicText, std::uint64_t> entries;
    std::map<BicText, core::SignedMinor> balances;
    for (const auto& steps : random_script(GetParam() + 100, 40)) {
        run.play(steps);
        const auto events = run.chain.events();
        for (const PaymentStatusEvent& event : events_of<PaymentStatusEvent>(events))
            if (event.status == Status::settled) ++settled[event.id];
        for (const AccountEntryEvent& entry : events_of<AccountEntryEvent>(events)) {
            EXPECT_EQ(entry.entry, ++entries[entry.bic]);
            balances[entry.bic] += entry.delta;
            EXPECT_EQ(entry.balance, balances[entry.bic]);
        }
    }
    for (const auto& [id, times] : settled)
        EXPECT_EQ(times, 1u);
    for (const auto& [number, draft] : run.drafts())
        EXPECT_EQ(settled.count(id_of(draft)), run.chain.status(draft) == Status::settled ? 1u : 0u);
}

TEST_P(RandomScripts, give_the_same_result_however_payments_are_spread_over_blocks) {
    // Without holds, priorities and cancels the settled set depends on the order of arrival only.
    Random random(GetParam());
    std::vector<PaymentDraft> drafts;
    for (std::uint64_t number = 1; number <= 60; ++number) {
        const std::size_t payer = random.below(banks);
        drafts.push_back({.payer = payer,
                          .payee = (payer + 1 + random.below(banks - 1)) % banks,
                          .amount = 1 + random.below(300),
                          .number = number});
    }
    const auto statuses_with = [&](std::size_t per_block) {
        SettlementChain chain(banks);
        for (std::size_t bank = 0; bank < banks; ++bank)
            chain.issue(bank, 100);
        for (std::size_t at = 0; at < drafts.size(); at += per_block) {
            std::vector<Sent> sent;
            for (std::size_t i = at; i < std::min(drafts.size(), at + per_block); ++i)
                sent.push_back(submit(drafts[i]));
            chain.block(sent);
        }
        std::vector<Status> statuses;
        for (const PaymentDraft& draft : drafts)
            statuses.push_back(chain.status(draft));
        return statuses;
    };
    const auto one_by_one = statuses_with(1);
    EXPECT_EQ(statuses_with(7), one_by_one);
    EXPECT_EQ(statuses_with(60), one_by_one);
}

}  // namespace
}  // namespace sluice::contracts
