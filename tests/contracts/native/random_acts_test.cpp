/// A long random walk through all acts on money, with every law checked after every single act. The laws are
/// kept a second time by a model that knows nothing but the events.
#include <gtest/gtest.h>

#include <cstdlib>

#include "contracts/native/participant_directory.hpp"
#include "contracts/native/payment_queue.hpp"
#include "contracts/native/payment_returns.hpp"
#include "contracts/native/registry.hpp"
#include "contracts/native/retry_list.hpp"
#include "contracts/native/spending_rules.hpp"
#include "contracts/native/system_work.hpp"
#include "tests/contracts/native/money_model.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;

constexpr std::size_t banks = 6;

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

/// The contracts themselves, called without blocks and transactions around them.
class Walk {
  public:
    explicit Walk(std::uint64_t seed) : random_(seed), chain_(banks) {
        block_ = chain_.next_context();
        begin_block();
    }

    /// Runs `acts` random acts.
    void run(std::size_t acts) {
        for (std::size_t i = 0; i < acts && !testing::Test::HasFatalFailure(); ++i) {
            step();
            if (random_.below(4) == 0) end_block();
        }
        end_block();
        check_whole_state();
    }
    const MoneyModel& model() const { return model_; }
    std::size_t performed() const { return performed_; }
    /// Returns and recalls agree with the events.
    void check_returns();

  private:
    struct Made {
        PaymentDraft draft;
        PaymentId id{};
    };

    void begin_block() { journal_ = std::make_unique<JournaledState>(chain_.state); }
    Books books() { return {*journal_, block_}; }
    void step();
    Sent next_act();
    Sent act_on_payment(std::uint64_t choice);
    Sent act_of_authority(std::uint64_t choice);
    Sent act_of_treasurer(std::uint64_t choice);
    Sent new_payment();
    Sent new_return(const Made& original);
    void perform(const Sent& act);
    void take_logs();
    void check_floors();
    void end_block();
    void check_queues();
    void check_limits();
    void check_whole_state();

    const Made& some_payment() { return made_[random_.below(made_.size())]; }
    std::size_t some_bank() { return random_.below(banks); }
    std::size_t other_than(std::size_t bank) { return (bank + 1 + random_.below(banks - 1)) % banks; }

    Random random_;
    SettlementChain chain_;
    BlockContext block_;
    std::unique_ptr<JournaledState> journal_;
    MoneyModel model_;
    std::vector<Made> made_;
    std::uint64_t redemptions_ = 0;
    std::size_t performed_ = 0;
    core::DateYmd today_ = genesis_date;
};

Sent Walk::new_payment() {
    PaymentDraft draft{.payer = some_bank(),
                       .amount = 1 + random_.below(400),
                       .number = made_.size() + 1,
                       .priority = static_cast<Priority>(1 + random_.below(3)),
                       .value_date = today_};
    draft.payee = other_than(draft.payer);
    if (random_.below(4) == 0) draft.latest = block_.time_ms + 1 + random_.below(hour_ms);
    if (random_.below(10) == 0) draft.earliest = block_.time_ms + random_.below(hour_ms / 2);
    if (draft.latest != 0 && draft.latest < draft.earliest) draft.latest = 0;
    made_.push_back({draft, id_of(draft)});
    model_.classes[made_.back().id] = draft.priority;
    return test::submit(draft);
}

Sent Walk::new_return(const Made& original) {
    PaymentDraft draft{.payer = original.draft.payee,
                       .payee = original.draft.payer,
                       .amount = 1 + random_.below(static_cast<std::uint64_t>(original.draft.amount)),
                       .number = made_.size() + 1,
                       .value_date = today_,
                       .type = "P004"};
    const Sent act{maker_of(draft.payer),
                   calls::return_payment(instruction_of(draft), original.id, abi::iso_code("AC04"))};
    made_.push_back({draft, id_of(draft)});
    model_.classes[made_.back().id] = draft.priority;
    return act;
}

Sent Walk::act_on_payment(std::uint64_t choice) {
    const Made& made = some_payment();
    const core::Address maker = maker_of(made.draft.payer);
    switch (choice) {
        case 0:
            return {maker, calls::cancel(made.id, {})};
        case 1:
            return {maker, calls::hold(made.id)};
        case 2:
            return {maker, calls::unhold(made.id)};
        case 3: {
            const auto priority = static_cast<Priority>(1 + random_.below(3));
            return {maker, calls::set_priority(made.id, priority)};
        }
        case 4:
            return {approver_of(made.draft.payer),
                    calls::approve(made.id, read_content_hash(books().payments, row_of(made.id)))};
        case 5:
            return {operator_key(), calls::freeze_payment(made.id, random_.below(2) == 0, {})};
        case 6:
            return {maker,
                    calls::request_return({made.id, 1 + random_.below(400), abi::iso_code("DUPL"), {}})};
        case 7:
            return {maker_of(made.draft.payee),
                    calls::answer_return(
                        made.id, random_.below(2) == 0 ? abi::iso_code("CNCL") : abi::iso_code("PDCR"), {})};
        default:
            return new_return(made);
    }
}

Sent Walk::act_of_treasurer(std::uint64_t choice) {
    const std::size_t bank = some_bank();
    const core::Minor value = random_.below(3) == 0 ? no_limit : core::Minor{random_.below(1'000)};
    if (choice == 0)
        return {approver_of(bank), calls::set_bilateral_limit(bank_bic(other_than(bank)), eur, value)};
    if (choice == 1) return {admin_of(bank), calls::set_multilateral_limit(eur, value)};
    if (choice == 2) {
        const auto priority = static_cast<Priority>(random_.below(2));
        return {approver_of(bank), calls::set_reservation(priority, eur, random_.below(100))};
    }
    if (choice == 3) {
        UetrBytes reference = uetr_of(1'000'000 + ++redemptions_);
        return {maker_of(bank), calls::request_redeem(eur, 1 + random_.below(200), reference)};
    }
    return {admin_of(bank), calls::set_approval_threshold(eur, random_.below(3) == 0 ? 300 : 0)};
}

Sent Walk::act_of_authority(std::uint64_t choice) {
    const std::size_t bank = some_bank();
    const bool on = random_.below(3) == 0;
    if (choice == 0)
        return {issuer_key(), calls::issue({bank_bic(bank), eur, 1 + random_.below(500),
                                            core::word_from_u64(++redemptions_)})};
    if (choice == 1) return {operator_key(), calls::set_credit_line(bank_bic(bank), eur, random_.below(300))};
    if (choice == 2) return {operator_key(), calls::freeze({bank_bic(bank), eur, no_limit, on, ""})};
    if (choice == 3)
        return {operator_key(),
                calls::freeze({bank_bic(bank), eur, on ? 1 + random_.below(100) : core::Minor{0}, on, ""})};
    if (choice == 4)
        return {issuer_key(), calls::approve_redeem(bank_bic(bank),
                                                    uetr_of(1'000'000 + 1 + random_.below(redemptions_ + 1)),
                                                    random_.below(2) == 0)};
    return {
        operator_key(),
        calls::set_status(bank_bic(bank), on ? ParticipantStatus::suspended : ParticipantStatus::active, "")};
}

Sent Walk::next_act() {
    const std::uint64_t choice = random_.below(100);
    if (choice < 45 || made_.empty()) return new_payment();
    if (choice < 70) return act_on_payment(random_.below(10));
    if (choice < 82) return act_of_treasurer(random_.below(5));
    return act_of_authority(choice < 88 ? 0 : random_.below(6));
}

void Walk::perform(const Sent& act) {
    journal_->begin_transaction();
    const NativeContract* contract = settlement_registry().find(act.call.to, block_.height);
    ASSERT_NE(contract, nullptr);
    const Method* method = find_method(*contract, act.call.data);
    ASSERT_NE(method, nullptr);
    Invocation call{.state = *journal_,
                    .block = block_,
                    .self = act.call.to,
                    .caller = act.sender,
                    .origin = act.sender,
                    .arguments = core::ByteView(act.call.data).subspan(4)};
    const Checkpoint before = journal_->checkpoint();
    ASSERT_GT(method->gas(call), 0);
    if (method->run(call))
        ++performed_;
    else
        journal_->revert_to(before);
    take_logs();
    journal_->finish_transaction();
}

void Walk::take_logs() {
    for (const core::Log& log : journal_->take_logs())
        model_.see(log);
}

void Walk::step() {
    perform(next_act());
    ASSERT_TRUE(find_money_faults(*journal_).empty());
    check_floors();
}

/// Balances, locked money and credit are what the events said, and nobody lies below the floor.
void Walk::check_floors() {
    core::SignedMinor held = 0;
    for (std::size_t bank = 0; bank < banks; ++bank) {
        const Account account(books().accounts, {static_cast<ParticipantIndex>(bank + 1), 1});
        const MoneyModel::Model& model = model_.accounts[bank_bic(bank)];
        ASSERT_EQ(account.money().balance, model.balance);
        ASSERT_EQ(account.money().locked, model.locked);
        ASSERT_EQ(account.terms().credit_line, model.credit);
        ASSERT_GE(account.above_floor(), 0);
        held += model.balance + static_cast<core::SignedMinor>(model.locked);
    }
    ASSERT_EQ(held, static_cast<core::SignedMinor>(model_.outstanding));
}

void Walk::end_block() {
    journal_->begin_transaction();
    model_.begin_set();
    run_due_work(books());
    take_logs();
    model_.end_set();
    journal_->finish_transaction();
    ASSERT_TRUE(find_money_faults(*journal_).empty());
    check_floors();
    if (!first_to_retry(books().payments) && !sweep_position(books().payments)) check_queues();
    check_limits();
    chain_.state.apply(journal_->take_diff());
    const std::uint64_t pause = random_.below(1'000);
    block_.time_ms += pause < 900 ? 1'000 : pause < 998 ? 600'000 : 15 * hour_ms;
    ++block_.height;
    begin_block();
    const core::DateYmd today = value_date_now(books(), 1);
    if (today != today_) model_.begin_day();
    today_ = today;
}

/// Nothing that could settle is left at the head of a queue.
void Walk::check_queues() {
    const Books all = books();
    for (std::size_t bank = 0; bank < banks; ++bank) {
        const Account account(all.accounts, {static_cast<ParticipantIndex>(bank + 1), 1});
        const auto head = queue_head(all.payments, account);
        if (!head || find_party(all.participants, bank_bic(bank))->status != ParticipantStatus::active)
            continue;
        const PaymentRecord record =
            read_record(all.payments, row_of(payment_at_arrival(all.payments, head->arrival)));
        ASSERT_TRUE(
            find_spending_obstacle(
                all, account, {.payee = record.payee, .priority = record.priority, .amount = record.amount})
                .has_value())
            << "a head that could settle";
    }
}

/// The use of every limit is the one that the events make up.
void Walk::check_limits() {
    const Books all = books();
    const core::DateYmd today = value_date_now(all, 1);
    for (std::size_t bank = 0; bank < banks; ++bank) {
        const AccountId id{static_cast<ParticipantIndex>(bank + 1), 1};
        const MoneyModel::Model& model = model_.accounts[bank_bic(bank)];
        const MultilateralLimit multilateral = multilateral_limit(all.accounts, id);
        ASSERT_EQ(multilateral.bilateral_limits, model.bilateral.size());
        if (model.multilateral != no_limit) {
            ASSERT_EQ(multilateral.limit, model.multilateral);
            ASSERT_EQ(multilateral.used().on(today), model.multilateral_net);
        }
        for (std::uint32_t position = 1; position <= multilateral.bilateral_limits; ++position) {
            const ParticipantIndex payee = limited_payee(all.accounts, id, position);
            const BilateralLimit limit = bilateral_limit(all.accounts, id, payee);
            ASSERT_EQ(limit.position, position);
            ASSERT_EQ(limit.used().on(today), model.bilateral.at(bank_bic(payee - 1)).net);
        }
    }
}

void Walk::check_whole_state() {
    MoneyAudit audit;
    chain_.state.for_each_slot(
        accounts_address, [&](const core::Word& slot, const core::Word& value) { audit.add(slot, value); });
    EXPECT_TRUE(audit.faults().empty());
}

void Walk::check_returns() {
    std::map<PaymentId, core::Minor> returned;
    for (const auto& [id, link] : model_.return_of)
        if (outcome_of(model_.statuses[id]) != Outcome::never) returned[link.original] += link.amount;
    const Books all = books();
    for (const Made& made : made_) {
        const ReturnTerms terms = return_terms(all.payments, row_of(made.id));
        ASSERT_EQ(terms.returned, returned[made.id]);
        ASSERT_LE(terms.returned, made.draft.amount);
    }
}

/// Acts of one walk; SLUICE_RANDOM_ACTS asks for another number.
std::size_t acts_of_a_walk() {
    const char* asked = std::getenv("SLUICE_RANDOM_ACTS");
    return asked == nullptr ? 25'000 : std::strtoull(asked, nullptr, 10);
}

class RandomActs : public testing::TestWithParam<std::uint64_t> {};
INSTANTIATE_TEST_SUITE_P(Seeds, RandomActs, testing::Range<std::uint64_t>(1, 5));

TEST_P(RandomActs, conserve_money_and_keep_every_floor_limit_and_freeze_after_each_act) {
    Walk walk(GetParam());
    const std::size_t acts = acts_of_a_walk();
    walk.run(acts);
    if (HasFatalFailure()) return;
    walk.check_returns();
    EXPECT_GT(walk.performed(), acts / 2) << "the walk must do something";
    for (const Status status :
         {Status::settled, Status::queued, Status::held, Status::cancelled, Status::expired, Status::rejected,
          Status::warehoused, Status::awaiting_approval})
        EXPECT_GT(walk.model().reached.count(status), 0u) << name_of(status);
    EXPECT_FALSE(walk.model().return_of.empty());
}

}  // namespace
}  // namespace sluice::contracts
