#include "contracts/native/membership.hpp"

#include <gtest/gtest.h>

#include "tests/contracts/native/settlement_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;

constexpr std::uint64_t no_proposal = 0;

calls::NewValidator newcomer(std::size_t number) {
    return {validator_key(number), bank_bic(number), "node-" + std::to_string(number)};
}

core::ChainSpec spec_of(std::size_t validators) {
    core::ChainSpec spec = settlement_spec(3);
    spec.validators.clear();
    for (std::size_t i = 0; i < validators; ++i)
        spec.validators.push_back(
            {.name = "node-" + std::to_string(i), .address = validator_key(i), .bic = bic_of(bank_bic(i))});
    return spec;
}

/// A chain of `validators` validators, whose keys propose and vote.
class Governed : public SettlementChain {
  public:
    explicit Governed(std::size_t validators) : SettlementChain(spec_of(validators)) {}

    std::uint64_t propose(std::size_t by, const ContractCall& call) {
        const CallOutcome outcome = send(validator_key(by), call);
        EXPECT_TRUE(outcome.succeeded()) << why(outcome);
        return results::number(outcome.output).value_or(no_proposal);
    }
    /// True if the vote carried the proposal.
    bool vote(std::size_t by, std::uint64_t id) { return act(validator_key(by), calls::vote(id)); }
    bool accept(std::size_t by, std::uint64_t id) { return act(validator_key(by), calls::accept(id)); }
    /// The sentence with which the call is refused; its block changes nothing.
    std::string refusal(const core::Address& sender, const ContractCall& call) {
        const core::ValidatorSet before = validators();
        const CallOutcome outcome = send(sender, call);
        EXPECT_FALSE(outcome.succeeded());
        EXPECT_EQ(validators(), before);
        return why(outcome);
    }
    ProposalInfo proposal(std::uint64_t id) const {
        return *results::proposal(look(calls::proposal(id)).output);
    }
    std::vector<ProposalInfo> proposals() const {
        return *results::proposals(look(calls::proposals()).output);
    }
    bool has(std::size_t number) const { return validators().index_of(validator_key(number)).has_value(); }
    core::Height next_height() const { return head.height + 1; }
    /// Carries a change with the votes of the first `votes` validators; the newcomer accepts first.
    void carry(const ContractCall& call, std::size_t votes, std::optional<std::size_t> joins = {}) {
        const std::uint64_t id = propose(0, call);
        if (joins) accept(*joins, id);
        for (std::size_t voter = 1; voter < votes; ++voter)
            vote(voter, id);
    }

  private:
    static std::string why(const CallOutcome& outcome) {
        return abi::decode_error(outcome.output).value_or("no reason");
    }
    bool act(const core::Address& sender, const ContractCall& call) {
        const CallOutcome outcome = send(sender, call);
        EXPECT_TRUE(outcome.succeeded()) << why(outcome);
        return results::flag(outcome.output).value_or(false);
    }
};

TEST(Membership, the_vote_that_completes_a_quorum_changes_the_set_of_the_next_height) {
    Governed chain(4);
    const std::uint64_t id = chain.propose(0, calls::propose_add(newcomer(4)));
    EXPECT_FALSE(chain.accept(4, id));
    EXPECT_FALSE(chain.vote(1, id));
    EXPECT_EQ(chain.validators().size(), 4u);
    EXPECT_TRUE(chain.vote(2, id));
    EXPECT_EQ(chain.validators().size(), 5u);
    EXPECT_TRUE(chain.has(4));

    const auto extra = core::decode_extra_data(chain.head.extra_data);
    ASSERT_TRUE(extra.has_value());
    EXPECT_NE(extra->validators_hash, extra->next_validators_hash);
    EXPECT_EQ(extra->next_validators_hash, chain.validators().hash());
    EXPECT_EQ(chain.proposal(id).stage, ProposalStage::carried);
    EXPECT_EQ(chain.proposal(id).effective_at, chain.next_height());
    chain.block({});
    EXPECT_EQ(core::decode_extra_data(chain.head.extra_data)->validators_hash, chain.validators().hash());
}

TEST(Membership, acceptance_may_come_last_and_is_needed) {
    Governed chain(4);
    const std::uint64_t id = chain.propose(0, calls::propose_add(newcomer(4)));
    for (std::size_t voter = 1; voter < 4; ++voter)
        EXPECT_FALSE(chain.vote(voter, id));
    EXPECT_TRUE(chain.accept(4, id));
    EXPECT_TRUE(chain.has(4));
}

TEST(Membership, a_newcomer_has_name_and_bic_in_the_list_of_validators) {
    Governed chain(4);
    chain.carry(calls::propose_add(newcomer(4)), 3, 4);
    const auto rows = *results::validators(chain.look(calls::validators()).output);
    ASSERT_EQ(rows.size(), 5u);
    EXPECT_EQ(rows[4], (ValidatorInfo{validator_key(4), bank_bic(4), "node-4"}));
}

TEST(Membership, events_carry_the_height_from_which_the_set_votes) {
    Governed chain(1);
    const std::uint64_t id = chain.propose(0, calls::propose_add(newcomer(1)));
    chain.accept(1, id);
    const auto& logs = chain.last.receipts.at(0).logs;
    ASSERT_EQ(logs.size(), 2u);
    EXPECT_EQ(logs[0].topics.at(0), validator_accepted_topic);
    EXPECT_EQ(logs[1].address, governance_address);
    EXPECT_EQ(logs[1].topics,
              (std::vector<core::Word>{validator_added_topic, word_of(id), word_of(validator_key(1))}));
    const auto data = abi::decode<BicText, std::string_view, std::uint64_t>(logs[1].data);
    ASSERT_TRUE(data.has_value());
    EXPECT_EQ(std::get<2>(*data), chain.next_height());
}

TEST(Membership, the_last_validator_takes_the_place_of_the_removed_one) {
    Governed chain(4);
    chain.carry(calls::propose_remove(validator_key(1)), 3);
    ASSERT_EQ(chain.validators().size(), 3u);
    EXPECT_EQ(chain.validators().at(0), validator_key(0));
    EXPECT_EQ(chain.validators().at(1), validator_key(3));
    EXPECT_EQ(chain.validators().at(2), validator_key(2));
    EXPECT_EQ(results::validators(chain.look(calls::validators()).output)->at(1).name, "node-3");
}

TEST(Membership, a_removed_validator_neither_proposes_nor_votes_from_the_next_transaction_on) {
    Governed chain(4);
    const std::uint64_t other = chain.propose(0, calls::propose_add(newcomer(5)));
    chain.carry(calls::propose_remove(validator_key(3)), 3);
    EXPECT_FALSE(chain.has(3));
    EXPECT_EQ(chain.refusal(validator_key(3), calls::vote(other)), "only a present validator may vote");
    EXPECT_EQ(chain.refusal(validator_key(3), calls::propose_remove(validator_key(0))),
              "only a present validator may propose");
}

TEST(Membership, votes_of_validators_who_left_no_longer_count) {
    Governed chain(5);  // quorum 4
    const std::uint64_t add = chain.propose(0, calls::propose_add(newcomer(6)));
    chain.accept(6, add);
    chain.vote(4, add);
    chain.vote(1, add);
    const std::uint64_t removal = chain.propose(0, calls::propose_remove(validator_key(4)));
    chain.vote(1, removal);
    chain.vote(2, removal);
    EXPECT_TRUE(chain.vote(3, removal));
    // Of three votes two stand, and four validators need three.
    EXPECT_EQ(chain.proposal(add).stage, ProposalStage::open);
    EXPECT_FALSE(chain.has(6));
    // A set of five needs four signs of life: three votes and the acceptance.
    EXPECT_TRUE(chain.vote(2, add));
    EXPECT_TRUE(chain.has(6));
}

TEST(Membership, a_removal_needs_a_quorum_of_the_new_set_among_those_who_voted) {
    Governed chain(6);  // quorum 4; five validators need four as well
    const std::uint64_t id = chain.propose(5, calls::propose_remove(validator_key(5)));
    EXPECT_FALSE(chain.vote(0, id));
    EXPECT_FALSE(chain.vote(1, id));
    EXPECT_FALSE(chain.vote(2, id)) << "four have voted, but only three of them stay";
    EXPECT_TRUE(chain.vote(3, id));
    EXPECT_FALSE(chain.has(5));
}

TEST(Membership, TC66_a_replacement_takes_two_blocks_and_never_swaps_in_one) {
    Governed chain(4);
    const std::uint64_t id = chain.propose(0, calls::propose_replace(validator_key(2), newcomer(7)));
    chain.accept(7, id);
    chain.vote(1, id);
    EXPECT_TRUE(chain.vote(3, id));
    EXPECT_EQ(chain.validators().size(), 5u);
    EXPECT_TRUE(chain.has(2) && chain.has(7));
    EXPECT_EQ(chain.proposal(id).stage, ProposalStage::halfway);
    EXPECT_EQ(chain.next_due(), 0u) << "the second half is due at once";

    chain.block({});
    ASSERT_EQ(chain.last.transactions.size(), 1u);
    EXPECT_EQ(chain.last.transactions[0]->transaction.type, core::TransactionType::system);
    EXPECT_EQ(chain.last.receipts[0].logs.at(0).topics.at(0), validator_removed_topic);
    EXPECT_EQ(chain.validators().size(), 4u);
    EXPECT_EQ(chain.validators().at(2), validator_key(7)) << "the newcomer takes the place";
    EXPECT_EQ(chain.proposal(id).stage, ProposalStage::carried);
    EXPECT_EQ(chain.proposal(id).effective_at, chain.next_height());
    EXPECT_FALSE(chain.next_due().has_value());
}

TEST(Membership, rotation_gives_a_validator_another_key_under_its_name) {
    Governed chain(4);
    const std::uint64_t id = chain.propose(2, calls::propose_rotate(validator_key(9)));
    chain.accept(9, id);
    chain.vote(0, id);
    EXPECT_TRUE(chain.vote(1, id));
    chain.block({});
    EXPECT_FALSE(chain.has(2));
    const auto rows = *results::validators(chain.look(calls::validators()).output);
    EXPECT_EQ(rows.at(2), (ValidatorInfo{validator_key(9), bank_bic(2), "node-2"}));
}

TEST(Membership, one_validator_alone_can_rotate_its_key) {
    Governed chain(1);
    const std::uint64_t id = chain.propose(0, calls::propose_rotate(validator_key(1)));
    EXPECT_TRUE(chain.accept(1, id));
    EXPECT_EQ(chain.validators().size(), 2u);
    chain.block({});
    EXPECT_EQ(chain.validators(), *core::ValidatorSet::make({validator_key(1)}));
}

TEST(Membership, TC66_one_block_changes_the_set_once) {
    Governed chain(4);
    const std::uint64_t add = chain.propose(0, calls::propose_add(newcomer(4)));
    const std::uint64_t removal = chain.propose(0, calls::propose_remove(validator_key(3)));
    chain.accept(4, add);
    chain.vote(1, add);
    chain.vote(1, removal);
    const ExecutionResult both =
        chain.block({{validator_key(2), calls::vote(removal)}, {validator_key(2), calls::vote(add)}});
    EXPECT_TRUE(both.receipts.at(0).succeeded);
    EXPECT_FALSE(both.receipts.at(1).succeeded);
    EXPECT_EQ(chain.validators().size(), 3u);
    EXPECT_TRUE(chain.vote(2, add)) << "sent again for the next block, the vote counts";
    EXPECT_EQ(chain.validators().size(), 4u);
}

TEST(Membership, nothing_else_is_carried_while_a_replacement_is_halfway) {
    Governed chain(4);
    const std::uint64_t swap = chain.propose(0, calls::propose_replace(validator_key(3), newcomer(4)));
    const std::uint64_t removal = chain.propose(0, calls::propose_remove(validator_key(3)));
    chain.accept(4, swap);
    for (std::size_t voter = 1; voter < 3; ++voter)
        chain.vote(voter, swap);
    ASSERT_EQ(chain.proposal(swap).stage, ProposalStage::halfway);
    // In the block of the second half the other proposal gets its last vote.
    const ExecutionResult last = chain.block({{validator_key(1), calls::vote(removal)},
                                              {validator_key(2), calls::vote(removal)},
                                              {validator_key(3), calls::vote(removal)},
                                              {validator_key(4), calls::vote(removal)}});
    EXPECT_FALSE(last.receipts.at(3).succeeded && last.receipts.at(2).succeeded);
    EXPECT_EQ(chain.validators().size(), 4u);
    EXPECT_EQ(chain.refusal(validator_key(4), calls::vote(removal)), "who would leave is not a validator");
}

TEST(Membership, TC66_what_cannot_lead_to_a_set_is_refused_with_its_reason) {
    Governed chain(4);
    const core::Address by = validator_key(0);
    const auto add = [](calls::NewValidator joins) { return calls::propose_add(joins); };
    EXPECT_EQ(chain.refusal(by, add(newcomer(3))), "who would join is a validator already");
    EXPECT_EQ(chain.refusal(by, add({{}, bank_bic(4), "node-4"})), "the zero address cannot be a validator");
    EXPECT_EQ(chain.refusal(by, add({validator_key(4), BicText{'x'}, "node-4"})), "the BIC is malformed");
    EXPECT_EQ(chain.refusal(by, add({validator_key(4), bank_bic(4), "node-1"})),
              "another validator has this name");
    for (const char* name : {"", " node", "node\n", "\xff"})
        EXPECT_EQ(chain.refusal(by, add({validator_key(4), bank_bic(4), name})).substr(0, 13),
                  "the name must");
    EXPECT_EQ(chain.refusal(by, calls::propose_remove(validator_key(9))),
              "who would leave is not a validator");
    EXPECT_EQ(chain.refusal(by, calls::propose_replace(validator_key(9), newcomer(5))),
              "who would leave is not a validator");
    EXPECT_EQ(chain.refusal(by, calls::propose_replace(validator_key(1), newcomer(1))),
              "who joins and who leaves are the same");
    EXPECT_EQ(chain.refusal(by, calls::propose_rotate(validator_key(1))),
              "who would join is a validator already");
    EXPECT_TRUE(chain.proposals().empty());
}

TEST(Membership, the_last_validator_cannot_leave) {
    Governed chain(1);
    EXPECT_EQ(chain.refusal(validator_key(0), calls::propose_remove(validator_key(0))),
              "the last validator cannot leave");
}

TEST(Membership, twenty_two_validators_are_the_most) {
    Governed chain(21);
    chain.carry(calls::propose_add(newcomer(30)), 14, 30);
    EXPECT_EQ(chain.validators().size(), 22u);
    EXPECT_EQ(chain.refusal(validator_key(0), calls::propose_add(newcomer(31))),
              "the set is full: 22 validators are the most; remove one first");
    EXPECT_EQ(chain.refusal(validator_key(0), calls::propose_rotate(validator_key(31))),
              "the set is full: 22 validators are the most; remove one first");
    chain.carry(calls::propose_remove(validator_key(5)), 15);
    EXPECT_EQ(chain.validators().size(), 21u);
}

TEST(Membership, votes_are_counted_once_and_only_of_validators) {
    Governed chain(4);
    const std::uint64_t id = chain.propose(0, calls::propose_add(newcomer(4)));
    EXPECT_EQ(chain.refusal(validator_key(0), calls::vote(id)), "this validator has voted already");
    EXPECT_EQ(chain.refusal(operator_key(), calls::vote(id)), "only a present validator may vote");
    EXPECT_EQ(chain.refusal(validator_key(4), calls::vote(id)), "only a present validator may vote");
    EXPECT_EQ(chain.refusal(operator_key(), calls::accept(id)), "only who would join may accept");
    EXPECT_EQ(chain.refusal(operator_key(), calls::propose_add(newcomer(5))),
              "only a present validator may propose");
    EXPECT_EQ(chain.refusal(validator_key(0), calls::vote(99)), "there is no proposal 99");
    chain.accept(4, id);
    EXPECT_EQ(chain.refusal(validator_key(4), calls::accept(id)), "it is accepted already");
    EXPECT_EQ(chain.proposal(id).voters, std::vector<core::Address>{validator_key(0)});
}

TEST(Membership, a_withdrawn_proposal_takes_no_votes) {
    Governed chain(4);
    const std::uint64_t id = chain.propose(0, calls::propose_add(newcomer(4)));
    EXPECT_EQ(chain.refusal(validator_key(1), calls::withdraw(id)),
              "only its proposer may withdraw a proposal");
    EXPECT_TRUE(chain.send(validator_key(0), calls::withdraw(id)).succeeded());
    EXPECT_EQ(chain.refusal(validator_key(1), calls::vote(id)), "the proposal is not open: it is withdrawn");
    EXPECT_TRUE(chain.proposals().empty());
    EXPECT_EQ(chain.proposal(id).stage, ProposalStage::withdrawn);
}

TEST(Membership, the_last_height_of_a_proposal_may_still_carry_it_and_no_later_one) {
    Governed chain(3);
    const std::uint64_t in_time = chain.propose(0, calls::propose_remove(validator_key(2), 2));
    EXPECT_EQ(chain.proposal(in_time).expires_at, 2u);
    EXPECT_TRUE(chain.vote(1, in_time));  // block 2
    const std::uint64_t late = chain.propose(0, calls::propose_add(newcomer(4), chain.next_height()));
    EXPECT_EQ(chain.proposal(late).stage, ProposalStage::expired) << "as the next block sees it";
    EXPECT_EQ(chain.refusal(validator_key(1), calls::vote(late)), "the proposal expired at height 3");
    EXPECT_TRUE(chain.proposals().empty());
    EXPECT_EQ(chain.refusal(validator_key(0), calls::propose_add(newcomer(4), 1)),
              "the proposal must expire within 10000000 heights");
    EXPECT_EQ(chain.refusal(validator_key(0), calls::propose_add(newcomer(4), 20'000'000)),
              "the proposal must expire within 10000000 heights");
}

TEST(Membership, a_proposer_has_two_open_proposals_at_most_and_expired_ones_make_room) {
    Governed chain(4);
    chain.propose(0, calls::propose_add(newcomer(4)));
    chain.propose(0, calls::propose_add(newcomer(5), chain.next_height() + 1));
    EXPECT_EQ(chain.refusal(validator_key(0), calls::propose_add(newcomer(6))),
              "the proposer has two open proposals already: withdraw one");
    chain.propose(1, calls::propose_add(newcomer(6)));
    EXPECT_EQ(chain.proposals().size(), 2u);
    const std::uint64_t id = chain.propose(0, calls::propose_add(newcomer(7)));
    EXPECT_EQ(id, 4u);
    EXPECT_EQ(chain.proposal(2).stage, ProposalStage::expired);
    EXPECT_EQ(chain.proposals().size(), 3u);
}

TEST(Membership, a_carried_proposal_leaves_no_open_one_behind) {
    Governed chain(4);
    chain.carry(calls::propose_add(newcomer(4)), 3, 4);
    EXPECT_TRUE(chain.proposals().empty());
    EXPECT_EQ(chain.refusal(validator_key(3), calls::vote(1)), "the proposal is not open: it is carried");
}

TEST(Membership, storage_after_adding_and_removing_holds_no_trace_of_the_row) {
    Governed chain(4);
    chain.carry(calls::propose_add(newcomer(4)), 3, 4);
    const auto with = *results::validators(chain.look(calls::validators()).output);
    chain.carry(calls::propose_remove(validator_key(4)), 4);
    const auto without = *results::validators(chain.look(calls::validators()).output);
    EXPECT_EQ(with.size(), 5u);
    EXPECT_EQ(without.size(), 4u);
    EXPECT_EQ(chain.validators(), *core::ValidatorSet::make({validator_key(0), validator_key(1),
                                                             validator_key(2), validator_key(3)}));
}

TEST(Membership, sets_of_every_size_grow_to_ten_and_shrink_to_one) {
    Governed chain(1);
    for (std::size_t n = 1; n < 10; ++n) {
        chain.carry(calls::propose_add(newcomer(n)), core::quorum_size(n), n);
        ASSERT_EQ(chain.validators().size(), n + 1);
    }
    for (std::size_t n = 10; n > 1; --n) {
        const bool leaver_votes = core::quorum_size(n) > n - 1;  // of two, both
        chain.carry(calls::propose_remove(validator_key(n - 1)), leaver_votes ? n : core::quorum_size(n));
        ASSERT_EQ(chain.validators().size(), n - 1);
    }
}

TEST(Membership, malformed_calls_revert_without_a_word) {
    Governed chain(4);
    for (const ContractCall& whole :
         {calls::propose_add(newcomer(4)), calls::vote(1), calls::accept(1), calls::withdraw(1),
          calls::propose_remove(validator_key(1)), calls::propose_replace(validator_key(1), newcomer(4)),
          calls::propose_rotate(validator_key(4)), calls::proposal(1)}) {
        ContractCall cut = whole;
        cut.data.resize(cut.data.size() - 1 - (cut.data.size() > 40 ? 32 : 0));
        const CallOutcome outcome = chain.look(cut, validator_key(0));
        EXPECT_FALSE(outcome.succeeded());
        EXPECT_TRUE(outcome.output.empty());
    }
}

}  // namespace
}  // namespace sluice::contracts
