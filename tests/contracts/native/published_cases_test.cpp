/// Published behaviour of RTGS queues: cases of others, read where they lie.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "contracts/native/liquidity_bypass.hpp"
#include "contracts/native/liquidity_client.hpp"
#include "tests/contracts/native/settlement_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;
using nlohmann::json;

std::filesystem::path data_folder() {
    const char* named = std::getenv("SLUICE_DATA");
    return named != nullptr ? std::filesystem::path(named)
                            : std::filesystem::path(SLUICE_SOURCE_DIR) / ".." / "shared" / "data";
}

/// The case with that id; nothing where the file is absent.
std::optional<json> find_case(const std::string& file, const std::string& id) {
    std::ifstream in(data_folder() / "settlement" / file);
    if (!in) return std::nullopt;
    for (const json& each : json::parse(in))
        if (each.at("id") == id) return each;
    return std::nullopt;
}

/// Banks and payments of one case on a chain of its own. Payment numbers count from 1 in the order of the
/// case.
class CaseRun {
  public:
    explicit CaseRun(const std::vector<std::string>& banks) : banks_(banks), chain(banks.size()) {}

    std::size_t bank(const std::string& id) const {
        const auto found = std::find(banks_.begin(), banks_.end(), id);
        EXPECT_NE(found, banks_.end()) << id;
        return static_cast<std::size_t>(found - banks_.begin());
    }
    void fund(const std::string& id, std::int64_t balance) {
        if (balance > 0) chain.issue(bank(id), static_cast<core::Minor>(balance));
    }
    Status pay(const std::string& payer, const std::string& payee, std::uint64_t amount,
               Priority priority = Priority::normal) {
        drafts.push_back({.payer = bank(payer),
                          .payee = bank(payee),
                          .amount = amount,
                          .number = drafts.size() + 1,
                          .priority = priority});
        return chain.pay(drafts.back()).status;
    }
    std::size_t settled() const {
        return static_cast<std::size_t>(
            std::count_if(drafts.begin(), drafts.end(),
                          [&](const PaymentDraft& draft) { return chain.status(draft) == Status::settled; }));
    }
    /// Amounts of a bank's queue in order.
    std::vector<std::uint64_t> queued_amounts(const std::string& id) const {
        std::vector<std::uint64_t> amounts;
        for (const PaymentId& each : chain.queue(bank(id)))
            amounts.push_back(static_cast<std::uint64_t>(chain.payment(each).amount));
        return amounts;
    }
    void expect_closing(const json& closing) const {
        for (const auto& [id, balance] : closing.items())
            EXPECT_EQ(static_cast<std::int64_t>(chain.balance(bank(id))), balance.get<std::int64_t>()) << id;
    }

  private:
    std::vector<std::string> banks_;

  public:
    SettlementChain chain;
    std::vector<PaymentDraft> drafts;
};

/// A case of rtgs_cases.json after its payments were submitted. Negative opening balances come to be by a
/// payment out of the credit line.
CaseRun submitted(const json& published, bool saves_liquidity = true) {
    std::vector<std::string> banks;
    for (const json& bank : published.at("banks"))
        banks.push_back(bank.at("id"));
    banks.push_back("elsewhere");
    CaseRun run(banks);
    if (!saves_liquidity) run.chain.send(operator_key(), calls::set_lsm_enabled(eur, false));
    for (const json& bank : published.at("banks")) {
        const std::string id = bank.at("id");
        run.chain.set_credit_line(run.bank(id), bank.at("credit").get<std::uint64_t>());
        const std::int64_t balance = bank.at("balance");
        run.fund(id, balance);
        if (balance < 0) {
            EXPECT_EQ(run.pay(id, "elsewhere", static_cast<std::uint64_t>(-balance)), Status::settled);
        }
    }
    run.drafts.clear();
    std::uint64_t number = 1'000;
    for (const json& payment : published.at("payments")) {
        run.drafts.push_back({.payer = run.bank(payment.at("payer")),
                              .payee = run.bank(payment.at("payee")),
                              .amount = payment.at("amount").get<std::uint64_t>(),
                              .number = ++number});
        run.chain.pay(run.drafts.back());
    }
    return run;
}

/// Why a test is skipped.
std::string absent() {
    return "no such case under " + data_folder().string() + " (set SLUICE_DATA)";
}

TEST(PublishedRtgs, sim_rtgs_inject_a_chain_unwinds_from_one_injection) {
    const auto published = find_case("rtgs_cases.json", "sim-rtgs-inject");
    if (!published) GTEST_SKIP() << absent();
    // The case is one of plain queues; with liquidity saving the closed chain settles by itself.
    CaseRun run = submitted(*published, false);
    EXPECT_EQ(run.settled(), 0u);
    const json& expected = published->at("expected");
    run.fund(expected.at("inject").at("bank"), expected.at("inject").at("amount"));
    EXPECT_EQ(run.settled(), expected.at("settled").get<std::size_t>());
    EXPECT_EQ(run.chain.last.receipts.size(), 2u) << "one issue and one system transaction, in one block";
    run.expect_closing(expected.at("closing"));
}

TEST(PublishedRtgs, sim_rtgs_gridlock_stands_without_liquidity_saving) {
    const auto published = find_case("rtgs_cases.json", "sim-rtgs-gridlock");
    if (!published) GTEST_SKIP() << absent();
    const CaseRun run = submitted(*published, false);
    const json& expected = published->at("expected").at("without_lsm");
    EXPECT_EQ(run.settled(), expected.at("settled").get<std::size_t>());
    std::size_t queued = 0;
    for (const json& bank : published->at("banks"))
        queued += run.queued_amounts(bank.at("id")).size();
    EXPECT_EQ(queued, expected.at("queue_len").get<std::size_t>());
}

/// Settles every payment and reaches the closing balances that the case names.
void expect_all_settle(const std::string& id) {
    const auto published = find_case("rtgs_cases.json", id);
    if (!published) GTEST_SKIP() << absent();
    const CaseRun run = submitted(*published);
    EXPECT_EQ(run.settled(), published->at("payments").size());
    const json& expected = published->at("expected");
    if (expected.contains("closing")) run.expect_closing(expected.at("closing"));
    if (expected.contains("closing_partial")) run.expect_closing(expected.at("closing_partial"));
}

TEST(PublishedRtgs, sim_t2_cycle_equal_settles) {
    expect_all_settle("sim-t2-cycle-equal");
}
TEST(PublishedRtgs, sim_t2_cycle_credit_settles) {
    expect_all_settle("sim-t2-cycle-credit");
}
TEST(PublishedRtgs, sim_lsm_asym_settles) {
    expect_all_settle("sim-lsm-asym");
}
TEST(PublishedRtgs, sim_lsm_multi_settles) {
    expect_all_settle("sim-lsm-multi");
}
TEST(PublishedRtgs, sim_lsm_pair_settles) {
    expect_all_settle("sim-lsm-pair");
}

TEST(PublishedRtgs, sim_rtgs_gridlock_is_resolved_by_liquidity_saving) {
    const auto published = find_case("rtgs_cases.json", "sim-rtgs-gridlock");
    if (!published) GTEST_SKIP() << absent();
    const CaseRun run = submitted(*published);
    EXPECT_EQ(run.settled(), published->at("payments").size());
    run.expect_closing(published->at("expected").at("with_lsm").at("closing"));
}

/// A gridlock case: payments in the order of its queue, references as the file has them.
class GridlockRun {
  public:
    /// `names` gives the places of the case's banks in the chain's directory.
    GridlockRun(const json& published, const std::vector<std::size_t>& names, bool allow_bypass) {
        std::vector<std::string> banks(names.size());
        std::size_t n = 0;
        for (const auto& [id, balance] : published.at("start").items())
            banks.at(names.at(n++)) = id;
        run_.emplace(banks);
        for (const auto& [id, balance] : published.at("start").items()) {
            run_->fund(id, balance.get<std::int64_t>());
            if (allow_bypass)
                run_->chain.send(admin_of(run_->bank(id)), calls::set_lsm_options(eur, true, 0));
        }
    }
    void submit(const json& payment) {
        run_->pay(payment.at("payer"), payment.at("payee"), payment.at("amount"));
        references_.push_back(payment.at("ref"));
    }
    json settled() const {
        json references = json::array();
        for (std::size_t i = 0; i < references_.size(); ++i)
            if (run_->chain.status(run_->drafts[i]) == Status::settled) references.push_back(references_[i]);
        return references;
    }
    std::uint64_t settled_value() const {
        std::uint64_t value = 0;
        for (const PaymentDraft& draft : run_->drafts)
            if (run_->chain.status(draft) == Status::settled)
                value += static_cast<std::uint64_t>(draft.amount);
        return value;
    }
    CaseRun& run() { return *run_; }

  private:
    std::optional<CaseRun> run_;
    std::vector<std::string> references_;
};

std::optional<json> gridlock_cases() {
    std::ifstream in(data_folder() / "settlement" / "gridlock_cases.json");
    if (!in) return std::nullopt;
    return json::parse(in);
}

/// Orders of bank names to play a case in: as they are, and turned around.
std::vector<std::vector<std::size_t>> namings(std::size_t banks) {
    std::vector<std::size_t> names(banks);
    for (std::size_t i = 0; i < banks; ++i)
        names[i] = i;
    std::vector<std::vector<std::size_t>> orders{names};
    std::reverse(names.begin(), names.end());
    orders.push_back(names);
    return orders;
}

TEST(PublishedGridlock, every_case_settles_the_published_set_without_bypass) {
    const auto cases = gridlock_cases();
    if (!cases) GTEST_SKIP() << absent();
    EXPECT_EQ(cases->size(), 14u);
    for (const json& published : *cases)
        for (const auto& names : namings(published.at("start").size())) {
            SCOPED_TRACE(published.at("id").get<std::string>());
            GridlockRun gridlock(published, names, false);
            for (const json& payment : published.at("queue"))
                gridlock.submit(payment);
            const json& expected = published.at("published").at("quorum_eaf2_fifo");
            EXPECT_EQ(gridlock.settled(), expected.at("settled"));
            gridlock.run().expect_closing(expected.at("closing"));
        }
}

TEST(PublishedGridlock, a_queue_that_stood_while_saving_was_off_settles_the_same_set_at_once) {
    const auto cases = gridlock_cases();
    if (!cases) GTEST_SKIP() << absent();
    for (const json& published : *cases) {
        SCOPED_TRACE(published.at("id").get<std::string>());
        GridlockRun gridlock(published, namings(published.at("start").size())[0], false);
        SettlementChain& chain = gridlock.run().chain;
        chain.send(operator_key(), calls::set_lsm_enabled(eur, false));
        for (const json& payment : published.at("queue"))
            gridlock.submit(payment);
        chain.send(operator_key(), calls::set_lsm_enabled(eur, true));
        const json& expected = published.at("published").at("quorum_eaf2_fifo");
        EXPECT_EQ(gridlock.settled(), expected.at("settled"));
        gridlock.run().expect_closing(expected.at("closing"));
    }
}

/// Value that settles in all cases together where every bank allows bypass.
constexpr std::uint64_t value_with_bypass = 455;

TEST(PublishedGridlock, with_bypass_more_settles_than_in_order) {
    const auto cases = gridlock_cases();
    if (!cases) GTEST_SKIP() << absent();
    std::uint64_t one_by_one = 0;
    std::uint64_t at_once = 0;
    for (const json& published : *cases) {
        const std::string id = published.at("id");
        SCOPED_TRACE(id);
        GridlockRun growing(published, namings(published.at("start").size())[0], true);
        for (const json& payment : published.at("queue"))
            growing.submit(payment);
        one_by_one += growing.settled_value();

        GridlockRun gathered(published, namings(published.at("start").size())[1], true);
        SettlementChain& chain = gathered.run().chain;
        chain.send(operator_key(), calls::set_lsm_enabled(eur, false));
        for (const json& payment : published.at("queue"))
            gathered.submit(payment);
        chain.send(operator_key(), calls::set_lsm_enabled(eur, true));
        while (chain.next_due())
            chain.block({});
        at_once += gathered.settled_value();
        // Here the search for cycles gives exactly what the published one gave.
        if (id == "ubin2-2.3" || id == "ubin2-6.1") {
            EXPECT_EQ(gathered.settled(), published.at("published").at("corda_cycle").at("settled"));
            gathered.run().expect_closing(published.at("published").at("corda_cycle").at("closing"));
        }
    }
    EXPECT_EQ(one_by_one, value_with_bypass);
    EXPECT_EQ(at_once, value_with_bypass);
}

TEST(PublishedBehaviour, beh_viable_after_deadlock_settles_once_the_deficits_are_covered) {
    const auto published = find_case("behaviour_cases.json", "beh-viable-after-deadlock");
    if (!published) GTEST_SKIP() << absent();
    CaseRun run({"A", "B", "C", "D", "E"});
    for (const auto& [id, balance] : published->at("start").items())
        run.fund(id, balance);
    for (const json& step : published->at("steps"))
        if (step.is_object()) run.pay(step.at("payer"), step.at("payee"), step.at("amount"));
    EXPECT_EQ(run.settled(), 0u);
    for (const char* id : {"C", "D", "E"})
        run.fund(id, 10);
    EXPECT_EQ(run.settled(), 5u);
    run.expect_closing({{"A", 35}, {"B", 2}, {"C", 5}, {"D", 4}, {"E", 3}});
}

TEST(PublishedBehaviour, trace_f6_3_drops_the_published_payments_and_ends_at_the_published_positions) {
    const auto published = find_case("behaviour_cases.json", "trace-F6.3");
    if (!published) GTEST_SKIP() << absent();
    // Each row differs from the one before by one dropped payment; what never drops is part of the balances.
    const json& rows = published->at("netted_positions");
    const std::size_t banks = rows.at(0).at("pos").size();
    std::vector<std::vector<QueuedPayment>> queues(banks);
    for (std::size_t row = 1; row < rows.size(); ++row) {
        QueuedPayment dropped{.arrival = row, .priority = Priority::normal};
        std::size_t payer = banks;
        for (std::size_t i = 0; i < banks; ++i) {
            const std::int64_t change = rows.at(row).at("pos").at(i).get<std::int64_t>() -
                                        rows.at(row - 1).at("pos").at(i).get<std::int64_t>();
            if (change > 0) {
                payer = i;
                dropped.amount = static_cast<std::uint64_t>(change);
            } else if (change < 0) {
                dropped.payee = static_cast<ParticipantIndex>(i + 1);
            }
        }
        queues.at(payer).push_back(dropped);
    }
    ResolutionProblem problem;
    for (std::size_t i = 0; i < banks; ++i)
        problem.banks.push_back({.participant = static_cast<ParticipantIndex>(i + 1),
                                 .balance = rows.back().at("pos").at(i).get<std::int64_t>(),
                                 .queue = queues[i]});
    const Resolution all_dropped = resolve(problem);
    EXPECT_EQ(all_dropped.payments, 0u);

    // With as much more money as the first dropping bank lacks, its payment stays, and so do all others.
    const auto first_row = rows.at(0).at("pos");
    for (std::size_t i = 0; i < banks; ++i)
        problem.banks[i].balance -= std::min<std::int64_t>(0, first_row.at(i).get<std::int64_t>());
    EXPECT_EQ(resolve(problem).payments, rows.size() - 1);
}

TEST(PublishedRtgs, sim_t2_cycle_fails_where_a_bank_cannot_bear_its_net_outflow) {
    for (const char* id : {"sim-t2-cycle-fails", "sim-t2-credit-exceeded"}) {
        const auto published = find_case("rtgs_cases.json", id);
        if (!published) GTEST_SKIP() << absent();
        // The cases are about the cycle by itself: a payment that credit covers would settle before.
        std::vector<std::vector<QueuedPayment>> queues(3);
        ResolutionProblem problem;
        for (std::size_t i = 0; i < 3; ++i) {
            const json& bank = published->at("banks").at(i);
            const json& payment = published->at("payments").at(i);
            queues[i] = {{.arrival = i + 1,
                          .amount = payment.at("amount").get<std::uint64_t>(),
                          .payee = static_cast<ParticipantIndex>((i + 1) % 3 + 1),
                          .priority = Priority::normal}};
            const auto floor = -core::SignedMinor{bank.at("credit").get<std::int64_t>()};
            problem.banks.push_back({.participant = static_cast<ParticipantIndex>(i + 1),
                                     .balance = bank.at("balance").get<std::int64_t>(),
                                     .floors = {floor, floor, floor, floor},
                                     .allows_bypass = true,
                                     .queue = queues[i]});
        }
        for (const BypassSet& set : find_bypasses(problem, {.settled = {0, 0, 0}}, 10))
            EXPECT_LT(set.size(), 3u) << id;
        EXPECT_LT(resolve(problem).payments, 3u) << id;
    }
}

TEST(PublishedRtgs, sim_lsm_nopair_settles_nothing) {
    const auto published = find_case("rtgs_cases.json", "sim-lsm-nopair");
    if (!published) GTEST_SKIP() << absent();
    EXPECT_EQ(submitted(*published).settled(), 0u);
}

TEST(PublishedRtgs, sim_credit_4_pays_within_the_remaining_credit) {
    const auto published = find_case("rtgs_cases.json", "sim-credit-4");
    if (!published) GTEST_SKIP() << absent();
    const CaseRun run = submitted(*published);
    EXPECT_EQ(run.settled(), 1u);
    run.expect_closing(published->at("expected").at("closing"));
}

TEST(PublishedRtgs, sim_t2_conservation_keeps_the_sum) {
    const auto published = find_case("rtgs_cases.json", "sim-t2-conservation");
    if (!published) GTEST_SKIP() << absent();
    const CaseRun run = submitted(*published);
    core::SignedMinor sum = 0;
    for (const json& bank : published->at("banks"))
        sum += run.chain.balance(run.bank(bank.at("id")));
    EXPECT_EQ(static_cast<std::int64_t>(sum),
              published->at("expected").at("sum_of_balances").get<std::int64_t>());
}

TEST(PublishedBehaviour, beh_hold_position_held_payments_leave_the_position) {
    const auto published = find_case("behaviour_cases.json", "beh-hold-position");
    if (!published) GTEST_SKIP() << absent();
    CaseRun run({"A", "B"});
    run.fund("A", published->at("start").at("A"));
    std::map<std::string, PaymentId> ids;
    const auto running_position = [&] {
        json positions = json::array();
        std::int64_t position = static_cast<std::int64_t>(run.chain.balance(0));
        for (const PaymentDraft& draft : run.drafts) {
            const bool held = run.chain.status(draft) == Status::held;
            if (!held) position -= static_cast<std::int64_t>(draft.amount);
            if (held)
                positions.push_back("(held: " + std::to_string(position) + ")");
            else
                positions.push_back(position);
        }
        return positions;
    };
    for (const json& step : published->at("steps")) {
        if (step.contains("expect_running_position")) {
            EXPECT_EQ(running_position(), step.at("expect_running_position"));
        } else if (step.at("op") == "pay") {
            EXPECT_EQ(run.pay(step.at("payer"), step.at("payee"), step.at("amount")), Status::queued);
            ids[step.at("ref")] = id_of(run.drafts.back());
        } else {
            EXPECT_EQ(step.at("op"), "hold");
            run.chain.send(maker_of(0), calls::hold(ids.at(step.at("ref"))));
        }
    }
    EXPECT_EQ(run.chain.position(0).net_queued, -160);
}

TEST(PublishedBehaviour, beh_priority_sort_orders_by_priority_then_creation) {
    const auto published = find_case("behaviour_cases.json", "beh-priority-sort");
    if (!published) GTEST_SKIP() << absent();
    CaseRun run({"A", "B"});
    run.pay("A", "B", 25);
    run.pay("A", "B", 10);
    run.pay("A", "B", 150, Priority::high);
    run.pay("A", "B", 50);
    run.chain.send(maker_of(0), calls::set_priority(id_of(run.drafts.back()), Priority::high));
    std::vector<std::string> queue;
    for (const PaymentId& id : run.chain.queue(0)) {
        const PaymentInfo payment = run.chain.payment(id);
        queue.push_back(core::to_decimal(payment.amount) + (payment.priority == Priority::high ? "H" : "N"));
    }
    EXPECT_EQ(json(queue), published->at("expect_queue"));
}

TEST(PublishedBehaviour, beh_update_priority_reorders_the_queue) {
    const auto published = find_case("behaviour_cases.json", "beh-update-priority");
    if (!published) GTEST_SKIP() << absent();
    CaseRun second({"A", "B"});
    second.fund("A", published->at("start").at("A"));
    for (const std::uint64_t amount : {300u, 400u, 200u})
        second.pay("A", "B", amount);
    second.chain.send(maker_of(0), calls::set_priority(id_of(second.drafts[2]), Priority::high));
    EXPECT_EQ(second.queued_amounts("A"), (std::vector<std::uint64_t>{200, 300, 400}));

    CaseRun third({"A", "B"});
    third.fund("A", published->at("start").at("A"));
    third.pay("A", "B", 300, Priority::high);
    third.pay("A", "B", 400);
    third.pay("A", "B", 200);
    third.chain.send(maker_of(0), calls::set_priority(id_of(third.drafts[0]), Priority::normal));
    third.pay("A", "B", 150, Priority::high);
    EXPECT_EQ(third.queued_amounts("A"), (std::vector<std::uint64_t>{150, 300, 400, 200}));
}

TEST(PublishedBehaviour, beh_pledge_redeem_locks_approves_and_passes_by_the_queue) {
    if (!find_case("behaviour_cases.json", "beh-pledge-redeem")) GTEST_SKIP() << absent();
    CaseRun run({"bank", "other"});
    const auto open_requests = [&] {
        return results::redemptions(run.chain.look(calls::open_redemptions(0, 10)).output)->size();
    };
    run.fund("bank", 300);
    EXPECT_EQ(run.chain.balance(0), 300);
    run.chain.send(maker_of(0), calls::request_redeem(eur, 150, uetr_of(1)));
    EXPECT_EQ(run.chain.balance(0), 150);
    EXPECT_EQ(run.chain.position(0).locked, 150u);
    EXPECT_EQ(open_requests(), 1u);
    run.chain.send(issuer_key(), calls::approve_redeem(bank_bic(0), uetr_of(1), true));
    EXPECT_EQ(run.chain.position(0).locked, 0u);
    EXPECT_EQ(open_requests(), 0u);

    CaseRun pledged({"bank", "other"});
    pledged.pay("bank", "other", 1'000);
    pledged.fund("bank", 500);
    EXPECT_EQ(pledged.chain.balance(0), 500);
}

TEST(PublishedBehaviour, beh_deadlock_then_funds_clears_by_itself) {
    const auto published = find_case("behaviour_cases.json", "beh-deadlock-then-funds");
    if (!published) GTEST_SKIP() << absent();
    CaseRun run({"bank1", "bank2"});
    for (const json& step : published->at("steps"))
        if (step.is_object()) run.pay(step.at("payer"), step.at("payee"), step.at("amount"));
    EXPECT_EQ(run.settled(), 0u);
    run.fund("bank1", 1'000);
    run.fund("bank2", 1'000);
    EXPECT_EQ(run.settled(), 2u);
    EXPECT_EQ(run.chain.balance(0), 910);
    EXPECT_EQ(run.chain.balance(1), 1'090);
}

}  // namespace
}  // namespace sluice::contracts
