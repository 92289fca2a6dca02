#include "consensus/replica.hpp"

#include <gtest/gtest.h>

#include "support/forgery.hpp"
#include "support/manual_network.hpp"

namespace sluice::consensus::testing {
namespace {

template <typename E>
std::size_t count(const Effects& effects) {
    return static_cast<std::size_t>(std::count_if(effects.begin(), effects.end(), [](const Effect& effect) {
        return std::holds_alternative<E>(effect);
    }));
}

core::Instant at(std::int64_t ms) {
    return core::Instant{ms * 1000};
}

/// One replica of four, fed by hand.
class ReplicaTest : public ::testing::Test {
  protected:
    ReplicaTest() { static_cast<void>(replica_.start(at(0))); }

    Head genesis() const {
        return {.height = 0,
                .digest = chain_.identity.genesis_hash,
                .certificate = std::nullopt,
                .validators = chain_.genesis_validators};
    }
    template <typename M>
    Effects hear(M message, std::int64_t ms = 1) {
        auto verified = verifier_.verify(Message(std::move(message)));
        EXPECT_TRUE(verified.has_value());
        return replica_.step(at(ms), to_input(std::move(*verified)));
    }

    ToyChain chain_ = toy_chain(4);
    Forger forger_{chain_};
    ToySigner signer_{3};
    MessageVerifier verifier_{chain_.identity, 256, ValidatorHistory(1, chain_.genesis_validators),
                              toy_digest, toy_recover};
    Replica replica_{chain_.config, genesis(), {}, &signer_};
    core::SharedBytes payload_ = toy_payload("A");
    Hash digest_ = digest_of(payload_);
};

TEST_F(ReplicaTest, persists_before_it_sends_in_every_step) {
    hear(forger_.pre_prepare(0, 1, 0, payload_));
    hear(forger_.prepare(0, 1, 0, digest_));
    hear(forger_.prepare(1, 1, 0, digest_));
    // PREPARE and COMMIT fall into one step, and one write stands before both.
    const Effects effects = replica_.step(
        at(2), ProposalChecked{.height = 1, .digest = digest_, .ok = true, .proposer = toy_address(0)});
    ASSERT_EQ(effects.size(), 3u);
    ASSERT_TRUE(std::holds_alternative<Persist>(effects[0]));
    EXPECT_EQ(std::get<Persist>(effects[0]).records.size(), 4u);
    EXPECT_TRUE(std::holds_alternative<Broadcast>(effects[1]));
    EXPECT_TRUE(std::holds_alternative<Broadcast>(effects[2]));
}

TEST_F(ReplicaTest, same_inputs_give_the_same_effects) {
    ToySigner signer(3);
    Replica twin(chain_.config, genesis(), {}, &signer);
    static_cast<void>(twin.start(at(0)));
    const std::vector<Message> history = {forger_.pre_prepare(0, 1, 0, payload_),
                                          forger_.prepare(0, 1, 0, digest_), forger_.view_change(1, 1, 4),
                                          forger_.view_change(2, 1, 5)};
    for (const Message& message : history) {
        const Effects here = replica_.step(at(7), to_input(*verifier_.verify(message)));
        const Effects there = twin.step(at(7), to_input(*verifier_.verify(message)));
        ASSERT_EQ(here.size(), there.size());
        for (std::size_t i = 0; i < here.size(); ++i) {
            EXPECT_EQ(describe(here[i]), describe(there[i]));
        }
        EXPECT_EQ(replica_.next_deadline(), twin.next_deadline());
    }
}

TEST_F(ReplicaTest, fresh_block_that_names_another_builder_is_refused) {
    hear(forger_.pre_prepare(0, 1, 0, payload_));
    const Effects effects = replica_.step(
        at(2), ProposalChecked{.height = 1, .digest = digest_, .ok = true, .proposer = toy_address(2)});
    EXPECT_EQ(count<Broadcast>(effects), 0u);
}

TEST_F(ReplicaTest, proposal_is_voted_for_however_many_good_blocks_the_height_has_seen_before) {
    hear(forger_.pre_prepare(0, 1, 0, payload_));
    for (std::size_t i = 0; i < 2 * limits::checked_bodies_max; ++i) {
        const Hash other = digest_of(toy_payload("other " + std::to_string(i)));
        replica_.step(at(2),
                      ProposalChecked{.height = 1, .digest = other, .ok = true, .proposer = toy_address(0)});
    }
    const Effects effects = replica_.step(
        at(3), ProposalChecked{.height = 1, .digest = digest_, .ok = true, .proposer = toy_address(0)});
    EXPECT_EQ(count<Broadcast>(effects), 1u);
    EXPECT_EQ(count<CheckProposal>(effects), 0u);
}

TEST_F(ReplicaTest, tc56_messages_of_far_heights_leave_nothing_behind) {
    for (Height height = 10; height < 100'000; height += 7) {
        hear(forger_.prepare(1, height, 0, digest_));
        hear(forger_.commit(1, height, 0, digest_));
    }
    const ReplicaStatus status = replica_.status();
    EXPECT_EQ(status.head, 0u);
    EXPECT_EQ(status.certified, 0u);
    EXPECT_EQ(replica_.find_body(digest_), nullptr);
}

TEST_F(ReplicaTest, tc55_votes_of_far_views_leave_nothing_behind_and_move_nobody) {
    for (View view = 1; view < 50'000; ++view) {
        hear(forger_.commit(1, 1, view * 1'000, digest_));
    }
    EXPECT_EQ(replica_.status().promised, 0u);
    EXPECT_TRUE(replica_.evidence().empty());
}

TEST_F(ReplicaTest, buffered_votes_for_a_later_height_count_when_it_comes) {
    const core::SharedBytes second = toy_payload("B", 2);
    hear(forger_.pre_prepare(0, 2, 0, second));
    for (const std::size_t sender : {0, 1, 2}) {
        hear(forger_.commit(sender, 2, 0, digest_of(second)));
    }
    EXPECT_EQ(replica_.status().certified, 2u);
    const Effects effects =
        replica_.step(at(5), BlockAppended{.height = 1,
                                           .digest = digest_,
                                           .certificate = forger_.certificate(1, 0, digest_, {0, 1, 2}),
                                           .next_validators = chain_.genesis_validators});
    ASSERT_EQ(count<Finalize>(effects), 1u);
}

TEST_F(ReplicaTest, tc68_votes_of_a_removed_validator_do_not_count_from_the_next_height_on) {
    const core::ValidatorSet next =
        *core::ValidatorSet::make({toy_address(0), toy_address(1), toy_address(3)});
    // Buffered under the old set, before the change is known here.
    hear(forger_.prepare(2, 2, 0, digest_));
    static_cast<void>(
        replica_.step(at(5), BlockAppended{.height = 1,
                                           .digest = digest_,
                                           .certificate = forger_.certificate(1, 0, digest_, {0, 1, 2}),
                                           .next_validators = next}));
    ValidatorHistory history(1, chain_.genesis_validators);
    history.extend(next);
    const MessageVerifier later(chain_.identity, 256, history, toy_digest, toy_recover);
    EXPECT_FALSE(later.verify(Message(forger_.prepare(2, 2, 0, digest_))).has_value());
    EXPECT_TRUE(replica_.status().is_validator);
    // q of three is two: one vote of a member and one of the removed validator must not prepare anything.
    const core::SharedBytes second = toy_payload("B", 2);
    const Forger after(chain_, next);
    static_cast<void>(
        replica_.step(at(6), to_input(*later.verify(Message(after.pre_prepare(0, 2, 0, second))))));
    const Effects effects = replica_.step(
        at(7),
        ProposalChecked{.height = 2, .digest = digest_of(second), .ok = true, .proposer = toy_address(0)});
    EXPECT_EQ(count<Broadcast>(effects), 1u);
    EXPECT_FALSE(replica_.status().locked);
}

TEST_F(ReplicaTest, own_message_that_was_never_sent_from_here_silences_the_replica) {
    const Effects effects = hear(forger_.prepare(3, 1, 0, digest_));
    ASSERT_EQ(count<RaiseAlarm>(effects), 1u);
    EXPECT_TRUE(replica_.status().silenced);
    hear(forger_.pre_prepare(0, 1, 0, payload_));
    const Effects after = replica_.step(
        at(2), ProposalChecked{.height = 1, .digest = digest_, .ok = true, .proposer = toy_address(0)});
    EXPECT_EQ(count<Broadcast>(after), 0u);
}

TEST_F(ReplicaTest, copy_of_an_own_message_is_harmless) {
    hear(forger_.pre_prepare(0, 1, 0, payload_));
    const Effects sent = replica_.step(
        at(2), ProposalChecked{.height = 1, .digest = digest_, .ok = true, .proposer = toy_address(0)});
    ASSERT_EQ(count<Broadcast>(sent), 1u);
    const Effects echo = hear(forger_.prepare(3, 1, 0, digest_));
    EXPECT_TRUE(echo.empty());
    EXPECT_FALSE(replica_.status().silenced);
}

TEST_F(ReplicaTest, nobody_can_halt_the_timer_with_a_claim_of_sync) {
    static_cast<void>(replica_.step(at(1), WorkPending{.pending = true, .since = at(1)}));
    static_cast<void>(replica_.step(at(2), Syncing{.on = true}));
    // While it catches up nothing times out …
    EXPECT_EQ(replica_.next_deadline(), at(2 + 16'000));
    // … but a gap that does not close excuses nobody for longer than the longest timeout.
    static_cast<void>(replica_.step(at(16'002), DeadlineReached{}));
    const Effects effects = replica_.step(at(18'002), DeadlineReached{});
    EXPECT_EQ(count<ViewPromised>(effects), 1u);
}

TEST_F(ReplicaTest, late_answers_of_the_driver_are_ignored) {
    EXPECT_TRUE(
        replica_.step(at(1), ProposalBuilt{.height = 1, .view = 0, .digest = digest_, .payload = payload_})
            .empty());
    EXPECT_TRUE(replica_.step(at(1), NothingToPropose{.height = 1, .view = 0}).empty());
    EXPECT_TRUE(
        replica_.step(at(1), ProposalChecked{.height = 9, .digest = digest_, .ok = true, .proposer = {}})
            .empty());
    EXPECT_TRUE(replica_.step(at(1), DeadlineReached{}).empty());
}

TEST_F(ReplicaTest, body_nobody_asked_for_is_not_kept) {
    static_cast<void>(replica_.step(at(1), *verifier_.verify_body(digest_, payload_)));
    EXPECT_EQ(replica_.find_body(digest_), nullptr);
}

TEST_F(ReplicaTest, distance_is_believed_when_it_is_proven_and_not_when_it_is_claimed) {
    hear(forger_.prepare(1, ~Height{0}, 0, digest_));
    const Effects later = replica_.step(at(2'001), DeadlineReached{});
    EXPECT_EQ(count<RequestSync>(later), 0u);
    EXPECT_EQ(replica_.status().certified, 0u);
    const Effects proven = hear(forger_.certificate(40, 0, digest_, {0, 1, 2}), 2'100);
    ASSERT_EQ(count<RequestSync>(proven), 1u);
    EXPECT_EQ(replica_.status().certified, 40u);
    const Effects repeated = replica_.step(at(5'000), DeadlineReached{});
    EXPECT_EQ(count<RequestSync>(repeated), 1u);
}

TEST_F(ReplicaTest, word_of_the_node_that_it_syncs_does_not_stop_votes) {
    static_cast<void>(replica_.step(at(1), Syncing{.on = true}));
    hear(forger_.pre_prepare(0, 1, 0, payload_));
    const Effects effects = replica_.step(
        at(2), ProposalChecked{.height = 1, .digest = digest_, .ok = true, .proposer = toy_address(0)});
    EXPECT_EQ(count<Broadcast>(effects), 1u);
}

TEST_F(ReplicaTest, certificate_for_another_block_than_the_own_one_raises_an_alarm) {
    static_cast<void>(
        replica_.step(at(1), BlockAppended{.height = 1,
                                           .digest = digest_,
                                           .certificate = forger_.certificate(1, 0, digest_, {0, 1, 2}),
                                           .next_validators = chain_.genesis_validators}));
    const Effects effects = hear(forger_.certificate(1, 3, digest_of(toy_payload("B")), {0, 1, 2}));
    ASSERT_EQ(count<RaiseAlarm>(effects), 1u);
}

TEST_F(ReplicaTest, heartbeat_speaks_of_head_and_promise) {
    const Effects effects = replica_.step(at(1), HeartbeatDue{.clock = 1234});
    ASSERT_EQ(count<Broadcast>(effects), 1u);
    const auto& heartbeat = std::get<Heartbeat>(std::get<Broadcast>(effects[0]).message);
    EXPECT_EQ(heartbeat.envelope.height, 1u);
    EXPECT_EQ(heartbeat.clock, 1234u);
    EXPECT_TRUE(verifier_.verify(Message(heartbeat)).has_value());
}

TEST_F(ReplicaTest, block_spacing_is_told_to_the_builder_and_not_charged_to_it) {
    ToyChain slow = chain_;
    slow.config.block_interval = core::seconds(10);
    ToySigner signer(0);
    Replica primary(slow.config, genesis(), {}, &signer);
    static_cast<void>(primary.start(at(0)));
    Effects effects = primary.step(at(1'000), WorkPending{.pending = true, .since = at(1'000)});
    ASSERT_EQ(count<BuildProposal>(effects), 1u);
    EXPECT_LE(std::get<BuildProposal>(effects[0]).not_before, at(1'000));
    static_cast<void>(primary.step(
        at(1'010), ProposalBuilt{.height = 1, .view = 0, .digest = digest_, .payload = payload_}));
    static_cast<void>(
        primary.step(at(1'020), BlockAppended{.height = 1,
                                              .digest = digest_,
                                              .certificate = forger_.certificate(1, 0, digest_, {0, 1, 2}),
                                              .next_validators = chain_.genesis_validators}));
    effects = primary.step(at(1'021), WorkPending{.pending = true, .since = at(1'021)});
    ASSERT_EQ(count<BuildProposal>(effects), 1u);
    EXPECT_EQ(std::get<BuildProposal>(effects[0]).not_before, at(11'010));
}

TEST(ReplicaDeathTest, block_out_of_order_is_a_broken_promise_of_the_driver) {
    const ToyChain chain = toy_chain(4);
    const Forger forger(chain);
    ToySigner signer(0);
    Replica replica(
        chain.config,
        {.height = 0, .digest = {}, .certificate = std::nullopt, .validators = chain.genesis_validators}, {},
        &signer);
    static_cast<void>(replica.start(at(0)));
    EXPECT_DEATH(static_cast<void>(
                     replica.step(at(1), BlockAppended{.height = 2,
                                                       .digest = {},
                                                       .certificate = forger.certificate(2, 0, {}, {0, 1, 2}),
                                                       .next_validators = chain.genesis_validators})),
                 "height == height");
}

// ---- whole schedules

/// A crash of one validator after its k-th effect, for every k, in a history with a view change; then a
/// restart.
TEST(ReplicaRestart, tc32_restart_between_any_two_effects_neither_equivocates_nor_stalls) {
    for (const std::size_t victim : {0, 1, 2}) {
        std::size_t crashed = 0;
        for (std::size_t k = 0; k < 60; ++k) {
            ManualNetwork network(4);
            network.start_all();
            network.crash_after(victim, k);
            const auto play = [&network] {
                for (std::size_t i = 0; i < 4; ++i) {
                    network.work(i);
                }
                // The first proposal reaches one validator only, so the view changes.
                network.run([](const InFlight& item) {
                    const auto* message = std::get_if<Message>(&item.content);
                    return !(message && std::holds_alternative<PrePrepare>(*message) && item.to != 1);
                });
                network.advance(core::seconds(3));
                network.run();
            };
            play();
            if (!network.node(victim).is_up()) {
                ++crashed;
                ASSERT_TRUE(network.restart(victim)) << "victim " << victim << ", effect " << k;
            }
            ASSERT_TRUE(network.run_to_height(2, core::seconds(60)))
                << "victim " << victim << ", effect " << k;
            ASSERT_FALSE(network.checker().failure().has_value())
                << "victim " << victim << ", effect " << k << ": " << *network.checker().failure();
        }
        EXPECT_GT(crashed, 10u);
    }
}

TEST(ReplicaRestart, tc36_all_restart_after_every_schedule_of_two_view_changes) {
    for (std::size_t n = 1; n <= 7; ++n) {
        ManualNetwork network(n, 1);
        network.start_all();
        ASSERT_TRUE(network.run_to_height(3, core::seconds(60))) << n;
        const View before = network.node(0).replica().status().promised;
        for (std::size_t i = 0; i < n; ++i) {
            network.crash(i);
        }
        for (std::size_t i = 0; i < n; ++i) {
            ASSERT_TRUE(network.restart(i));
            EXPECT_GE(network.node(i).replica().status().promised, before);
        }
        ASSERT_TRUE(network.run_to_height(6, core::seconds(60))) << n;
        EXPECT_FALSE(network.checker().failure().has_value());
    }
}

TEST(ReplicaRestart, rotated_vote_log_binds_as_much_as_the_whole_one) {
    ManualNetwork network(4);
    network.start_all();
    for (std::size_t i = 0; i < 4; ++i) {
        network.work(i);
    }
    ASSERT_TRUE(network.build(0, "A"));
    network.run([](const InFlight& item) {
        const auto* message = std::get_if<Message>(&item.content);
        return message == nullptr || !std::holds_alternative<Commit>(*message);
    });
    for (std::size_t i = 0; i < 4; ++i) {
        const auto kept = network.node(i).replica().durable_records();
        EXPECT_LE(kept.size(), network.node(i).disk().records.size());
        network.node(i).disk().records = kept;
        network.crash(i);
        ASSERT_TRUE(network.restart(i));
        EXPECT_TRUE(network.node(i).replica().status().locked);
    }
    ASSERT_TRUE(network.run_to_height(1, core::seconds(30)));
    EXPECT_EQ(network.node(0).head_digest(), *network.digest_of("A"));
    EXPECT_FALSE(network.checker().failure().has_value());
}

TEST(ReplicaRejoin, votes_again_three_heights_above_what_others_report) {
    ManualNetwork network(4);
    network.start_all();
    ASSERT_TRUE(network.run_to_height(4, core::seconds(60)));
    network.crash(3);
    network.node(3).lose_vote_log();
    ASSERT_TRUE(network.restart(3));
    EXPECT_TRUE(network.node(3).replica().status().recovering);
    network.run();
    const ReplicaStatus status = network.node(3).replica().status();
    EXPECT_FALSE(status.recovering);
    ASSERT_TRUE(status.rejoin.has_value());
    EXPECT_EQ(status.rejoin->height, 7u);
    const auto votes_of_3 = [&network](Height height) {
        return std::count_if(network.wire().begin(), network.wire().end(), [height](const Message& message) {
            const auto* prepare = std::get_if<Prepare>(&message);
            return prepare && prepare->envelope.sender == 3 && prepare->envelope.height == height;
        });
    };
    ASSERT_TRUE(network.run_to_height(8, core::seconds(60)));
    EXPECT_EQ(votes_of_3(5), 0);
    EXPECT_EQ(votes_of_3(6), 0);
    EXPECT_GT(votes_of_3(7), 0);
    // The floor survives a crash.
    network.crash(3);
    ASSERT_TRUE(network.restart(3));
    EXPECT_EQ(network.node(3).replica().status().rejoin, status.rejoin);
}

TEST(ReplicaRejoin, without_q_other_reports_it_stays_silent) {
    ManualNetwork network(4);
    network.start_all();
    ASSERT_TRUE(network.run_to_height(2, core::seconds(60)));
    for (const std::size_t lost : {2, 3}) {
        network.crash(lost);
        network.node(lost).lose_vote_log();
        ASSERT_TRUE(network.restart(lost));
    }
    network.run();
    network.advance(core::seconds(10));
    network.run();
    EXPECT_TRUE(network.node(2).replica().status().recovering);
    EXPECT_TRUE(network.node(3).replica().status().recovering);
}

TEST(ReplicaSchedule, tc01_every_size_from_one_to_ten_commits_with_f_crashed) {
    for (std::size_t n = 1; n <= 10; ++n) {
        ManualNetwork network(n, 1);
        network.start_all();
        for (std::size_t i = 0; i < core::faults_tolerated(n); ++i) {
            network.crash(i);
        }
        EXPECT_TRUE(network.run_to_height(3, core::seconds(200))) << n;
        EXPECT_FALSE(network.checker().failure().has_value()) << n;
    }
}

TEST(ReplicaSchedule, tc25_one_commit_then_two_view_changes_still_decide) {
    // One validator has committed itself in view 0, the primary is gone for good, and the rest must carry on
    // with it.
    ManualNetwork network(4);
    network.start_all();
    for (std::size_t i = 0; i < 4; ++i) {
        network.work(i);
    }
    ASSERT_TRUE(network.build(0, "A"));
    network.run([](const InFlight& item) {
        const auto* message = std::get_if<Message>(&item.content);
        if (message && std::holds_alternative<Prepare>(*message)) return item.to == 2;
        return !(message && std::holds_alternative<Commit>(*message));
    });
    EXPECT_TRUE(network.node(2).replica().status().locked);
    network.crash(0);
    ASSERT_TRUE(network.run_to_height(2, core::seconds(60)));
    EXPECT_EQ(network.node(1).disk().blocks[0].digest, *network.digest_of("A"));
}

}  // namespace
}  // namespace sluice::consensus::testing
