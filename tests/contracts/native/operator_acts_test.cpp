#include <gtest/gtest.h>

#include <set>

#include "contracts/native/settlement_contracts.hpp"
#include "tests/contracts/native/settlement_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;

/// Three operators, two of whom must agree.
class OperatorActsTest : public testing::Test {
  protected:
    static ContractCall issue_call(core::Minor amount = 100) {
        return calls::issue({bank_bic(0), eur, amount, core::word_from_u64(7)});
    }
    ActOutcome propose(const core::Address& who, const ContractCall& call) {
        const CallOutcome outcome = chain.send(who, calls::propose_act(call.data));
        EXPECT_TRUE(outcome.succeeded());
        return results::act_outcome(outcome.output).value_or(ActOutcome{});
    }
    bool confirm(const core::Address& who, std::uint64_t act, core::UnixMs time_ms = 0) {
        const CallOutcome outcome = chain.send(who, calls::confirm_act(act), time_ms);
        EXPECT_TRUE(outcome.succeeded());
        return results::flag(outcome.output).value_or(false);
    }
    Act act(std::uint64_t number) const { return *results::act(chain.look(calls::act(number)).output); }
    SettlementChain chain{settlement_spec(3, 3, 2)};
};

TEST_F(OperatorActsTest, one_operator_alone_performs_nothing) {
    EXPECT_EQ(chain.refusal(operator_key(0), issue_call()), reason::forbidden);
    EXPECT_EQ(chain.refusal(issuer_key(), issue_call()), reason::forbidden);
    EXPECT_FALSE(propose(operator_key(0), issue_call()).performed);
    EXPECT_EQ(chain.balance(0), 0);
}

TEST_F(OperatorActsTest, the_kth_confirmation_performs_the_act) {
    const ActOutcome proposed = propose(operator_key(0), issue_call());
    EXPECT_EQ(act(proposed.act).stage, ActStage::open);
    EXPECT_EQ(act(proposed.act).call, issue_call().data);
    EXPECT_TRUE(confirm(operator_key(2), proposed.act));
    EXPECT_EQ(chain.balance(0), 100);
    EXPECT_EQ(act(proposed.act).stage, ActStage::performed);
    const auto acts = events_of<ActEvent>(chain.events());
    ASSERT_EQ(acts.size(), 2u);
    EXPECT_EQ(acts[0].confirmations, 2u);
    EXPECT_EQ(acts[1].stage, ActEvent::Stage::performed);
    EXPECT_EQ(chain.refusal(operator_key(1), calls::confirm_act(proposed.act)), reason::unknown_reference);
}

TEST_F(OperatorActsTest, confirming_twice_counts_once) {
    const ActOutcome proposed = propose(operator_key(0), issue_call());
    EXPECT_FALSE(confirm(operator_key(0), proposed.act));
    EXPECT_EQ(act(proposed.act).confirmations, 1u);
    EXPECT_EQ(chain.balance(0), 0);
}

TEST_F(OperatorActsTest, an_issuer_may_propose_and_confirm_what_issuers_do_and_nothing_else) {
    const ActOutcome proposed = propose(issuer_key(), issue_call());
    EXPECT_TRUE(confirm(operator_key(0), proposed.act));
    const ContractCall suspend = calls::set_status(bank_bic(0), ParticipantStatus::suspended, "");
    EXPECT_EQ(chain.refusal(issuer_key(), calls::propose_act(suspend.data)), reason::forbidden);
    const ActOutcome other = propose(operator_key(0), suspend);
    EXPECT_EQ(chain.refusal(issuer_key(), calls::confirm_act(other.act)), reason::forbidden);
}

TEST_F(OperatorActsTest, strangers_neither_propose_nor_confirm) {
    EXPECT_EQ(chain.refusal(maker_of(0), calls::propose_act(issue_call().data)), reason::forbidden);
    const ActOutcome proposed = propose(operator_key(0), issue_call());
    EXPECT_EQ(chain.refusal(admin_of(0), calls::confirm_act(proposed.act)), reason::forbidden);
    EXPECT_EQ(chain.refusal(operator_key(0), calls::confirm_act(99)), reason::unknown_reference);
}

TEST_F(OperatorActsTest, what_is_no_act_cannot_be_proposed) {
    EXPECT_EQ(chain.refusal(operator_key(0), calls::propose_act(calls::submit(instruction_of({})).data)),
              reason::bad_form);
    EXPECT_EQ(chain.refusal(operator_key(0), calls::propose_act(core::Bytes{1, 2, 3})), reason::bad_form);
    EXPECT_EQ(chain.refusal(operator_key(0), calls::propose_act(core::Bytes(act_call_bytes_max + 1, 0))),
              reason::bad_form);
    EXPECT_EQ(chain.refusal(operator_key(0), calls::propose_act(calls::propose_act(issue_call().data).data)),
              reason::bad_form);
}

TEST_F(OperatorActsTest, an_act_that_fails_stays_open_and_says_why) {
    const ActOutcome proposed = propose(operator_key(0), issue_call(0));
    EXPECT_EQ(chain.refusal(operator_key(1), calls::confirm_act(proposed.act)), reason::zero_amount);
    EXPECT_EQ(act(proposed.act).stage, ActStage::open);
    EXPECT_EQ(act(proposed.act).confirmations, 1u);
}

TEST_F(OperatorActsTest, confirmations_of_former_operators_do_not_count) {
    const ActOutcome proposed = propose(operator_key(0), issue_call());
    const ActOutcome removal =
        propose(operator_key(1), calls::set_role(Role::operator_, operator_key(0), false));
    EXPECT_TRUE(confirm(operator_key(2), removal.act));
    EXPECT_FALSE(confirm(operator_key(1), proposed.act));
    EXPECT_EQ(chain.balance(0), 0);
    EXPECT_TRUE(confirm(operator_key(2), proposed.act));
    EXPECT_EQ(chain.balance(0), 100);
}

TEST_F(OperatorActsTest, there_are_never_fewer_operators_than_an_act_needs) {
    const ActOutcome first =
        propose(operator_key(1), calls::set_role(Role::operator_, operator_key(0), false));
    confirm(operator_key(2), first.act);
    const ActOutcome second =
        propose(operator_key(1), calls::set_role(Role::operator_, operator_key(2), false));
    EXPECT_EQ(chain.refusal(operator_key(2), calls::confirm_act(second.act)), reason::forbidden);
    const ActOutcome threshold = propose(operator_key(1), calls::set_operator_threshold(3));
    EXPECT_EQ(chain.refusal(operator_key(2), calls::confirm_act(threshold.act)), reason::bad_form);
}

TEST_F(OperatorActsTest, an_old_proposal_cannot_be_confirmed) {
    const ActOutcome proposed = propose(operator_key(0), issue_call());
    const core::UnixMs too_late = core::time_ms_of(chain.head) + act_lifetime_ms + 1;
    const CallOutcome outcome = chain.send(operator_key(1), calls::confirm_act(proposed.act), too_late);
    EXPECT_EQ(decode_refusal(outcome.output)->code, reason::too_late);
    EXPECT_EQ(chain.balance(0), 0);
}

TEST_F(OperatorActsTest, roles_and_threshold_can_be_read) {
    const auto quorum = *results::operator_quorum(chain.look(calls::operator_threshold()).output);
    EXPECT_EQ(quorum.operators, 3u);
    EXPECT_EQ(quorum.threshold, 2u);
    EXPECT_EQ(results::flag(chain.look(calls::has_role(Role::issuer, issuer_key())).output), true);
    EXPECT_EQ(results::flag(chain.look(calls::has_role(Role::operator_, issuer_key())).output), false);
}

TEST(SingleOperator, performs_a_proposal_at_once) {
    SettlementChain chain;
    const ContractCall call = calls::issue({bank_bic(0), eur, 100, core::word_from_u64(7)});
    const CallOutcome outcome = chain.send(operator_key(), calls::propose_act(call.data));
    EXPECT_TRUE(results::act_outcome(outcome.output)->performed);
    EXPECT_EQ(chain.balance(0), 100);
}

TEST(SettlementRows, selectors_are_unique_over_all_contracts_and_signatures_match_them) {
    std::set<Selector> seen;
    for (const NativeContract* contract : settlement_registry().contracts)
        for (const Method& method : contract->methods) {
            const core::Hash hash = core::keccak256(core::view(method.signature));
            EXPECT_TRUE(std::equal(method.selector.begin(), method.selector.end(), hash.begin()))
                << method.signature;
            EXPECT_TRUE(seen.insert(method.selector).second) << method.signature;
        }
}

}  // namespace
}  // namespace sluice::contracts
