/// Published gridlocks: what settles together, in order and with bypass.
#include "contracts/native/liquidity_bypass.hpp"
#include "contracts/native/liquidity_client.hpp"
#include "tests/contracts/native/published_cases.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;

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
        for (const BypassSet& set : find_bypasses(problem, {.settled = {0, 0, 0}}, 10).sets)
            EXPECT_LT(set.size(), 3u) << id;
        EXPECT_LT(resolve(problem).payments, 3u) << id;
    }
}

}  // namespace
}  // namespace sluice::contracts
